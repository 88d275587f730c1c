"""The screen over a running gateway."""

from __future__ import annotations

import sys
from pathlib import Path

from inspector.cli import narration
from inspector.cli.exit import Exit
from inspector.cli.gateway_child import GatewayChild
from inspector.cli.listen import Address


def possible() -> bool:
    """Whether there is a terminal to read keys from and to draw on; Textual draws on stderr."""
    return sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()


def show(gateway: GatewayChild, db: Path, address: Address, *, kept: bool = True) -> int:
    """Open the screen on what this gateway records; ends with the screen.

    `kept`: the recording stays when we are gone, so that it is worth naming.
    """
    from inspector.tui import app  # noqa: PLC0415 - only now, and only here: Textual is large

    app.run(db, gateway_url=address.url)
    if gateway.ended:
        raise gateway.failure("The gateway ended while the screen was open.")
    if kept:
        narration.say(f"The recording is {db}: `inspector open {db}` shows it again.")
    return Exit.OK
