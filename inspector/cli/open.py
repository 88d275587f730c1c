"""`inspector open DB`: the screen on a recording, also while another process writes it; or lines."""

from __future__ import annotations

import argparse
import gc
from pathlib import Path

from inspector.cli import backend_option, screen
from inspector.cli.exit import CommandError, Exit
from inspector.cli.help_text import HelpText
from inspector.recording.filters import FilterError, parse
from inspector.recording.reader import Reader

EXAMPLES = """examples:
  inspector open inspector.db
  inspector open inspector.db --filter 'status:5xx since:1h'
  inspector open inspector.db --text | tail
  inspector open inspector.db --json --filter path:/pets | jq .response.status"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector open DB [--filter TEXT] [--text | --json] [--backend NAME=URL]`."""
    parser = commands.add_parser(
        "open",
        help="look at a recording",
        description="Look at a recording, also while it is being written: on the screen, or as "
        "text where there is no terminal.",
        epilog=EXAMPLES,
        formatter_class=HelpText,
    )
    parser.add_argument("db", type=Path, metavar="DB", help="the recording")
    parser.add_argument("--filter", default="", metavar="TEXT", help="begin with this filter")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--text", action="store_true", help="print a line for each exchange")
    form.add_argument("--json", action="store_true", help="print each exchange as a JSON line")
    backend_option.add_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Open it, or say why not."""
    try:
        chosen = parse(args.filter)
    except FilterError as error:
        message = f"The filter makes no sense at {error.position + 1}: {error.message}."
        raise CommandError(Exit.USAGE, message, f"Expected {error.expected}.") from error
    with Reader(args.db) as reader:
        if args.text or args.json or not screen.possible():
            from inspector.cli import headless  # noqa: PLC0415 - the screen opens sooner without

            headless.show_new(reader, 0, chosen, as_json=args.json)
            return Exit.OK
    gc.disable()  # a tenth of the time to the first paint; the app takes it up again
    from inspector.tui import app  # noqa: PLC0415 - Textual is large, and only now wanted

    return app.run(args.db, filter_text=args.filter, places=dict(args.backend))
