"""What a function finds around it: the stand-ins that the integrations of its API call, too.

Source: the AWS SDKs and Tools reference, "Service-specific endpoints" (`AWS_ENDPOINT_URL`,
`AWS_ENDPOINT_URL_` and the service's id). Where the user has no credentials the SDKs refuse to call
at all, so that they get some that no service takes for real.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from inspector.runtime.functions.spec import FunctionSpec
from inspector.runtime.services.places import ALL, AMAZON

#: Ids of services that are called otherwise in the URI of an integration.
_IDS = {
    "states": "SFN", "events": "EVENTBRIDGE", "logs": "CLOUDWATCH_LOGS", "email": "SES",
    "monitoring": "CLOUDWATCH", "cognito-idp": "COGNITO_IDENTITY_PROVIDER",
}  # fmt: skip
_NOBODY = {"AWS_ACCESS_KEY_ID": "inspector", "AWS_SECRET_ACCESS_KEY": "inspector"}
_SIGNED_IN = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE")

Find = Callable[[str], FunctionSpec | None]
#: Gives what functions find around them at this moment.
Around = Callable[[], Mapping[str, str]]
NOTHING: Mapping[str, str] = MappingProxyType({})


def variables(endpoints: Mapping[str, str], own: Mapping[str, str], home: Path) -> dict[str, str]:
    """What the SDKs are told of these endpoints. `own` is the user's environment."""
    found = {_variable(name): url for name, url in endpoints.items() if url != AMAZON}
    return {**credentials(own, home), **found} if found else {}


def credentials(own: Mapping[str, str], home: Path) -> Mapping[str, str]:
    """Some to sign with, where the user has none."""
    signed_in = any(name in own for name in _SIGNED_IN) or (home / ".aws").is_dir()
    return {} if signed_in else _NOBODY


def service_names() -> set[str]:
    """What services are called: by the SDKs, and in the URIs of integrations where that differs."""
    from botocore.loaders import Loader  # noqa: PLC0415  slow, and seldom asked

    return {*Loader().list_available_services("service-2"), *_IDS}


def surrounded(find: Find, environment: Mapping[str, str], more: Around | None = None) -> Find:
    """The same functions, in this environment; what a function declares itself goes before it.

    `more` is asked each time, and gives the same object as long as nothing has changed.
    """
    if not environment and more is None:
        return find
    known: dict[str, tuple[FunctionSpec, Mapping[str, str], FunctionSpec]] = {}

    def look(name: str) -> FunctionSpec | None:
        spec = find(name)
        if spec is None:
            return None
        added = NOTHING if more is None else more()
        before = known.get(name)
        if before is not None and before[0] is spec and before[1] is added:
            return before[2]
        changed = replace(spec, environment={**environment, **added, **spec.environment})
        known[name] = (spec, added, changed)
        return changed

    return look


def _variable(service: str) -> str:
    if service == ALL:
        return "AWS_ENDPOINT_URL"
    return f"AWS_ENDPOINT_URL_{_IDS.get(service, service.upper().replace('-', '_'))}"
