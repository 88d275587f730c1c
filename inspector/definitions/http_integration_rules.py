"""What Amazon refuses in an integration of an HTTP API, whichever file declares it."""

from __future__ import annotations

from inspector.definitions.diagnostics import Notes
from inspector.model import HTTP_TIMEOUT_MS, HttpApiIntegration

_SHORTEST_MS = 50


def check_http_integration(integration: HttpApiIntegration, key: str, notes: Notes) -> None:
    """Note what is wrong with the integration of the route `key`."""
    if not _SHORTEST_MS <= integration.timeout_ms <= HTTP_TIMEOUT_MS:
        bounds = f"{_SHORTEST_MS} to {HTTP_TIMEOUT_MS} ms"
        message = f"{key} waits {integration.timeout_ms} ms; Amazon allows {bounds}"
        notes.error("timeout", message, integration.source, "Set a time within these bounds.")
