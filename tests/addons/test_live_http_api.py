"""An HTTP API behind the real proxy: its answers on the wire, its recording, its limits."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from inspector.gateway.effects import StreamEnded
from inspector.recording.reader import Reader
from inspector.replay.rerun import gateway_of, rerun
from tests.addons.live import live
from tests.addons.test_live import EVENTS, Handler

pytestmark = pytest.mark.slow


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


def document() -> dict[str, Any]:
    def route(uri: str) -> dict[str, Any]:
        integration = {
            "type": "HTTP_PROXY",
            "httpMethod": "ANY",
            "uri": uri,
            "payloadFormatVersion": "1.0",
        }
        return {"x-amazon-apigateway-integration": integration}

    return {
        "openapi": "3.0.1",
        "info": {"title": "live", "version": "1"},
        "x-amazon-apigateway-cors": {"allowOrigins": ["*"], "allowMethods": ["GET"]},
        "paths": {
            "/echo": {"post": route("http://backend.example/echo")},
            "/events": {"get": route("http://backend.example/events")},
            "/files/{name+}": {
                "x-amazon-apigateway-any-method": route("http://backend.example/{name}")
            },
        },
    }


def client() -> httpx.Client:
    return httpx.Client(trust_env=False, timeout=10)


def test_answers_on_the_wire_and_from_the_recording(tmp_path: Path, backend: str) -> None:
    with live(tmp_path, document(), {"backend.example": backend}) as gateway:
        host = {"Host": "abc123defg.execute-api.us-east-1.amazonaws.com"}
        with client() as sender:
            echo = sender.post(f"{gateway.url}/echo?a=1", content=b"text", headers=host)
            file = sender.get(f"{gateway.url}/files/a%20b/c?x=%2B")
            head = sender.head(f"{gateway.url}/files/x")
            preflight = sender.options(f"{gateway.url}/echo", headers={
                "Origin": "https://a.example", "Access-Control-Request-Method": "GET",
            })  # fmt: skip
            missing = sender.get(f"{gateway.url}/none")
            large = sender.post(f"{gateway.url}/echo", content=bytes(10_485_761))
            chunks = sender.post(
                f"{gateway.url}/echo", content=(bytes(1_048_576) for _ in range(11))
            )
        assert (echo.status_code, echo.content) == (201, b"text")
        assert echo.headers["x-path"] == "/echo?a=1"
        assert echo.headers["server"], "an HTTP API renames no header"
        assert file.headers["x-path"] == "/a%20b/c?x=%2B"
        assert (head.status_code, head.content) == (201, b"")
        assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (
            204,
            "*",
        )
        assert "content-length" not in preflight.headers
        assert (missing.status_code, missing.text) == (404, '{"message":"Not Found"}')
        for refused in (large, chunks):
            assert (refused.status_code, refused.text) == (
                413,
                '{"message":"Request Entity Too Large"}',
            )
        recorded = gateway.exchanges()
    assert [each.resource for each in recorded][:3] == [
        "POST /echo", "ANY /files/{name+}", "ANY /files/{name+}",
    ]  # fmt: skip
    assert [each.outcome for each in recorded] == [
        "answered", "answered", "answered", "answered", "refused", "refused", "refused",
    ]  # fmt: skip
    with Reader(gateway.db) as reader:
        again = gateway_of(reader.definition(recorded[0].definition or ""))
    for each in recorded[:5]:
        result = rerun(each, again)
        assert result.answer is not None
        assert result.answer.response == each.response
        assert result.answer.trace == each.trace


def test_header_names_are_spelled_as_amazon_spells_them(tmp_path: Path, backend: str) -> None:
    with live(tmp_path, document(), {"backend.example": backend}) as gateway:
        address = urlsplit(gateway.url)
        names = []
        for path in ("/files/x", "/none"):
            connection = http.client.HTTPConnection(address.hostname or "", address.port)
            connection.request("GET", path)
            names.append([name for name, _ in connection.getresponse().getheaders()])
            connection.close()
    assert names[0][-1] == "Apigw-Requestid"
    assert names[1] == ["Date", "Content-Type", "Content-Length", "Connection", "apigw-requestid"]


def test_a_stream_passes_as_it_comes(tmp_path: Path, backend: str) -> None:
    with live(tmp_path, document(), {"backend.example": backend}) as gateway:
        with client() as sender, sender.stream("GET", f"{gateway.url}/events") as answer:
            chunks = answer.iter_raw()
            first = next(chunks)
            EVENTS.set()
            rest = b"".join(chunks)
        [recorded] = gateway.exchanges()
    assert (first, first + rest) == (b"data: first\n\n", b"data: first\n\ndata: last\n\n")
    assert isinstance(recorded.performed[-1].reply, StreamEnded)
    assert recorded.trace[-1].code == "stream.ended"
