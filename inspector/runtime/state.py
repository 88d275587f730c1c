"""What a gateway remembers from request to request: to be looked at, and to be forgotten.

Token buckets, quotas, and the entries of caches (results of authorizers, answers of integrations).
Everything is given as plain JSON values, because those who look are other processes.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import Any, Literal

from inspector.gateway.deploy import Gateway
from inspector.gateway.kept_answers import described
from inspector.runtime.caches import Caches, Entry
from inspector.runtime.issuers import Issuers
from inspector.runtime.meters import Counted, Level, Meters

Kind = Literal["bucket", "quota", "authorizer", "response", "entry", "issuer"]
#: Characters of a value that are shown of an entry.
SHOWN = 4_000
#: Characters of a secret that stay readable.
_LAST = 6


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is remembered. `id` is the same as long as its name is.

    `facts` by kind; times in milliseconds: a bucket has `tokens`, `burst`, `rate` (a second),
    `next_ms` until a request passes and `full_ms` until it is full; a quota has `used`, `limit`,
    `period`, `began` and `left_ms`; an entry has `key`, `age_ms`, `left_ms` (negative: no longer
    fresh), `by` (the request that filled it), `size`, and where it is shown by itself its `value`;
    a result of an authorizer what `gateway.kept_answers` says of it as well. The keys of a token's
    issuer have `url`, `keys` (their ids), `age_ms`, `left_ms` and `tokens` that they were seen good.
    """

    id: str
    kind: Kind
    name: str
    facts: dict[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


class State:
    """Of one gateway; belongs to its event loop, as caches and meters do."""

    def __init__(
        self,
        caches: Caches,
        meters: Meters,
        issuers: Issuers | None = None,
        gateway: Callable[[], Gateway] | None = None,
    ) -> None:
        self._caches = caches
        self._meters = meters
        self._issuers = issuers
        self._gateway = gateway

    def items(self, now_ms: int, *, values: bool = False) -> list[Item]:
        """Everything, buckets first; with `values` entries show what they hold."""
        return [item for item, _ in self._all(now_ms, values=values)]

    def reset(self, ids: Collection[str] | None, now_ms: int) -> list[Item]:
        """Fill buckets, uncount quotas, forget entries: these, or (None) all. What there was."""
        chosen = [
            (item, forget)
            for item, forget in self._all(now_ms, values=False)
            if ids is None or item.id in ids
        ]
        for _, forget in chosen:
            forget()
        return [item for item, _ in chosen]

    def _all(self, now_ms: int, *, values: bool) -> Iterator[tuple[Item, Callable[[], object]]]:
        for name, level in sorted(self._meters.levels().items()):
            item = _item("bucket", name, _level(level, now_ms))
            yield item, lambda name=name: self._meters.fill(name)  # type: ignore[misc]
        for (name, began), counted in sorted(self._meters.quotas().items()):
            item = _item("quota", name, _counted(counted, began, now_ms), began)
            yield item, lambda n=name, b=began: self._meters.forget(n, b)  # type: ignore[misc]
        for cache, entries in sorted(self._caches.entries().items()):
            for key, entry in entries.items():
                item = _entry(cache, key, entry, now_ms, values=values)
                if item.kind == "authorizer":
                    gateway = None if self._gateway is None else self._gateway()
                    item.facts.update(described(entry.value, cache, gateway))
                yield item, lambda c=cache, k=key: self._caches.forget(c, k)  # type: ignore[misc]

        for issuer, kept in () if self._issuers is None else self._issuers.kept():
            facts = {"url": kept.keys.url, "keys": list(kept.keys.keys), "age_ms": kept.age_ms,
                     "left_ms": kept.left_ms, "tokens": kept.tokens}  # fmt: skip
            yield _item("issuer", issuer, facts), lambda i=issuer: self._forget_issuer(i)  # type: ignore[misc]

    def _forget_issuer(self, issuer: str) -> None:
        if self._issuers is not None:
            self._issuers.forget(issuer)


def _item(kind: Kind, name: str, facts: dict[str, Any], more: str = "") -> Item:
    digest = blake2b(f"{kind}\n{name}\n{more}".encode("utf-8", "surrogatepass"), digest_size=4)
    return Item(digest.hexdigest(), kind, name, facts)


def _level(level: Level, now_ms: int) -> dict[str, Any]:
    bucket, tokens = level.bucket, level.at(now_ms)

    def until(wanted: float) -> int | None:
        if tokens >= wanted:
            return 0
        return int((wanted - tokens) / bucket.rate * 1000) + 1 if bucket.rate else None

    return {
        "tokens": round(tokens, 3),
        "burst": bucket.burst,
        "rate": bucket.rate,
        "next_ms": until(1.0) if bucket.burst >= 1 else None,
        "full_ms": until(float(bucket.burst)),
    }


def _counted(counted: Counted, began: str, now_ms: int) -> dict[str, Any]:
    quota = counted.quota
    return {
        "used": counted.used,
        "limit": quota.limit,
        "period": quota.period,
        "began": began,
        "left_ms": counted.until_ms - now_ms,
    }


def _entry(cache: str, key: str, entry: Entry, now_ms: int, *, values: bool) -> Item:
    first = cache.partition(" ")[0]
    kind: Kind = {"authorizer": "authorizer", "responses": "response"}.get(first, "entry")  # type: ignore[assignment]
    facts: dict[str, Any] = {
        "key": _masked(key) if kind == "authorizer" else _parsed(key),
        "age_ms": now_ms - entry.since_ms,
        "left_ms": entry.until_ms - now_ms,
        "by": entry.by,
        "size": len(entry.value),
    }
    if values:
        facts["value"] = _answer(entry.value) if kind == "response" else _text(entry.value)
    return _item(kind, cache, facts, key)


def _parsed(key: str) -> Any:
    """Most entries are named by JSON."""
    try:
        return json.loads(key)
    except ValueError:
        return key


def _masked(key: str) -> Any:
    """The values of identity sources are tokens: all but their last characters are hidden."""
    found = _parsed(key)
    if not isinstance(found, list):
        return "…" + key[-_LAST:] if len(key) > _LAST else "…"
    return [_hidden(each) for each in found]


def _hidden(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _LAST else "…" + text[-_LAST:]


def _answer(value: bytes) -> dict[str, Any]:
    """A kept answer: status, headers and the beginning of its body."""
    status, headers, body = json.loads(value)
    return {"status": status, "headers": headers, "body": _text(b64decode(body))}


def _text(value: bytes) -> str:
    return value[:SHOWN].decode("utf-8", "replace")
