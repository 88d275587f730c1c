"""The step that an integration's reply leaves in the trace, the same for every kind of API."""

from __future__ import annotations

from inspector.gateway import service_error, service_request
from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    BackendStream,
    CallBackend,
    CallService,
    FunctionAnswer,
    FunctionStream,
    InvokeFunction,
)
from inspector.gateway.trace import Fact, Step
from inspector.model import Source

Asked = CallBackend | CallService | InvokeFunction
Answer = BackendAnswer | BackendStream | FunctionAnswer | FunctionStream


def step_of(effect: Asked, reply: Answer, source: Source) -> Step:
    """What was asked and what was said."""
    if isinstance(reply, FunctionAnswer | FunctionStream):
        assert isinstance(effect, InvokeFunction)
        code, facts = _of_function(effect, reply)
    elif isinstance(effect, CallService):
        assert isinstance(reply, BackendAnswer)
        code, facts = _of_service(effect, reply)
    else:
        assert isinstance(effect, CallBackend)
        code = "streaming" if isinstance(reply, BackendStream) else "answered"
        facts = {"status": reply.status, "url": effect.request.url}
    return Step("integrate", "ok", f"integrate.{code}", facts, source)


def facts_of_failure(effect: Asked, reply: BackendFailure) -> dict[str, Fact]:
    """What was asked, and why nobody answered."""
    facts: dict[str, Fact] = {"detail": reply.detail, "timeout_ms": effect.timeout_ms}
    if isinstance(effect, InvokeFunction):
        facts["function"] = effect.function
        return facts
    if isinstance(effect, CallService):
        facts |= {"service": effect.service, "action": effect.action}
    facts["url"] = effect.request.url
    return facts


def _of_function(
    effect: InvokeFunction, reply: FunctionAnswer | FunctionStream
) -> tuple[str, dict[str, Fact]]:
    facts: dict[str, Fact] = {"function": effect.function}
    if isinstance(reply, FunctionStream):
        return "function-stream", facts
    facts |= {"size": len(reply.payload), "request_id": reply.request_id or None}
    if effect.asynchronous:
        facts["asynchronous"] = True
    if reply.error is None:
        return "function", facts
    facts["error"] = reply.error
    return "function-error", facts


def _of_service(effect: CallService, reply: BackendAnswer) -> tuple[str, dict[str, Fact]]:
    facts: dict[str, Fact] = {
        "service": effect.service,
        "action": effect.action,
        "status": reply.status,
        "url": effect.request.url,
        "request_id": reply.headers.get("x-amzn-requestid"),
    }
    error = service_error.read(reply.status, reply.headers, reply.body)
    if error is None:
        return "service", facts
    facts |= {"error": error.code, "message": error.message, "role": effect.credentials}
    if effect.request.body[:1].isspace() and service_request.is_form(effect.request):
        facts["blank_before_form"] = True
    return "service-error", facts
