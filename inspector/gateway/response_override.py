"""What templates set in `$context.responseOverride` goes before what was selected and mapped.

Sources: facts 59, 105 (recorded), 106, 107 (claimed: a status that makes no sense is ignored, a
list sends the header several times).
"""

from __future__ import annotations

from collections.abc import Mapping

from inspector.gateway.java.text import to_text
from inspector.gateway.results import Overrides
from inspector.gateway.visible import remapped
from inspector.message import Headers


def overridden(overrides: Overrides | None, status: int, headers: Headers) -> tuple[int, Headers]:
    """Status and headers of the answer."""
    if overrides is None or not overrides.response:
        return status, headers
    given = overrides.response.get("header")
    if isinstance(given, Mapping):
        for name, value in given.items():
            headers = _replaced(headers, str(name), value)
    return _status(overrides.response.get("status"), status), headers


def _status(value: object, status: int) -> int:
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 599:
        return value
    return status


def _replaced(headers: Headers, name: str, value: object) -> Headers:
    sent = remapped(name)
    if sent is None or value is None:
        return headers
    kept = headers.without(sent).fields
    values = value if isinstance(value, list) else [value]
    return Headers((*kept, *((sent, to_text(each)) for each in values)))
