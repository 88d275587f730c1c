"""What is known of a function that runs here, and what Lambda would put into its environment.

Source: the Lambda developer guide, "Working with Lambda environment variables" (defined runtime
environment variables).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from inspector.model.place import partition_of
from inspector.runtime.functions import layers

LOG_STREAM = "AWS_LAMBDA_LOG_STREAM_NAME"
#: What a function is given of the user's own environment: nothing that Lambda would not have but
#: what programs need to start at all, and the credentials that stand for the function's role.
_INHERITED = ("PATH", "HOME", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH", "SSL_CERT_FILE")
_CREDENTIALS = (
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE",
    "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE",
)  # fmt: skip
_ENDPOINT = "AWS_ENDPOINT_URL"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSpec:
    """A function with its code on this machine.

    `root` is the folder that Lambda would unpack to `/var/task`; `handler` as declared
    (`app.handler`); `timeout_ms` and `memory_mb` are Lambda's defaults unless declared. `missing`
    says why the code of a declared function is not here.
    """

    name: str
    runtime: str
    handler: str
    root: Path
    #: Folders that Lambda would unpack to `/opt`, the last one over those before it.
    layers: tuple[Path, ...] = ()
    account: str = "123456789012"
    region: str = "us-east-1"
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout_ms: int = 3_000
    memory_mb: int = 128
    #: How many of it may run at a time, where that is declared.
    reserved: int | None = None
    #: `JSON`, with the least level that is printed; the log group, where it is declared.
    log_format: str | None = None
    log_level: str | None = None
    log_group: str | None = None
    missing: str = ""
    #: The port on which a debugger is waited for; None to run freely.
    debug_port: int | None = None

    @property
    def arn(self) -> str:
        """The function's name among all of Amazon's."""
        partition = partition_of(self.region)
        return f"arn:{partition}:lambda:{self.region}:{self.account}:function:{self.name}"


def environment_of(spec: FunctionSpec, address: str, moment: str) -> dict[str, str]:
    """The process's environment. `moment` is the day as `2026/11/24`, for the log stream."""
    kept = {name: os.environ[name] for name in _INHERITED + _CREDENTIALS if name in os.environ}
    # Where the SDKs find a service (AWS_ENDPOINT_URL_DYNAMODB).
    kept |= {name: value for name, value in os.environ.items() if name.startswith(_ENDPOINT)}
    # "Not defined for OS-only runtimes", says the guide.
    named = {"AWS_EXECUTION_ENV": f"AWS_Lambda_{spec.runtime}"}
    execution = {} if spec.runtime.startswith("provided") else named
    return {
        **kept,
        **_paths(spec, kept.get("PATH", "")),
        # Nobody listens there: an X-Ray client finds an address, and sends its segments nowhere.
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        **dict(spec.environment),
        **execution,
        # Reserved: Lambda lets no function declare these itself.
        "LAMBDA_TASK_ROOT": str(spec.root),
        "LAMBDA_RUNTIME_DIR": str(spec.root),
        "AWS_REGION": spec.region,
        "AWS_DEFAULT_REGION": spec.region,
        "AWS_LAMBDA_FUNCTION_NAME": spec.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(spec.memory_mb),
        **_logging(spec),
        "AWS_LAMBDA_LOG_GROUP_NAME": spec.log_group or f"/aws/lambda/{spec.name}",
        LOG_STREAM: f"{moment}/[$LATEST]{uuid4().hex}",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_RUNTIME_API": address,
        "_HANDLER": spec.handler,
    }


def _paths(spec: FunctionSpec, own: str) -> dict[str, str]:
    """Where programs are found, and what Node.js requires."""
    found = {}
    programs = layers.programs(spec.layers)
    if programs:
        found["PATH"] = os.pathsep.join([own, *programs])
    if spec.runtime.startswith("nodejs"):
        modules = [*layers.node(spec.layers, spec.runtime), str(spec.root)]
        found["NODE_PATH"] = os.pathsep.join(modules)
    return found


def _logging(spec: FunctionSpec) -> dict[str, str]:
    """What says how to print (guide, "Configuring JSON and plain text log formats")."""
    if (spec.log_format or "").upper() != "JSON":
        return {}
    level = spec.log_level or "INFO"
    return {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": level}
