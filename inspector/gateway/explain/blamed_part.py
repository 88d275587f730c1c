"""Which part of a request an integration's own error is probably about, by its status and words."""

from __future__ import annotations

import re

from inspector.gateway import function_error
from inspector.gateway.client_view import ClientView
from inspector.gateway.effects import FunctionAnswer
from inspector.gateway.explain.case import Case
from inspector.gateway.trace import Step

_QUOTED = re.compile(r"['\"`](\w+)['\"`]")
_NOTHING = re.compile(r"NoneType|null|undefined|JSON")
_BODIED = frozenset(("POST", "PUT", "PATCH"))
_PARSING = re.compile(
    r"JSON|Unterminated|Expecting|delimiter|indices must be|not subscriptable", re.IGNORECASE
)


def blamed_part(case: Case, step: Step) -> str | None:
    """As `Explanation.part`; None where nothing points anywhere."""
    client = _client(case)
    if client is None or step.stage not in ("integrate", "map-response"):
        return None
    raised = _raised(case)
    if raised is not None:
        return _of_words(case, client, raised)
    return _of_status(case, client, _status(case))


def _client(case: Case) -> ClientView | None:
    if case.routed is not None:
        return case.routed.client
    if case.chosen is not None:
        return case.chosen.joined.client
    return None if case.matched is None else case.matched.client


def _raised(case: Case) -> str | None:
    """What the integration's function raised."""
    for _, reply in reversed(case.performed):
        if isinstance(reply, FunctionAnswer):
            return None if reply.error is None else function_error.message_of(reply.payload)
    return None


def _status(case: Case) -> int:
    """The error's status: the integration's own, else what its answer was made into."""
    step = case.step_of("integrate")
    said = None if step is None else step.facts.get("status")
    return said if isinstance(said, int) and said >= 400 else case.answer.response.status


def _of_status(case: Case, client: ClientView, status: int) -> str | None:
    if status == 405:
        return "method"
    if status in (401, 403):
        return "header Authorization"
    if status in (400, 415, 422) and (case.request.body or case.request.method in _BODIED):
        return "body"
    if status in (400, 404, 410, 422):
        return "path" if client.path_parameters else _only_query(client)
    return None


def _of_words(case: Case, client: ClientView, message: str) -> str | None:
    """A member that the function missed, or a body that it could not read."""
    body = case.request.body.decode("utf-8", "replace")
    for name in _QUOTED.findall(message):
        if f'"{name}"' not in body and body:
            return "body"
        if name not in client.query_values and not body and client.query:
            return f"query {name}"
    if not body:
        # A body that is expected and not there is null for the function.
        missed = case.request.method in _BODIED and _NOTHING.search(message)
        return "body" if missed else None
    return "body" if _PARSING.search(message) else None


def _only_query(client: ClientView) -> str | None:
    names = list(client.query_values)
    return f"query {names[0]}" if len(names) == 1 else None
