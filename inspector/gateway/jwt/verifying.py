"""The checks of a JWT authorizer in Amazon's order.

Token, form, algorithm, key, signature, issuer, audience, times, scopes. Source: developer guide,
http-api-jwt-authorizer, section "Authorizing API requests": only algorithms based on RSA, the
public key from the issuer's `jwks_uri`. Who holds the issuer's keys answers `CheckToken`; it is
asked for the authorizer's own issuer, never for what a token names.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

from inspector.gateway.checklist import Check
from inspector.gateway.effects import CheckToken, TokenChecked
from inspector.gateway.jwt import claims as judged
from inspector.gateway.jwt.token import Malformed, Token, bare, decode

Verifying = Generator[CheckToken, TokenChecked, "Verdict"]
#: The guide says "RSA-based"; that the PS family is among them is not recorded.
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
#: Others that the Go library knows by name.
_KNOWN = frozenset({"none", "HS256", "HS384", "HS512", "ES256", "ES384", "ES512"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an authorizer and a route ask of a token. No `scopes`: none is asked for."""

    issuer: str
    audience: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it.

    `failure` is None for a good token, else the name of the first check that failed, as in
    `challenge.SENTENCES`; `sentence` where the failure has one of its own.
    """

    checks: tuple[Check, ...]
    token: Token | None = None
    failure: str | None = None
    sentence: str | None = None


def verify(value: str | None, wanted: Wanted, now_ms: int) -> Verifying:
    """Judge the value of the identity source."""
    if not value:
        return Verdict((Check("token", "failed", "a token"),), failure="token")
    text = bare(value)
    token = decode(text)
    if isinstance(token, Malformed):
        return malformed(token, text)
    listed = _claims(token, wanted, now_ms)
    algorithm = check_algorithm(token)
    if algorithm.verdict != "ok":
        verdict = failed("algorithm", token, (SENT, algorithm), listed)
        return replace(verdict, sentence=_unusable(token.algorithm))
    found = yield CheckToken(wanted.issuer, text.encode())
    key, signature = check_key(token, found), check_signature(found)
    if key.verdict != "ok":
        failure = found.verdict if found.verdict in ("discovery", "jwks") else "key"
        return failed(failure, token, (SENT, algorithm, key), listed)
    if signature.verdict != "ok":
        return failed("signature", token, (SENT, algorithm, key, signature), listed)
    good = (SENT, algorithm, key, signature)
    for at, check in enumerate(listed):
        if check.verdict != "ok":
            name = check.name.partition(" (")[0]
            return failed(name, token, (*good, *listed[: at + 1]), listed[at + 1 :])
    return Verdict((*good, *listed), token)


SENT = Check("token", "ok")


def malformed(token: Malformed, text: str) -> Verdict:
    """The verdict of what is no token."""
    shown = text if len(text) <= 60 else f"{text[:57]}…"
    check = Check("form", "failed", "header.payload.signature, each base64url", shown,
                  f"{token.sentence}{' in the ' + token.segment if token.segment else ''}")  # fmt: skip
    return Verdict((SENT, check), failure="segments", sentence=token.sentence)


def failed(
    failure: str, token: Token, so_far: tuple[Check, ...], rest: tuple[Check, ...]
) -> Verdict:
    """The verdict with the checks behind the failure as they would have been."""
    never = (
        Check(
            each.name,
            "unreached" if each.verdict == "ok" else "also",
            each.expected,
            each.actual,
            each.note,
        )
        for each in rest
    )
    return Verdict((*so_far, *never), token, failure)


def check_algorithm(token: Token) -> Check:
    """Never `none`, never a shared secret: whoever knows the public key could sign with it."""
    algorithm = token.algorithm
    if algorithm in ALGORITHMS:
        return Check("algorithm", "ok", "RSA", algorithm)
    note = "the header has no alg"
    if algorithm is not None:
        note = {
            "none": "a token without a signature",
            "HS": "an HMAC is made with a shared secret; a public key is none",
            "ES": "elliptic curves are not taken",
        }.get(algorithm if algorithm.lower() == "none" else algorithm[:2], "not taken")
    return Check("algorithm", "failed", "RS256, RS384, RS512 (RSA)", algorithm, note)


def _unusable(algorithm: str | None) -> str:
    """The Go library's sentence for an algorithm that is not taken."""
    if algorithm is None:
        return "signing method (alg) is unspecified."
    if algorithm in _KNOWN:
        return f"signing method {algorithm} is invalid"
    return "signing method (alg) is unavailable."


def check_key(token: Token, found: TokenChecked) -> Check:
    """The header's `kid` names a key of the issuer."""
    wanted = list(found.keys)
    if found.verdict in ("discovery", "jwks"):
        return Check("key", "failed", found.url, None, found.detail)
    if found.verdict == "no-key":
        note = found.detail or f"no key of {found.url} has this kid"
        return Check("key", "failed", wanted, token.key_id, note)
    return Check("key", "ok", wanted, token.key_id, f"from {found.url}")


def check_signature(found: TokenChecked) -> Check:
    """The key made the signature."""
    if found.verdict == "good":
        return Check("signature", "ok")
    return Check("signature", "failed", None, None, found.detail)


def _claims(token: Token, wanted: Wanted, now_ms: int) -> tuple[Check, ...]:
    claims = token.claims
    listed = (
        judged.issuer(claims, wanted.issuer),
        judged.audience(claims, wanted.audience),
        judged.expiry(claims, now_ms),
        judged.not_before(claims, now_ms),
        judged.issued_at(claims, now_ms),
        judged.scopes(claims, wanted.scopes) if wanted.scopes else None,
    )
    return tuple(each for each in listed if each is not None)
