"""The one line above an exchange, and the sentence that copying or a list says of it."""

from __future__ import annotations

from rich.text import Text

from inspector.recording.exchange import Exchange
from inspector.replay.sockets import head
from inspector.tui.present import styles, units
from inspector.tui.present.safe import clean, from_wire, ink

_ENDS = {
    "refused": "refused by the gateway",
    "failed": "failed",
    "passed": "passed through",
    "broken": "broke off",
}


def title(exchange: Exchange) -> Text:
    """`GET /admin → 403 ACCESS_DENIED`."""
    method, _ = head(exchange)
    text = ink(f"{clean(method)} ", styles.of_method(method))
    text.append(clean(from_wire(path_of(exchange))), styles.STRONG)
    text.append(" → ", styles.DIM)
    if exchange.response is None and exchange.environment.socket is not None:
        text.append("the server", styles.DIM)
    elif exchange.response is None:
        text.append("no answer", styles.BAD)
    else:
        status = exchange.response.status
        text.append(str(status), styles.of_status(status))
    if exchange.response_type:
        text.append(f" {clean(exchange.response_type)}", styles.WARN)
    elif exchange.outcome in _ENDS:
        text.append(f" {_ENDS[exchange.outcome]}", styles.DIM)
    text.append(f"  {units.duration(exchange.duration_us)}", styles.DIM)
    if exchange.origin == "replayed":
        what = f"replay of {exchange.replay_of}" if exchange.replay_of else "replay"
        text.append(f"  ↻ {what}", styles.ACCENT)
    return text


def path_of(exchange: Exchange) -> str:
    """The target; with its host where that is no API of ours."""
    target = head(exchange)[1]
    if exchange.api_id is None and target.startswith("/"):
        return f"{exchange.host}{target}"
    return target
