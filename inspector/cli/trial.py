"""Calls that can be tried at once, for who has just started a gateway."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.model import (
    Definition,
    HttpApi,
    Method,
    RestApi,
    Route,
    Servable,
    WebSocketApi,
)

_QUERY = "route.request.querystring."
#: A path that means itself, in a URL and in a shell.
_SIMPLE = re.compile(r"/[A-Za-z0-9_./~-]*")


def trials(definition: Definition, url: str) -> Iterator[tuple[str, str]]:
    """For each API and each mapping of a custom domain its name, and a command that calls it."""
    held = definition.servable
    for api in held:
        if api.disable_execute_api_endpoint and len(held) > 1:
            continue  # by that name it answers nobody
        prefix = api.stages[0].prefix if api.stages else ""
        if isinstance(api, WebSocketApi):
            yield api.name, _connecting(api, url, prefix, None if len(held) == 1 else api.host)
            continue
        host = "" if len(held) == 1 else f" -H 'Host: {api.host}'"
        yield api.name, f"curl{host} {url}{prefix}{first_path(api)}"
    for domain in definition.domains:
        for mapping in domain.mappings:
            base = f"/{mapping.path}" if mapping.path else ""
            mapped = next((each for each in held if each.id == mapping.api_id), None)
            if isinstance(mapped, WebSocketApi):
                yield domain.name, _connecting(mapped, url, base, domain.name)
                continue
            path = "/" if mapped is None else first_path(mapped)
            yield domain.name, f"curl -H 'Host: {domain.name}' {url}{base}{path}"


def _connecting(api: WebSocketApi, url: str, prefix: str, host: str | None) -> str:
    """A client's command line: wscat, as in Amazon's guide."""
    options = "" if host is None else f" -H 'Host: {host}'"
    connect = api.routes.get("$connect")
    guard = api.authorizers.get(connect.authorizer or "") if connect is not None else None
    if connect is not None and connect.api_key_required:
        options += " -H 'x-api-key: …'"
    names = [each.rpartition(".")[2] for each in (guard.identity_source if guard else ())
             if each.startswith(_QUERY)]  # fmt: skip
    query = "&".join(f"{name}=…" for name in names)
    place = f"ws{url.removeprefix('http')}{prefix}"
    return f"wscat{options} -c '{place}?{query}'" if query else f"wscat{options} -c {place}"


def first_path(api: Servable) -> str:
    """A path that GET can be tried on at once: the first declared without variables; else the root.

    One that lets in everybody goes before one that wants a token, a signature or a key.
    """
    declared: list[tuple[Route | Method, str, str]] = []
    if isinstance(api, HttpApi):
        declared = [
            (route, key.partition(" ")[0], key.partition(" ")[2])
            for key, route in api.routes.items()
        ]
    elif isinstance(api, RestApi):
        declared = [
            (method, verb, resource.path)
            for resource in api.resources
            for verb, method in resource.methods.items()
        ]
    found = [
        (each.authorization_type != "NONE" or each.api_key_required, each.source.line, path)
        for each, verb, path in declared
        if verb in ("GET", "ANY") and _SIMPLE.fullmatch(path)
    ]
    return min(found, key=lambda each: each[:2], default=(False, 0, "/"))[2]
