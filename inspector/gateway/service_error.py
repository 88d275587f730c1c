"""What an AWS service says is wrong, found in its answer, for the trace.

The JSON protocols say it in `__type` and `message` (or the header `x-amzn-ErrorType`), the query
protocol in `Error.Code` and `Error.Message`, S3 and the XML protocols in `<Code>` and `<Message>`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from inspector.gateway import untrusted_json
from inspector.message import Headers

#: Bytes of an answer that are looked at.
_LOOKED_AT = 64 * 1024
_SHOWN = 400
_CODE = re.compile(r"<Code>([^<]*)</Code>")
_MESSAGE = re.compile(r"<Message>([^<]*)</Message>")


@dataclass(frozen=True, slots=True)
class ServiceError:
    """`code` such as `ResourceNotFoundException`, "" where the service names none."""

    code: str
    message: str


def read(status: int, headers: Headers, body: bytes) -> ServiceError | None:
    """The error in an answer, None for one below 400."""
    if status < 400:
        return None
    named = headers.get("x-amzn-errortype") or ""
    text = body[:_LOOKED_AT].decode("utf-8", "replace").strip()
    code, message = _of_json(text) if text.startswith("{") else _of_xml(text)
    return ServiceError(_short_code(code or named), message[:_SHOWN])


def _of_json(text: str) -> tuple[str, str]:
    try:
        document = untrusted_json.loads(text)
    except ValueError:
        return "", text
    inner = document.get("Error")
    error = inner if isinstance(inner, dict) else document
    code = next((error[key] for key in ("__type", "code", "Code") if key in error), "")
    message = next((error[key] for key in ("message", "Message") if key in error), "")
    return str(code), str(message or "")


def _of_xml(text: str) -> tuple[str, str]:
    code, message = _CODE.search(text), _MESSAGE.search(text)
    if code is None:
        return "", text
    return code[1].strip(), message[1].strip() if message else ""


def _short_code(code: str) -> str:
    """`com.amazonaws.dynamodb.v20120810#ResourceNotFoundException:http://…` → its name."""
    return code.rpartition("#")[2].partition(":")[0]
