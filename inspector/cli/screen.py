"""The screen over a running gateway."""

from __future__ import annotations

import os
import shlex
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.cli import narration
from inspector.cli.exit import Exit
from inspector.cli.renewing import Renewal

if TYPE_CHECKING:  # `inspector open` starts faster without what a gateway needs
    from inspector.cli.gateway_child import GatewayChild
    from inspector.cli.listen import Address
    from inspector.model import Servable
    from inspector.tui.app import InspectorApp

#: Seconds between two looks whether the gateway is still there.
_LOOK = 0.5


def possible() -> bool:
    """Whether there is a terminal to read keys from and to draw on; Textual draws on stderr.

    A terminal that calls itself dumb (Emacs' shell, some editors' panes) only prints.
    """
    terminals = sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()
    return terminals and os.environ.get("TERM") != "dumb"


def show(  # noqa: PLR0913  what is known of the gateway
    gateway: GatewayChild,
    db: Path,
    address: Address,
    *,
    title: str = "",
    places: Mapping[str, str] | None = None,
    renewal: Renewal | None = None,
    trial: str = "",
    warnings: str = "",
    kept: bool = True,
) -> int:
    """Open the screen on what this gateway records; ends with the screen.

    `title` of what is served; `places` of its backends, as `--backend` names them; `renewal` makes
    a request good again; `trial` is a call to try; `warnings` of the definition, which the screen
    covers; `kept`: the recording stays when we are gone, so that it is worth naming.
    """
    from inspector.tui import app  # noqa: PLC0415 - only now, and only here: Textual is large

    def listen(shown: app.InspectorApp) -> None:
        if warnings:
            shown.tell("definition", "info", warnings)
        threading.Thread(target=_pass_on, args=(gateway, shown), daemon=True).start()

    app.run(
        db,
        gateway_url=address.url,
        title=title,
        places=places,
        renewal=renewal,
        trial=trial,
        listen=listen,
    )
    if gateway.ended:
        raise gateway.failure("The gateway ended while the screen was open.")
    gateway.stop()
    for text in gateway.last_words():
        narration.warn(narration.plain_lines(text))
    if kept:
        narration.say(
            f"The recording is {db}: `inspector open {shlex.quote(str(db))}` shows it again."
        )
    return Exit.OK


def title_of(apis: Sequence[Servable]) -> str:
    """`petstore · dev`, or how many APIs there are."""
    if len(apis) != 1:
        return f"{len(apis)} APIs"
    [api] = apis
    return " · ".join([api.name, *(stage.name for stage in api.stages[:1])])


def _pass_on(gateway: GatewayChild, shown: InspectorApp) -> None:
    """What the gateway tells, until it is gone."""
    while True:
        event = gateway.event(_LOOK)
        if event is not None and event.kind == "notice":
            data = event.data
            shown.tell(data.get("topic", "gateway"), data["level"], str(data["text"]))
        elif event is None and gateway.ended:
            shown.tell("gateway", "error", "The gateway has ended: nothing is served any more.")
            return
