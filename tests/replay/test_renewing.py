"""Requests made good again: signed anew, or with a local token made anew."""

from __future__ import annotations

import random
import time
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from inspector.gateway.sigv4.checking import Rejected, Verified
from inspector.message import Headers, Request
from inspector.replay.renewing import NotRenewedError, Renewer
from inspector.replay.signing import Credentials, Purpose, signed, unsigned
from inspector.runtime.keyring import Key, Keyring
from inspector.runtime.local_issuer import LocalIssuer
from tests.gateway.sigv4.clients import ANN, HOST, SECRET, judged, some_request

KEY = Key(ANN, SECRET)
RENEWER = Renewer(lambda: (KEY,))


@pytest.mark.parametrize("in_query", [False, True])
@pytest.mark.parametrize("token", [None, "a+session/token=="])
def test_a_signed_request_is_signed_anew(in_query: bool, token: str | None) -> None:
    chance = random.Random(3)
    keys = Keyring([Key(ANN, SECRET, token)])
    renewer = Renewer(lambda: keys.keys)
    for _ in range(20):
        sent = some_request(chance)
        sent = replace(sent, body=b"") if in_query else sent
        old = sent.signed(in_query=in_query, token=token)
        later = datetime.now(UTC) + timedelta(days=1)
        assert isinstance(judged(old, keys, later), Rejected)
        edited = replace(old, method="PATCH", headers=old.headers.plus("X-Late", "1"))
        fresh = renewer.renew(edited)
        assert isinstance(judged(fresh, keys), Verified), fresh
        assert fresh.headers.get("X-Late") == "1"
        assert ("X-Amz-Signature" in fresh.target) is in_query
        names = [name.lower() for name, _ in fresh.headers]
        assert len(names) == len(set(names))


def test_what_is_not_signed_stays_as_it_was() -> None:
    request = Request("GET", "/dev/pets?a=%20b&X-Amz-Date=1&c", Headers.of([("Host", HOST)]))
    assert unsigned(request).target == "/dev/pets?a=%20b&c"
    plain = replace(request, target="/dev/pets?a=%20b&&c=")
    assert unsigned(plain) == plain


def test_a_target_in_absolute_form() -> None:
    request = Request("GET", f"https://{HOST}/dev/pets?b=1", Headers.of([("Host", HOST)]))
    made = signed(request, Credentials("AKIDEXAMPLE", SECRET), Purpose("us-east-1"))
    assert made.target == request.target
    assert isinstance(judged(replace(made, target="/dev/pets?b=1")), Verified)


def test_a_key_that_nobody_has() -> None:
    request = some_request(random.Random(3)).signed()
    with pytest.raises(NotRenewedError, match="AKIDEXAMPLE"):
        Renewer(lambda: ()).renew(request)


def test_nothing_to_renew() -> None:
    for value in ("Basic eHk=", "Bearer abc", "Bearer eyJx.y.z", "x.y"):
        headers = Headers.of([("Host", HOST), ("Authorization", value)])
        with pytest.raises(NotRenewedError, match="nothing to renew"):
            RENEWER.renew(Request("GET", "/dev/pets", headers))


def test_an_unsigned_request_is_signed_by_the_first_key() -> None:
    request = Request("GET", "/dev/pets", Headers.of([("Host", HOST)]))
    assert isinstance(judged(RENEWER.sign(request, "us-east-1")), Verified)


def test_a_key_that_is_named_signs_again() -> None:
    other = replace(ANN, access_key="AKIDOTHER")
    renewer = Renewer(lambda: (Key(other, "x"), KEY))
    again = renewer.sign(
        RENEWER.sign(Request("GET", "/dev/pets", Headers.of([("Host", HOST)])), "us-east-1"),
        "us-east-1",
    )
    assert isinstance(judged(again), Verified)


def test_nothing_to_sign_with() -> None:
    with pytest.raises(NotRenewedError, match="There is no key to sign with"):
        Renewer(lambda: ()).sign(Request("GET", "/", Headers.of([("Host", HOST)])), "us-east-1")


def with_token(token: str, name: str = "Authorization", prefix: str = "Bearer ") -> Request:
    return Request("GET", "/dev/pets", Headers.of([("Host", HOST), (name, prefix + token)]))


def claims_of(request: Request, name: str = "Authorization") -> dict[str, Any]:
    token = (request.headers.get(name) or "").rpartition(" ")[2]
    found: dict[str, Any] = orjson.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    return found


@pytest.mark.parametrize(("name", "prefix"), [("Authorization", "Bearer "), ("X-Token", "")])
def test_a_local_token_is_made_anew(tmp_path: Path, name: str, prefix: str) -> None:
    path = tmp_path / "keys.json"
    issuer = LocalIssuer.open(path)
    header = {"alg": "RS256", "kid": issuer.signing}
    old = {"iss": "https://issuer.example", "scope": "a", "iat": 1_000, "nbf": 1_000, "exp": 1_600}
    fresh = Renewer(lambda: (), (path,)).renew(with_token(issuer.sign(old, header), name, prefix))
    assert (fresh.headers.get(name) or "").startswith(prefix)
    found = claims_of(fresh, name)
    assert (found["iss"], found["scope"]) == ("https://issuer.example", "a")
    assert found["exp"] - found["iat"] == 600
    assert abs(found["iat"] - time.time()) < 60
    assert found["nbf"] == found["iat"]
    token = (fresh.headers.get(name) or "").removeprefix(prefix)
    assert issuer.key_set().check(token).verdict == "good"


def test_anothers_token_stays_as_it_is(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine.json", tmp_path / "other.json"
    token = LocalIssuer.open(other).sign({"iss": "https://other"}, {"alg": "RS256", "kid": "x"})
    LocalIssuer.open(mine)
    renewer = Renewer(lambda: (), (mine, tmp_path / "none.json"))
    with pytest.raises(NotRenewedError, match="https://other"):
        renewer.renew(with_token(token))
    assert not (tmp_path / "none.json").exists()
