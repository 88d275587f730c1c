"""The words for the response cache: which entry, how old, who filled it; and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inspector.gateway.trace import Fact

Facts = Mapping[str, Fact]


def _entry(facts: Facts) -> str:
    key = facts["key"]
    if not isinstance(key, Mapping) or not key:
        return f"the entry of {facts['namespace']} without cache keys"
    values = ", ".join(f"{name}={value}" for name, value in key.items())
    return f"the entry of {facts['namespace']} for {values}"


def _ignored(facts: Facts) -> str:
    if "strategy" not in facts:
        return ""
    return " Cache-Control: max-age=0 was ignored: the caller may not invalidate the cache."


def _age(facts: Facts) -> str:
    age = facts["age_ms"]
    seconds = age / 1000 if isinstance(age, int | float) else 0.0
    return f"{seconds:.3g} s"


SENTENCES: Mapping[str, Callable[[Facts], str]] = {
    "cache.hit": lambda f: (
        f"Answered from the cache by {_entry(f)}, {_age(f)} old, filled by request "
        f"{f['filled_by']}; the integration is not asked.{_ignored(f)}"
    ),
    "cache.miss": lambda f: f"Nothing fresh in the cache: {_entry(f)} is empty.{_ignored(f)}",
    "cache.invalidated": lambda f: (
        f"The client asks for a fresh answer (Cache-Control: max-age=0), which replaces {_entry(f)}."
    ),
    "cache.may-not-invalidate": lambda _: (
        "Cache-Control: max-age=0 needs the permission execute-api:InvalidateCache, which the "
        "caller does not have, and the stage is set to FAIL_WITH_403."
    ),
    "cache.stored": lambda f: f"The answer is kept for {f['ttl_seconds']} s.",
    "cache.too-large": lambda f: (
        f"The answer has {f['size']} bytes and is not kept: at most {f['limit']} are."
    ),
    "cache.streamed": lambda _: "An answer that is streamed is not kept.",
}


def _keyless(facts: Facts) -> str | None:
    if facts["key"]:
        return None
    return (
        "Without cacheKeyParameters all requests of this method share one answer, whatever their "
        "path variables, query and headers."
    )


REMEDIES: Mapping[str, Callable[[Facts], str | None]] = {
    "cache.hit": _keyless,
    "cache.may-not-invalidate": lambda _: (
        "Allow execute-api:InvalidateCache on the method's ARN to the caller, or let the stage "
        "ignore the header (UnauthorizedCacheControlHeaderStrategy), or ask for no authorization "
        "(RequireAuthorizationForCacheControl: false)."
    ),
}
