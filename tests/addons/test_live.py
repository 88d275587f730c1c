"""The gateway as people meet it: a real proxy process, real sockets, a real recording."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from inspector.definitions import Options, load
from inspector.gateway.deploy import deploy
from inspector.gateway.effects import StreamEnded
from inspector.message import Headers, Request
from inspector.recording.reader import Reader
from inspector.replay.rerun import gateway_of, rerun
from inspector.replay.resend import through_gateway, through_proxy
from tests.addons.live import api, live, proxied
from tests.gateway.shop_template import template

pytestmark = pytest.mark.slow

EVENTS = threading.Event()


class Handler(BaseHTTPRequestHandler):
    """A backend: echoes, streams, breaks off, talks nonsense."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/events":
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"data: first\n\n")
            self.wfile.flush()
            EVENTS.wait(10)
            self.wfile.write(b"data: last\n\n")
            self.close_connection = True
        elif self.path == "/nonsense":
            self.wfile.write(b"this is not HTTP\r\n\r\n")
            self.close_connection = True
        elif self.path == "/slow":
            EVENTS.wait(10)
        else:
            self._answer(b"hello")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def do_HEAD(self) -> None:
        self._answer(b"")

    def _answer(self, body: bytes) -> None:
        self.send_response(201)
        self.send_header("X-Path", self.path)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def backend() -> Iterator[str]:
    EVENTS.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    EVENTS.set()
    server.shutdown()
    server.server_close()


def client(**options: object) -> httpx.Client:
    return httpx.Client(trust_env=False, timeout=10, **options)  # type: ignore[arg-type]


def test_a_proxied_request_is_answered_recorded_and_runs_again(
    tmp_path: Path, backend: str
) -> None:
    with live(tmp_path, api(echo=proxied("/echo")), {"backend.example": backend}) as gateway:
        with client() as http:
            answer = http.post(f"{gateway.url}/dev/echo?a=1", content=b"\xc3\xa9 text")
            http.get(f"{gateway.url}/dev/none")
            http.head(f"{gateway.url}/dev/echo")
        assert (answer.status_code, answer.content) == (201, b"\xc3\xa9 text")
        assert answer.headers["x-path"] == "/echo?a=1"
        assert answer.headers["x-amzn-remapped-server"]
        recorded = gateway.exchanges()
    assert [each.outcome for each in recorded] == ["answered", "refused", "answered"]
    assert recorded[0].response is not None
    assert recorded[0].response.body == b"\xc3\xa9 text"
    assert recorded[1].stopped_at == "route"
    with Reader(gateway.db) as reader:
        again = gateway_of(reader.definition(recorded[0].definition or ""))
    for each in recorded:
        result = rerun(each, again)
        assert result.answer is not None
        assert result.answer.response == each.response
        assert result.answer.trace == each.trace


def test_the_first_byte_of_a_stream_does_not_wait_for_the_last(
    tmp_path: Path, backend: str
) -> None:
    with live(tmp_path, api(events=proxied("/events")), {"backend.example": backend}) as gateway:
        with client() as http, http.stream("GET", f"{gateway.url}/dev/events") as answer:
            chunks = answer.iter_raw()
            assert answer.headers["content-type"] == "text/event-stream"
            assert next(chunks) == b"data: first\n\n"
            EVENTS.set()  # only now may the backend go on
            assert b"".join(chunks) == b"data: last\n\n"
        recorded = gateway.exchanges()
    ended = recorded[0].performed[-1].reply
    assert isinstance(ended, StreamEnded)
    assert (ended.size, ended.kept) == (25, b"data: first\n\ndata: last\n\n")


@pytest.mark.parametrize(
    ("path", "timeout", "status", "message"),
    [
        ("/slow", 60, 504, "Endpoint request timed out"),
        ("/nonsense", 5000, 504, "Network error communicating with endpoint"),
    ],
)
def test_backends_that_misbehave_get_amazons_answer(
    tmp_path: Path, backend: str, path: str, timeout: int, status: int, message: str
) -> None:
    document = api(x=proxied(path, timeoutInMillis=timeout))
    with (
        live(tmp_path, document, {"backend.example": backend}) as gateway,
        client() as http,
    ):
        answer = http.get(f"{gateway.url}/dev/x")
    assert (answer.status_code, answer.json()) == (status, {"message": message})


