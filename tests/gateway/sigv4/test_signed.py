"""Good signatures verify, those of botocore by the thousand; others are refused in Amazon's order."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gateway.sigv4.checking import Rejected, Verified
from inspector.message import Headers, Request
from inspector.runtime.keyring import Key, Keyring
from tests.gateway.sigv4.clients import ANN, HOST, SECRET, Sent, judged, some_request


@pytest.mark.parametrize("token", [None, "a+session/token=="])
@pytest.mark.parametrize(
    ("in_query", "times"), [(False, 50), (True, 50),
                            pytest.param(False, 1_000, marks=pytest.mark.slow),
                            pytest.param(True, 1_000, marks=pytest.mark.slow)],
)  # fmt: skip
def test_what_botocore_signs_verifies(in_query: bool, times: int, token: str | None) -> None:
    chance = random.Random(11)
    keys = Keyring([Key(ANN, SECRET, token)])
    for _ in range(times):
        sent = some_request(chance)
        # botocore presigns without a body.
        sent = replace(sent, body=b"") if in_query else sent
        request = sent.signed(in_query=in_query, token=token)
        found = judged(request, keys)
        assert isinstance(found, Verified), (request, found)
        assert found.identity == ANN


def test_umlauts_in_headers_are_signed_as_bytes() -> None:
    """On the wire they are bytes of UTF-8, which a message holds as Latin-1."""
    sent = replace(some_request(random.Random(2)), headers=(("X-Name", "Jürgen ß"),))
    request = sent.signed()
    wire = "Jürgen ß".encode().decode("latin-1")
    arrived = replace(request, headers=request.headers.replacing("X-Name", wire))
    assert isinstance(judged(arrived), Verified)
    broken = judged(replace(arrived, method="PATCH"))
    assert isinstance(broken, Rejected)
    assert "x-name:Jürgen ß" in broken.message


def test_temporary_keys() -> None:
    request = some_request(random.Random(3)).signed(token="session")
    later = datetime.now(UTC) + timedelta(hours=1)
    for key, code in (
        (Key(ANN, SECRET, "session"), None),
        (Key(ANN, SECRET, "session", later), None),
        (Key(ANN, SECRET, "session", datetime(2020, 1, 1, tzinfo=UTC)), "expired-token"),
        (Key(ANN, SECRET, "another"), "wrong-token"),
        (Key(ANN, SECRET), "wrong-token"),
    ):
        found = judged(request, Keyring([key]))
        assert (found.code if isinstance(found, Rejected) else None) == code


def test_temporary_keys_without_their_token() -> None:
    request = some_request(random.Random(3)).signed()
    found = judged(request, Keyring([Key(ANN, SECRET, "session")]))
    assert isinstance(found, Rejected)
    assert found.message == "The security token included in the request is invalid."


NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def _moment_of(request: Request) -> datetime:
    text = request.headers.get("X-Amz-Date") or ""
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "start"),
    [
        (300, None), (301, "Signature expired: "), (3_600, "Signature expired: "),
        (-300, None), (-301, "Signature not yet current: "), (-3_600, "Signature not yet current: "),
    ],
)  # fmt: skip
def test_five_minutes_either_way(seconds: int, start: str | None) -> None:
    """Source: aws-amplify/amplify-js#2014; other services take fifteen."""
    request = some_request(random.Random(1)).signed()
    signed = _moment_of(request)
    now = signed + timedelta(seconds=seconds)
    found = judged(request, now=now)
    if start is None:
        assert isinstance(found, Verified)
        return
    assert isinstance(found, Rejected)
    text, sign = f"{signed:%Y%m%dT%H%M%SZ}", "-" if seconds > 0 else "+"
    limit = now - timedelta(minutes=5) if seconds > 0 else now + timedelta(minutes=5)
    relation = "is now earlier than" if seconds > 0 else "is still later than"
    assert found.message == (
        f"{start}{text} {relation} {limit:%Y%m%dT%H%M%SZ} ({now:%Y%m%dT%H%M%SZ} {sign} 5 min.)"
    )


def test_a_presigned_request_says_how_long_it_lasts() -> None:
    request = replace(some_request(random.Random(1)), body=b"").signed(in_query=True)
    now = datetime.now(UTC)
    assert isinstance(judged(request, now=now + timedelta(minutes=59)), Verified)
    late = judged(request, now=now + timedelta(minutes=61))
    assert isinstance(late, Rejected)
    assert late.code == "expired"
    assert "- 60 min.)" in late.message


def test_all_that_is_wrong_with_the_scope_is_told_at_once() -> None:
    request = some_request(random.Random(1)).signed(service="lambda", region="eu-west-1")
    text = request.headers.get("X-Amz-Date") or ""
    authorization = (request.headers.get("Authorization") or "").replace("aws4_request", "aws4")
    authorization = authorization.replace(f"/{text[:8]}/", "/20130609/")
    fields = [field for field in request.headers if field[0] != "Authorization"]
    other = replace(request, headers=Headers.of([*fields, ("Authorization", authorization)]))
    found = judged(other, now=_moment_of(request))
    assert isinstance(found, Rejected)
    assert found.message == (
        "Credential should be scoped to a valid region, not 'eu-west-1'. "
        "Credential should be scoped to correct service: 'execute-api'. "
        "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4'. "
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
        f"HTTP: '20130609' != '{text[:8]}', from '{text}'."
    )


