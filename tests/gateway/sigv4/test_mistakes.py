"""Every mistake that clients are known for is proven by the client's own signature.

Each is made on purpose in random requests: 10 of each while coding, 100 in the slow part.
"""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, quote, unquote, unquote_to_bytes

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from inspector.gateway.access_words import MISTAKES as WORDS
from inspector.gateway.sigv4.checking import Rejected
from inspector.message import Headers, Request
from tests.gateway.sigv4.clients import OTHER, SECRET, Sent, judged, some_request, text_of

Client = Callable[[Sent, random.Random], Request]
Change = Callable[[str], str]
MISTAKES: list[tuple[str, Client]] = []
#: What encodeURIComponent leaves as it is.
JAVASCRIPT = "!'()*~"


def mistake(name: str) -> Callable[[Client], Client]:
    def known(client: Client) -> Client:
        MISTAKES.append((name, client))
        return client

    return known


class _Wrong(SigV4Auth):  # type: ignore[misc]
    """botocore with another path, another query or another list of headers in what it signs."""

    def __init__(self, path: Change | None, query: Change | None, host: bool) -> None:
        super().__init__(Credentials("AKIDEXAMPLE", SECRET), "execute-api", "us-east-1")
        self._path, self._query, self._host = path, query, host

    def _normalize_url_path(self, path: str) -> str:
        return self._path(path) if self._path else str(super()._normalize_url_path(path))

    def canonical_query_string(self, request: AWSRequest) -> str:
        if self._query is None:
            return str(super().canonical_query_string(request))
        return self._query(request.url.partition("?")[2])

    def headers_to_sign(self, request: AWSRequest) -> object:
        found = super().headers_to_sign(request)
        if not self._host:
            del found["host"]
        return found


def signed(
    sent: Sent, *, path: Change | None = None, query: Change | None = None, host: bool = True
) -> Request:
    target = f"{sent.path}?{sent.query}" if sent.query else sent.path
    aws = AWSRequest(sent.method, f"https://{sent.host}{target}", dict(sent.headers), sent.body)
    _Wrong(path, query, host).add_auth(aws)
    fields = [("Host", sent.host), *((name, text_of(v)) for name, v in aws.headers.items())]
    return Request(sent.method, target, Headers.of(fields), sent.body)


def odd_path(sent: Sent) -> Sent:
    """With a segment that has to be encoded."""
    return replace(sent, path=f"{sent.path.rstrip('/')}/a%20b%2A%C3%A4")


def odd_query(sent: Sent, chance: random.Random) -> Sent:
    """With two parameters out of order, one of which has to be encoded."""
    return replace(sent, query=f"z={chance.randint(1, 99)}&k=b%20c%2A%C3%A4")


