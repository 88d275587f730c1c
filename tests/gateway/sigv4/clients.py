"""Clients that sign with botocore: random requests, and what arrives of them."""

from __future__ import annotations

import json
import random
import string
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import quote

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
        fields = [
            ("Host", self.host),
            *((name, text_of(v)) for name, v in prepared.headers.items()),
        ]
        arrived = prepared.url.partition(self.host)[2]
        return Request(self.method, arrived, Headers.of(fields), self.body)


def text_of(value: str | bytes) -> str:
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
