"""`inspector token --serve`: the local issuer's discovery document and keys, over loopback."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from inspector.cli import narration
from inspector.cli.exit import CommandError, Exit
from inspector.cli.listen import Address, claim
from inspector.runtime.issuer_places import DISCOVERY
from inspector.runtime.local_issuer import LocalIssuer, LocalIssuerError

_KEYS = "/.well-known/jwks.json"


def serve(address: Address, path: Path, issuer: str | None) -> int:
    """Answer until told to stop. `issuer` is what the document calls itself (default: its URL)."""
    if not address.loopback:
        message = f"{address} is reached from other machines."
        raise CommandError(Exit.USAGE, message, "This issuer is for this machine: 127.0.0.1:PORT.")
    address = claim(address, "--serve")
    server = ThreadingHTTPServer((address.host, address.port), _handler(path, address.url, issuer))
    narration.say(f"Keys of {path} at {address.url}{_KEYS}. Ctrl-C ends it.")
    narration.say(f"  inspector up DEFINITION --issuer {issuer or 'all'}={address.url}")
    print(address.url, flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        narration.say("Stopped.")
    finally:
        server.server_close()
    return Exit.OK


def _handler(path: Path, url: str, issuer: str | None) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Any path that ends as an issuer's do: a user pool's begins with its id."""

        def do_GET(self) -> None:
            asked = self.path.partition("?")[0]
            if asked.endswith(DISCOVERY):
                below = url + asked.removesuffix(DISCOVERY)
                self._answer(200, {
                    "issuer": issuer or below, "jwks_uri": below + _KEYS,
                    "id_token_signing_alg_values_supported": ["RS256"],
                    "subject_types_supported": ["public"], "response_types_supported": ["code"],
                })  # fmt: skip
            elif asked.endswith(_KEYS):
                self._keys()
            else:
                self._answer(404, {"message": f"Here are {DISCOVERY} and {_KEYS}."})

        def _keys(self) -> None:
            """Read anew each time: keys may have been added."""
            try:
                self._answer(200, LocalIssuer.open(path).public())
            except LocalIssuerError as error:
                self._answer(500, {"message": str(error)})

        def _answer(self, status: int, document: object) -> None:
            content = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, form: str, *args: object) -> None:
            narration.say(f"  {narration.plain(form % args)}")

    return Handler
