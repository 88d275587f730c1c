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
