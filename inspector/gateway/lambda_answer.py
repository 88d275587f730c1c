"""What a function behind a proxy integration may answer, and what makes it malformed.

Sources: facts 172-182 (recorded: test_aws_proxy_response_payload_format_validation). Scalars are
coerced to text as Amazon's JSON reader does (a boolean header goes out as `true`, fact 177).

A streamed answer begins with its status and headers as JSON, then come eight zero bytes, then the
body (guide, "Set up a Lambda proxy integration with payload response streaming": `headers`,
`multiValueHeaders`, `cookies`, `statusCode`; all of it within the first 16 KB).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inspector.gateway import untrusted_json
from inspector.message import Field

KEYS = ("statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded")
STREAM_KEYS = ("statusCode", "headers", "multiValueHeaders", "cookies")
#: Between the head and the body of a streamed answer, and within how many bytes it is looked for.
DELIMITER = bytes(8)
PRELUDE_LIMIT = 16 * 1024


@dataclass(frozen=True, slots=True)
class ProxyAnswer:
    """A well-formed answer."""

    status: int
    headers: tuple[Field, ...]
    body: str
    encoded: bool


class MalformedError(Exception):
    """The answer is no proxy answer; `key` is the member that is wrong, "" for the whole."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key
        self.reason = reason


def read(payload: bytes) -> ProxyAnswer:
    """The answer in a function's result. Raises `MalformedError`."""
    result = _object(payload)
    _only(result, KEYS)
    return members(result)


def members(result: Mapping[str, Any]) -> ProxyAnswer:
    """The answer in the members of an object, whatever else it has. Raises `MalformedError`."""
    return ProxyAnswer(
        _status(result.get("statusCode")),
        _fields(result.get("headers"), result.get("multiValueHeaders")),
        _text("body", result.get("body")) or "",
        _flag(result.get("isBase64Encoded")),
    )


def read_prelude(prelude: bytes) -> ProxyAnswer:
    """Status and headers of a streamed answer. Raises `MalformedError`."""
    result = _object(prelude)
    _only(result, STREAM_KEYS)
    cookies = result.get("cookies") or []
    if not isinstance(cookies, list):
        raise MalformedError("cookies", f"a list is expected, not {_kind(cookies)}")
    fields = _fields(result.get("headers"), result.get("multiValueHeaders"))
    baked = tuple(("Set-Cookie", _text("cookies", each) or "") for each in cookies)
    return ProxyAnswer(_status(result.get("statusCode")), (*fields, *baked), "", encoded=False)


def split(payload: bytes) -> tuple[bytes, bytes]:
    """The head and the body of a streamed answer that is here whole. Raises `MalformedError`."""
    prelude, delimiter, body = payload[: PRELUDE_LIMIT + len(DELIMITER)].partition(DELIMITER)
    if not delimiter:
        raise MalformedError(
            "",
            "a streamed answer is expected: JSON with "
            f"{', '.join(STREAM_KEYS)}, then eight zero bytes, then the body",
        )
    return prelude, body + payload[PRELUDE_LIMIT + len(DELIMITER) :]


def _only(result: dict[str, Any], keys: tuple[str, ...]) -> None:
    unknown = next((key for key in result if key not in keys), None)
    if unknown is not None:
        raise MalformedError(unknown, f"only {', '.join(keys)} are allowed")


def _object(payload: bytes) -> dict[str, Any]:
    try:
        result = untrusted_json.loads(payload)
    except ValueError as error:
        raise MalformedError("", f"not JSON: {error}") from error
    if not isinstance(result, dict):
        raise MalformedError("", f"a JSON object is expected, not {_kind(result)}")
    return result


def _status(value: object) -> int:
    """A missing statusCode means 200 (173), text of digits is a number (175), and so is 200.0."""
    if value is None:
        return 200
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 100 <= value <= 999:
        raise MalformedError("statusCode", f"a whole number is expected, not {value!r}")
    return value


def _fields(single: object, multiple: object) -> tuple[Field, ...]:
    """Several values first, then the single one, under the name of the several (179)."""
    fields: list[Field] = []
    names: dict[str, str] = {}
    for name, values in _members("multiValueHeaders", multiple).items():
        if not isinstance(values, list):
            raise MalformedError("multiValueHeaders", f"{name} must hold a list")
        names[name.lower()] = name
        fields.extend((name, _text("multiValueHeaders", each) or "") for each in values)
    for name, value in _members("headers", single).items():
        text = _text("headers", value)
        if text is None:
            continue
        known = names.get(name.lower())
        if known is None:
            fields.append((name, text))
        else:
            places = [index for index, (each, _) in enumerate(fields) if each == known]
            fields.insert(places[-1] + 1 if places else len(fields), (known, text))
    return tuple(fields)


def _members(key: str, value: object) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MalformedError(key, f"an object is expected, not {_kind(value)}")
    return value


def _text(key: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return json.dumps(value)
    raise MalformedError(key, f"text is expected, not {_kind(value)}")


def _flag(value: object) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    if isinstance(value, str) and value.lower() in ("true", "false", ""):
        return value.lower() == "true"
    raise MalformedError("isBase64Encoded", f"true or false is expected, not {value!r}")


def _kind(value: object) -> str:
    kinds = {dict: "an object", list: "a list", str: "text", bool: "a boolean", type(None): "null"}
    return kinds.get(type(value), "a number")
