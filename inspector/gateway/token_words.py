"""The words for tokens: who was let in by one, and which check kept it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inspector.gateway.checklist import Check, from_fact
from inspector.gateway.jwt.challenge import KNOWN
from inspector.gateway.trace import Fact

Facts = Mapping[str, Fact]
Word = Callable[[Facts], str]

#: What each check is about, as the beginning of a sentence about its failure.
_FAULTS: Mapping[str, str] = {
    "token": "No token was sent",
    "form": "What was sent is no JWT",
    "algorithm": "The token's algorithm is not taken",
    "key": "The issuer has no key for the token",
    "signature": "The signature is not good",
    "issuer": "The token is of another issuer",
    "audience": "The token is for somebody else",
    "expiry": "The token has expired",
    "not before": "The token is not valid yet",
    "issued at": "The token was issued in the future",
    "scopes": "The token has none of the scopes that are asked for",
    "token_use": "The token is of the wrong kind",
}
_REMEDIES: Mapping[str, str] = {
    "token": "Send a token as {source}, with or without the word Bearer before it.",
    "form": "Send the token alone: header.payload.signature, nothing around it.",
    "algorithm": "Have the issuer sign with RS256; only algorithms of RSA keys are taken.",
    "key": "Get a new token: the issuer may have changed its keys.",
    "signature": "Get a new token from the issuer; nothing in it may be changed afterwards.",
    "issuer": "Write the issuer of the authorizer as the token's iss is, to the last character.",
    "audience": "Name one of the token's audiences in the authorizer, or get a token for one of its.",
    "expiry": "Get a new token, or look at the clocks.",
    "not before": "Wait, or look at the clocks.",
    "issued at": "Look at the clocks: the issuer's is ahead.",
    "scopes": "Ask the issuer for a token with one of these scopes: {expected}.",
    "token_use": "Send the {expected} token instead.",
}


def failing(facts: Facts) -> Check | None:
    """The check that kept the token out."""
    return next((each for each in from_fact(facts.get("checks")) if each.verdict == "failed"), None)


def said(facts: Facts) -> str:
    """Which check failed, in one sentence."""
    check = failing(facts)
    if check is None:
        return f"Authorizer {facts['authorizer']} does not take the token."
    sentence = _FAULTS.get(check.name.partition(" (")[0], check.name)
    compared = ""
    if check.name not in ("token", "form") and check.expected is not None:
        compared = f": wanted {_shown(check.expected)}, found {_shown(check.actual)}"
    note = f" ({check.note})" if check.note else ""
    also = [each.name for each in from_fact(facts.get("checks")) if each.verdict == "also"]
    more = f" Never reached, and would fail too: {', '.join(also)}." if also else ""
    return f"{sentence}{compared}{note}.{more}"


def mended(facts: Facts) -> str:
    """What to do about it."""
    check = failing(facts)
    if check is None:
        return "Get a new token."
    name = check.name.partition(" (")[0]
    text = _REMEDIES.get(name, "Get a new token.")
    text = text.format(source=facts.get("source", "the header"), expected=_shown(check.expected))
    if facts.get("failure") not in KNOWN and "challenge" in facts:
        text += " (Amazon's wording of www-authenticate in this case is not known.)"
    return text


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(str, value)) + "]"
    return "nothing" if value is None else str(value)


def _unreachable(facts: Facts) -> str:
    check = failing(facts)
    where = "" if check is None else f" {_shown(check.expected)}: {check.note}."
    return f"The keys of the issuer cannot be had.{where}"


_REACH = (
    "Let the issuer answer in time (1,500 ms, 150,000 bytes), or put a local one in its place: "
    "--issuer ISSUER=URL."
)
_POOL = (
    "Let the user pool be reachable, or say where it is: --endpoint cognito-idp=URL, or "
    "--issuer all=URL for an issuer of your own (`inspector token --serve`)."
)

SENTENCES: Mapping[str, Word] = {
    "authorize.pool": lambda f: f"The token is good for authorizer {f['authorizer']}.",
    "authorize.pool-token": said,
    "authorize.pool-unreachable": _unreachable,
    "authorize.jwt": lambda f: f"The token is good for authorizer {f['authorizer']}.",
    "authorize.jwt-refused": said,
    "authorize.jwt-scopes": said,
    "authorize.jwt-unreachable": _unreachable,
}
REMEDIES: Mapping[str, Word] = {
    "authorize.pool-token": mended,
    "authorize.pool-unreachable": lambda _: _POOL,
    "authorize.jwt-refused": mended,
    "authorize.jwt-scopes": mended,
    "authorize.jwt-unreachable": lambda _: _REACH,
}
