"""Claims as integrations see them: texts all of them, in one manner on HTTP, another on REST APIs.

Sources: captures-2026, section 1 (recorded). HTTP APIs: keys sorted, numbers as the token has them;
lists and objects as Go prints them (`[a b]`; `map[k:v]`, aws/aws-lambda-go#570), without those that
are null (floci-io/floci#2011, recorded at AWS in 2026-08). REST APIs: the token's order, `exp` and
`iat` as Java prints dates, `auth_time` as it is, lists with commas. Objects on REST are not recorded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from inspector.gateway.jwt.token import RawFloat

_DATES = ("exp", "iat")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def http_claims(claims: Mapping[str, Any]) -> dict[str, str]:
    """`requestContext.authorizer.jwt.claims`."""
    return {name: _go(claims[name]) for name in sorted(claims) if claims[name] is not None}


def rest_claims(claims: Mapping[str, Any]) -> dict[str, str]:
    """`requestContext.authorizer.claims`."""
    return {
        name: _date(value) if name in _DATES else _plain(value) for name, value in claims.items()
    }


def _go(value: Any) -> str:
    """As Go's `%v`."""
    if isinstance(value, list):
        return f"[{' '.join(map(_go, value))}]"
    if isinstance(value, dict):
        return f"map[{' '.join(f'{name}:{_go(value[name])}' for name in sorted(value))}]"
    return "<nil>" if value is None else _scalar(value)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_plain, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return "null" if value is None else _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.text if isinstance(value, RawFloat) else str(value)


def _date(value: Any) -> str:
    """`Thu Sep 24 21:16:11 UTC 2026`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _plain(value)
    try:
        moment = datetime.fromtimestamp(int(value), UTC)
    except (ValueError, OverflowError, OSError):
        return _scalar(value)
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day} {month} {moment:%d %H:%M:%S} UTC {moment.year:04d}"
