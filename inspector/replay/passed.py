"""Exchanges that only passed through the gateway, as their client's proxy."""

from __future__ import annotations

from inspector.recording.exchange import Exchange


def passed_to(exchange: Exchange) -> str | None:
    """`https://host:port` that it went to; None where the gateway itself was asked."""
    if exchange.api_id is not None or exchange.outcome not in {"passed", "broken"}:
        return None
    authority = exchange.request.headers.get("host") or exchange.host
    return f"{exchange.environment.scheme}://{authority}"


def why_untold(exchange: Exchange) -> str:
    """Why an exchange without an API has no steps, for a sentence that says more or ends here."""
    if exchange.origin == "replayed":
        return "it was sent straight to the backend, past the gateway"
    return "no definition is held for this host; it was only passed on"
