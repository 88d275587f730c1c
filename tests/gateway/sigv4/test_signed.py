"""Requests signed by others' code all verify, and each mistake that we know is named by itself."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import string
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from inspector.gateway.identity import Identity
from inspector.gateway.sigv4.checking import Rejected, Signing, Verified, check
from inspector.message import Headers, Request
from inspector.runtime.keyring import Key, Keyring

SECRET, OTHER = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "another+secret/EXAMPLE"
ANN = Identity("AKIDEXAMPLE", "arn:aws:iam::123456789012:user/ann", "123456789012", "AIDAANN")
BOB = replace(ANN, access_key="AKIDOTHER", arn="arn:aws:iam::123456789012:user/bob")
KEYS = Keyring([Key(ANN, SECRET), Key(BOB, OTHER)])
HOST = "abcdef1234.execute-api.us-east-1.amazonaws.com"
TIMES = int(os.environ.get("INSPECTOR_SIGNATURES", "100"))


def judged(
    request: Request, keyring: Keyring = KEYS, now: datetime | None = None
) -> Verified | Rejected:
    moment = now or datetime.now(UTC)
    signing = Signing("us-east-1", "execute-api", "dev", int(moment.timestamp() * 1000), (HOST,))
    checking = check(request, signing)
    try:
        effect = next(checking)
        while True:
            effect = checking.send(keyring.check(effect, moment))
    except StopIteration as end:
        result: Verified | Rejected = end.value
        return result


@dataclass(frozen=True)
class Sent:
    """What a client signs; `to_request` is what arrives."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    host: str = HOST

    def signed(
        self,
        secret: str = SECRET,
        service: str = "execute-api",
        region: str = "us-east-1",
        *,
        in_query: bool = False,
        token: str | None = None,
    ) -> Request:
        target = f"{self.path}?{self.query}" if self.query else self.path
        aws = AWSRequest(self.method, f"https://{self.host}{target}", dict(self.headers), self.body)
        credentials = Credentials("AKIDEXAMPLE", secret, token)
        (SigV4QueryAuth if in_query else SigV4Auth)(credentials, service, region).add_auth(aws)
        prepared = aws.prepare()
        fields = [("Host", self.host), *((name, _text(v)) for name, v in prepared.headers.items())]
        arrived = prepared.url.partition(self.host)[2]
        return Request(self.method, arrived, Headers.of(fields), self.body)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def some_request(chance: random.Random) -> Sent:
    """A path, a query, headers and a body such as clients send."""
    letters = string.ascii_letters + string.digits + "-._~ äß€%+,;:@!'()*&=/"

    def text(least: int = 1) -> str:
        return "".join(chance.choices(letters, k=chance.randint(least, 8)))

    path = "/dev/" + "/".join(quote(text(), safe="") for _ in range(chance.randint(0, 3)))
    pairs = [
        f"{quote(text(), safe='')}={quote(text(0), safe='')}" for _ in range(chance.randint(0, 4))
    ]
    headers = {
        "Content-Type": chance.choice(["application/json", "text/plain"]),
        "X-Custom": "  ".join(chance.choices(["a", "b c", "d"], k=2)),
    }
    body = json.dumps({"n": chance.random(), "t": text()}, indent=2).encode()
    method = chance.choice(["GET", "POST", "PUT", "DELETE"])
    return Sent(method, path, "&".join(pairs), tuple(headers.items()), body)


@pytest.mark.parametrize("in_query", [False, True])
def test_what_botocore_signs_verifies(in_query: bool) -> None:
    chance = random.Random(11)
    for _ in range(TIMES):
        sent = some_request(chance)
        # botocore presigns without a body.
        request = (replace(sent, body=b"") if in_query else sent).signed(in_query=in_query)
        found = judged(request)
        assert isinstance(found, Verified), (request, found)
        assert found.identity == ANN


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


MISTAKES: dict[str, Callable[[Sent, random.Random], Request]] = {}


def mistake(name: str) -> Callable[[Callable[[Sent, random.Random], Request]], None]:
    def known(make: Callable[[Sent, random.Random], Request]) -> None:
        MISTAKES[name] = make

    return known


class _Once(SigV4Auth):  # type: ignore[misc]
    def _normalize_url_path(self, path: str) -> str:
        return path or "/"


class _Unsorted(SigV4Auth):  # type: ignore[misc]
    def canonical_query_string(self, request: AWSRequest) -> str:
        return str(request.url.partition("?")[2])


class _NoHost(SigV4Auth):  # type: ignore[misc]
    def headers_to_sign(self, request: AWSRequest) -> object:
        found = super().headers_to_sign(request)
        del found["host"]
        return found


def _by(signer: type[SigV4Auth], sent: Sent) -> Request:
    aws = AWSRequest(sent.method, f"https://{sent.host}{sent.path}?{sent.query}",
                     dict(sent.headers), sent.body)  # fmt: skip
    signer(Credentials("AKIDEXAMPLE", SECRET), "execute-api", "us-east-1").add_auth(aws)
    fields = [("Host", sent.host), *((name, _text(v)) for name, v in aws.headers.items())]
    return Request(sent.method, f"{sent.path}?{sent.query}", Headers.of(fields), sent.body)


@mistake("path-encoded-once")
def _(sent: Sent, chance: random.Random) -> Request:
    return _by(_Once, replace(sent, path="/dev/a%20b%C3%A4"))


@mistake("query-unsorted")
def _(sent: Sent, chance: random.Random) -> Request:
    return _by(_Unsorted, replace(sent, query=f"b={chance.randint(1, 9)}&a=2"))


