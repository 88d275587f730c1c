"""A Cognito authorizer of a REST API: ID tokens, or with scopes on the method access tokens.

Sources: access-control facts, section 7, and captures-2026, section 1 (recorded: both tokens with and
without scopes, no token, no JWT; a wrong kind or scope is 401, never 403). That an expired token
is told apart is widely reported. `identityValidationExpression` is matched against `aud`, which no
access token has: guide, "Integrate a REST API with an Amazon Cognito user pool". The order among
the checks is not recorded.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from inspector.gateway.access import Access
from inspector.gateway.checklist import Check, to_fact
from inspector.gateway.effects import CheckToken, Effect, Reply, TokenChecked
from inspector.gateway.java.regex import pattern
from inspector.gateway.jwt import claims as judged
from inspector.gateway.jwt import verifying
from inspector.gateway.jwt.shown import rest_claims
from inspector.gateway.jwt.token import Malformed, Token, bare, decode
from inspector.gateway.jwt.verifying import SENT, Verdict
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Routed
from inspector.gateway.stages import identity_sources
from inspector.gateway.trace import Fact, Step
from inspector.model import CognitoAuthorizer

Checking = Generator[CheckToken, TokenChecked, Verdict]
_DEFAULT_SOURCE = "method.request.header.Authorization"
_EXPIRED = "The incoming token has expired"


def ask(
    routed: Routed, declared: CognitoAuthorizer, trace: list[Step]
) -> Generator[Effect, Reply, Routed | Refusal]:
    """The request with the token's claims, or why it is refused."""
    sources = identity_sources.read(routed, declared.identity_source or _DEFAULT_SOURCE)
    value = sources[0].value if sources else None
    facts: dict[str, Fact] = {
        "authorizer": declared.name,
        "source": sources[0].expression if sources else "",
        "user_pools": list(declared.provider_arns),
    }
    verdict = yield from _check(value, routed, declared)
    facts["checks"] = to_fact(verdict.checks)
    if verdict.token is not None and verdict.failure is None:
        trace.append(Step("authorize", "ok", "authorize.pool", facts, declared.source))
        return replace(routed, access=Access({"claims": rest_claims(verdict.token.claims)}))
    facts["failure"] = verdict.failure
    if verdict.failure in ("discovery", "jwks"):
        # A pool that is gone or cannot be reached (access-control facts, section 7).
        return Refusal(
            "authorize", "authorize.pool-unreachable", "AUTHORIZER_CONFIGURATION_ERROR", facts,
            declared.source, failed=True, speechless=True,
        )  # fmt: skip
    message = _EXPIRED if verdict.failure == "expiry" else None
    source = routed.plan.method.source if verdict.failure == "scopes" else declared.source
    return Refusal(
        "authorize", "authorize.pool-token", "UNAUTHORIZED", facts, source, message=message
    )


def issuer_of(arn: str) -> str | None:
    """`arn:aws:cognito-idp:REGION:ACCOUNT:userpool/ID` → the pool's issuer."""
    parts = arn.split(":")
    if len(parts) != 6 or not parts[5].startswith("userpool/"):
        return None
    suffix = ".cn" if parts[1] == "aws-cn" else ""
    pool = parts[5].removeprefix("userpool/")
    return f"https://cognito-idp.{parts[3]}.amazonaws.com{suffix}/{pool}"


def _check(value: str | None, routed: Routed, declared: CognitoAuthorizer) -> Checking:
    if not value:
        return Verdict((Check("token", "failed", "a token"),), failure="token")
    text = bare(value)
    token = decode(text)
    if isinstance(token, Malformed):
        return verifying.malformed(token, text)
    pools = [issuer for issuer in map(issuer_of, declared.provider_arns) if issuer]
    listed = tuple(_claims(token, routed, declared))
    algorithm = verifying.check_algorithm(token)
    if algorithm.verdict != "ok":
        return verifying.failed("algorithm", token, (SENT, algorithm), listed)
    pool = _pool(token, pools)
    if pool.verdict != "ok":
        return verifying.failed("issuer", token, (SENT, algorithm, pool), listed)
    found = yield CheckToken(str(pool.actual), text.encode())
    key, signature = verifying.check_key(token, found), verifying.check_signature(found)
    if key.verdict != "ok":
        failure = found.verdict if found.verdict in ("discovery", "jwks") else "key"
        return verifying.failed(failure, token, (SENT, algorithm, pool, key), listed)
    good = (SENT, algorithm, pool, key, signature)
    if signature.verdict != "ok":
        return verifying.failed("signature", token, good, listed)
    for at, check in enumerate(listed):
        if check.verdict != "ok":
            so_far = (*good, *listed[: at + 1])
            return verifying.failed(check.name, token, so_far, listed[at + 1 :])
    return Verdict((*good, *listed), token)


def _pool(token: Token, pools: list[str]) -> Check:
    """The token is of one of the authorizer's pools."""
    actual = token.claims.get("iss")
    if actual in pools:
        return Check("issuer", "ok", pools, actual)
    if not isinstance(actual, str):
        return Check("issuer", "failed", pools, None, "the token has no iss")
    note = judged.difference(pools[0], actual) if len(pools) == 1 else "it is of another pool"
    return Check("issuer", "failed", pools, actual, note)


def _claims(
    token: Token, routed: Routed, declared: CognitoAuthorizer
) -> Generator[Check, None, None]:
    yield judged.expiry(token.claims, routed.resolved.environment.time_ms)
    scopes = routed.plan.method.authorization_scopes
    yield _use(token, scopes)
    if declared.identity_validation:
        yield _client(token, declared.identity_validation)
    if scopes:
        yield judged.scopes(token.claims, scopes)


def _use(token: Token, scopes: tuple[str, ...]) -> Check:
    """Which kind of token the method wants: its scopes decide."""
    wanted = "access" if scopes else "id"
    actual = token.claims.get("token_use")
    if actual == wanted:
        return Check("token_use", "ok", wanted, wanted)
    why = (
        "a method with scopes wants the access token"
        if scopes
        else "a method without scopes wants the ID token"
    )
    return Check("token_use", "failed", wanted, str(actual) if actual is not None else None, why)


def _client(token: Token, expression: str) -> Check:
    actual = judged.texts(token.claims.get("aud"))
    if any(pattern(expression).matches(each) for each in actual):
        return Check("audience", "ok", expression, actual)
    note = "" if actual else "the token has no aud; access tokens of a user pool never have one"
    return Check("audience", "failed", expression, actual, note)
