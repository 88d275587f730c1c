"""What Lambda refuses before a function runs: a payload that is no JSON.

Its answer reaches the client by way of the method's responses, as users paste it (pain 40;
serverless/serverless#3187, #2807): `{"Type":"User","message":"Could not parse request body into
json: …"}`. What follows the colon there are Jackson's words, of which only some are known.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import orjson

from inspector.gateway.mapping.explain import explain
from inspector.gateway.mapping.json_check import Expected, first_fault

_COMPLAINT = "Could not parse request body into json: "
_BODY = {"Type": "User"}


@dataclass(frozen=True, slots=True)
class Refused:
    """Lambda's answer, and for the trace where the payload stops being JSON, why, and the mend."""

    body: bytes
    line: int
    column: int
    reason: str
    mend: str


def refused(payload: bytes) -> Refused | None:
    """Why Lambda would not take a payload; None where it would, as it does an empty one."""
    try:
        orjson.loads(payload or b"{}")
    except ValueError:
        return _refused(payload)
    return None


def _refused(payload: bytes) -> Refused | None:
    try:
        text = payload.decode()
    except UnicodeDecodeError as error:
        reason = f"Invalid UTF-8 start byte 0x{payload[error.start]:02x}"
        return Refused(_answer(reason), 1, error.start + 1, reason, "Send text, or base64.")
    fault, found = first_fault(text), explain(text, content_type="application/json")
    if fault is None or found is None:
        return None
    escape = fault.expected is Expected.ESCAPE
    char = text[fault.offset + escape : fault.offset + escape + 1]
    if not char:
        words = "Unexpected end-of-input"
    elif escape:
        words = f"Unrecognized character escape '{char}' (code {ord(char)})"
    else:
        words = (
            f"Unexpected character ('{char}' (code {ord(char)})): was expecting {fault.expected}"
        )
    words += f"\n at line: {found.line}, column: {found.column}"
    return Refused(_answer(words), found.line, found.column, found.reason, found.mend)


def _answer(words: str) -> bytes:
    text = json.dumps({**_BODY, "message": _COMPLAINT + words}, separators=(",", ":"))
    return text.encode()
