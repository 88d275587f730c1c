"""A request as its integration sees it: what the route's parameter mappings make of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from inspector.gateway.client_view import ClientView
from inspector.gateway.http_api import context
from inspector.gateway.http_api.expressions import HttpScope
from inspector.gateway.http_api.parameter_mapping import (
    Made,
    change_headers,
    change_query,
    made,
    overwritten,
)
from inspector.gateway.http_api.results import Matched


@dataclass(frozen=True, slots=True)
class MappedRequest:
    """`matched` with headers, query and path changed; `path` None where it was not overwritten."""

    matched: Matched
    path: str | None
    changes: tuple[Made, ...]


def scope_of(matched: Matched) -> HttpScope:
    """What expressions of this request can refer to."""
    return HttpScope(
        matched.client,
        matched.staged.target.path,
        partial(context.of_matched, matched),
        matched.staged.deployment.stage.variables,
    )


def map_request(matched: Matched) -> MappedRequest:
    """Apply the route's mappings; without any, the request is as it came."""
    changes = matched.plan.changes
    if not changes:
        return MappedRequest(matched, None, ())
    found = made(changes, scope_of(matched))
    staged = matched.staged
    path = overwritten("path", found)
    query = change_query(staged.target.query, found)
    request = replace(staged.request, headers=change_headers(staged.request.headers, found))
    target = replace(staged.target, query=query)
    if path is not None:
        path = path if path.startswith("/") else f"/{path}"
        target = replace(target, path=path, raw_path=path, sent_path=path, inner_path=path)
    client = ClientView(request, query, matched.client.path_parameters)
    changed = replace(matched, staged=replace(staged, request=request, target=target),
                      client=client)  # fmt: skip
    return MappedRequest(changed, path, tuple(found))
