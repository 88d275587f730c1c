"""One port, many ways in: whose a request is, and that nothing of ours reaches another host."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from tests.addons.live import Live, api, live, proxied

pytestmark = pytest.mark.slow

HOST = "abc123defg.execute-api.us-east-1.amazonaws.com"
needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


class Echo(BaseHTTPRequestHandler):
    """A backend that answers with the size of what it was sent."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        size = len(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        body = str(size).encode()
        self.send_response(200)
        self.send_header("X-Api", self.headers["X-Amzn-Apigateway-Api-Id"] or "none")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST  # noqa: N815  names of the library

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    folder: Path = tmp_path_factory.mktemp("doors")
    document = api(
        echo=proxied("/echo"),
        broken={
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "responses": {
                "default": {
                    "statusCode": "200",
                    "responseParameters": {
                        "method.response.header.X-From": "integration.response.header.none",
                        "method.response.header.X-Lit": "'a\r\nInjected: yes'",
                    },
                }
            },
        },
    )
    with live(folder, document, {"backend.example": url}) as running:
        yield running
    server.shutdown()
    server.server_close()


def curl(*arguments: str, data: bytes | None = None) -> str:
    command = ["curl", "-sk", "--max-time", "20", *arguments]
    return subprocess.run(command, input=data, capture_output=True, check=False).stdout.decode()


@pytest.mark.parametrize("host", ["example.com", "localhost:9", "api.internal", HOST])
def test_a_single_api_answers_under_any_host(gateway: Live, host: str) -> None:
    answer = httpx.get(f"{gateway.url}/dev/echo", headers={"Host": host}, trust_env=False)
    assert (answer.status_code, answer.headers["x-api"]) == (200, "abc123defg")


def test_our_own_address_through_our_own_proxy_is_no_loop(gateway: Live) -> None:
    with httpx.Client(proxy=gateway.url, trust_env=False) as client:
        assert client.get(f"{gateway.url}/dev/echo").status_code == 200


@needs_curl
def test_http2_through_a_tunnel_and_over_direct_tls(gateway: Live) -> None:
    told = ("-o", "/dev/null", "-w", "%{http_code} %{http_version}", "--http2")
    url = f"https://{HOST}/dev/echo"
    address = gateway.url.removeprefix("http://")
    assert curl(*told, "-x", gateway.url, url, "-d", "abc") == "200 2"
    assert curl(*told, "--connect-to", f"{HOST}:443:{address}", url) == "200 2"


@needs_curl
@pytest.mark.parametrize("size", [3_000, 12_000_000])
@pytest.mark.parametrize("over", ["http", "https"])
def test_a_body_of_unknown_length_is_answered_by_its_size(
    gateway: Live, size: int, over: str
) -> None:
    told = ("-o", "/dev/null", "-w", "%{http_code}", "-x", gateway.url, "-T", "-", "--http2")
    status = curl(*told, f"{over}://{HOST}/dev/echo", data=bytes(size))
    assert status == ("413" if size > 10_485_760 else "200")


def test_chunked_requests_keep_their_host(gateway: Live) -> None:
    answer = httpx.post(
        f"{gateway.url}/dev/echo", content=iter([b"a" * 70_000] * 2), trust_env=False
    )
    assert (answer.status_code, answer.text) == (200, "140000")


def test_a_line_break_in_a_mapped_value_begins_no_header(gateway: Live) -> None:
    answer = httpx.get(f"{gateway.url}/dev/broken", trust_env=False)
    assert answer.status_code in {200, 500}
    assert "injected" not in answer.headers


def test_expect_and_keep_alive_on_one_connection(gateway: Live) -> None:
    place = gateway.url.removeprefix("http://").split(":")
    head = b"POST /dev/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
    with socket.create_connection((place[0], int(place[1])), timeout=10) as raw:
        answers = raw.makefile("rb")
        raw.sendall(head + b"Expect: 100-continue\r\n\r\n")
        assert answers.readline().startswith(b"HTTP/1.1 100 ")
        assert answers.readline() == b"\r\n"
        raw.sendall(b"abc")
        assert answers.readline() == b"HTTP/1.1 200 OK\r\n"
        while answers.readline() != b"\r\n":
            pass
        assert answers.read(1) == b"3"
        raw.sendall(head + b"Connection: close\r\n\r\nabc")
        rest = answers.read()
    assert rest.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nConnection: close\r\n" in rest
