"""The X-Ray trace header. Sources: facts 61, 245-247 (recorded, test_invocation_trace_id)."""

from __future__ import annotations

from inspector.gateway.environment import Environment
from inspector.message import Request

NAME = "X-Amzn-Trace-Id"


def value(request: Request, environment: Environment) -> str:
    """The header to pass on: the client's with all it says, a Parent added to a lone Root.

    Without one a Root is made; what else Amazon then adds depends on tracing, which is off.
    """
    given = request.headers.get(NAME)
    if not given or "root=" not in given.lower():
        return f"Root={environment.trace_id}"
    if "parent=" in given.lower():
        return given
    root, *rest = given.split(";")
    return ";".join((root, f"Parent={environment.segment_id}", *rest))
