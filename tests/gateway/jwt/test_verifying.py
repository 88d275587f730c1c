"""Each check of a token, which one fails first, and what the caller is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gateway.checklist import Check, from_fact, to_fact
from inspector.gateway.effects import TokenChecked
from inspector.gateway.jwt.challenge import challenge
from inspector.gateway.jwt.shown import http_claims, rest_claims
from inspector.gateway.jwt.token import Malformed, Token, decode
from inspector.gateway.jwt.verifying import Verdict, Wanted, verify
from inspector.runtime.drive import drive
from inspector.runtime.jose import KeySet
from tests.gateway.jwt.minting import (
    CLAIMS,
    ISSUER,
    NOW,
    elliptic,
    hmac_with_public_key,
    jwks,
    rsa,
    token,
    unsigned,
)  # fmt: skip

WANTED = Wanted(ISSUER, ("aud1",))


def judge(value: str | None, wanted: Wanted = WANTED, *kids: str, now: float = NOW) -> Verdict:
    asked: list[str] = []

    def perform(effect: Any) -> TokenChecked:
        asked.append(effect.issuer)
        return KeySet.read(jwks(*kids), "https://issuer.example/jwks", 0).check(
            effect.token.decode()
        )

    verdict = drive(verify(value, wanted, int(now * 1000)), perform)
    assert set(asked) <= {wanted.issuer}
    return verdict


def claims(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in {**CLAIMS, **changed}.items() if value is not ...}


@pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"])
@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer "])
def test_good_tokens_of_all_algorithms(alg: str, prefix: str) -> None:
    verdict = judge(prefix + token(alg=alg))
    assert verdict.failure is None
    assert [each.name for each in verdict.checks] == [
        "token", "algorithm", "key", "signature", "issuer", "audience", "expiry", "issued at",
    ]  # fmt: skip
    assert {each.verdict for each in verdict.checks} == {"ok"}


@pytest.mark.parametrize(
    ("made", "failure"),
    [
        (lambda: token(claims(iss=f"{ISSUER}/")), "issuer"),
        (lambda: token(claims(iss=...)), "issuer"),
        (lambda: token(claims(aud="other")), "audience"),
        (lambda: token(claims(aud="other", client_id="aud1")), "audience"),
        (lambda: token(claims(aud=[])), "audience"),
        (lambda: token(claims(aud=...)), "audience"),
        (lambda: token(claims(exp=NOW)), "expiry"),
        (lambda: token(claims(exp=...)), "expiry"),
        (lambda: token(claims(exp=str(NOW + 60))), "expiry"),
        (lambda: token(claims(exp=True)), "expiry"),
        (lambda: token(claims(nbf=NOW + 1)), "not before"),
        (lambda: token(claims(iat=NOW + 1)), "issued at"),
        (lambda: token(claims(iat=10**400)), "issued at"),
        (lambda: token(claims(exp=-(10**400))), "expiry"),
        (lambda: token(kid="two"), "key"),
        (lambda: token(kid=None), "key"),
        (lambda: token(kid="one", key=rsa("two")), "signature"),
        (lambda: unsigned({"alg": "none"}), "algorithm"),
        (lambda: unsigned({"alg": "None", "kid": "one"}), "algorithm"),
        (lambda: unsigned({"kid": "one"}), "algorithm"),
        (lambda: unsigned({"alg": "RS256", "kid": "one"}), "signature"),
        (lambda: unsigned({"alg": "RS256", "kid": "one", "crit": ["x"], "x": 1}), "signature"),
        (hmac_with_public_key, "algorithm"),
        (elliptic, "algorithm"),
        (lambda: "", "token"),
        (lambda: None, "token"),
        (lambda: "not-a-token", "segments"),
        (lambda: "a.b.c.d", "segments"),
        (lambda: "Bearer Bearer " + token(), "segments"),
        (lambda: token() + "=", "segments"),
        (lambda: token(b"[1]"), "segments"),
        (lambda: token(b'{"a": NaN}'), "segments"),
        (lambda: token(b'{"a": "\\ud800"}'), "segments"),
        (lambda: token(b"[" * 5000), "segments"),
        (lambda: token(b'{"exp": ' + b"9" * 5000 + b"}"), "segments"),
        (lambda: token(claims(big="x" * 20_000)), "segments"),
    ],
)  # fmt: skip
def test_what_is_refused_and_by_which_check(made: Any, failure: str) -> None:
    assert judge(made()).failure == failure


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (elliptic, "signing method ES256 is invalid"),
        (hmac_with_public_key, "signing method HS256 is invalid"),
        (lambda: unsigned({"alg": "none"}), "signing method none is invalid"),
        (lambda: unsigned({"alg": "EdDSA"}), "signing method (alg) is unavailable."),
        (lambda: unsigned({"kid": "one"}), "signing method (alg) is unspecified."),
        (lambda: "abc.def.ghi", "invalid character 'i' looking for beginning of value"),
        (lambda: "..", "unexpected end of JSON input"),
        (lambda: "a*c.d.e", "illegal base64 data at input byte 1"),
        (lambda: "Bearer Bearer a.b.c", "tokenstring should not contain 'bearer '"),
    ],
)  # fmt: skip
def test_the_go_librarys_sentences(made: Any, sentence: str) -> None:
    """The first as three users saw it, the others as its source has them."""
    assert judge(made()).sentence == sentence


@pytest.mark.parametrize(
    ("changed", "now"),
    [
        ({"aud": ["x", "aud1"]}, NOW),
        ({"aud": ..., "client_id": "aud1"}, NOW),
        ({"iat": ...}, NOW),
        ({"nbf": NOW}, NOW),
        ({"exp": NOW + 0.5}, NOW),
        ({"exp": NOW + 1, "iat": NOW - 0.5}, NOW + 0.9),
    ],
)  # fmt: skip
def test_what_is_let_in(changed: dict[str, Any], now: float) -> None:
    assert judge(token(claims(**changed)), now=now).failure is None


def test_a_changed_token_is_refused() -> None:
    head, _, signature = token().split(".")
    _, other, _ = token(claims(sub="bob")).split(".")
    assert judge(f"{head}.{other}.{signature}").failure == "signature"


@pytest.mark.parametrize(
    ("granted", "failure"),
    [
        ({"scope": "a b"}, None), ({"scp": "b"}, None), ({"scp": ["a", "b"]}, None),
        ({"scope": ["b"]}, None), ({"scope": "a"}, "scopes"), ({}, "scopes"),
        ({"scope": "a", "scp": ["c"]}, None), ({"scope": "bc"}, "scopes"),
    ],
)  # fmt: skip
def test_scopes(granted: dict[str, Any], failure: str | None) -> None:
    assert judge(token(claims(**granted)), Wanted(ISSUER, ("aud1",), ("b", "c"))).failure == failure


def test_what_comes_behind_the_first_failure_is_told_too() -> None:
    verdict = judge(token(claims(iss=f"{ISSUER}/", exp=NOW - 7200, aud=["aud1", "x"])))
    by_name = {each.name: each for each in verdict.checks}
    assert by_name["issuer"] == Check(
        "issuer", "failed", ISSUER, f"{ISSUER}/",
        "the token has a slash at the end, the authorizer has none",
    )  # fmt: skip
    assert (by_name["audience"].verdict, by_name["expiry"].verdict) == ("unreached", "also")
    assert by_name["expiry"].note == "2 hours ago"
    assert from_fact(to_fact(verdict.checks)) == list(verdict.checks)


def test_the_challenge_is_amazons() -> None:
    """Access-control facts, section 6, and captures-2026, section 1: recorded."""
    assert challenge("token", None, ()) == "Bearer"
    assert challenge("segments", None, ()) == (
        'Bearer scope="" error="invalid_token" '
        'error_description="token contains an invalid number of segments"'
    )
    assert challenge("scopes", None, ["aws.cognito.signin.user.admin"]) == (
        'Bearer scope="aws.cognito.signin.user.admin" error="insufficient_scope" '
        'error_description="expected scopes within the token"'
    )
    assert challenge("expiry", None, ["api.example.com/admin"]) == (
        'Bearer scope="api.example.com/admin" error="invalid_token" '
        'error_description="the token has expired"'
    )


def test_claims_as_integrations_see_them() -> None:
    decoded = decode(
        token(
            b'{"exp": 1790284571, "auth_time": 1790280971, "email_verified": true, "n": 1.50,'
            b' "cognito:groups": ["a", "b"], "a": null, "m": {"z": 1, "y": ["x"]}}'
        )
    )
    assert isinstance(decoded, Token)
    assert list(http_claims(decoded.claims).items()) == [
        ("auth_time", "1790280971"), ("cognito:groups", "[a b]"),
        ("email_verified", "true"), ("exp", "1790284571"), ("m", "map[y:[x] z:1]"), ("n", "1.50"),
    ]  # fmt: skip
    assert rest_claims(decoded.claims) == {
        "exp": "Thu Sep 24 21:16:11 UTC 2026", "auth_time": "1790280971", "email_verified": "true",
        "n": "1.50", "cognito:groups": "a,b", "a": "null", "m": '{"z":1,"y":["x"]}',
    }  # fmt: skip


@given(st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("latin-1"))))
def test_no_text_breaks_it(text: str) -> None:
    assert judge(text).failure in ("token", "segments", "algorithm", "key", "signature")


@pytest.mark.slow
@given(st.dictionaries(st.text(), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)))  # fmt: skip
def test_no_claims_break_it(odd: dict[str, Any]) -> None:
    text = unsigned({"alg": "RS256", "kid": "one"}, {**CLAIMS, **odd}, "c2ln")
    decoded = decode(text)
    assert judge(text, Wanted(ISSUER, ("aud1",), ("s",))).failure in ("signature", "segments")
    if not isinstance(decoded, Malformed):
        json.dumps([http_claims(decoded.claims), rest_claims(decoded.claims)])