def test_a_dead_backend_gets_amazons_answer(tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{held.getsockname()[1]}"
        with (
            live(tmp_path, api(x=proxied("/x")), {"backend.example": dead}) as gateway,
            client() as http,
        ):
            answer = http.get(f"{gateway.url}/dev/x")
    assert answer.status_code == 504
    assert "mitmproxy" not in answer.text


def test_an_upload_over_the_limit_is_refused_early(tmp_path: Path, backend: str) -> None:
    with live(tmp_path, api(echo=proxied("/echo")), {"backend.example": backend}) as gateway:
        host, port = gateway.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as raw:
            raw.sendall(
                b"POST /dev/echo HTTP/1.1\r\nHost: 127.0.0.1:"
                + port.encode()
                + b"\r\nContent-Length: 2147483648\r\n\r\n"
                + b"x" * 65536
            )
            head = raw.recv(4096)
        assert head.startswith(b"HTTP/1.1 413")
        recorded = gateway.exchanges()
    assert recorded[0].response_type == "REQUEST_TOO_LARGE"
    assert recorded[0].request_size == 2147483648


def test_an_upload_over_the_limit_passes_where_it_does_not_hold(
    tmp_path: Path, backend: str
) -> None:
    hosts = {"backend.example": backend}
    with live(tmp_path, api(echo=proxied("/echo")), hosts, no_limits=("payload",)) as gateway:
        body = b"x" * 11_000_000
        answer = httpx.post(f"{gateway.url}/dev/echo", content=body, timeout=30)
        assert (answer.status_code, answer.headers["x-path"]) == (201, "/echo")
        recorded = gateway.exchanges()
    assert recorded[0].request_size == len(body)


def test_other_hosts_pass_and_are_recorded(tmp_path: Path, backend: str) -> None:
    with live(tmp_path, api(echo=proxied("/echo")), {}) as gateway:
        with client(proxy=gateway.url) as http:
            answer = http.post(f"{backend}/other?x=1", content=b"through")
        assert (answer.status_code, answer.content) == (201, b"through")
        recorded = gateway.exchanges()
    assert [each.outcome for each in recorded] == ["passed"]
    assert recorded[0].request.body == b"through"
    assert recorded[0].response is not None
    assert recorded[0].response.body == b"through"


def test_the_forward_proxy_answers_for_the_api_over_tls(tmp_path: Path, backend: str) -> None:
    """No name is looked up and no upstream opened: the API answers under Amazon's own name."""
    with (
        live(tmp_path, api(echo=proxied("/echo")), {"backend.example": backend}) as gateway,
        client(proxy=gateway.url, verify=False) as http,
    ):
        host = "abc123defg.execute-api.us-east-1.amazonaws.com"
        answer = http.post(f"https://{host}/dev/echo", content=b"tls")
        plain = http.post(f"http://{host}/dev/echo", content=b"plain")
    assert (answer.status_code, answer.content) == (201, b"tls")
    assert (plain.status_code, plain.content) == (201, b"plain")


def test_an_edit_is_served_and_a_broken_one_is_not(tmp_path: Path, backend: str) -> None:
    with (
        live(tmp_path, api(echo=proxied("/echo")), {"backend.example": backend}) as gateway,
        client() as http,
    ):
        assert http.get(f"{gateway.url}/dev/new").status_code == 403
        gateway.definition.write_text(json.dumps(api(new=proxied("/new"))), "utf-8")
        assert http.get(f"{gateway.url}/dev/new").status_code == 201
        gateway.definition.write_text('{"openapi": "3.0.1", "paths": {', "utf-8")
        assert http.get(f"{gateway.url}/dev/new").status_code == 201
        told = ""
        while "last good" not in told:
            event = gateway.child.event(5)
            assert event is not None
            told = str(event.data.get("text", ""))


def test_a_replay_of_what_passed_says_what_it_repeats_to_us_alone(
    tmp_path: Path, backend: str
) -> None:
    with live(tmp_path, api(echo=proxied("/echo")), {}) as gateway:
        request = Request("POST", "/other", Headers((("Host", "x.example"),)), b"again")
        response = through_proxy(request, f"{backend}/other", gateway.url, 7)
        assert (response.status, response.body) == (201, b"again")
        [recorded] = gateway.exchanges()
    assert (recorded.outcome, recorded.origin, recorded.replay_of) == ("passed", "replayed", 7)
    assert "x-inspector-replay-of" not in recorded.request.headers


def test_a_replay_says_what_it_repeats(tmp_path: Path, backend: str) -> None:
    with live(tmp_path, api(echo=proxied("/echo")), {"backend.example": backend}) as gateway:
        response = through_gateway(Request("POST", "/dev/echo", body=b"again"), gateway.url, 7)
        assert (response.status, response.body) == (201, b"again")
        recorded = gateway.exchanges()
    assert (recorded[0].origin, recorded[0].replay_of) == ("replayed", 7)
    assert "x-inspector-replay-of" not in recorded[0].request.headers


def test_a_custom_domain_leads_and_a_rerun_finds_the_same_way(tmp_path: Path) -> None:
    with live(tmp_path, template(), {}) as gateway:
        host = {"Host": "api.example.com"}
        nowhere = httpx.get(f"{gateway.url}/nowhere", headers=host)
        assert (nowhere.status_code, nowhere.json()) == (403, {"message": "Forbidden"})
        httpx.get(f"{gateway.url}/orders/7", headers=host)
        proxied_to = httpx.get("http://api.example.com/v2/carts/7", proxy=gateway.url)
        assert proxied_to.status_code in {500, 503}  # the function is nowhere, the way was found
        exchanges = gateway.exchanges()
    first = exchanges[1].trace[0]
    assert (first.code, first.facts["base_path"]) == ("resolve.domain", "orders")
    assert exchanges[2].trace[0].facts["base_path"] == "v2/carts"
    loaded = load([gateway.definition], Options(api_id=None))
    made = deploy(loaded.apis, domains=loaded.definition.domains)
    for exchange in exchanges:
        again = rerun(exchange, made).answer
        assert again is not None
        assert again.response == exchange.response
