"""A response parameter whose header the method does not declare: the declaration that was meant."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway.explain.case import Case, Hint
from inspector.gateway.explain.near import nearest
from inspector.model import Source

_PREFIX = "method.response.header."
#: How Amazon complains of such a parameter.
UNDECLARED = f"Invalid mapping expression parameter specified: {_PREFIX}"


def response_header_lines(case: Case, hint: Hint) -> Iterator[Source]:
    """The header that is nearly it; or the response that is declared for another status."""
    routed, integration = case.routed, case.integration
    if routed is None or integration is None:
        return
    header = hint.message.removeprefix(UNDECLARED)
    method = routed.plan.method
    answered = {each.status for each in integration.responses}
    for response in integration.responses:
        if not hint.source.pointer.startswith(f"{response.source.pointer}/"):
            continue
        keys = ("responses", response.status)
        headers = dict(case.places.children(method.source, *keys, "headers"))
        meant = nearest(header, headers)
        if meant is not None:
            # Of two names that should be one, the slip is the one that stands nowhere else.
            if case.places.familiar(meant) < case.places.familiar(header):
                yield headers[meant]
        elif response.status not in method.responses:
            spare = [status for status in method.responses if status not in answered]
            status = nearest(response.status, spare)
            place = case.places.key(method.source, "responses", status) if status else None
            mocked = None if case.prepared is None else case.prepared.mock_status
            if place is not None and status == str(mocked):
                place = case.places.at(response.source, "statusCode") or place
            if place is not None:
                yield place
