"""A backend that answers when it may: what arrives can be looked at before anything goes back."""

from __future__ import annotations

import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

PATIENCE = 30.0


class WaitingBackend:
    """`/wait` answers after `go_on`, `/events` sends its last event then; the rest at once."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.arrived, self.go_on = threading.Event(), threading.Event()
        backend = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if self.path == "/events":
                    backend._stream(self)
                    return
                if self.path == "/wait":
                    backend._wait()
                self.send_response(200)
                self.send_header("Content-Length", "5")
                self.end_headers()
                self.wfile.write(b"hello")

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.address = f"127.0.0.1:{self._server.server_port}"
        scheme = "http" if context is None else "https"
        #: For `--backend`: what definitions call `backend.example` is here.
        self.names = {"backend.example": f"{scheme}://{self.address}"}

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()

    def _wait(self) -> None:
        self.arrived.set()
        self.go_on.wait(PATIENCE)

    def _stream(self, visit: BaseHTTPRequestHandler) -> None:
        visit.send_response(200)
        visit.send_header("Content-Type", "text/event-stream")
        visit.send_header("Connection", "close")
        visit.end_headers()
        visit.wfile.write(b"data: first\n\n")
        visit.wfile.flush()
        self._wait()
        visit.wfile.write(b"data: last\n\n")
        visit.close_connection = True
