"""An answer judged header by header, as a browser does it.

Source: the Fetch standard: "CORS-preflight fetch", steps 7 and on; "CORS check"; "CORS
non-wildcard request-header name".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from inspector.gateway.browser.asking import ScriptCall, is_safe_method
from inspector.message import Response

Leg = Literal["preflight", "answer"]
ORIGIN, CREDENTIALS = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
METHODS, HEADERS = "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"
EXPOSED = "Access-Control-Expose-Headers"
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_ALWAYS_READABLE = frozenset({
    "cache-control", "content-language", "content-length", "content-type", "expires",
    "last-modified", "pragma",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a browser looks at. `what` is a header's name, or `status`.

    `rule` names it (`origin-missing`, `method`, …; see `browser.words`); `asked` is what the call
    needs, `given` what the answer has, None where it has no such header. `doubtful`: browsers let
    it pass today, the standard does not.
    """

    leg: Leg
    what: str
    rule: str
    ok: bool
    asked: str
    given: str | None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """All checks of a call. Without a preflight there are only those of its answer."""

    call: ScriptCall
    checks: tuple[Check, ...]

    @property
    def allowed(self) -> bool:
        """Whether the script gets its answer."""
        return self.first is None

    @property
    def doubtful(self) -> tuple[Check, ...]:
        """What passes for now."""
        return tuple(check for check in self.checks if check.doubtful)

    @property
    def first(self) -> Check | None:
        """The first check that fails: what the browser complains of."""
        return next((check for check in self.checks if not check.ok), None)


def judge(call: ScriptCall, preflight: Response | None, answer: Response | None) -> Judgement:
    """Both legs. `preflight` None: none was needed; `answer` None: the call was never sent."""
    checks: list[Check] = []
    if preflight is not None:
        checks += judge_preflight(call, preflight)
    if answer is not None:
        checks += judge_answer(call, answer)
    return Judgement(call, tuple(checks))


def judge_preflight(call: ScriptCall, response: Response) -> Iterator[Check]:
    """Origin and credentials as of any answer, then the status, the method, each header."""
    yield from _cors_check("preflight", call, response)
    ok = 200 <= response.status <= 299
    yield Check("preflight", "status", "status", ok, "200 to 299", str(response.status))
    given = _combined(response, METHODS)
    methods = _listed(given)
    method = call.sent_method
    wildcard = not call.credentials and "*" in (methods or ())
    named = methods is not None and method in methods
    allowed = methods is not None and (named or wildcard or is_safe_method(method))
    if given is None:
        allowed = is_safe_method(method)
    rule = "list" if given is not None and methods is None else "method"
    yield Check("preflight", METHODS, rule, allowed, method, given)
    yield from _headers(call, response)


def _headers(call: ScriptCall, response: Response) -> Iterator[Check]:
    given = _combined(response, HEADERS)
    names = _listed(given)
    if given is not None and names is None:
        yield Check("preflight", HEADERS, "list", False, "a list of names", given)
        return
    allowed = {name.lower() for name in names or ()}
    for name in call.unsafe_headers:
        wildcard = "*" in allowed and not call.credentials
        if name == "authorization":
            # The standard never lets a * cover it; Chromium 156 does (tested), Firefox by default.
            named = name in allowed
            fits = named or wildcard
            rule = "authorization-wildcard" if "*" in allowed and not named else "header"
            yield Check("preflight", HEADERS, rule, fits, name, given, fits and not named)
        else:
            fits = name in allowed or wildcard
            rule = "wildcard-credentials" if "*" in allowed and not fits else "header"
            yield Check("preflight", HEADERS, rule, fits, name, given)


def judge_answer(call: ScriptCall, response: Response) -> Iterator[Check]:
    """May the script see the answer?"""
    yield from _cors_check("answer", call, response)


def _cors_check(leg: Leg, call: ScriptCall, response: Response) -> Iterator[Check]:
    given = _combined(response, ORIGIN)
    wildcard = given == "*" and not call.credentials
    ok = wildcard or given == call.origin
    yield Check(leg, ORIGIN, _origin_rule(call, given), ok, call.origin, given)
    if call.credentials:
        allowed = _combined(response, CREDENTIALS)
        yield Check(leg, CREDENTIALS, "credentials", allowed == "true", "true", allowed)


def _origin_rule(call: ScriptCall, given: str | None) -> str:
    if given is None:
        return "origin-missing"
    if given == "*" and call.credentials:
        return "wildcard-credentials"
    if "," in given:
        return "origin-several"
    return "origin"


def unreadable(response: Response, call: ScriptCall) -> list[str]:
    """Headers of an answer that the script cannot read: they are not exposed."""
    exposed = {name.lower() for name in _listed(_combined(response, EXPOSED)) or ()}
    if "*" in exposed and not call.credentials:
        return []
    readable = exposed | _ALWAYS_READABLE
    return sorted({
        name for name, _ in response.headers
        if name.lower() not in readable and not name.lower().startswith("access-control-")
    })  # fmt: skip


def _combined(response: Response, name: str) -> str | None:
    """All values of a header as one, as "get" of the standard has it; without blanks around."""
    values = [value.strip(" \t") for value in response.headers.all(name)]
    return ", ".join(values) if values else None


def _listed(value: str | None) -> list[str] | None:
    """A list of names; None where there is no such header, or it is no such list."""
    if value is None:
        return None
    names = [part.strip(" \t") for part in value.split(",")]
    names = [name for name in names if name]
    return names if all(map(_TOKEN.fullmatch, names)) else None
