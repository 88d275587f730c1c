"""Ask the integration. The only stage that yields effects.

Failures: 504 with the wording that Amazon's users paste (`Endpoint request timed out`, `Network
error communicating with endpoint`); an endpoint without an address and TLS that cannot be agreed
on are 500 configuration errors (fact 259), and so is an answer over 10 MB.
"""

from __future__ import annotations

from collections.abc import Generator

from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    BackendStream,
    CallBackend,
    Effect,
    FailureKind,
    Reply,
)
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Answered, Prepared
from inspector.gateway.trace import Fact, Step
from inspector.message import Headers
from inspector.model import Http, HttpProxy

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
}


def integrate(
    prepared: Prepared, trace: list[Step]
) -> Generator[Effect, Reply, Answered | Refusal]:
    """The integration's answer, or why there is none."""
    integration = prepared.routed.plan.integration
    if prepared.backend is None or not isinstance(integration, Http | HttpProxy):
        status = prepared.mock_status or 200
        return Answered(prepared, status, Headers(), b"")
    effect = CallBackend(
        prepared.backend,
        integration.timeout_ms,
        may_stream=isinstance(integration, HttpProxy),
        stream=integration.response_transfer_mode == "STREAM",
    )
    reply = yield effect
    if isinstance(reply, BackendFailure):
        return _failed(effect, reply, integration)
    assert isinstance(reply, BackendAnswer | BackendStream)
    streamed = isinstance(reply, BackendStream)
    facts: dict[str, Fact] = {"status": reply.status, "url": effect.request.url}
    code = "integrate.streaming" if streamed else "integrate.answered"
    trace.append(Step("integrate", "ok", code, facts, integration.source))
    body = b"" if isinstance(reply, BackendStream) else reply.body
    return Answered(prepared, reply.status, reply.headers, body, streamed)


def _failed(effect: CallBackend, reply: BackendFailure, integration: Http | HttpProxy) -> Refusal:
    response_type, message = _FAILURES[reply.kind]
    return Refusal(
        "integrate",
        f"integrate.{reply.kind}",
        response_type,
        {"url": effect.request.url, "detail": reply.detail, "timeout_ms": effect.timeout_ms},
        integration.source,
        message=message,
        failed=True,
    )
