"""An issuer on loopback whose answers a test decides: discovery, keys, and what was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from inspector.runtime.issuer_places import DISCOVERY


class IssuerServer:
    """`answers` by path: JSON values, bytes, a status, or seconds to wait before the keys."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[str] = []
        self.answers: dict[str, Any] = {}

    def serve(self, jwks: dict[str, Any], *, at: str | None = None) -> None:
        """A discovery document, and the keys where it says."""
        self.answers = {DISCOVERY: {"issuer": "x", "jwks_uri": at or f"{self.url}/keys"},
                        "/keys": jwks}  # fmt: skip


@contextmanager
def running() -> Iterator[IssuerServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            answer = issuer.answers.get(self.path, 404)
            if isinstance(answer, float):
                time.sleep(answer)
                answer = 200
            status = answer if isinstance(answer, int) else 200
            content = b"" if isinstance(answer, int) else (
                answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            )  # fmt: skip
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = IssuerServer(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
