"""What two readings of a definition differ in: methods, routes, authorizers and the like, by name.

Where a declaration stands is no difference: a comment above it moves every line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from inspector.model import Api, Definition, HttpApi, RestApi, Source, WebSocketApi

Kind = Literal["new", "changed", "gone"]
Part = Literal[
    "method", "route", "authorizer", "model", "gateway response", "policy", "CORS",
    "route selection",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One declaration that is not as it was. `source` is where it stands now, or stood if gone."""

    kind: Kind
    part: Part
    name: str
    source: Source

    def __str__(self) -> str:
        state = {"new": "is new", "changed": "changed", "gone": "is gone"}[self.kind]
        words = [self.name] if self.part in ("method", "route") else [self.part, self.name]
        return " ".join(word for word in (*words, state) if word)


def differences(before: Definition, after: Definition) -> tuple[Difference, ...]:
    """How `after` differs from `before`, API by API, what is new first."""
    old = {api.name: api for api in before.apis}
    new = {api.name: api for api in after.apis}
    found = [
        each
        for name in dict.fromkeys((*old, *new))
        for each in _of_parts(_parts(old.get(name)), _parts(new.get(name)))
    ]
    return tuple(sorted(found, key=lambda each: ("new", "changed", "gone").index(each.kind)))


_Parts = Mapping[tuple[Part, str], tuple[Source, Any]]


def _of_parts(old: _Parts, new: _Parts) -> Iterator[Difference]:
    for (part, name), (source, value) in new.items():
        was = old.get((part, name))
        if was is None:
            yield Difference("new", part, name, source)
        elif _bare(was[1]) != _bare(value):
            yield Difference("changed", part, name, source)
    for (part, name), (source, _) in old.items():
        if (part, name) not in new:
            yield Difference("gone", part, name, source)


def _parts(api: Api | None) -> _Parts:
    """Everything of an API that has a name, with its place."""
    found: dict[tuple[Part, str], tuple[Source, Any]] = {}
    if isinstance(api, RestApi):
        found |= _of_rest(api)
    elif api is not None:
        for key, route in api.routes.items():
            integration = api.integrations.get(route.integration or "")
            found["route", key] = (route.source, (route, integration))
    if isinstance(api, HttpApi) and api.cors is not None:
        found["CORS", ""] = (api.cors.source, api.cors)
    if isinstance(api, WebSocketApi):
        expressions = (api.route_selection_expression, api.api_key_selection_expression)
        found["route selection", ""] = (api.source, expressions)
    if api is None:
        return found
    for name, authorizer in api.authorizers.items():
        found["authorizer", name] = (authorizer.source, authorizer)
    models = {} if isinstance(api, HttpApi) else api.models
    return found | {("model", name): (model.source, model) for name, model in models.items()}


def _of_rest(api: RestApi) -> dict[tuple[Part, str], tuple[Source, Any]]:
    found: dict[tuple[Part, str], tuple[Source, Any]] = {}
    for resource in api.resources:
        for verb, method in resource.methods.items():
            found["method", f"{verb} {resource.path}"] = (method.source, method)
    for name, response in api.gateway_responses.items():
        found["gateway response", name] = (response.source, response)
    if api.policy is not None:
        found["policy", ""] = (api.policy.source, api.policy.document)
    return found


def _bare(value: Any) -> Any:
    """The same as plain data, without the places."""
    if isinstance(value, Source):
        return None
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _bare(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {key: _bare(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_bare(each) for each in value]
    return value
