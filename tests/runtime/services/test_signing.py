"""What is signed is what is sent: judged by our own verifier, which knows nothing of botocore."""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.gateway.effects import BackendRequest
from inspector.gateway.sigv4.canonical import canonical, signature, signing_key, string_to_sign
from inspector.gateway.sigv4.claim import Claim, read
from inspector.message import Headers, Request
from inspector.runtime.services.signing import Signer

ROUNDS = int(os.environ.get("INSPECTOR_FUZZ", "25"))
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
NAMES = st.sampled_from(["X-Amz-Target", "X-Own", "Content-Type", "Accept", "User-Agent"])
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12).map(str.strip)
SEGMENTS = st.text(min_size=1, max_size=6).map(lambda text: quote(text, safe=""))
PATHS = st.lists(SEGMENTS.filter(lambda each: each not in (".", "..")), max_size=4).map("/".join)
QUERIES = st.lists(st.tuples(SEGMENTS, SEGMENTS), max_size=4).map(
    lambda pairs: "&".join("=".join(pair) for pair in pairs)
)


@pytest.fixture(autouse=True, scope="module")
def _credentials() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        patch.setenv("AWS_SESSION_TOKEN", "token/+=")
        yield


def verified(signed: BackendRequest, service: str) -> bool:
    target = signed.url.removeprefix(f"https://{service}.test")
    request = Request(signed.method, target, signed.headers, signed.body)
    claim = read(request)
    assert isinstance(claim, Claim)
    assert {"host", "x-amz-date"} <= set(claim.signed_headers)
    right = canonical(request, claim)
    if service == "s3":  # S3 takes the path as it was sent, encoded once
        right = replace(right, path=target.partition("?")[0])
    text = string_to_sign(right, claim.moment, claim.scope)
    return signature(signing_key(SECRET, claim.scope), text) == claim.signature


@settings(
    max_examples=ROUNDS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(["dynamodb", "sqs", "s3"]),
    st.sampled_from(["GET", "POST", "PUT"]),
    PATHS,
    QUERIES,
    st.dictionaries(NAMES, VALUES, max_size=4),
    st.binary(max_size=40),
)
def test_any_request_for_amazon_is_signed_so_that_it_verifies(
    service: str, method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    url = f"https://{service}.test/{path}" + (f"?{query}" if query else "")
    fields = [("Host", f"{service}.test"), *headers.items(), ("Content-Length", str(len(body)))]
    request = BackendRequest(method, url, Headers.of(fields), body)
    signed = Signer().sign(request, service, "us-east-1", for_amazon=True)
    assert (signed.method, signed.url, signed.body) == (method, url, body)
    assert signed.headers.get("X-Amz-Security-Token") == "token/+="
    assert verified(signed, service)
    assert not verified(replace(signed, method="PATCH"), service)


def test_s3_is_told_the_digest_of_the_body() -> None:
    request = BackendRequest("PUT", "https://s3.test/b/k", Headers.of([("Host", "s3.test")]), b"x")
    signed = Signer().sign(request, "s3", "us-east-1", for_amazon=True)
    assert signed.headers.get("X-Amz-Content-SHA256") == sha256(b"x").hexdigest()
