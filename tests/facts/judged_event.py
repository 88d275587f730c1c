"""What a case expects of the events that functions and authorizers are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.facts.compare import Check, differs, subset
from tests.facts.shortfall import Shortfall

#: Members of an expected event that say something of it, and are none of its own.
_ABOUT = ("absentKeys", "headersAbsent", "headersPresent", "equal", "keys", "requestContextKeys")
Event = Mapping[str, Any]


def judge_event(wanted: Event, event: Event, what: str = "event") -> Iterator[Shortfall]:
    """A subset of the event, and what is said about it."""
    yield from _about(wanted, event, what)
    yield from subset(what, _plain(wanted), event)


def event_checks(event: Event) -> dict[str, Check]:
    """The checks of what the integration was given, by the keys that cases use."""
    headers = event.get("headers") or {}
    context = event.get("requestContext") or {}
    identity = context.get("identity") or {}
    authorizer = context.get("authorizer") or {}
    said = authorizer.get("lambda", authorizer)
    claims = list((authorizer.get("jwt") or {}).get("claims") or {})

    return {
        "event": lambda wanted: judge_event(wanted, event),
        "proxyEvent": lambda wanted: judge_event(wanted, event, "proxyEvent"),
        "eventHeaders": lambda wanted: subset("event headers", wanted, headers),
        "eventHeadersPresent": lambda wanted: _lacking("event headers lack", wanted, headers),
        "eventHeadersAbsent": lambda wanted: _having("event headers have", wanted, headers),
        "identity": lambda wanted: judge_event(wanted, identity, "identity"),
        "identityAbsent": lambda wanted: _having("identity has", wanted, identity),
        "authorizer": lambda wanted: judge_event(wanted, authorizer, "authorizer"),
        "authorizerKeys": lambda wanted: differs(
            "authorizerKeys", sorted(wanted), sorted(authorizer)
        ),
        "authorizerContext": lambda wanted: subset("context", wanted, said),
        "context": lambda wanted: subset("context", wanted, said),
        "authorizerContextAbsent": lambda wanted: _having("context has", wanted, said),
        "claimKeysSorted": lambda wanted: differs(
            "sorted claims", wanted, claims == sorted(claims)
        ),
        "queryKeyOrder": lambda wanted: differs(
            "query keys", wanted, list(event.get("queryStringParameters") or {})
        ),
        "pathParameters": lambda wanted: differs(
            "pathParameters", wanted, event.get("pathParameters")
        ),
    }


def authorizer_event_checks(event: Event) -> dict[str, Check]:
    """The same of what the authorizer's function was given."""
    sources = event.get("identitySource", ())
    headers = event.get("headers") or {}
    return {
        "authorizerEvent": lambda wanted: judge_event(wanted, event, "authorizerEvent"),
        "authorizerEventAbsent": lambda wanted: _having("authorizerEvent has", wanted, event),
        "authorizerEventHeaders": lambda wanted: subset("authorizer headers", wanted, headers),
        "keyOrder": lambda wanted: differs("keyOrder", wanted, list(event)),
        "identitySourceSet": lambda wanted: differs(
            "identitySourceSet", sorted(wanted), sorted(sources)
        ),
    }


def _lacking(what: str, names: list[str], found: Event) -> Iterator[Shortfall]:
    yield from differs(what, [], [name for name in names if name not in found])


def _having(what: str, names: list[str], found: Event) -> Iterator[Shortfall]:
    yield from differs(what, [], [name for name in names if name in found])


def _about(wanted: Event, got: Any, where: str) -> Iterator[Shortfall]:
    members = got if isinstance(got, Mapping) else {}
    headers = members.get("headers") or {}
    for key, value in wanted.items():
        if key == "keys" and isinstance(value, list):
            yield from differs(f"{where} keys", value, list(members))
        elif key == "absentKeys":
            yield from _having(f"{where} has", value, members)
        elif key == "headersAbsent":
            yield from _having(f"{where} headers have", value, headers)
        elif key == "headersPresent":
            yield from _lacking(f"{where} headers lack", value, headers)
        elif key == "requestContextKeys":
            yield from differs(key, value, list(members.get("requestContext", {})))
        elif key == "equal":
            found = [_at(members, path) for path in value]
            if any(each != found[0] for each in found):
                yield Shortfall("equal", value, found)
        elif isinstance(value, Mapping):
            yield from _about(value, members.get(key), f"{where}.{key}")


def _at(value: Any, path: str) -> object:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _plain(wanted: Any) -> Any:
    """The expectation without what is only about the event."""
    if not isinstance(wanted, Mapping):
        return wanted
    return {key: _plain(value) for key, value in wanted.items() if key not in _ABOUT}
