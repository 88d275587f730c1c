"""The claims of a token judged one by one.

Source: developer guide, http-api-jwt-authorizer (`exp` after now; `nbf` and `iat` before now;
`client_id` counts only where there is no `aud`; one of the route's scopes in `scope` or `scp`),
recorded in 2026 (captures-2026, section 1). A token without `exp` is refused, as the guide's "must"
says; nobody has recorded that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from math import inf
from typing import Any

from inspector.gateway.checklist import Check, Shown

Claims = Mapping[str, Any]


def issuer(claims: Claims, wanted: str) -> Check:
    """`iss` is the authorizer's issuer, character for character."""
    actual = claims.get("iss")
    if actual == wanted:
        return Check("issuer", "ok", wanted, wanted)
    note = difference(wanted, actual) if isinstance(actual, str) else "the token has no iss"
    return Check("issuer", "failed", wanted, _shown(actual), note)


def audience(claims: Claims, wanted: Sequence[str]) -> Check:
    """One value of `aud`, or without one `client_id`, is in the authorizer's list."""
    name = "aud" if claims.get("aud") is not None else "client_id"
    actual = texts(claims.get(name))
    common = [value for value in actual if value in wanted]
    label = "audience" if name == "aud" else "audience (client_id)"
    if common:
        return Check(label, "ok", list(wanted), actual)
    if name == "client_id" and not actual:
        note = "the token has neither aud nor client_id"
    elif not wanted:
        note = "the authorizer names no audience"
    else:
        note = "no value in common"
        if name == "aud" and claims.get("client_id") in wanted:
            note += "; client_id would fit, but it counts only where there is no aud"
    return Check(label, "failed", list(wanted), actual, note)


def expiry(claims: Claims, now_ms: int) -> Check:
    """`exp` is in the future."""
    return _moment("expiry", claims.get("exp"), now_ms, lambda at: at > now_ms, "after")


def not_before(claims: Claims, now_ms: int) -> Check | None:
    """`nbf`, where there is one, is not in the future."""
    return _past("not before", claims.get("nbf"), now_ms)


def issued_at(claims: Claims, now_ms: int) -> Check | None:
    """`iat`, where there is one, is not in the future."""
    return _past("issued at", claims.get("iat"), now_ms)


def scopes(claims: Claims, wanted: Sequence[str]) -> Check:
    """One of the wanted scopes is in `scope` or `scp`."""
    actual = granted(claims)
    if any(scope in wanted for scope in actual):
        return Check("scopes", "ok", list(wanted), actual)
    return Check("scopes", "failed", list(wanted), actual, "one of them is enough; it has none")


def granted(claims: Claims) -> list[str]:
    """The scopes of a token, blank-separated or a list, of both claims."""
    found: list[str] = []
    for name in ("scope", "scp"):
        value = claims.get(name)
        found.extend(value.split() if isinstance(value, str) else texts(value))
    return found


def texts(value: Any) -> list[str]:
    """A claim that is one text or a list of them."""
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def difference(wanted: str, actual: str) -> str:
    """Where two texts part, the slash at the end by its name."""
    if wanted.rstrip("/") == actual.rstrip("/"):
        has, lacks = ("the token", "the authorizer")
        if len(actual) < len(wanted):
            has, lacks = lacks, has
        return f"{has} has a slash at the end, {lacks} has none"
    if wanted.lower() == actual.lower():
        return f"upper and lower case differ at character {_parting(wanted, actual) + 1}"
    at = _parting(wanted, actual)
    return f"they differ from character {at + 1} on: {wanted[at : at + 12]!r}, {actual[at : at + 12]!r}"


def _parting(one: str, other: str) -> int:
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return at
    return min(len(one), len(other))


def _past(name: str, value: Any, now_ms: int) -> Check | None:
    if value is None:
        return None
    return _moment(name, value, now_ms, lambda at: at <= now_ms, "before")


def _moment(name: str, value: Any, now_ms: int, good: Callable[[float], bool], word: str) -> Check:
    now = _time(now_ms / 1000)
    if isinstance(value, bool) or not isinstance(value, int | float):
        note = "it is missing" if value is None else "a number of seconds is expected"
        return Check(name, "failed", f"{word} {now}", _shown(value), note)
    if good(value * 1000):
        return Check(name, "ok", f"{word} {now}", _time(value))
    return Check(name, "failed", f"{word} {now}", _time(value), _apart(value, now_ms))


def _apart(moment: float, now_ms: int) -> str:
    try:
        seconds = moment - now_ms / 1000
    except OverflowError:  # a whole number of more digits than a float holds
        seconds = inf if moment > 0 else -inf
    word = "from now" if seconds > 0 else "ago"
    seconds = abs(seconds)
    for size, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit} {word}"
    return f"{seconds:.0f} seconds {word}"


def _time(seconds: float) -> str:
    try:
        return _written(int(seconds))
    except (ValueError, OverflowError, OSError):
        return str(seconds)


@lru_cache(maxsize=1024)
def _written(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _shown(value: Any) -> Shown:
    if isinstance(value, list):
        return texts(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
