"""Requests signed by others than botocore: aws4 of npm, and curl."""

from __future__ import annotations

import json
import random
import shutil
import socket
import subprocess
from collections.abc import Callable
from urllib.parse import quote

import pytest

from inspector.gateway.sigv4.checking import Rejected, Verified
from inspector.message import Headers, Request
from inspector.runtime.keyring import Key, Keyring
from tests.gateway.sigv4 import aws4
from tests.gateway.sigv4.clients import ANN, SECRET, judged


@pytest.mark.parametrize(("name", "token"), [("plain", None), ("temporary", aws4.TOKEN)])
def test_what_aws4_signed_verifies(name: str, token: str | None) -> None:
    """As it was kept; see `tests.gateway.sigv4.aws4`."""
    kept = json.loads(aws4.KEPT.read_text())
    assert kept["made_by"].startswith("aws4 ")
    keys = Keyring([Key(ANN, SECRET, token)])
    for document in kept[name]:
        found = judged(aws4.request_of(document), keys, aws4.moment())
        assert isinstance(found, Verified), (document, found)


def test_what_aws4_signs_verifies() -> None:
    signed = aws4.signed(200, 9)
    if signed is None:
        pytest.skip("there is no Node with aws4 here (Debian: node-aws4; else NODE_PATH)")
    for document in signed:
        found = judged(aws4.request_of(document))
        assert isinstance(found, Verified), (document, found)


needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")


@needs_curl
def test_what_curl_signs_verifies(unused_tcp_port_factory: Callable[[], int]) -> None:
    port = unused_tcp_port_factory()
    chance = random.Random(8)
    for method, path, body in (
        ("GET", "/dev/pets/7?a=1&b=2", ""),
        ("POST", "/dev/pets", "{}"),
        ("PUT", f"/dev/{chance.randrange(1000)}", json.dumps({"n": chance.random()})),
        ("DELETE", "/dev/pets/~a-b_c.d", ""),
    ):
        found = judged(_sent_by_curl(port, method, path, body))
        assert isinstance(found, Verified), found


@needs_curl
def test_what_this_curl_does_otherwise_is_named(
    unused_tcp_port_factory: Callable[[], int],
) -> None:
    """Older versions encode the path once, or sign the query as it is (curl/curl#11794)."""
    port = unused_tcp_port_factory()
    names = {"path-encoded-once", "query-unsorted", "query-as-sent", "query-lower-hex"}
    for path in (f"/dev/{quote('a b')}", "/dev/pets?b=1&a=2", "/dev/pets?k=%c3%a4"):
        found = judged(_sent_by_curl(port, "GET", path, ""))
        if isinstance(found, Rejected):
            assert found.mistake is not None, found.message
            assert found.mistake.name in names


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
