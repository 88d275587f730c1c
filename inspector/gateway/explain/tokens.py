"""Tokens that were refused: every check of JWT authorizers and user pools (pains 23 to 27)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from inspector.gateway import checklist, narration
from inspector.gateway.explain import commands
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.demands import demanded_at, part_of
from inspector.gateway.explain.explanation import Cause, Check, State, Try
from inspector.gateway.explain.wiring import crossed_authorizer
from inspector.gateway.narration import Evidence
from inspector.gateway.trace import Step
from inspector.model import Source

_STATES: Mapping[checklist.Verdict, State] = {
    "ok": "passed",
    "failed": "failed",
    "also": "noted",
    "unreached": "unreached",
}
#: Where the authorizer says what a check wants.
_WANTED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "token": (("identitySource",),),
    "form": (("identitySource",),),
    "issuer": (("jwtConfiguration", "issuer"), ("providerARNs",)),
    "key": (("jwtConfiguration", "issuer"), ("providerARNs",)),
    "discovery": (("jwtConfiguration", "issuer"), ("providerARNs",)),
    "jwks": (("jwtConfiguration", "issuer"), ("providerARNs",)),
    "signature": (("jwtConfiguration", "issuer"), ("providerARNs",)),
    "audience": (("jwtConfiguration", "audience"),),
}


def token(case: Case, step: Step) -> Cause:
    """The first check that failed, what it wanted and what the token had."""
    cause = Cause(narration.describe(step), narration.remedy(step), part="token")
    authorizer = _authorizer(case, str(step.facts.get("authorizer")))
    checks = checklist.from_fact(step.facts.get("checks"))
    cause.checks = [_row(case, each, authorizer) for each in checks]
    for each in checks:
        if each.verdict in ("failed", "also"):
            cause.evidence.append(
                Evidence(each.name, _shown(each.actual), _shown(each.expected), ok=False)
            )
    failing = next(
        (each.name.partition(" (")[0] for each in checks if each.verdict == "failed"), ""
    )
    if failing == "token":
        cause.part = part_of(str(step.facts.get("source") or ""))
        scheme = _scheme(authorizer)
        cause.line(_identity(case, authorizer), case.places.at(scheme, "name"))
    elif failing in ("scopes", "token use"):
        cause.line(*_scopes(case, checks))
    cause.line(*_lines(case, failing, authorizer))
    if failing in ("token", "form"):
        cause.first(*crossed_authorizer(case, authorizer))
    text = "mint a token that this route takes"
    cause.tries.append(Try("token", text, command=commands.token(case)))
    source = case.method_source
    cause.line(None if source is None else demanded_at(case, source), authorizer)
    return cause


def _lines(case: Case, failing: str, authorizer: Source | None) -> Iterator[Source]:
    for keys in _WANTED.get(failing, ()):
        place = case.places.at(authorizer, *keys)
        if place is not None:
            items = case.places.children(authorizer, *keys)
            yield items[0][1] if items else place


def _identity(case: Case, authorizer: Source | None) -> Source | None:
    items = case.places.children(authorizer, "identitySource")
    return items[0][1] if items else case.places.at(authorizer, "identitySource")


def _scheme(authorizer: Source | None) -> Source | None:
    if authorizer is None or not authorizer.pointer.endswith("/x-amazon-apigateway-authorizer"):
        return None
    pointer = authorizer.pointer.rpartition("/")[0]
    return Source(authorizer.file, authorizer.line, authorizer.column, pointer)


def _scopes(case: Case, checks: list[checklist.Check]) -> Iterator[Source]:
    """Where the route says which scopes it wants."""
    source = case.method_source
    wanted = next((each.expected for each in checks if each.name == "scopes"), None)
    for keys in (("AuthorizationScopes",), ("security",)):
        place = case.places.at(source, *keys)
        if place is None:
            continue
        yield from _scope_items(case, source, keys, wanted if isinstance(wanted, list) else [])
        yield place


def _scope_items(
    case: Case, source: Source | None, keys: tuple[str, ...], wanted: list[str]
) -> Iterator[Source]:
    for index, place in case.places.children(source, *keys):
        at: tuple[str | int, ...] = (*keys, int(index))
        value = case.places.value(source, *at)
        if isinstance(value, str):
            if value in wanted:
                yield place
            continue
        for name in value if isinstance(value, dict) else ():
            listed = case.places.children(source, *at, name)
            yield listed[0][1] if listed else place


def _row(case: Case, each: checklist.Check, authorizer: Source | None) -> Check:
    name = each.name.partition(" (")[0]
    source = next(_lines(case, name, authorizer), None)
    state = _STATES[each.verdict]
    text = each.note or ("would fail too" if each.verdict == "also" else "")
    wanted = None if each.expected is None else _shown(each.expected)
    # What was not there is worth saying only where something was wanted.
    compared = each.actual is not None or (wanted is not None and state != "passed")
    found = _shown(each.actual) if compared else None
    return Check("authorize", each.name, state, text, wanted, found, source)


def _shown(value: checklist.Shown) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "nothing" if value is None else str(value)


def _authorizer(case: Case, name: str) -> Source | None:
    api = case.api
    found = None if api is None else api.authorizers.get(name)
    return None if found is None else found.source
