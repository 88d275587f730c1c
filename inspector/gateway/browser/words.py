"""The words for what a browser looks at, one sentence a check, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from inspector.gateway.browser.judging import CREDENTIALS, HEADERS, METHODS, ORIGIN, Check

_FAILED: Mapping[str, str] = {
    "origin-missing": "There is no {what}, and the page is at {asked}.",
    "origin": "{what} is {given}, the page is at {asked}.",
    "origin-several": "{what} has several values ({given}); a browser takes exactly one.",
    "wildcard-credentials": "{what} is {given}: with credentials a * is not taken, {asked} is asked.",
    "credentials": "{what} is {given}; with credentials it has to be true, in lower case.",
    "status": "The status is {given}; a preflight has to be answered with 200 to 299.",
    "method": "{what} is {given}; {asked} is not among it.",
    "header": "{what} is {given}; {asked} is not among it.",
    "authorization-wildcard": "{what} is {given}: a * never covers {asked}, it has to be named.",
    "list": "{what} is {given}, which is no list of names.",
}
_PASSED: Mapping[str, str] = {
    ORIGIN: "{what} is {given}.",
    CREDENTIALS: "{what} is {given}.",
    METHODS: "{asked} is allowed ({what}: {given}).",
    HEADERS: "{asked} is allowed ({what}: {given}).",
    "status": "The status is {given}.",
}


def sentence(check: Check) -> str:
    """What was found."""
    table = _PASSED if check.ok else _FAILED
    given = "absent" if check.given is None else check.given
    if check.ok and check.what == METHODS and check.given is None:
        return f"{check.asked} needs no {METHODS}."
    if check.doubtful:
        return f"{check.what} is {check.given}: browsers let it cover {check.asked}, the standard does not."
    text = table[check.what if check.ok else check.rule]
    return text.format(what=check.what, asked=check.asked, given=given or "empty")


def value_for(check: Check) -> str:
    """What would pass."""
    if check.what == "status":
        return "200"
    if check.what in (METHODS, HEADERS):
        before = check.given if check.given and check.rule != "list" else ""
        kept = [each.strip() for each in before.split(",") if each.strip() not in ("", "*")]
        return ",".join([*kept, check.asked])
    return check.asked
