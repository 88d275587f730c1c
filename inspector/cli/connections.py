"""`inspector connections`: the WebSockets of a running gateway; say something on one, or end it."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from inspector.cli import narration, up
from inspector.cli.asked import asked
from inspector.cli.exit import CommandError, Exit
from inspector.cli.help_text import HelpText
from inspector.cli.request_options import body_of

Found = list[dict[str, Any]]

_EPILOG = """\
examples:
  inspector connections                                         those that are open
  inspector connections say gbiku27WzQAYKEjhnA== '{"action": "ping"}'
  inspector connections say gbik @message.json                  the text of a file; - reads it
  inspector connections close gbik

What is said is a message as if the connection's client had sent it: it is routed, answered and
recorded like one, and what comes back goes to that client. ID is a connection id, or the beginning
of one. To send to the client instead, POST to /STAGE/@connections/ID (`inspector sign` signs it).
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector connections [list|say|close] [ID] [TEXT]`."""
    parser = commands.add_parser(
        "connections",
        help="list the open WebSockets of a running gateway, say something on one, or end it",
        description="List the open WebSockets of a running gateway, send a message as if the "
        "client of one had sent it, or end one.",
        epilog=_EPILOG,
        formatter_class=HelpText,
    )
    parser.add_argument(
        "action", nargs="?", choices=("list", "say", "close"), default="list",
        help="(default list)",
    )  # fmt: skip
    parser.add_argument("id", nargs="?", metavar="ID", help="a connection, or how it begins")
    parser.add_argument("text", nargs="?", metavar="TEXT", help="the message, @FILE or -")
    parser.add_argument(
        "--db", type=Path, default=up.RECORDING, metavar="FILE",
        help=f"the recording of the gateway (default {up.RECORDING})",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Ask the gateway."""
    _check(args)
    found = _asked(args, {"do": "list"})
    if args.action != "list":
        named = _named(found, args.id)
        payload = {"do": args.action, "id": named["id"]}
        if args.action == "say":
            payload["text"] = body_of(args.text).decode("utf-8", "replace")
        found = _asked(args, payload)
    if args.json:
        print(json.dumps(found, ensure_ascii=False))
    elif args.action == "say":
        narration.say(f"Said on {found[0]['id']}; its exchange is in {args.db}.")
    elif args.action == "close":
        narration.say(f"{found[0]['id']} is being closed.")
    else:
        _print(found)
    return Exit.OK


def _check(args: argparse.Namespace) -> None:
    if args.action == "list" and args.id is not None:
        raise CommandError(Exit.USAGE, "`list` takes no ID.", "Leave it out.")
    if args.action != "list" and args.id is None:
        raise CommandError(Exit.USAGE, f"`{args.action}` wants the ID of a connection.")
    if args.action == "say" and args.text is None:
        raise CommandError(Exit.USAGE, "`say` wants a TEXT, @FILE, or - to read it.")
    if args.action == "close" and args.text is not None:
        raise CommandError(Exit.USAGE, "`close` takes no TEXT.")


def _asked(args: argparse.Namespace, payload: dict[str, Any]) -> Found:
    found: Found = asked(args.db, "connections", payload)["connections"]
    return found


def _named(found: Found, wanted: str) -> dict[str, Any]:
    """The one that is called so, or begins so."""
    named = [each for each in found if each["id"] == wanted] or [
        each for each in found if each["id"].startswith(wanted)
    ]
    if len(named) == 1:
        return named[0]
    hint = "`inspector connections` lists those that are open."
    what = f"{len(named)} connections begin with" if named else "no open connection is called"
    raise CommandError(Exit.USAGE, f"{what} {wanted!r}", hint)


def _print(found: Found) -> None:
    if not found:
        narration.say("No WebSocket is open.")
    for each in found:
        agent = each["user_agent"] or "no user agent"
        since, last = _ago(each["connected_ms"]), _ago(each["last_active_ms"])
        print(
            narration.plain(
                f"{each['id']}  {each['api']}/{each['stage']}  {each['state']:<10}  "
                f"{each['source_ip']}  connected {since}, active {last}  {agent}"
            )
        )


def _ago(moment_ms: int) -> str:
    seconds = max(0, int(time.time() - moment_ms / 1000))
    if seconds < 120:
        return f"{seconds} s ago"
    return f"{seconds // 60} min ago"
