"""What a function said when it failed: `{"errorMessage", "errorType", …}`, or anything at all."""

from __future__ import annotations

from inspector.gateway import untrusted_json


def message_of(payload: bytes, otherwise: str | None = None) -> str:
    """Its errorMessage. Where it has none: `otherwise`, or what it did say."""
    try:
        document = untrusted_json.loads(payload)
    except ValueError:
        document = payload.decode("utf-8", "replace")
    if isinstance(document, dict) and "errorMessage" in document:
        return str(document["errorMessage"])
    if otherwise is not None:
        return otherwise
    return document if isinstance(document, str) else payload.decode("utf-8", "replace")


def type_of(payload: bytes) -> str | None:
    """Its errorType: a class of the function's own language, or a word of Lambda's."""
    try:
        document = untrusted_json.loads(payload)
    except ValueError:
        return None
    kind = document.get("errorType") if isinstance(document, dict) else None
    return str(kind) if kind else None
