"""The call of the integration.

Sources: websocket.md, section 4 (a call that fails, for whatever reason, is `Internal server error`
to the client, also on a one-way route); captures-2026.md, section 3 (recorded: the frame, 502 in
the access log of a crash).
"""

from __future__ import annotations

from collections.abc import Generator

from inspector.gateway import function_error
from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    Effect,
    FunctionAnswer,
    InvokeFunction,
    Reply,
)
from inspector.gateway.granting import ungranted
from inspector.gateway.integration_step import facts_of_failure, step_of
from inspector.gateway.trace import Fact, Step
from inspector.gateway.websocket.arns import route_arn
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Answered, Prepared
from inspector.message import Headers


def integrate(
    prepared: Prepared, trace: list[Step]
) -> Generator[Effect, Reply, Answered | SocketRefusal]:
    """The integration's answer, or why there is none."""
    effect = prepared.effect
    if effect is None:
        assert prepared.mock_status is not None
        facts: dict[str, Fact] = {"status": prepared.mock_status}
        trace.append(Step("integrate", "passed", "integrate.mock", facts, prepared.source))
        return Answered(prepared, prepared.mock_status, Headers(), b"")
    if isinstance(effect, InvokeFunction):
        missing = _ungranted(prepared, effect)
        if missing is not None:
            return missing
    reply = yield effect
    if isinstance(reply, BackendFailure):
        facts = facts_of_failure(effect, reply)
        kind = "INTEGRATION_TIMEOUT" if reply.kind == "timeout" else "INTEGRATION_FAILURE"
        return SocketRefusal(
            "integrate", f"integrate.{reply.kind}", kind, facts, prepared.source,
            failed=True, reached=True,
        )  # fmt: skip
    assert isinstance(reply, BackendAnswer | FunctionAnswer)
    trace.append(step_of(effect, reply, prepared.source))
    if isinstance(reply, FunctionAnswer):
        return _of_function(prepared, reply)
    return Answered(prepared, reply.status, reply.headers, reply.body)


def _of_function(prepared: Prepared, reply: FunctionAnswer) -> Answered | SocketRefusal:
    """An error of a function that is no proxy is for the integration responses to choose by."""
    proxied = prepared.plan.integration is not None and (
        prepared.plan.integration.type == "AWS_PROXY"
    )
    if reply.error is None or not proxied:
        return Answered(prepared, 200, Headers(), reply.payload)
    facts: dict[str, Fact] = {
        "error": function_error.message_of(reply.payload),
        "error_type": function_error.type_of(reply.payload),
    }
    return SocketRefusal(
        "map-response", "map-response.function-error", "INTEGRATION_FAILURE", facts,
        prepared.source, failed=True, reached=True,
    )  # fmt: skip


def _ungranted(prepared: Prepared, effect: InvokeFunction) -> SocketRefusal | None:
    """Amazon's gateway itself would not be let in by the function."""
    integration = prepared.plan.integration
    grants = prepared.chosen.joined.deployment.api.grants
    if grants is None or integration is None:
        return None
    arn = route_arn(prepared.chosen)
    found = ungranted(grants, effect.function, integration.credentials, [arn])
    if found is None:
        return None
    return SocketRefusal(
        "integrate", f"integrate.{found.code}", "API_CONFIGURATION_ERROR", dict(found.facts),
        found.source or prepared.source, failed=True,
    )  # fmt: skip
