"""Cases of kind `sigv4`: a signed request, and whether its signature is good."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from inspector.gateway.access_effects import SignatureChecked
from inspector.gateway.identity import Identity
from inspector.gateway.sigv4.canonical import (
    canonical,
    signature,
    signing_key,
    string_to_sign,
)
from inspector.gateway.sigv4.checking import Rejected, Signing, Verified, check
from inspector.gateway.sigv4.claim import Claim, read
from inspector.message import Headers, Request
from inspector.runtime.keyring import Key, Keyring
from tests.facts.shortfall import Shortfall, unknown

#: What cases call our codes, where that is not the same.
_VERDICTS: Mapping[str, tuple[str, ...]] = {
    "mismatch": ("signature-mismatch",),
    "not-yet": ("not-yet-valid", "not-yet-current", "future"),
    "unknown-key": ("invalid-token", "unrecognized-client", "unknown-access-key"),
    "wrong-token": ("invalid-token", "unrecognized-client"),
    "expired-token": ("token-expired",),
    "scope": ("wrong-scope", "wrong-region", "wrong-service", "invalid-scope"),
    "scope-date": ("wrong-scope", "wrong-date", "invalid-scope"),
    "lacks-parts": ("incomplete", "incomplete-signature"),
    "no-equal-sign": ("incomplete", "incomplete-signature"),
    "no-algorithm": ("incomplete", "incomplete-signature"),
}
_LOOKED_AT = {"verdict", "status", "message", "messagePrefix", "messagePattern", "headers", "body",
              "messageContainsInOrder", "bodyBytes", "bodyPattern", "canonicalRequest",
              "stringToSign", "signature"}  # fmt: skip


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """The verdict, the sentences, and the texts on the way."""
    given, expect = case["given"], case["expect"]
    yield from (unknown(key) for key in expect.keys() - _LOOKED_AT)
    request = _request(case["request"])
    keys = given.get("credentials", {})
    now = datetime.fromisoformat(given.get("now", "2026-01-01T00:00:00Z"))
    signing = Signing(
        keys.get("region", "us-east-1"),
        keys.get("service", "execute-api"),
        "dev",
        int(now.timestamp() * 1000),
    )
    found = _drive(request, signing, _keyring(request, keys), now)
    yield from _verdict(expect, found)
    if isinstance(found, Rejected):
        yield from _sentences(expect, found)
    if "signature" in expect:
        yield from _texts(expect, request, keys)


#: The session token of the public suite, which its requests are signed with.
_SUITE_TOKEN = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"


def _drive(
    request: Request, signing: Signing, keyring: Keyring, now: datetime
) -> Verified | Rejected:
    checking = check(request, signing)
    reply: SignatureChecked | None = None
    try:
        effect = next(checking)
        while True:
            reply = keyring.check(effect, now.astimezone(UTC))
            effect = checking.send(reply)
    except StopIteration as end:
        result: Verified | Rejected = end.value
        return result


def _keyring(request: Request, keys: Mapping[str, str]) -> Keyring:
    if not keys:
        return Keyring()
    identity = Identity(keys["accessKey"], "arn:aws:iam::123456789012:user/x", "123456789012")
    token = keys.get("sessionToken") or request.headers.get("X-Amz-Security-Token")
    return Keyring([Key(identity, keys["secretKey"], token)])


def _verdict(expect: Mapping[str, Any], found: Verified | Rejected) -> Iterator[Shortfall]:
    verdict = "valid" if isinstance(found, Verified) else found.code
    if expect.get("verdict", verdict) not in (verdict, *_VERDICTS.get(verdict, ())):
        yield Shortfall("verdict", expect["verdict"], verdict)
    if "status" in expect and (expect["status"] == 403) != isinstance(found, Rejected):
        yield Shortfall("status", expect["status"], "let in or not")


def _sentences(expect: Mapping[str, Any], found: Rejected) -> Iterator[Shortfall]:
    message = found.message
    if expect.get("message", message) != message:
        yield Shortfall("message", expect["message"], message)
    if not message.startswith(expect.get("messagePrefix", "")):
        yield Shortfall("message", expect["messagePrefix"], message)
    at = 0
    for part in expect.get("messageContainsInOrder", ()):
        at = message.find(part, at)
        if at < 0:
            yield Shortfall("message", part, message)
            break
    wanted = {name.lower(): value for name, value in expect.get("headers", {}).items()}
    error_type = wanted.get("x-amzn-errortype", found.error_type)
    if error_type != found.error_type:
        yield Shortfall("x-amzn-ErrorType", error_type, found.error_type)
    body = json.dumps({"message": message}, separators=(",", ":"))
    length = str(len(body.encode()))
    if wanted.get("content-length", length) != length:
        yield Shortfall("content-length", wanted["content-length"], length)
    if expect.get("body", {"message": message}) != {"message": message}:
        yield Shortfall("body", expect["body"], body)
    if expect.get("bodyBytes", body) != body:
        yield Shortfall("body", expect["bodyBytes"], body)
    if not re.search(expect.get("messagePattern", ""), message):
        yield Shortfall("message", expect["messagePattern"], message)
    if not re.search(expect.get("bodyPattern", ""), body):
        yield Shortfall("body", expect["bodyPattern"], body)


def _texts(
    expect: Mapping[str, Any], request: Request, keys: Mapping[str, str]
) -> Iterator[Shortfall]:
    claim = read(request)
    assert isinstance(claim, Claim)
    right = canonical(request, claim)
    text = string_to_sign(right, claim.moment, claim.scope)
    made = signature(signing_key(keys["secretKey"], claim.scope), text)
    for what, got in (
        ("canonicalRequest", str(right)),
        ("stringToSign", text),
        ("signature", made),
    ):
        if what in expect and expect[what] != got:
            yield Shortfall(what, expect[what], got)


def _request(given: Mapping[str, Any]) -> Request:
    headers = given.get("headers", ())
    fields = list(headers.items() if isinstance(headers, Mapping) else headers)
    named = {name.lower(): value for name, value in fields}
    listed = "x-amz-security-token" in named.get("authorization", "")
    if listed and "x-amz-security-token" not in named:
        # The suite's requests stand as they are before signing, which adds the token.
        fields.append(("X-Amz-Security-Token", _SUITE_TOKEN))
    body = given.get("body", "")
    return Request(
        given.get("method", "GET"),
        given.get("target", given.get("path", "/")),
        Headers.of([(name, value) for name, value in fields]),
        body.encode() if isinstance(body, str) else body,
    )
