"""`inspector open DB`: the screen on a recording, also while another process writes it."""

from __future__ import annotations

import argparse
import gc
from pathlib import Path

from inspector.cli import backend_option, screen
from inspector.cli.exit import CommandError, Exit
from inspector.recording.filters import FilterError, parse
from inspector.recording.reader import Reader

EXAMPLES = """examples:
  inspector open inspector.db
  inspector open inspector.db --filter 'status:5xx since:1h'"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector open DB [--filter TEXT] [--backend NAME=URL]`."""
    parser = commands.add_parser(
        "open",
        help="look at a recording",
        description="Look at a recording, also while it is being written.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("db", type=Path, metavar="DB", help="the recording")
    parser.add_argument("--filter", default="", metavar="TEXT", help="begin with this filter")
    backend_option.add_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Open it, or say why not."""
    try:
        parse(args.filter)
    except FilterError as error:
        message = f"The filter makes no sense at {error.position + 1}: {error.message}."
        raise CommandError(Exit.USAGE, message, f"Expected {error.expected}.") from error
    Reader(args.db).close()
    if not screen.possible():
        raise CommandError(
            Exit.USAGE,
            "There is no terminal to draw on.",
            "`inspector demo --json` and `inspector up --headless` print exchanges instead.",
        )
    gc.disable()  # a tenth of the time to the first paint; the app takes it up again
    from inspector.tui import app  # noqa: PLC0415 - Textual is large, and only now wanted

    return app.run(args.db, filter_text=args.filter, places=dict(args.backend))
