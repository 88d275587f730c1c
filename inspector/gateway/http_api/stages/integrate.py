"""Ask the integration.

Sources: http-api.md, sections 5 and 7; captures-2026.md, section 4 (a function that fails: 500 with
`Apigw-Requestid`, and the sentence of `$context.integrationErrorMessage`). An HTTP backend that
cannot be reached or takes too long is 503 `Service Unavailable` (users' reports).
"""

from __future__ import annotations

from collections.abc import Generator

from inspector.gateway import function_error
from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    BackendStream,
    CallBackend,
    CallService,
    Effect,
    FunctionAnswer,
    FunctionStream,
    InvokeFunction,
    Reply,
)
from inspector.gateway.granting import ungranted
from inspector.gateway.http_api.arns import called_as
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Answered, Prepared
from inspector.gateway.integration_step import facts_of_failure, step_of
from inspector.gateway.trace import Fact, Step
from inspector.message import Headers
from inspector.model import HTTP_TIMEOUT_MS

#: As access logs of users have it.
_NO_PERMISSION = (
    "The IAM role configured on the integration or API Gateway doesn't have permissions to call the "
    "integration. Check the permissions and try again."
)


def integrate(
    prepared: Prepared, trace: list[Step]
) -> Generator[Effect, Reply, Answered | HttpRefusal]:
    """The integration's answer, or why there is none."""
    effect = prepared.effect
    if isinstance(effect, InvokeFunction):
        missing = _ungranted(prepared, effect)
        if missing is not None:
            return missing
    reply = yield effect
    if isinstance(reply, BackendFailure):
        return _failed(prepared, effect, reply)
    assert isinstance(reply, BackendAnswer | BackendStream | FunctionAnswer | FunctionStream)
    trace.append(step_of(effect, reply, prepared.source))
    if isinstance(reply, FunctionAnswer):
        return _function_answered(prepared, reply)
    if isinstance(reply, FunctionStream):
        return Answered(prepared, 200, Headers(), reply.prelude, streamed=True)
    if isinstance(reply, BackendStream):
        return Answered(prepared, reply.status, reply.headers, b"", streamed=True)
    return Answered(prepared, reply.status, reply.headers, reply.body)


def _ungranted(prepared: Prepared, effect: InvokeFunction) -> HttpRefusal | None:
    """Amazon's gateway itself would not be let in by the function."""
    matched = prepared.matched
    grants = matched.staged.deployment.api.grants
    integration = matched.plan.integration
    if grants is None or integration is None:
        return None
    names = called_as(matched)
    found = ungranted(grants, effect.function, integration.credentials, names)
    if found is None:
        return None
    facts: dict[str, Fact] = {**found.facts}
    facts["integration_error"] = _NO_PERMISSION
    return HttpRefusal(
        "integrate", f"integrate.{found.code}", "INTEGRATION_FAILURE", facts,
        found.source or prepared.source, failed=True,
    )  # fmt: skip


def _function_answered(prepared: Prepared, reply: FunctionAnswer) -> Answered | HttpRefusal:
    if reply.error is None:
        return Answered(prepared, 200, Headers(), reply.payload)
    message = function_error.message_of(reply.payload)
    return HttpRefusal(
        "map-response",
        "map-response.function-error",
        "INTEGRATION_FAILURE",
        {
            "error": message,
            "error_type": function_error.type_of(reply.payload),
            "integration_error": "The Lambda function returned the following error: "
            f"{message}. Check your Lambda function code and try again.",
        },
        prepared.source,
        failed=True,
        reached=True,
    )


def _failed(
    prepared: Prepared, effect: CallBackend | CallService | InvokeFunction, reply: BackendFailure
) -> HttpRefusal:
    facts = facts_of_failure(effect, reply)
    kind = "INTEGRATION_FAILURE"
    if isinstance(effect, CallBackend):
        kind = "INTEGRATION_NETWORK_FAILURE"
    if reply.kind == "timeout":
        kind = "INTEGRATION_TIMEOUT"
        facts["limit_ms"] = HTTP_TIMEOUT_MS
    facts["integration_error"] = reply.detail
    return HttpRefusal(
        "integrate",
        f"integrate.{reply.kind}",
        kind,
        facts,
        prepared.source,
        failed=True,
        reached=True,
    )
