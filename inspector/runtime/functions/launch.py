"""The command line that runs a function's runtime client."""

from __future__ import annotations

import json
import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from inspector.runtime.functions import layers
from inspector.runtime.functions.authorities import HOSTS
from inspector.runtime.functions.spec import FunctionSpec

_BOOTSTRAP = Path(__file__).parent / "bootstrap"
_NAMES = _BOOTSTRAP / "names"


class CannotRunError(Exception):
    """A function that this machine cannot run; the message says why and what to do."""


def command(spec: FunctionSpec) -> list[str]:
    """The program and its arguments. Raises `CannotRunError`."""
    if spec.missing:
        raise CannotRunError(spec.missing)
    if not spec.root.is_dir():
        raise CannotRunError(
            f"the code of {spec.name} is not there: {spec.root}. Build it, or point "
            f"--function {spec.name}=… at another place"
        )
    if spec.runtime.startswith("python"):
        return _python(spec)
    if spec.runtime.startswith("nodejs"):
        return _node(spec)
    if spec.runtime.startswith("provided"):
        return _provided(spec)
    raise CannotRunError(
        f"{spec.name} needs the runtime {spec.runtime!r}, which inspector does not start itself; "
        f"run it elsewhere (sam local start-lambda) and give --function {spec.name}=URL"
    )


def path_of(spec: FunctionSpec) -> list[str]:
    """What the interpreter of a Python function finds beside its own packages."""
    if not spec.runtime.startswith("python"):
        return []
    # Amazon's client has its C half on Linux only; ours stands in for that half elsewhere.
    stand_in = [] if find_spec("runtime_client") else [str(_BOOTSTRAP / "python")]
    names = [str(_NAMES)] if HOSTS in spec.environment else []
    return [str(spec.root), *layers.python(spec.layers), *stand_in, *names]


def _python(spec: FunctionSpec) -> list[str]:
    start = ["-m", "awslambdaric", spec.handler]
    if spec.debug_port is not None:
        if find_spec("debugpy") is None:
            raise CannotRunError("--debug needs debugpy: pip install debugpy")
        listen = f"127.0.0.1:{spec.debug_port}"
        start = ["-Xfrozen_modules=off", "-m", "debugpy", "--listen", listen,
                 "--wait-for-client", *start]  # fmt: skip
    # -B: a cache of compiled code knows no edit within a second; Lambda's folder is read-only.
    return [sys.executable, "-B", *start]


def _node(spec: FunctionSpec) -> list[str]:
    node = shutil.which("node")
    if node is None:
        raise CannotRunError(f"{spec.name} needs Node.js, and there is no `node` on the PATH")
    options = ["--require", str(_NAMES / "names.cjs")] if HOSTS in spec.environment else []
    if spec.debug_port is not None:
        options.append(f"--inspect-brk=127.0.0.1:{spec.debug_port}")
    client = _own_client(spec.root) or _BOOTSTRAP / "node" / "index.mjs"
    return [node, *options, str(client), spec.handler]


def _own_client(root: Path) -> Path | None:
    """Amazon's client where Node.js would find it for the function; releases differ in the place."""
    for folder in (root, *root.parents):
        package = folder / "node_modules" / "aws-lambda-ric"
        try:
            declared = json.loads((package / "package.json").read_text("utf-8")).get("bin")
        except (OSError, ValueError, AttributeError):
            continue
        program = declared.get("aws-lambda-ric") if isinstance(declared, dict) else declared
        if isinstance(program, str) and (package / program).is_file():
            return package / program
    return None


def _provided(spec: FunctionSpec) -> list[str]:
    places = (spec.root, *reversed(spec.layers))
    program = next((each / "bootstrap" for each in places if (each / "bootstrap").is_file()), None)
    if program is None:
        program = spec.root / "bootstrap"
        raise CannotRunError(f"{spec.name} ({spec.runtime}) needs the program {program}")
    if not os.access(program, os.X_OK):
        raise CannotRunError(
            f"{spec.name}: {program} may not be executed; chmod +x {program.name}, and if it is "
            "made for another machine, build it for this one"
        )
    return [str(program)]
