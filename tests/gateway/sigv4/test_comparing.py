"""A client's debug log, found and compared: the first byte that differs is marked."""

from __future__ import annotations

import io
import logging
import random
from dataclasses import replace

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from inspector.gateway.sigv4.checking import Rejected
from inspector.gateway.sigv4.client_log import canonical_requests
from inspector.gateway.sigv4.comparing import closest, compare
from tests.gateway.sigv4 import aws4
from tests.gateway.sigv4.clients import SECRET, judged, some_request

HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
CANONICAL = f"""GET
/dev/a%2520b
k=%C3%A4
host:abcdef1234.execute-api.us-east-1.amazonaws.com
x-amz-date:20261125T120000Z

host;x-amz-date
{HASH}"""
TAIL = "AWS4-HMAC-SHA256\n20261125T120000Z\n20261125/us-east-1/execute-api/aws4_request\n00"
LOGS = {
    "printed": CANONICAL,
    "botocore": f"2026-11-25 12:00:00,000 botocore.auth [DEBUG] Calculating signature using v4 auth."
    f"\n2026-11-25 12:00:00,001 botocore.auth [DEBUG] CanonicalRequest:\n{CANONICAL}\n2026-11-25 "
    f"12:00:00,002 botocore.auth [DEBUG] StringToSign:\n{TAIL}\n",
    "curl": "*   Trying 127.0.0.1:8080...\n* Server auth using AWS_SIGV4 with user 'AKIDEXAMPLE'\n"
    f"* aws_sigv4: Canonical request (enclosed in []) - [{CANONICAL}]\n* aws_sigv4: String to sign "
    f"(enclosed in []) - [{TAIL}]\n> GET /dev/a%20b HTTP/1.1\n> Host: x\n>\n",
    "java": f'2026 DEBUG c.a.auth.AWS4Signer:190 - AWS4 Canonical Request: \'"{CANONICAL}"\n',
    "go": f"DEBUG: Request Signature:\n---[ CANONICAL STRING  ]-----\n{CANONICAL}\n---[ STRING TO "
    f"SIGN ]-----\n{TAIL}\n",
    "amazon": "The Canonical String for this request should have been\n'" + CANONICAL + "'\n\nThe",
    "one line": '{"message":"… should have been\\n\'' + CANONICAL.replace("\n", "\\n") + "'\\n\"}",
    "windows": CANONICAL.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("name", LOGS)
def test_where_clients_write_it(name: str) -> None:
    [found] = canonical_requests(LOGS[name])
    assert found == canonical_requests(CANONICAL)[0]
    assert (found.method, found.path, found.query) == ("GET", "/dev/a%2520b", "k=%C3%A4")
    assert found.headers[1] == ("x-amz-date", "20261125T120000Z")
    assert (found.signed, found.payload) == ("host;x-amz-date", HASH)


@pytest.mark.parametrize(
    "text", ["", "GET", "GET\n/x", "> GET /dev HTTP/1.1\n> Host: x\n>\n", "GET\n/\n\n\n\nx",
             CANONICAL.replace(HASH, "none"), CANONICAL.replace("/dev", "dev")],
)  # fmt: skip
def test_what_is_no_canonical_request(text: str) -> None:
    assert canonical_requests(text) == []


def test_the_first_byte_that_differs() -> None:
    [ours] = canonical_requests(CANONICAL)
    [theirs] = canonical_requests(
        CANONICAL.replace("%2520", "%20").replace("x-amz-date:", "x-other:1\nx-amz-date:")
    )
    found = {each.part: each for each in compare(ours, theirs) if not each.same}
    assert set(found) == {"path", "header x-other"}
    assert (found["path"].ours, found["path"].client) == ("/dev/a%2520b", "/dev/a%20b")
    assert found["path"].at == len("/dev/a%2")
    assert (found["header x-other"].ours, found["header x-other"].client) == (None, "1")


def test_of_several_the_closest_counts() -> None:
    other = CANONICAL.replace("/dev/a%2520b", "/else").replace("k=", "q=")
    log = f"{other}\n\n{CANONICAL.replace('k=', 'l=')}\n\n{other}"
    ours, clients = canonical_requests(CANONICAL)[0], canonical_requests(log)
    assert len(clients) == 3
    found = closest(ours, clients)
    assert found is not None
    assert [each.part for each in found if not each.same] == ["query"]
    assert closest(ours, []) is None


def test_botocores_own_log() -> None:
    """What botocore really writes, of a request that it signs with its path encoded once."""

    class Once(SigV4Auth):  # type: ignore[misc]
        def _normalize_url_path(self, path: str) -> str:
            return path

    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s [%(levelname)s] %(message)s"))
    logger = logging.getLogger("botocore.auth")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        sent = replace(some_request(random.Random(6)), path="/dev/a%20b", query="z=1&a=2")
        aws = AWSRequest(sent.method, f"https://{sent.host}{sent.path}?{sent.query}", {}, sent.body)
        Once(Credentials("AKIDEXAMPLE", SECRET), "execute-api", "us-east-1").add_auth(aws)
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
    [client] = canonical_requests(stream.getvalue())
    rejected = judged(replace(sent, path="/dev/a%20b").signed(secret="no"))
    assert isinstance(rejected, Rejected)
    assert rejected.canonical is not None
    [ours] = canonical_requests(rejected.canonical.shown)
    differing = {each.part: each.at for each in compare(ours, client) if not each.same}
    assert differing["path"] == len("/dev/a%2")
    assert "query" not in differing


def test_aws4s_own_text() -> None:
    script = (
        "const aws4 = require('aws4'); const s = new aws4.RequestSigner({service:'execute-api',"
        "region:'us-east-1',host:'x.example',path:'/dev/a%20b?b=1&a=2',headers:{}},"
        "{accessKeyId:'A',secretAccessKey:'b'}); console.log(s.canonicalString())"
    )
    text = aws4.evaluate(script)
    if text is None:
        pytest.skip("there is no Node with aws4 here (Debian: node-aws4; else NODE_PATH)")
    [found] = canonical_requests(text)
    assert (found.path, found.query) == ("/dev/a%2520b", "a=2&b=1")
