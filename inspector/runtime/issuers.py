"""Performs `CheckToken`: the keys of issuers, found, kept and asked for again when they change.

Limits are Amazon's (http-api facts, section 2): 1,500 ms for the discovery document and for the
keys, 150,000 bytes of keys; they are kept for two hours (access-control facts, section 6). A `kid`
that is not among them has them fetched again, at most once a second for an issuer.

Only the issuer that a definition names is asked, over https, and only the `jwks_uri` that its own
document names; another place only where the user said so (`--issuer URL=URL`).
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    BackendRequest,
    CallBackend,
    CheckToken,
    TokenChecked,
)
from inspector.message import Headers
from inspector.runtime.http import HttpBackends
from inspector.runtime.issuer_places import DISCOVERY, IssuerPlaces, Place
from inspector.runtime.jose import KeySet, KeySetError

TIMEOUT_MS = 1_500
LARGEST = 150_000
#: Seconds that keys are kept.
KEPT = 7_200.0
#: Seconds before the keys of an issuer are asked for again because of a `kid` nobody knows.
AGAIN = 1.0
#: What may stand in a request line; a document of somebody else's names the place of its keys.
_WRITABLE = re.compile(r"[!-~]+")
#: Tokens whose verdict is remembered.
REMEMBERED = 4_096


@dataclass(frozen=True, slots=True)
class Kept:
    """The keys of an issuer: since when, how long they still count, how many tokens were good."""

    keys: KeySet
    age_ms: int
    left_ms: int
    tokens: int


class Issuers:
    """The issuers of one gateway. Belongs to one event loop; `clock` gives seconds, monotonic."""

    def __init__(
        self,
        places: IssuerPlaces | None = None,
        http: HttpBackends | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.places = places or IssuerPlaces()
        self._http = http
        self._clock = clock
        self._known: dict[str, tuple[KeySet, float]] = {}
        self._verdicts: OrderedDict[tuple[str, bytes], tuple[KeySet, TokenChecked]] = OrderedDict()
        self._fetching: dict[str, asyncio.Task[KeySet | TokenChecked]] = {}

    async def check(self, effect: CheckToken) -> TokenChecked:
        """Whether a key of the issuer signed the token; quick for a token seen before."""
        keys = self._fresh(effect.issuer)
        if keys is not None:
            known = self._verdicts.get((effect.issuer, effect.token))
            if known is not None and known[0] is keys:
                return known[1]
        fetched = keys or await self._fetch(effect.issuer)
        if isinstance(fetched, TokenChecked):
            return fetched
        text = effect.token.decode("ascii", "replace")
        reply = fetched.check(text)
        if reply.verdict == "no-key" and self._may_ask_again(effect.issuer):
            newer = await self._fetch(effect.issuer)
            if isinstance(newer, KeySet):
                fetched, reply = newer, newer.check(text)
        if reply.verdict == "good":
            self._remember(effect, fetched, reply)
        return reply

    def kept(self) -> list[tuple[str, Kept]]:
        """The keys that are kept, by issuer."""
        now = self._clock()
        seen = Counter(issuer for issuer, _ in self._verdicts)
        return [
            (
                issuer,
                Kept(keys, int((now - at) * 1000), int((KEPT - now + at) * 1000), seen[issuer]),
            )
            for issuer, (keys, at) in sorted(self._known.items())
        ]

    def forget(self, issuer: str) -> None:
        """Its keys are asked for again."""
        self._known.pop(issuer, None)

    async def close(self) -> None:
        """Hang up."""
        for task in self._fetching.values():
            task.cancel()
        if self._http is not None:
            await self._http.close()

    def _fresh(self, issuer: str) -> KeySet | None:
        known = self._known.get(issuer)
        return known[0] if known is not None and self._clock() - known[1] < KEPT else None

    def _may_ask_again(self, issuer: str) -> bool:
        known = self._known.get(issuer)  # forgotten meanwhile, perhaps
        return known is None or self._clock() - known[1] >= AGAIN

    def _remember(self, effect: CheckToken, keys: KeySet, reply: TokenChecked) -> None:
        self._verdicts[effect.issuer, effect.token] = keys, reply
        while len(self._verdicts) > REMEMBERED:
            self._verdicts.popitem(last=False)

    async def _fetch(self, issuer: str) -> KeySet | TokenChecked:
        """The keys, or why not; those who ask meanwhile wait for the same answer."""
        task = self._fetching.get(issuer)
        if task is None:
            task = asyncio.ensure_future(self._find(issuer))
            self._fetching[issuer] = task
            task.add_done_callback(lambda _: self._fetching.pop(issuer, None))
        # A client that leaves does not take the answer away from the others.
        return await asyncio.shield(task)

    async def _find(self, issuer: str) -> KeySet | TokenChecked:
        place = self.places.place_of(issuer)
        if isinstance(place, KeySet):
            found: KeySet | TokenChecked = place
        elif place.refused:
            found = TokenChecked("discovery", place.base, detail=place.refused)
        else:
            found = await self._discover(place)
        if isinstance(found, KeySet):
            self._known[issuer] = found, self._clock()
        return found

    async def _discover(self, place: Place) -> KeySet | TokenChecked:
        url = place.base.rstrip("/") + DISCOVERY
        content = await self._get(url)
        if isinstance(content, str):
            return TokenChecked("discovery", url, detail=content)
        try:
            jwks_uri = json.loads(content)["jwks_uri"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return TokenChecked("discovery", url, detail="its document names no jwks_uri")
        where = place.keys_at(str(jwks_uri))
        if where is None:
            return TokenChecked("jwks", str(jwks_uri), detail="keys are fetched over https only")
        content = await self._get(where)
        if isinstance(content, str):
            return TokenChecked("jwks", where, detail=content)
        try:
            return KeySet.read(content, where, time.time_ns() // 1_000_000)
        except KeySetError as error:
            return TokenChecked("jwks", where, detail=str(error))

    async def _get(self, url: str) -> bytes | str:
        """The content, or in words why there is none."""
        if not _WRITABLE.fullmatch(url):
            return "that is no URL"
        if self._http is None:
            self._http = HttpBackends(limit=LARGEST)
        host = urlsplit(url).netloc.rpartition("@")[2]
        headers = Headers.of([("Host", host), ("Accept", "application/json")])
        request = BackendRequest("GET", url, headers, b"")
        reply = await self._http.call(CallBackend(request, TIMEOUT_MS))
        if isinstance(reply, BackendFailure):
            if reply.kind == "too-large":
                return f"more than {LARGEST:,} bytes"
            return reply.detail
        assert isinstance(reply, BackendAnswer)
        return reply.body if reply.status == 200 else f"it answered {reply.status}"
