"""Ask the integration. The only stage that yields effects.

Failures of HTTP backends: 504 with the wording that Amazon's users paste (`Endpoint request timed
out`, `Network error communicating with endpoint`); an endpoint without an address and TLS that
cannot be agreed on are 500 configuration errors (fact 259), and so is an answer over 10 MB.
"""

from __future__ import annotations

from collections.abc import Generator

from inspector.gateway import content
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
from inspector.gateway.integration_step import facts_of_failure, step_of
from inspector.gateway.payload_check import Refused, refused
from inspector.gateway.policy.arns import called_as
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Answered, Prepared
from inspector.gateway.trace import Fact, Step
from inspector.message import Headers
from inspector.model import Lambda

#: Bytes of a payload that the trace shows.
_SHOWN = 400
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
    "throttled": ("API_CONFIGURATION_ERROR", None),
}


def integrate(
    prepared: Prepared, trace: list[Step]
) -> Generator[Effect, Reply, Answered | Refusal]:
    """The integration's answer, or why there is none."""
    effect = prepared.effect
    if effect is None:
        status = 200 if prepared.mock_status is None else prepared.mock_status
        return Answered(prepared, status, Headers(), b"")
    if isinstance(effect, InvokeFunction):
        missing = _ungranted(prepared, effect)
        if missing is not None:
            return missing
        if isinstance(prepared.routed.plan.integration, Lambda):
            not_json = refused(effect.payload)
            if not_json is not None:
                return _not_json(prepared, effect, not_json, trace)
    reply = yield effect
    if isinstance(reply, BackendFailure):
        return _failed(prepared, effect, reply)
    assert isinstance(reply, BackendAnswer | BackendStream | FunctionAnswer | FunctionStream)
    trace.append(step_of(effect, reply, prepared.source))
    if isinstance(reply, FunctionAnswer):
        return Answered(prepared, 200, Headers(), reply.payload, function_error=reply.error)
    if isinstance(reply, FunctionStream):
        return Answered(prepared, 200, Headers(), reply.prelude, streamed=True)
    if isinstance(reply, BackendStream):
        return Answered(prepared, reply.status, reply.headers, b"", streamed=True)
    return Answered(prepared, reply.status, reply.headers, reply.body)


def _not_json(
    prepared: Prepared, effect: InvokeFunction, found: Refused, trace: list[Step]
) -> Answered:
    """Lambda itself answers, and the function never runs."""
    facts: dict[str, Fact] = {
        "function": effect.function,
        "line": found.line,
        "column": found.column,
        "reason": found.reason,
        "mend": found.mend,
        "payload": content.as_text(effect.payload[:_SHOWN]),
        "answer": content.as_text(found.body),
    }
    step = Step("integrate", "failed", "integrate.payload-not-json", facts, prepared.source)
    trace.append(step)
    return Answered(prepared, 200, Headers(), found.body)


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


def _failed(
    prepared: Prepared, effect: CallBackend | CallService | InvokeFunction, reply: BackendFailure
) -> Refusal:
    response_type, message = _FAILURES[reply.kind]
    if not isinstance(effect, CallBackend) and reply.kind != "timeout":
        response_type, message = "API_CONFIGURATION_ERROR", None
    return Refusal(
        "integrate",
        f"integrate.{reply.kind}",
        response_type,
        facts_of_failure(effect, reply),
        prepared.source,
        message=message,
        failed=True,
    )
