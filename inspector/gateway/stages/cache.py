"""The response cache: an answer that is there goes out again; one that is not is kept.

It stands behind validation and before the integration's mappings: keys may be parameters of the
integration. Sources: developer guide, "Enabling API caching to enhance responsiveness", with
"Invalidate an API Gateway cache entry" for `Cache-Control: max-age=0`. Answers of any status are
kept (users report cached 429s). Not documented, hence inferred: what is kept is the answer as it
was mapped; the verb tells entries of one namespace apart; a resource policy and a Lambda
authorizer's policy may allow InvalidateCache as an identity's policy may. The warning's wording is
an emulator's claim.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Generator
from dataclasses import dataclass, replace

from inspector.gateway.caching import LARGEST, Caching
from inspector.gateway.effects import Effect, LookedUp, LookUp, Reply, Store
from inspector.gateway.parameters import InvalidBodyError, as_text
from inspector.gateway.policy.arns import conditions_of, masked, method_arn
from inspector.gateway.policy.combined import combined
from inspector.gateway.policy.evaluation import Asked, Caller, evaluate_all
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Answered, Mapped, Prepared, Routed, Validated
from inspector.gateway.stages.admit import caller_of, resource_decision
from inspector.gateway.stages.authorize import callers_decision
from inspector.gateway.stages.prepare import scope_of
from inspector.gateway.trace import Fact, Step
from inspector.message import Headers

INVALIDATE = "execute-api:InvalidateCache"
_WARNING = (
    "Warning",
    "199 Cache-control headers were ignored because the caller was unauthorized.",
)


@dataclass(frozen=True, slots=True)
class Missed:
    """Nothing was there, or it is not wanted. `entry` is where the new answer goes."""

    caching: Caching
    entry: str
    warn: bool


def look_up(
    validated: Validated, trace: list[Step]
) -> Generator[Effect, Reply, Mapped | Missed | Refusal | None]:
    """The answer that is kept; None where the method's answers are not kept at all."""
    routed = validated.routed
    caching = routed.plan.cachings.get(routed.resolved.request.method)
    if caching is None:
        return None
    values = _values(routed, caching)
    facts: dict[str, Fact] = {
        "namespace": caching.namespace,
        "key": values,
        "ttl_seconds": caching.ttl_seconds,
        "encrypted": caching.encrypted,
    }
    entry = json.dumps([caching.namespace, routed.resolved.request.method, values])
    warn = False
    if _asks_for_fresh(routed):
        facts["cache_control"] = "max-age=0"
        allowed = not caching.require_authorization or _may_invalidate(routed, facts)
        if allowed:
            trace.append(Step("cache", "ok", "cache.invalidated", facts, caching.source))
            return Missed(caching, entry, warn)
        facts["strategy"] = caching.strategy
        if caching.strategy == "FAIL_WITH_403":
            return _refused(routed, caching, facts)
        warn = caching.strategy == "SUCCEED_WITH_RESPONSE_HEADER"
    found = yield LookUp(caching.cache, entry, routed.resolved.environment.time_ms)
    assert isinstance(found, LookedUp)
    if found.value is None:
        trace.append(Step("cache", "ok", "cache.miss", facts, caching.source))
        return Missed(caching, entry, warn)
    facts |= {"age_ms": found.age_ms, "filled_by": found.filled_by}
    trace.append(Step("cache", "ok", "cache.hit", facts, caching.source))
    return _warned(_read(routed, found.value), warn=warn)


def keep(missed: Missed, mapped: Mapped, trace: list[Step]) -> Generator[Effect, Reply, Mapped]:
    """Put the answer into the cache, if it may go there."""
    facts: dict[str, Fact] = {
        "size": len(mapped.body),
        "limit": LARGEST,
        "ttl_seconds": missed.caching.ttl_seconds,
    }
    if mapped.answered.streamed:
        trace.append(Step("cache", "passed", "cache.streamed", facts, missed.caching.source))
    elif len(mapped.body) > LARGEST:
        trace.append(Step("cache", "passed", "cache.too-large", facts, missed.caching.source))
    else:
        environment = mapped.answered.prepared.routed.resolved.environment
        yield Store(
            missed.caching.cache,
            missed.entry,
            _written(mapped),
            environment.time_ms,
            missed.caching.ttl_seconds * 1000,
            environment.request_id,
        )
        trace.append(Step("cache", "ok", "cache.stored", facts, missed.caching.source))
    return _warned(mapped, warn=missed.warn)


def _values(routed: Routed, caching: Caching) -> dict[str, str]:
    """What tells this request's answer from others; an absent parameter is not there."""
    scope, found = scope_of(routed), {}
    for name, get in caching.keys:
        try:
            value = as_text(get(scope))
        except InvalidBodyError:
            continue  # the mapping refuses the request in a moment
        if value is not None:
            found[name] = value
    return found


def _asks_for_fresh(routed: Routed) -> bool:
    fields = routed.resolved.request.headers.all("cache-control")
    directives = (each.strip().lower() for value in fields for each in value.split(","))
    return any(each.replace(" ", "") == "max-age=0" for each in directives)


def _may_invalidate(routed: Routed, facts: dict[str, Fact]) -> bool:
    """Whether the caller's policies, or the API's own, allow it (accounts apart: never)."""
    access, api = routed.access, routed.resolved.deployment.api
    identity, arn = access.identity, method_arn(routed)
    who = Caller() if identity is None else caller_of(identity)
    asked = Asked(INVALIDATE, arn, who, conditions_of(routed, identity))
    if identity is not None:
        own, _ = callers_decision(identity, asked)
    else:
        own = evaluate_all([] if access.policy is None else [access.policy], asked)
    resource = resource_decision(routed, identity, INVALIDATE)
    same = identity is None or identity.account == api.account
    outcome = combined(own.verdict, resource.verdict, same_account=True) if same else "ImplicitDeny"
    facts["invalidate"], facts["resource"] = outcome, arn
    return outcome == "Allow"


def _refused(routed: Routed, caching: Caching, facts: dict[str, Fact]) -> Refusal:
    identity = routed.access.identity
    who = "anonymous" if identity is None else identity.arn
    return Refusal(
        "cache",
        "cache.may-not-invalidate",
        "ACCESS_DENIED",
        facts,
        caching.source,
        message=f"User: {who} is not authorized to perform: {INVALIDATE} on resource: "
        f"{masked(method_arn(routed))}",
        key="Message",
    )


def _written(mapped: Mapped) -> bytes:
    document = [mapped.status, mapped.headers.fields, b64encode(mapped.body).decode("ascii")]
    return json.dumps(document).encode("ascii")


def _read(routed: Routed, value: bytes) -> Mapped:
    status, fields, body = json.loads(value)
    headers = Headers(tuple((name, text) for name, text in fields))
    content = b64decode(body)
    prepared = Prepared(routed, None, None)
    return Mapped(
        Answered(prepared, status, headers, content, cached=True), status, headers, content
    )


def _warned(mapped: Mapped, *, warn: bool) -> Mapped:
    if not warn:
        return mapped
    return replace(mapped, headers=Headers((*mapped.headers.fields, _WARNING)))
