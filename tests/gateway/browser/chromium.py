"""A real headless Chromium that runs a page's calls, and the server of that page."""

from __future__ import annotations

import http.server
import json
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
PATIENCE = 60.0
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--no-proxy-server", "--no-default-browser-check",
)  # fmt: skip
#: Each call tells whether the script got its answer; the last thing is to report them all.
#: Of a WebSocket: the protocol, what came back, and how it ended.
_PAGE = """<!doctype html><title>calls</title><script>
const talk = (call) => new Promise((done) => {
  const socket = new WebSocket(call.url, call.protocols)
  const told = []
  socket.onopen = () => { told.push(socket.protocol); socket.send(call.message) }
  socket.onmessage = (event) => { told.push(event.data); socket.close(...call.close) }
  socket.onclose = (event) => done([...told, event.code, event.reason])
});
(async () => {
  const found = []
  for (const call of %s) {
    try {
      if (call.url.startsWith('ws')) { found.push(await talk(call)); continue }
      const answer = await fetch(call.url, {
        method: call.method, headers: call.headers, cache: 'no-store',
        credentials: call.credentials ? 'include' : 'omit',
      })
      found.push(answer.status)
    } catch (error) { found.push(null) }
  }
  await fetch('/report', { method: 'POST', body: JSON.stringify(found) })
})()
</script>"""


class Page:
    """A page on an origin of its own; also the backend of the APIs under test."""

    def __init__(self) -> None:
        self._calls: list[dict[str, Any]] = []
        self._reports: queue.Queue[list[Any]] = queue.Queue()
        page = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = b"{}" if self.path.startswith("/backend") else page._html()
                kind = "application/json" if self.path.startswith("/backend") else "text/html"
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_PUT = do_GET  # noqa: N815  the name that the server looks for

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                page._reports.put(json.loads(self.rfile.read(length)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def _html(self) -> bytes:
        return (_PAGE % json.dumps(self._calls)).encode()

    def run(self, calls: Sequence[dict[str, Any]], folder: Path) -> list[Any]:
        """The status of each call as a script sees it, None where the browser keeps it back.

        Of a WebSocket `[protocol, answer, code, reason]`, of one that is refused the last two.
        """
        self._calls = list(calls)
        assert PROGRAM is not None
        folder.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "HOME": str(folder), "no_proxy": "*"}
        with subprocess.Popen(
            [PROGRAM, *_FLAGS, f"--user-data-dir={folder}", self.origin],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment,
        ) as browser:  # fmt: skip
            try:
                return self._reports.get(timeout=PATIENCE)
            finally:
                browser.terminate()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def page() -> Iterator[Page]:
    found = Page()
    try:
        yield found
    finally:
        found.close()
