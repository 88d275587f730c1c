"""What a function behind an HTTP API may answer, and what its answer means.

Sources: http-api.md, section 5 (developer guide); tests/data/aws/payload-v2.jsonl (recorded on
function URLs, which read format 2.0 alike); the integration tests of Amazon's own Lambda test tool
(aws/aws-lambda-dotnet, LambdaTestTool-v2, run against the service). 2.0: a result without
`statusCode` is the body of a 200 in JSON, whatever it is, a bare text unquoted; a statusCode of
200.5 is a 500. 1.0: no object, or no statusCode, is a 500. Members that are not known are ignored,
and base64 is always decoded (aws/aws-sam-cli#2941). The types that the other members must have are
those of REST.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from inspector.gateway import lambda_answer, untrusted_json
from inspector.gateway.lambda_answer import MalformedError
from inspector.message import Field

#: A text in JSON, or the blanks between its parts.
_BLANKS = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')
#: What a form without a content type is sent as (recorded).
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class FunctionResponse:
    """A well-formed answer. `inferred`: the result had no form, its body is the result."""

    status: int
    headers: tuple[Field, ...]
    body: bytes
    cookies: tuple[str, ...] = ()
    inferred: bool = False


def read(payload: bytes, version: str, default_type: str = PLAIN) -> FunctionResponse:
    """The answer in a function's result. Raises `MalformedError`.

    `default_type` is the content type of a form that names none.
    """
    if version == "1.0":
        return _format_one(payload, default_type)
    return _format_two(payload, default_type)


def read_stream(payload: bytes, default_type: str, *, begun: bool) -> FunctionResponse:
    """The answer of a function that was asked to stream. Raises `MalformedError`.

    `begun`: it does, and this is what came before its body. Else it is here whole: a stream with a
    head or without, or the result of a handler that does not stream, which is the body as it is.
    """
    if begun:
        head, body = payload, b""
    elif lambda_answer.DELIMITER in payload[: lambda_answer.PRELUDE_LIMIT + 8]:
        head, body = lambda_answer.split(payload)
    else:
        kind = "application/json" if _is_json(payload) else "application/octet-stream"
        return FunctionResponse(200, (("Content-Type", kind),), payload, inferred=True)
    answer = lambda_answer.read_prelude(head)
    return FunctionResponse(answer.status, _with_type(answer.headers, default_type), body)


def _is_json(payload: bytes) -> bool:
    try:
        untrusted_json.loads(payload)
    except ValueError:
        return False
    return True


def _format_one(payload: bytes, default_type: str) -> FunctionResponse:
    result = _parsed(payload)
    if not isinstance(result, dict) or result.get("statusCode") is None:
        raise MalformedError("statusCode", "an object with a statusCode is expected")
    answer = lambda_answer.members(result)
    body = _body(answer.body, encoded=answer.encoded)
    return FunctionResponse(answer.status, _with_type(answer.headers, default_type), body)


def _format_two(payload: bytes, default_type: str) -> FunctionResponse:
    try:
        result = _parsed(payload)
    except MalformedError:
        return FunctionResponse(200, _JSON, payload, inferred=True)
    if not isinstance(result, dict) or "statusCode" not in result:
        return FunctionResponse(200, _JSON, _inferred(result, payload), inferred=True)
    if result["statusCode"] is None:
        raise MalformedError("statusCode", "a whole number is expected, not null")
    answer = lambda_answer.members({**result, "multiValueHeaders": None})
    cookies = result.get("cookies")
    if cookies is not None and not isinstance(cookies, list):
        raise MalformedError("cookies", "a list is expected")
    body = _body(answer.body, encoded=answer.encoded)
    texts = tuple(str(each) for each in cookies or ())
    return FunctionResponse(answer.status, _with_type(answer.headers, default_type), body, texts)


_JSON: tuple[Field, ...] = (("Content-Type", "application/json"),)


def _inferred(result: Any, payload: bytes) -> bytes:
    """A text unquoted, anything else without the blanks between its parts (recorded)."""
    if isinstance(result, str):
        return result.encode("utf-8", "surrogatepass")
    return _BLANKS.sub(lambda found: found[1] or "", payload.decode("utf-8", "replace")).encode()


def _with_type(fields: tuple[Field, ...], default_type: str) -> tuple[Field, ...]:
    if any(name.lower() == "content-type" for name, _ in fields):
        return fields
    return (("Content-Type", default_type), *fields)


def _body(text: str, *, encoded: bool) -> bytes:
    if not encoded:
        return text.encode("utf-8", "surrogatepass")
    try:
        return b64decode(text, validate=True)
    except ValueError as error:
        raise MalformedError(
            "body", f"isBase64Encoded is true, and this is none: {error}"
        ) from error


def _parsed(payload: bytes) -> Any:
    try:
        return untrusted_json.loads(payload) if payload else None
    except ValueError as error:
        raise MalformedError("", f"not JSON: {error}") from error
