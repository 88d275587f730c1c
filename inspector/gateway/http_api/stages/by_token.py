"""A JWT authorizer: its token, its checks, its challenge.

Sources: access-control facts, section 6; captures-2026.md, section 1 (recorded: `www-authenticate`
directly before the request id, with the route's scopes; 403 for a missing scope; claims and
scopes in the event). `scopes` in the event are all of the token's where the route has any, else
null (floci-io/floci#2011, recorded at AWS in 2026-08).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from inspector.gateway.checklist import to_fact
from inspector.gateway.effects import Effect, Reply
from inspector.gateway.http_api import identity_sources
from inspector.gateway.http_api.access import Access
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Matched
from inspector.gateway.jwt.challenge import SENTENCES, challenge, error_of
from inspector.gateway.jwt.claims import granted
from inspector.gateway.jwt.shown import http_claims
from inspector.gateway.jwt.verifying import Verdict, Wanted, verify
from inspector.gateway.trace import Fact, Step
from inspector.model import JwtAuthorizer

_DEFAULT_SOURCE = ("$request.header.Authorization",)


def ask(
    matched: Matched, declared: JwtAuthorizer, trace: list[Step]
) -> Generator[Effect, Reply, Matched | HttpRefusal]:
    """The request with the token's claims, or why it is refused."""
    [source, *_] = identity_sources.read(matched, declared.identity_source or _DEFAULT_SOURCE)
    scopes = matched.plan.route.authorization_scopes
    wanted = Wanted(declared.issuer, declared.audience, scopes)
    now_ms = matched.staged.environment.time_ms
    verdict = yield from verify(source.value, wanted, now_ms)
    facts: dict[str, Fact] = {
        "authorizer": declared.name,
        "source": source.expression,
        "checks": to_fact(verdict.checks),
    }
    if verdict.failure is not None:
        return _refused(matched, declared, verdict, facts)
    assert verdict.token is not None
    claims = verdict.token.claims
    shown = list(granted(claims)) if scopes else None
    trace.append(Step("authorize", "ok", "authorize.jwt", facts, declared.source))
    members: dict[str, object] = {"claims": http_claims(claims), "scopes": shown}
    return replace(matched, access=Access("jwt", members))


def _refused(
    matched: Matched, declared: JwtAuthorizer, verdict: Verdict, facts: dict[str, Fact]
) -> HttpRefusal:
    failure = verdict.failure
    assert failure is not None
    route = matched.plan.route
    told = challenge(failure, verdict.sentence, route.authorization_scopes)
    facts["failure"], facts["challenge"] = failure, told
    if failure != "token":
        sentence = verdict.sentence or SENTENCES[failure]
        facts["access_log_error"] = f"{error_of(failure)}: {sentence}"
    code, kind = "authorize.jwt-refused", "UNAUTHORIZED"
    if failure == "scopes":
        code, kind = "authorize.jwt-scopes", "ACCESS_DENIED"
    elif failure in ("discovery", "jwks"):
        code = "authorize.jwt-unreachable"
    return HttpRefusal(
        "authorize", code, kind, facts, route.source if failure == "scopes" else declared.source,
        headers=(("www-authenticate", told),),
    )  # fmt: skip
