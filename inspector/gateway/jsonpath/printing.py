"""Java's `toString()` of JSON values: `{a=b}` for objects, compact JSON for arrays."""

from __future__ import annotations

from decimal import Decimal

from inspector.gateway.java.numbers import number_text
from inspector.gateway.jsonpath.writer import array_text


def java_text(value: object) -> str:
    """`String.valueOf(value)` of a value that came out of JSON."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return number_text(value)
    if isinstance(value, dict):
        members = (f"{java_text(key)}={java_text(item)}" for key, item in value.items())
        return "{" + ", ".join(members) + "}"
    return array_text(value) if isinstance(value, list) else str(value)
