"""What Amazon refuses of custom domain names and of what leads from them to stages.

Sources: developer guide, "Working with API mappings" (a mapping's key); the sentences on EDGE and on
stages are Amazon's (badmintoncryer/cdk-preflight; getmoto/moto). `_` and capitals in a domain's name
are refused, too, as the former saw by deploying.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import REST, V2
from inspector.model import Servable, WebSocketApi

_KEY = re.compile(r"[A-Za-z0-9$\-_.+!*'()/]*\Z")
_LONGEST_KEY = 300
_DOMAIN = re.compile(r"(\*\.)?[a-z0-9.-]+\Z")
_MAKERS = (f"{V2}Stage", f"{V2}Deployment", f"{REST}Stage", f"{REST}Deployment")
_MAPPINGS = (f"{V2}ApiMapping", f"{REST}BasePathMapping", f"{REST}BasePathMappingV2")


def check_domains(parts: Parts, apis: Iterable[Servable]) -> None:
    """Note what is wrong with domains and mappings."""
    for part in parts.of_type(f"{V2}DomainName"):
        _check_domain(parts, part)
    apis = tuple(apis)
    sockets = {api.id for api in apis if isinstance(api, WebSocketApi)}
    for part in parts.of_type(f"{V2}ApiMapping"):
        _check_key(parts, part, flat=parts.text(part, "ApiId") in sockets)
    _check_kinds(parts, sockets)
    stages = {api.id: {stage.name for stage in api.stages} for api in apis}
    for part in parts.of_type(*_MAPPINGS):
        _check_stage(parts, part, stages)


def _check_kinds(parts: Parts, sockets: set[str]) -> None:
    """A domain leads to WebSocket APIs, or to others (guide, "API mappings for WebSocket APIs")."""
    first: dict[str, bool] = {}
    for part in parts.of_type(*_MAPPINGS):
        named = part.cursor.get("ApiId") or part.cursor.get("RestApiId")
        domain = parts.text(part, "DomainName") or parts.text(part, "DomainNameArn") or ""
        if named is None or not parts.api_exists(named.text):
            continue
        if first.setdefault(domain, named.text in sockets) != (named.text in sockets):
            message = f"{domain} leads to a WebSocket API and to another kind of API"
            remedy = "Amazon wants a domain of its own for WebSocket APIs."
            parts.template.notes.error("mixed-domain", message, named.source, remedy)


def _check_domain(parts: Parts, part: Part) -> None:
    name = part.cursor.get("DomainName")
    if name is not None and name.text and not _DOMAIN.match(name.text):
        message = f"a custom domain cannot be called {name.text!r}"
        remedy = "Write lower case letters, digits, dots and hyphens."
        parts.template.notes.error("domain-name", message, name.source, remedy)
    listed = part.cursor.get("DomainNameConfigurations")
    for each in listed.items() if listed is not None else ():
        kind = each.get("EndpointType")
        if kind is not None and kind.text == "EDGE":
            message = "EDGE endpoint type is not supported for APIGatewayV2 domainName"
            parts.template.notes.error("domain-endpoint", message, kind.source, "Write REGIONAL.")


def _check_key(parts: Parts, part: Part, *, flat: bool) -> None:
    """`flat`: of a WebSocket API, whose mappings have one level (guide)."""
    key = part.cursor.get("ApiMappingKey")
    if key is None:
        return
    if flat and "/" in key.text:
        message = "API mappings must contain only letters, numbers and the characters $-_.+!*'()"
        remedy = "Mappings of several levels are for REST and HTTP APIs."
        parts.template.notes.error("mapping-key", message, key.source, remedy)
    elif not _KEY.match(key.text):
        message = "API mappings must contain only letters, numbers and the characters $-_.+!*'()/"
        parts.template.notes.error("mapping-key", message, key.source, f"Correct {key.text!r}.")
    elif len(key.text) > _LONGEST_KEY:
        message = f"the path in an API mapping has {len(key.text)} characters"
        remedy = f"Amazon takes {_LONGEST_KEY}."
        parts.template.notes.error("mapping-key", message, key.source, remedy)


def _check_stage(parts: Parts, part: Part, stages: dict[str, set[str]]) -> None:
    """Told where the API's stages are declared: one that is only assumed may be called otherwise."""
    api = parts.text(part, "ApiId") or parts.text(part, "RestApiId") or ""
    stage = part.cursor.get("Stage")
    if stage is None or not stage.text or api not in stages or stage.text in stages[api]:
        return
    if any(True for _ in parts.of_api(api, *_MAKERS)):
        message = f"Invalid stage identifier specified: {stage.text}"
        remedy = f"The API's stages are {', '.join(sorted(stages[api]))}."
        parts.template.notes.error("unknown-stage", message, stage.source, remedy)