@mistake("query-left-out")
def _(sent: Sent, chance: random.Random) -> Request:
    request = replace(sent, query="").signed()
    return replace(request, target=f"{request.target}?n={chance.randint(1, 9)}")


@mistake("other-body")
def _(sent: Sent, chance: random.Random) -> Request:
    return replace(replace(sent, body=b"").signed(), body=sent.body)


@mistake("header-changed")
def _(sent: Sent, chance: random.Random) -> Request:
    signed = replace(sent, headers=(("Accept-Encoding", "gzip, deflate"),)).signed()
    return replace(signed, headers=signed.headers.replacing("Accept-Encoding", "identity"))


@mistake("other-host")
def _(sent: Sent, chance: random.Random) -> Request:
    signed = sent.signed()
    return replace(signed, headers=signed.headers.replacing("Host", "127.0.0.1:8080"))


@mistake("stage-left-out")
def _(sent: Sent, chance: random.Random) -> Request:
    bare = replace(sent, path=sent.path.removeprefix("/dev") or "/").signed()
    return replace(bare, target=f"/dev{bare.target}")


@mistake("other-key")
def _(sent: Sent, chance: random.Random) -> Request:
    return sent.signed(secret=OTHER)


@mistake("wrong-method")
def _(sent: Sent, chance: random.Random) -> Request:
    return replace(replace(sent, method="POST").signed(), method="PATCH")


@mistake("trailing-slash")
def _(sent: Sent, chance: random.Random) -> Request:
    signed = replace(sent, path="/dev/pets/").signed()
    return replace(signed, target=signed.target.replace("/pets/", "/pets", 1))


@mistake("wrong-service")
def _(sent: Sent, chance: random.Random) -> Request:
    signed = sent.signed(service=chance.choice(["lambda", "s3", "apigateway"]))
    return _claiming(signed, "/us-east-1/execute-api/")


@mistake("wrong-region")
def _(sent: Sent, chance: random.Random) -> Request:
    return _claiming(sent.signed(region="eu-west-1"), "/us-east-1/execute-api/")


def _claiming(request: Request, scope: str) -> Request:
    """The same with another region and service in its claim than it was signed for."""
    authorization = request.headers.get("Authorization") or ""
    start, _, rest = authorization.partition("/aws4_request")
    head = start.rsplit("/", 2)[0]
    changed = f"{head}{scope.rstrip('/')}/aws4_request{rest}"
    return replace(request, headers=request.headers.replacing("Authorization", changed))


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_proven(name: str) -> None:
    chance = random.Random(5)
    for _ in range(max(5, TIMES // 10)):
        found = judged(MISTAKES[name](some_request(chance), chance))
        assert isinstance(found, Rejected)
        assert found.code == "mismatch"
        assert found.mistake is not None, found.message
        assert found.mistake.name == name


def test_a_host_that_is_not_signed_is_said_at_once() -> None:
    found = judged(_by(_NoHost, some_request(random.Random(1))))
    assert isinstance(found, Rejected)
    assert (
        found.message == "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
    )


def test_an_unknown_mistake_is_no_guess() -> None:
    signed = replace(some_request(random.Random(1)), body=b"something else altogether").signed()
    found = judged(replace(signed, body=b"what came"))
    assert isinstance(found, Rejected)
    assert found.mistake is None
    assert found.message.startswith("The request signature we calculated does not match")
    assert str(found.canonical) in found.message


@pytest.mark.parametrize(
    ("hours", "start"), [(-1, "Signature expired: "), (1, "Signature not yet current: ")]
)
def test_the_wrong_time(hours: int, start: str) -> None:
    request = some_request(random.Random(1)).signed()
    found = judged(request, now=datetime.now(UTC) - timedelta(hours=hours))
    assert isinstance(found, Rejected)
    assert found.message.startswith(start)


def test_the_scope_is_looked_at_first() -> None:
    found = judged(some_request(random.Random(1)).signed(service="lambda", region="eu-west-1"))
    assert isinstance(found, Rejected)
    assert found.message == (
        "Credential should be scoped to a valid region, not 'eu-west-1'. "
        "Credential should be scoped to correct service: 'execute-api'. "
    )


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_what_curl_signs_verifies(unused_tcp_port_factory: Callable[[], int]) -> None:
    port = unused_tcp_port_factory()
    for method, path, body in (("GET", "/dev/pets/7?a=1&b=2", ""), ("POST", "/dev/pets", "{}")):
        raw = _sent_by_curl(port, method, path, body)
        found = judged(raw)
        assert isinstance(found, Verified), found


def _sent_by_curl(port: int, method: str, path: str, body: str) -> Request:
    with socket.create_server(("127.0.0.1", port)) as server:
        command = [
            "curl", "-s", "--noproxy", "*", "-X", method, "--aws-sigv4",
            "aws:amz:us-east-1:execute-api", "--user", f"AKIDEXAMPLE:{SECRET}",
            *(["-H", "Content-Type: application/json", "--data", body] if body else []),
            f"http://127.0.0.1:{port}{path}",
        ]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as curl:
            connection, _ = server.accept()
            with connection, connection.makefile("rb") as stream:
                _, target, _ = stream.readline().decode().split()
                fields = []
                while line := stream.readline().decode().strip():
                    name, _, value = line.partition(":")
                    fields.append((name, value.strip()))
                headers = Headers.of(fields)
                payload = stream.read(int(headers.get("Content-Length") or 0))
                connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
            curl.wait(10)
    return Request(method, target, headers, payload)
