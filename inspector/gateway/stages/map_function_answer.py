"""The answer of a function behind a proxy integration becomes the method's.

Sources: facts 8, 172-182 (form), 210-214 (base64; all recorded).
"""

from __future__ import annotations

from inspector.gateway import content, function_error, lambda_answer
from inspector.gateway.effects import InvokeFunction
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Answered, Mapped
from inspector.gateway.trace import Fact, Step
from inspector.gateway.visible import remapped
from inspector.message import Headers

_SHOWN = 400


def map_function_answer(answered: Answered, trace: list[Step]) -> Mapped | Refusal:
    """Status, headers and body as the function put them, or 502."""
    if answered.function_error is not None:
        return _function_failed(answered)
    stream = _asked_to_stream(answered)
    body: bytes | str
    try:
        if not stream:
            answer = lambda_answer.read(answered.body)
            body = answer.body
        elif answered.streamed:
            answer, body = lambda_answer.read_prelude(answered.body), b""
        else:
            prelude, body = lambda_answer.split(answered.body)
            answer = lambda_answer.read_prelude(prelude)
    except lambda_answer.MalformedError as error:
        shown = answered.body[:_SHOWN].decode("utf-8", "replace")
        facts: dict[str, Fact] = {"key": error.key, "reason": error.reason, "answer": shown}
        if stream and not answered.streamed:
            facts["streaming"] = "wanted"
        elif lambda_answer.DELIMITER in answered.body[: lambda_answer.PRELUDE_LIMIT]:
            facts["streaming"] = "unasked"
        log = "Execution failed due to configuration error: Malformed Lambda proxy response"
        return _bad_gateway(answered, "map-response.malformed", facts, log)
    fields = [(new, value) for name, value in answer.headers if (new := remapped(name))]
    decode = answer.encoded and _accepts_binary(answered)
    if decode:
        try:
            body = content.decoded(content.as_bytes(answer.body))
        except content.NotBase64Error as error:
            return Refusal(
                "map-response",
                "map-response.not-base64",
                "API_CONFIGURATION_ERROR",
                {"error": str(error), "size": len(answer.body)},
                answered.prepared.source,
                failed=True,
            )
    facts = {"status": answer.status, "is_base64_encoded": answer.encoded, "decoded": decode}
    source = answered.prepared.source
    trace.append(Step("map-response", "passed", "map-response.function", facts, source))
    return Mapped(answered, answer.status, Headers(tuple(fields)), content.as_bytes(body))


def _asked_to_stream(answered: Answered) -> bool:
    effect = answered.prepared.effect
    return isinstance(effect, InvokeFunction) and effect.stream


def _accepts_binary(answered: Answered) -> bool:
    resolved = answered.prepared.routed.resolved
    accept = resolved.request.headers.get("accept")
    return content.listed(resolved.deployment.api.binary_media_types, accept)


def _function_failed(answered: Answered) -> Refusal:
    message = function_error.message_of(answered.body)
    log = (
        "Lambda execution failed with status 200 due to customer function error: "
        f"{message}. Lambda request id: "
    )
    facts: dict[str, Fact] = {
        "error": message,
        "error_type": function_error.type_of(answered.body),
    }
    return _bad_gateway(answered, "map-response.function-error", facts, log)


def _bad_gateway(answered: Answered, code: str, facts: dict[str, Fact], log: str) -> Refusal:
    return Refusal(
        "map-response",
        code,
        "INTEGRATION_FAILURE",
        facts,
        answered.prepared.source,
        message="Internal server error",
        status=502,
        failed=True,
        log=log,
    )
