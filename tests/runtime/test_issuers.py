"""Keys of issuers over real HTTP: found, kept, rotated, shared, and refused where they must be."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from inspector.gateway.effects import CheckToken, TokenChecked
from inspector.runtime import issuer_places
from inspector.runtime.issuer_places import DISCOVERY, IssuerPlaces
from inspector.runtime.issuers import AGAIN, KEPT, LARGEST, Issuers
from inspector.runtime.jose import KeySet
from inspector.runtime.local_issuer import LocalIssuerError
from tests.gateway.jwt.minting import ISSUER, jwks, token
from tests.runtime.issuer_server import IssuerServer, running


@pytest.fixture
def server() -> Iterator[IssuerServer]:
    with running() as issuer:
        issuer.serve(jwks("one"))
        yield issuer


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


Check = Callable[..., Awaitable[TokenChecked]]


def run(places: IssuerPlaces, talk: Callable[[Check, Clock], Awaitable[None]]) -> None:
    async def main() -> None:
        clock = Clock()
        issuers = Issuers(places, clock=clock)

        async def check(kid: str | None = "one", issuer: str = ISSUER, **made: Any) -> TokenChecked:
            return await issuers.check(CheckToken(issuer, token(kid=kid, **made).encode()))

        try:
            await talk(check, clock)
        finally:
            await issuers.close()

    asyncio.run(main())


def at(server: IssuerServer) -> IssuerPlaces:
    return IssuerPlaces({ISSUER: server.url})


def test_keys_are_found_by_discovery_and_kept(server: IssuerServer) -> None:
    async def talk(check: Check, clock: Clock) -> None:
        first, second = await check(), await check()
        assert (first.verdict, first.keys, first.url) == ("good", ("one",), f"{server.url}/keys")
        assert second is first  # a token seen before
        assert server.asked == [DISCOVERY, "/keys"]
        clock.now += KEPT
        assert (await check()).verdict == "good"
        assert len(server.asked) == 4

    run(at(server), talk)


def test_an_unknown_key_has_them_fetched_again(server: IssuerServer) -> None:
    async def talk(check: Check, clock: Clock) -> None:
        assert (await check()).verdict == "good"
        server.serve(jwks("two"))
        assert (await check("two")).verdict == "no-key"  # at most once a second
        clock.now += AGAIN
        assert (await check("two")).verdict == "good"
        assert (await check("one")).verdict == "no-key"  # rotated away, though seen before
        asked = len(server.asked)
        for _ in range(20):
            assert (await check("three")).verdict == "no-key"
        assert len(server.asked) == asked

    run(at(server), talk)


def test_many_who_ask_at_once_cause_one_fetch(server: IssuerServer) -> None:
    async def talk(check: Check, clock: Clock) -> None:
        replies = await asyncio.gather(*(check() for _ in range(20)))
        assert {reply.verdict for reply in replies} == {"good"}
        assert server.asked == [DISCOVERY, "/keys"]

    run(at(server), talk)


@pytest.mark.parametrize(
    ("path", "answer", "verdict", "detail"),
    [
        (DISCOVERY, 404, "discovery", "it answered 404"),
        (DISCOVERY, 302, "discovery", "it answered 302"),
        (DISCOVERY, b"<html>", "discovery", "its document names no jwks_uri"),
        (DISCOVERY, [], "discovery", "its document names no jwks_uri"),
        (DISCOVERY, {"jwks_uri": "http://169.254.169.254/keys"}, "jwks",
         "keys are fetched over https only"),
        (DISCOVERY, {"jwks_uri": "https://x.example/ HTTP/1.1\r\nX: y"}, "jwks", "that is no URL"),
        (DISCOVERY, {"jwks_uri": "https://x.example/k\u00e9ys"}, "jwks", "that is no URL"),
        (DISCOVERY, {"jwks_uri": 7}, "jwks", "keys are fetched over https only"),
        (DISCOVERY, {"jwks_uri": "file:///etc/passwd"}, "jwks", "keys are fetched over https only"),
        ("/keys", 500, "jwks", "it answered 500"),
        ("/keys", b"[" * 100_000, "jwks", None),
        ("/keys", {"keys": "none"}, "jwks", "a list `keys` is expected"),
        ("/keys", b" " * (LARGEST + 1), "jwks", "more than 150,000 bytes"),
    ],
)  # fmt: skip
def test_what_can_go_wrong(
    server: IssuerServer, path: str, answer: Any, verdict: str, detail: str | None
) -> None:
    async def talk(check: Check, clock: Clock) -> None:
        server.answers[path] = answer
        reply = await check()
        assert reply.verdict == verdict
        assert detail is None or reply.detail == detail
        server.serve(jwks("one"))  # a failure is not kept
        assert (await check()).verdict == "good"

    run(at(server), talk)


@pytest.mark.slow
def test_an_issuer_that_takes_too_long(server: IssuerServer) -> None:
    async def talk(check: Check, clock: Clock) -> None:
        server.answers["/keys"] = 3.0
        began = asyncio.get_running_loop().time()
        assert (await check()).verdict == "jwks"
        assert asyncio.get_running_loop().time() - began < 2.5

    run(at(server), talk)


def test_keys_that_cannot_be_used_are_passed_over(server: IssuerServer) -> None:
    async def talk(check: Check, clock: Clock) -> None:
        odd = [{"kty": "oct", "k": "c2VjcmV0", "kid": "one"}, {"kty": "RSA", "kid": "one"}, 7,
               {"kty": "EC", "crv": "P-256", "x": "", "y": "", "kid": "one"}]  # fmt: skip
        server.serve({"keys": [*odd, *jwks("one")["keys"]]})
        assert (await check()).verdict == "good"
        encrypting = {**jwks("one")["keys"][0], "use": "enc"}
        server.serve({"keys": [encrypting]})
        clock.now += KEPT
        assert (await check()).verdict == "no-key"

    run(at(server), talk)


def test_only_https_unless_the_user_says_otherwise(server: IssuerServer) -> None:
    async def talk(check: Check, clock: Clock) -> None:
        reply = await check(issuer=server.url)
        assert (reply.verdict, reply.detail) == ("discovery", "an issuer is asked over https only")
        assert server.asked == []

    run(IssuerPlaces(), talk)


@pytest.mark.parametrize(
    ("places", "pools", "issuer", "base"),
    [
        ({}, None, ISSUER, ISSUER),
        ({f"{ISSUER}/": "http://a"}, None, ISSUER, "http://a"),
        ({ISSUER: "http://a"}, None, f"{ISSUER}/", "http://a"),
        ({"all": "http://a"}, None, ISSUER, "http://a"),
        ({}, "http://m:5000/", "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x",
         "http://m:5000/eu-west-1_x"),
        ({"all": "http://a"}, "http://m", "https://cognito-idp.eu-west-1.amazonaws.com/p",
         "http://m/p"),
        ({}, "aws", "https://cognito-idp.eu-west-1.amazonaws.com/p",
         "https://cognito-idp.eu-west-1.amazonaws.com/p"),
        ({}, "http://m", "https://cognito-idp.evil.example/p", "https://cognito-idp.evil.example/p"),
    ],
)  # fmt: skip
def test_where_issuers_are(
    places: dict[str, str], pools: str | None, issuer: str, base: str
) -> None:
    place = IssuerPlaces(places, pools).place_of(issuer)
    assert not isinstance(place, KeySet)
    assert (place.base, place.refused) == (base, "")


def test_keys_below_the_declared_issuer_are_found_at_its_place() -> None:
    place = IssuerPlaces({ISSUER: "http://a:1/x/"}).place_of(f"{ISSUER}/")
    assert not isinstance(place, KeySet)
    assert place.keys_at(f"{ISSUER}/jwks.json") == "http://a:1/x/jwks.json"
    assert place.keys_at(f"{ISSUER}.evil/jwks.json") == f"{ISSUER}.evil/jwks.json"
    assert place.keys_at("http://b:1/jwks.json") is None


def test_local_keys_that_cannot_be_read_are_told() -> None:
    def local(file: str) -> KeySet:
        raise LocalIssuerError(f"{file}: others may read it")

    async def talk(check: Check, clock: Clock) -> None:
        reply = await check()
        assert (reply.verdict, reply.detail) == ("discovery", "/keys: others may read it")

    run(IssuerPlaces({"all": "local:/keys"}, local=local), talk)


@pytest.mark.parametrize("place", ["", "nowhere", "ftp://a", "http://"])
def test_places_that_are_none(place: str) -> None:
    with pytest.raises(issuer_places.IssuerPlaceError):
        issuer_places.check(place)