def pairs_of(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def spelt(query: str, spelling: Change) -> str:
    return "&".join(f"{spelling(n)}={spelling(v)}" for n, v in sorted(pairs_of(query)))


@mistake("path-encoded-once")
def _(sent: Sent, chance: random.Random) -> Request:
    return signed(odd_path(sent), path=lambda path: path)


@mistake("path-encoded-too-often")
def _(sent: Sent, chance: random.Random) -> Request:
    return signed(odd_path(sent), path=lambda path: quote(quote(path, "/~"), "/~"))


@mistake("path-not-encoded")
def _(sent: Sent, chance: random.Random) -> Request:
    return signed(odd_path(sent), path=unquote)


@mistake("path-reserved-left")
def _(sent: Sent, chance: random.Random) -> Request:
    def twice(path: str) -> str:
        once = quote(unquote(path), "/" + JAVASCRIPT)
        return quote(once, "/" + JAVASCRIPT)

    return signed(odd_path(sent), path=chance.choice([
        twice, lambda path: quote(unquote(path), "/" + JAVASCRIPT),
    ]))  # fmt: skip


@mistake("path-latin-1")
def _(sent: Sent, chance: random.Random) -> Request:
    latin = replace(sent, path="/dev/a%C3%A4/" + str(chance.randint(1, 99)))
    return signed(latin, path=lambda path: quote(quote(unquote(path).encode("latin-1"))))


@mistake("path-normal-form")
def _(sent: Sent, chance: random.Random) -> Request:
    def decomposed(path: str) -> str:
        return quote(quote(unicodedata.normalize("NFD", unquote(path)), "/~"), "/~")

    return signed(odd_path(sent), path=decomposed)


@mistake("path-lower-hex")
def _(sent: Sent, chance: random.Random) -> Request:
    odd = odd_path(replace(sent, path="/dev"))
    return signed(odd, path=lambda path: quote(path, "/~").replace("C3%25A4", "c3%25a4").replace(
        "2A", "2a"))  # fmt: skip


@mistake("stage-left-out")
def _(sent: Sent, chance: random.Random) -> Request:
    bare = replace(sent, path=sent.path.removeprefix("/dev") or "/").signed()
    return replace(bare, target=f"/dev{bare.target}")


@mistake("stage-added")
def _(sent: Sent, chance: random.Random) -> Request:
    made = replace(sent, path=f"/dev{sent.path}").signed()
    return replace(made, target=made.target.removeprefix("/dev"))


@mistake("trailing-slash")
def _(sent: Sent, chance: random.Random) -> Request:
    made = replace(sent, path="/dev/pets/").signed()
    return replace(made, target=made.target.replace("/pets/", "/pets", 1))


@mistake("query-unsorted")
def _(sent: Sent, chance: random.Random) -> Request:
    return signed(replace(sent, query=f"b={chance.randint(1, 9)}&a=2"), query=lambda query: query)


@mistake("query-left-out")
def _(sent: Sent, chance: random.Random) -> Request:
    request = replace(sent, query="").signed()
    return replace(request, target=f"{request.target}?n={chance.randint(1, 9)}")


@mistake("query-reserved-left")
def _(sent: Sent, chance: random.Random) -> Request:
    def javascript(query: str) -> str:
        return spelt(query, lambda text: quote(text, JAVASCRIPT))

    return signed(odd_query(sent, chance), query=javascript)


@mistake("query-latin-1")
def _(sent: Sent, chance: random.Random) -> Request:
    odd = replace(sent, query=f"k=%C3%A4&n={chance.randint(1, 9)}")
    return signed(odd, query=lambda query: spelt(query, lambda text: quote(text.encode("latin-1"))))


@mistake("query-not-encoded")
def _(sent: Sent, chance: random.Random) -> Request:
    return signed(odd_query(sent, chance), query=lambda query: spelt(query, str))


@mistake("query-encoded-twice")
def _(sent: Sent, chance: random.Random) -> Request:
    def twice(query: str) -> str:
        return spelt(query, lambda text: quote(quote(text, "~"), "~"))

    return signed(odd_query(sent, chance), query=twice)


@mistake("query-plus")
def _(sent: Sent, chance: random.Random) -> Request:
    def form(query: str) -> str:
        return spelt(query, lambda text: quote(text, "~").replace("%20", "+"))

    return signed(odd_query(sent, chance), query=form)


@mistake("plus-in-query")
def _(sent: Sent, chance: random.Random) -> Request:
    odd = replace(sent, query=f"a=b+c&n={chance.randint(1, 9)}")
    return signed(odd, query=lambda query: query.replace("+", "%2B"))


@mistake("query-empty-value")
def _(sent: Sent, chance: random.Random) -> Request:
    odd = replace(sent, query=f"a=&n={chance.randint(1, 9)}")
    return signed(odd, query=lambda query: query.replace("a=", "a"))


@mistake("query-one-value")
def _(sent: Sent, chance: random.Random) -> Request:
    odd = replace(sent, query=f"a=1&a={chance.randint(2, 9)}")
    return signed(odd, query=lambda query: query.partition("&")[chance.choice([0, 2])])


@mistake("other-body")
def _(sent: Sent, chance: random.Random) -> Request:
    compact = json.dumps(json.loads(sent.body), separators=(",", ":")).encode()
    signed_for = chance.choice([b"", sent.body + b"\n", compact])
    return replace(replace(sent, body=signed_for).signed(), body=sent.body)


@mistake("other-body")
def _unsigned_payload(sent: Sent, chance: random.Random) -> Request:
    headers = (*sent.headers, ("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"))
    return replace(sent, headers=headers).signed()


@mistake("header-changed")
def _(sent: Sent, chance: random.Random) -> Request:
    name, first, then = chance.choice([
        ("Accept-Encoding", "gzip, deflate", "identity"),
        ("Content-Type", "application/json", "application/json; charset=utf-8"),
        ("Accept", "*/*", "text/html"),
        ("X-Trace", "", "added-by-a-proxy"),
    ])  # fmt: skip
    made = replace(sent, headers=((name, first),)).signed()
    return replace(made, headers=made.headers.replacing(name, then))


@mistake("other-host")
def _(sent: Sent, chance: random.Random) -> Request:
    made = sent.signed()
    return replace(made, headers=made.headers.replacing("Host", "127.0.0.1:8080"))


@mistake("host-not-signed")
def _(sent: Sent, chance: random.Random) -> Request:
    made = signed(sent, host=False)
    authorization = made.headers.get("Authorization") or ""
    listed = authorization.replace(
        "SignedHeaders=content-type;", "SignedHeaders=content-type;host;"
    )
    return replace(made, headers=made.headers.replacing("Authorization", listed))


@mistake("wrong-method")
def _(sent: Sent, chance: random.Random) -> Request:
    return replace(replace(sent, method="POST").signed(), method="PATCH")


@mistake("wrong-service")
def _(sent: Sent, chance: random.Random) -> Request:
    made = sent.signed(service=chance.choice(["lambda", "s3", "apigateway"]))
    return _claiming(made, "us-east-1/execute-api")


@mistake("wrong-region")
def _(sent: Sent, chance: random.Random) -> Request:
    return _claiming(sent.signed(region="eu-west-1"), "us-east-1/execute-api")


@mistake("other-key")
def _(sent: Sent, chance: random.Random) -> Request:
    return sent.signed(secret=OTHER)


def _claiming(request: Request, scope: str) -> Request:
    """The same with another region and service in its claim than it was signed for."""
    authorization = request.headers.get("Authorization") or ""
    start, _, rest = authorization.partition("/aws4_request")
    head = start.rsplit("/", 2)[0]
    changed = f"{head}/{scope}/aws4_request{rest}"
    return replace(request, headers=request.headers.replacing("Authorization", changed))


@pytest.mark.parametrize(
    "times", [10, pytest.param(100, marks=pytest.mark.slow, id="a-hundred")]
)  # fmt: skip
@pytest.mark.parametrize(
    ("name", "client"), MISTAKES, ids=[f"{name}-{n}" for n, (name, _) in enumerate(MISTAKES)]
)
def test_each_mistake_is_proven(name: str, client: Client, times: int) -> None:
    chance = random.Random(5)
    for _ in range(times):
        request = client(some_request(chance), chance)
        found = judged(request)
        assert isinstance(found, Rejected), request
        assert found.code == "mismatch"
        assert found.mistake is not None, found.message
        assert found.mistake.name == name, (found.mistake, found.message)


def test_there_are_words_for_each() -> None:
    assert {name for name, _ in MISTAKES} <= set(WORDS)
    assert len({name for name, _ in MISTAKES}) >= 12


def test_a_host_that_is_not_signed_is_said_at_once() -> None:
    found = judged(signed(some_request(random.Random(1)), host=False))
    assert isinstance(found, Rejected)
    assert found.message == (
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
    )


def test_an_unknown_mistake_is_no_guess() -> None:
    made = replace(some_request(random.Random(1)), body=b"something else altogether").signed()
    found = judged(replace(made, body=b"what came"))
    assert isinstance(found, Rejected)
    assert found.mistake is None
    assert found.message.startswith("The request signature we calculated does not match")
    assert str(found.canonical) in found.message


def test_a_query_of_thousands_is_no_burden() -> None:
    """What a stranger sends is bounded: other spellings are tried for usual queries only."""
    query = "&".join(f"k{n}=%C3%A4" for n in range(3_000))
    made = replace(some_request(random.Random(1)), query=query).signed()
    found = judged(replace(made, target=made.target + "&more=1"))
    assert isinstance(found, Rejected)
    assert unquote_to_bytes(query[-6:]) == "ä".encode()
