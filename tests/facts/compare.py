"""Comparing what a case expects with what came."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from inspector.message import Headers
from tests.facts.shortfall import Shortfall, unknown

Check = Callable[[Any], Iterator[Shortfall]]


def differs(what: str, expected: object, got: object) -> Iterator[Shortfall]:
    """One shortfall where the two are not equal."""
    if expected != got:
        yield Shortfall(what, expected, got)


def checks(expect: Mapping[str, Any], known: Mapping[str, Check]) -> Iterator[Shortfall]:
    """Every key of `expect` by its check; a key without one is a shortfall itself."""
    for key, value in expect.items():
        check = known.get(key)
        if check is None:
            yield unknown(key)
        else:
            yield from check(value)


def header_checks(headers: Headers, what: str = "header") -> dict[str, Check]:
    """The checks of a set of headers, by the keys that cases use."""

    def joined(name: str) -> str | None:
        values = headers.all(name)
        return ", ".join(values) if values else None

    def equal(wanted: Mapping[str, str]) -> Iterator[Shortfall]:
        for name, value in wanted.items():
            yield from differs(f"{what} {name}", value, joined(name))

    def present(names: list[str]) -> Iterator[Shortfall]:
        for name in names:
            if joined(name) is None:
                yield Shortfall(f"{what} {name}", "present", None)

    def absent(names: list[str]) -> Iterator[Shortfall]:
        for name in names:
            yield from differs(f"{what} {name}", None, joined(name))

    def contain(wanted: Mapping[str, str]) -> Iterator[Shortfall]:
        for name, part in wanted.items():
            if part not in (joined(name) or ""):
                yield Shortfall(f"{what} {name}", f"containing {part}", joined(name))

    def regex(wanted: Mapping[str, str]) -> Iterator[Shortfall]:
        for name, pattern in wanted.items():
            if not re.search(pattern, joined(name) or ""):
                yield Shortfall(f"{what} {name}", f"matching {pattern}", joined(name))

    def name_case(wanted: list[str] | Mapping[str, str]) -> Iterator[Shortfall]:
        sent = [name for name, _ in headers]
        for name in wanted.values() if isinstance(wanted, Mapping) else wanted:
            if name not in sent:
                yield Shortfall(f"{what} name", name, sent)

    return {
        "headers": equal,
        "headers_present": present,
        "headers_absent": absent,
        "headers_contain": contain,
        "header_regex": regex,
        "header_name_case": name_case,
    }


def body_checks(body: bytes, what: str = "body") -> dict[str, Check]:
    """The checks of a body, by the keys that cases use."""

    def as_json() -> object:
        try:
            return json.loads(body)
        except ValueError:
            return body

    def members(wanted: Mapping[str, object]) -> Iterator[Shortfall]:
        got = as_json()
        for name, value in wanted.items():
            found = got.get(name) if isinstance(got, dict) else None
            yield from differs(f"{what}.{name}", value, found)

    def keys(wanted: list[str]) -> Iterator[Shortfall]:
        got = as_json()
        yield from differs(f"{what} keys", wanted, list(got) if isinstance(got, dict) else got)

    return {
        "body_json": lambda wanted: differs(what, wanted, as_json()),
        "body_text": lambda wanted: differs(what, wanted, body.decode("utf-8", "replace")),
        "body": lambda wanted: differs(what, wanted, body.decode("utf-8", "replace")),
        "body_b64": lambda wanted: differs(what, wanted, base64.b64encode(body).decode()),
        "body_json_subset": lambda wanted: subset(what, wanted, as_json()),
        "body_json_values": members,
        "body_json_keys": keys,
    }


def subset(what: str, wanted: object, got: object) -> Iterator[Shortfall]:
    """Every member that `wanted` names, nested; what it does not name is not looked at."""
    if isinstance(wanted, Mapping) and isinstance(got, Mapping):
        for name, value in wanted.items():
            if name not in got:
                yield Shortfall(f"{what}.{name}", value, "absent")
            else:
                yield from subset(f"{what}.{name}", value, got[name])
    else:
        yield from differs(what, wanted, got)
