"""A gateway process for tests: real mitmproxy, real recording, real clients on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector.cli.gateway_child import GatewayChild
from inspector.cli.settings import Settings
from inspector.definitions import Options
from inspector.recording.exchange import Exchange
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.recording.schema import open_for_writing


@dataclass(frozen=True)
class Live:
    """A running gateway."""

    url: str
    db: Path
    definition: Path
    child: GatewayChild

    def exchanges(self) -> list[Exchange]:
        """What was recorded, oldest first; ends the gateway, so that all is written."""
        self.child.stop()
        with Reader(self.db) as reader:
            rows = reader.page(EVERYTHING, limit=100_000)
            return [reader.exchange(row.id) for row in reversed(rows)]


@contextmanager
def live(
    tmp_path: Path,
    document: dict[str, Any],
    backends: dict[str, str],
    issuers: dict[str, str] | None = None,
    **options: Any,
) -> Iterator[Live]:
    """Serve `document`, with its hosts found at `backends`, its issuers at `issuers`.

    `options` say how it is read.
    """
    definition = tmp_path / "api.json"
    definition.write_text(json.dumps(document), "utf-8")
    db = tmp_path / "live.db"
    open_for_writing(db).close()
    settings = Settings(
        definitions=(str(definition),),
        options=Options(api_id="abc123defg", **options),
        host="127.0.0.1",
        port=0,
        db=str(db),
        backends=backends,
        issuers=issuers or {},
    )
    with GatewayChild(settings) as child:
        yield Live(f"http://{child.wait_ready()}", db, definition, child)


def api(**integrations: dict[str, Any]) -> dict[str, Any]:
    """A document with a resource a name, each with one integration for any method."""
    paths = {
        f"/{name}": {
            "x-amazon-apigateway-any-method": {
                "responses": {},
                "x-amazon-apigateway-integration": integration,
            }
        }
        for name, integration in integrations.items()
    }
    return {"openapi": "3.0.1", "info": {"title": "live", "version": "1"}, "paths": paths}


def proxied(path: str, **more: Any) -> dict[str, Any]:
    """An HTTP_PROXY integration with the host `backend.example`."""
    uri = f"http://backend.example{path}"
    return {"type": "http_proxy", "httpMethod": "ANY", "uri": uri, **more}
