"""`inspector db info|prune|extract`: what a recording's file holds, less of it, a part of it."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from inspector import __version__
from inspector.cli import narration, quantities
from inspector.cli.exit import CommandError, Exit
from inspector.cli.help_text import HelpText
from inspector.recording.extract import extract
from inspector.recording.filters import Filter, FilterError, describe, parse
from inspector.recording.reader import Reader
from inspector.recording.retention import Keep, prune
from inspector.recording.summary import Summary, summarize
from inspector.replay.invocations import events_of

EXAMPLES = """examples:
  inspector db info inspector.db
  inspector db prune inspector.db --keep 7d --max-size 2GB
  inspector db extract inspector.db 'status:5xx since:1h' --to failures.db
  inspector db extract inspector.db --event 1204 --to tests/events/created.json"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector db info|prune|extract DB …`."""
    parser = commands.add_parser(
        "db",
        help="look into a recording's file, prune it, extract from it",
        description="Look into a recording's file, prune it, or extract from it.",
        epilog=EXAMPLES,
        formatter_class=HelpText,
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    info = _add_action(actions, "info", "say what it holds")
    pruning = _add_action(actions, "prune", "forget what is old, or too much; favourites stay")
    extracting = _add_action(actions, "extract", "copy exchanges into a new recording")
    for action in (info, pruning, extracting):
        action.add_argument("db", type=Path, metavar="DB", help="the recording")
        action.add_argument("--json", action="store_true", help="print JSON")
    pruning.add_argument(
        "--keep", metavar="AGE", type=quantities.seconds, help="forget what is older, such as 7d"
    )
    pruning.add_argument(
        "--max-size", metavar="SIZE", type=quantities.size, help="the most it may hold, such as 2GB"
    )
    extracting.add_argument(
        "filter", metavar="FILTER", nargs="?", help="which, as in the screen's filter"
    )
    extracting.add_argument(
        "--event",
        type=quantities.number,
        metavar="ID",
        help="instead: the event that this exchange's function was invoked with, as JSON",
    )
    extracting.add_argument(
        "--to", type=Path, metavar="NEW", help="the new file; an event is printed without it"
    )


def _add_action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str
) -> argparse.ArgumentParser:
    """One of the actions, with those of the examples that are its own."""
    first, *lines = EXAMPLES.splitlines()
    own = [line for line in lines if f" db {name} " in line]
    return actions.add_parser(
        name,
        help=what,
        description=f"{what[:1].upper()}{what[1:]}.",
        epilog="\n".join([first, *own]),
        formatter_class=HelpText,
    )


def run(args: argparse.Namespace) -> int:
    """Do it, or say why not."""
    actions = {"info": _info, "prune": _prune, "extract": _extract}
    try:
        return actions[args.action](args)
    except sqlite3.Error as error:
        message = f"The recording {args.db} cannot be used: {error}."
        raise CommandError(Exit.RECORDING, message) from error


def _info(args: argparse.Namespace) -> int:
    found = summarize(args.db)
    if args.json:
        _print_json(asdict(found))
        return Exit.OK
    for name, value in _lines(args.db, found):
        print(f"{name:<12}{value}")
    return Exit.OK


def _prune(args: argparse.Namespace) -> int:
    if args.keep is None and args.max_size is None:
        hint = "For example: inspector db prune DB --keep 7d --max-size 2GB"
        raise CommandError(Exit.USAGE, "Say what is to stay: --keep AGE or --max-size SIZE.", hint)
    keep = Keep(None if args.keep is None else args.keep * 1_000_000, args.max_size)
    done = prune(args.db, keep, now_us=time.time_ns() // 1000)
    if args.json:
        _print_json(asdict(done))
    else:
        print(
            f"{done.exchanges:,} exchanges and {done.bodies:,} bodies forgotten;"
            f" {_bytes(done.bytes_before)} → {_bytes(done.bytes_after)}"
        )
    return Exit.OK


def _extract(args: argparse.Namespace) -> int:
    if args.event is not None:
        return _extract_event(args)
    if args.filter is None or args.to is None:
        hint = "For example: inspector db extract DB 'status:5xx' --to failures.db"
        raise CommandError(Exit.USAGE, "Say which exchanges, and --to which new file.", hint)
    chosen = _filter(args.filter)
    if not args.json:
        narration.say(f"Extracting {describe(chosen)} …")
    count = extract(args.db, chosen, args.to, engine=__version__)
    if args.json:
        _print_json({"exchanges": count, "file": str(args.to)})
    else:
        print(f"{count:,} exchanges in {args.to}")
    return Exit.OK


def _extract_event(args: argparse.Namespace) -> int:
    """The event of the integration; an authorizer's where the integration has none."""
    try:
        with Reader(args.db) as reader:
            events = events_of(reader.exchange(args.event))
    except KeyError:
        message = f"There is no exchange {args.event} in {args.db}."
        raise CommandError(Exit.USAGE, message) from None
    if not events:
        message = f"No function was invoked in the exchange {args.event}."
        hint = "`inspector open` shows which exchanges have a function behind them."
        raise CommandError(Exit.FAILED, message, hint)
    if args.to is None:
        print(events[-1].text, end="")
        return Exit.OK
    try:
        args.to.write_text(events[-1].text, "utf-8", "surrogatepass")
    except OSError as error:
        raise CommandError(Exit.USAGE, f"{args.to}: {error.strerror}") from error
    narration.say(f"The event of {events[-1].function} is in {args.to}.")
    return Exit.OK


def _filter(text: str) -> Filter:
    try:
        return parse(text)
    except FilterError as error:
        message = f"The filter makes no sense at {error.position + 1}: {error.message}."
        raise CommandError(Exit.USAGE, message, f"Expected {error.expected}.") from error


def _lines(path: Path, found: Summary) -> list[tuple[str, str]]:
    outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in found.outcomes.items())
    lines = [
        ("recording", f"{path}, {_bytes(found.file_bytes)}, schema {found.schema}"),
        ("exchanges", f"{found.exchanges:,}" + (f" ({outcomes})" if outcomes else "")),
    ]
    if found.oldest_us is not None and found.newest_us is not None:
        lines.append(("from", f"{_time(found.oldest_us)} to {_time(found.newest_us)}"))
    bodies = f"{found.bodies:,}, {_bytes(found.body_bytes)} in {_bytes(found.body_bytes_stored)}"
    if found.unindexed_bodies:
        bodies += f"; {found.unindexed_bodies:,} not yet in the text index"
    lines += [
        ("bodies", bodies),
        ("definitions", f"{found.definitions:,}"),
        ("favourites", f"{found.marked:,}"),
    ]
    for session in found.sessions[:10]:
        where = f" at {narration.plain(session.listen)}" if session.listen else ""
        state = "running" if session.running else "ended"
        engine = narration.plain(session.engine)
        text = f"{session.role}{where}, {engine}, since {_time(session.started_us)}, {state}"
        lines.append(("session", text))
    return lines


def _time(microseconds: int) -> str:
    moment = datetime.fromtimestamp(microseconds / 1e6, UTC).astimezone()
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _bytes(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def _print_json(value: object) -> None:
    json.dump(value, sys.stdout, indent=2)
    print()
