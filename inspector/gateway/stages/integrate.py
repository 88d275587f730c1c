"""Ask the integration. The only stage that yields effects.

Failures of HTTP backends: 504 with the wording that Amazon's users paste (`Endpoint request timed
out`, `Network error communicating with endpoint`); an endpoint without an address and TLS that
cannot be agreed on are 500 configuration errors (fact 259), and so is an answer over 10 MB.
"""

from __future__ import annotations

from collections.abc import Generator

from inspector.gateway import service_error, service_request
from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    BackendStream,
    CallBackend,
    CallService,
    Effect,
    FailureKind,
    FunctionAnswer,
    FunctionStream,
    InvokeFunction,
    Reply,
)
from inspector.gateway.granting import ungranted
from inspector.gateway.policy.arns import called_as
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Answered, Prepared
from inspector.gateway.trace import Fact, Step
from inspector.message import Headers

_NETWORK_ERROR = "Network error communicating with endpoint"
#: (gateway response, message) by kind of failure.
_FAILURES: dict[FailureKind, tuple[str, str | None]] = {
    "timeout": ("INTEGRATION_TIMEOUT", None),
    "refused": ("INTEGRATION_FAILURE", _NETWORK_ERROR),
    "reset": ("INTEGRATION_FAILURE", _NETWORK_ERROR),
    "protocol": ("INTEGRATION_FAILURE", _NETWORK_ERROR),
    "other": ("INTEGRATION_FAILURE", _NETWORK_ERROR),
    "dns": ("API_CONFIGURATION_ERROR", None),
    "tls": ("API_CONFIGURATION_ERROR", None),
    "too-large": ("API_CONFIGURATION_ERROR", None),
    "no-endpoint": ("API_CONFIGURATION_ERROR", None),
    "no-credentials": ("API_CONFIGURATION_ERROR", None),
}


def integrate(
    prepared: Prepared, trace: list[Step]
) -> Generator[Effect, Reply, Answered | Refusal]:
    """The integration's answer, or why there is none."""
    effect = prepared.effect
    if effect is None:
        return Answered(prepared, prepared.mock_status or 200, Headers(), b"")
    if isinstance(effect, InvokeFunction):
        missing = _ungranted(prepared, effect)
        if missing is not None:
            return missing
    reply = yield effect
    if isinstance(reply, BackendFailure):
        return _failed(prepared, effect, reply)
    if isinstance(reply, FunctionAnswer):
        assert isinstance(effect, InvokeFunction)
        return _function_answered(prepared, effect, reply, trace)
    if isinstance(reply, FunctionStream):
        assert isinstance(effect, InvokeFunction)
        streaming: dict[str, Fact] = {"function": effect.function}
        trace.append(
            Step("integrate", "ok", "integrate.function-stream", streaming, prepared.source)
        )
        return Answered(prepared, 200, Headers(), reply.prelude, streamed=True)
    assert isinstance(reply, BackendAnswer | BackendStream)
    if isinstance(effect, CallService):
        assert isinstance(reply, BackendAnswer)
        return _service_answered(prepared, effect, reply, trace)
    assert isinstance(effect, CallBackend)
    streamed = isinstance(reply, BackendStream)
    facts: dict[str, Fact] = {"status": reply.status, "url": effect.request.url}
    code = "integrate.streaming" if streamed else "integrate.answered"
    trace.append(Step("integrate", "ok", code, facts, prepared.source))
    body = b"" if isinstance(reply, BackendStream) else reply.body
    return Answered(prepared, reply.status, reply.headers, body, streamed)


def _ungranted(prepared: Prepared, effect: InvokeFunction) -> Refusal | None:
    """Amazon's gateway itself would not be let in by the function."""
    routed = prepared.routed
    integration = routed.plan.integration
    credentials = getattr(integration, "credentials", None)
    grants = routed.resolved.deployment.api.grants
    if grants is None and credentials is None:
        return None
    names = called_as(routed)
    found = ungranted(grants, effect.function, credentials, names, routed.access.identity)
    if found is None:
        return None
    return Refusal(
        "integrate", f"integrate.{found.code}", "API_CONFIGURATION_ERROR", dict(found.facts),
        found.source or prepared.source, failed=True,
    )  # fmt: skip


def _service_answered(
    prepared: Prepared, effect: CallService, reply: BackendAnswer, trace: list[Step]
) -> Answered:
    facts: dict[str, Fact] = {
        "service": effect.service,
        "action": effect.action,
        "status": reply.status,
        "url": effect.request.url,
    }
    error = service_error.read(reply.status, reply.headers, reply.body)
    if error is not None:
        facts |= {"error": error.code, "message": error.message, "role": effect.credentials}
        if effect.request.body[:1].isspace() and service_request.is_form(effect.request):
            facts["blank_before_form"] = True
    code = "integrate.service" if error is None else "integrate.service-error"
    trace.append(Step("integrate", "ok", code, facts, prepared.source))
    return Answered(prepared, reply.status, reply.headers, reply.body)


def _function_answered(
    prepared: Prepared, effect: InvokeFunction, reply: FunctionAnswer, trace: list[Step]
) -> Answered:
    facts: dict[str, Fact] = {"function": effect.function, "size": len(reply.payload)}
    if reply.error is not None:
        facts["error"] = reply.error
    code = "integrate.function-error" if reply.error else "integrate.function"
    trace.append(Step("integrate", "ok", code, facts, prepared.source))
    return Answered(prepared, 200, Headers(), reply.payload, function_error=reply.error)


def _failed(
    prepared: Prepared, effect: CallBackend | CallService | InvokeFunction, reply: BackendFailure
) -> Refusal:
    response_type, message = _FAILURES[reply.kind]
    asked: dict[str, Fact] = {"detail": reply.detail, "timeout_ms": effect.timeout_ms}
    if isinstance(effect, CallBackend):
        asked["url"] = effect.request.url
    else:
        if isinstance(effect, CallService):
            asked |= {"service": effect.service, "action": effect.action}
            asked["url"] = effect.request.url
        else:
            asked["function"] = effect.function
        if reply.kind != "timeout":
            response_type, message = "API_CONFIGURATION_ERROR", None
    return Refusal(
        "integrate",
        f"integrate.{reply.kind}",
        response_type,
        asked,
        prepared.source,
        message=message,
        failed=True,
    )