def test_the_moment_is_looked_at_before_the_scope() -> None:
    request = some_request(random.Random(1)).signed(service="lambda", region="eu-west-1")
    found = judged(request, now=_moment_of(request) + timedelta(hours=1))
    assert isinstance(found, Rejected)
    assert found.code == "expired"


AUTHORIZATION = (
    "{algorithm} Credential=AKIDEXAMPLE/20261125/us-east-1/execute-api/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=00"
)


@pytest.mark.parametrize(
    ("authorization", "code", "start"),
    [
        (AUTHORIZATION.format(algorithm="AWS4-ECDSA-P256-SHA256"), "sigv4a", "Unsupported AWS "),
        (AUTHORIZATION.format(algorithm="AWS4-HMAC-SHA1"), "algorithm", "Unsupported AWS "),
        (AUTHORIZATION.format(algorithm="HMAC-SHA256"), "algorithm", "Missing Authentication Token"),
        (AUTHORIZATION.format(algorithm="a=b"), "no-algorithm", "Authorization header must begin"),
        ("Bearer a=b", "lacks-parts", "Authorization header requires 'Credential' parameter. "
         "Authorization header requires 'Signature' parameter. "
         "Authorization header requires 'SignedHeaders' parameter. (Hashed with SHA-256 and encoded "
         "with Base64) Authorization=trGvSpXeM6ZOst7P"),
        ("x-api-key CTkrL5f5IxvMpX722zXivqnd1KU5VyoNBOFQFUUnf-E", "no-equal-sign",
         "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 "
         "and encoded with Base64): 'MZ1DdfK/poPwXem5nlPM"),
        ("AWS4-HMAC-SHA256 Credential, SignedHeaders=host", "no-equal-sign", "Invalid key=value pair"),
        ("abc", "lacks-parts", "Authorization header requires 'Credential' parameter. Authorization"),
        ("abc=", "no-algorithm", "Authorization header must begin with the algorithm name, which "),
        (AUTHORIZATION.format(algorithm="AWS4-HMAC-SHA256").replace("host;", ""), "host-not-signed",
         "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
        (AUTHORIZATION.format(algorithm="AWS4-HMAC-SHA256").replace("host;x-amz-date", ""),
         "host-not-signed", "'Host' or ':authority' must be a 'SignedHeader' in the AWS Auth"),
        ("", "missing-token", "Missing Authentication Token"),
        (AUTHORIZATION.format(algorithm="AWS4-HMAC-SHA256").replace("/20261125", ""),
         "credential-parts", "Credential must have exactly 5 slash-delimited elements"),
        (AUTHORIZATION.format(algorithm="AWS4-HMAC-SHA256").replace("AKID", "AKIN"),
         "unknown-key", "The security token included in the request is invalid."),
        (AUTHORIZATION.format(algorithm="AWS4-HMAC-SHA256").replace("20261125", "20261124"),
         "scope-date", "Date in Credential scope does not match YYYYMMDD"),
    ],
)  # fmt: skip
def test_what_is_no_signature(authorization: str, code: str, start: str) -> None:
    headers = Headers.of([
        ("Host", HOST), ("X-Amz-Date", "20261125T120000Z"), ("Authorization", authorization),
    ])  # fmt: skip
    found = judged(Request("GET", "/dev/pets", headers), now=NOW)
    assert isinstance(found, Rejected)
    assert (found.code, found.message[: len(start)]) == (code, start)


def test_sigv4a_in_the_query_is_refused_with_its_reason() -> None:
    request = Sent("GET", "/dev/pets", "", (), b"").signed(in_query=True)
    other = request.target.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")
    found = judged(replace(request, target=other))
    assert isinstance(found, Rejected)
    assert found.code == "sigv4a"


TEXT = st.text(st.characters(max_codepoint=255), max_size=60)


@given(TEXT, TEXT, TEXT, st.sampled_from(["AWS4-HMAC-SHA256 ", "", "Bearer "]))
def test_whatever_comes_is_answered(target: str, moment: str, rest: str, scheme: str) -> None:
    """A stranger's bytes never break it."""
    parts = f"Credential=A/20261125/us-east-1/execute-api/aws4_request, {rest}"
    fields = [("Host", HOST), ("Date", moment), ("Authorization", f"{scheme}{parts}")]
    for query in ("", f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires={moment}&{rest}"):
        request = Request("GET", f"/{target}?{query}", Headers.of(fields))
        assert isinstance(judged(request, now=NOW), Rejected)


@given(TEXT, st.integers(0, 10**30))
def test_a_presigned_one_neither(signature: str, expires: int) -> None:
    query = (
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE/20261125/us-east-1/"
        f"execute-api/aws4_request&X-Amz-Date=20261125T120000Z&X-Amz-Expires={expires}"
        f"&X-Amz-SignedHeaders=host&X-Amz-Signature={signature}%FF"
    )
    request = Request("GET", f"/dev/pets?{query}", Headers.of([("Host", HOST)]))
    assert isinstance(judged(request, now=NOW), Rejected)
