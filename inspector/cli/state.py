"""`inspector state`: what a running gateway remembers; look at it, or let it forget."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inspector.cli import narration, up
from inspector.cli.asked import asked
from inspector.cli.exit import CommandError, Exit
from inspector.cli.help_text import HelpText
from inspector.runtime.state_words import TITLES, level, title

Items = list[dict[str, Any]]

_EPILOG = """\
examples:
  inspector state                                  all that is remembered
  inspector state show 3fa1c2d0                    one thing, with what it holds
  inspector state reset 3fa1c2d0                   fill a bucket, uncount a quota, forget an entry
  inspector state reset 'plan gold'                all whose name has this
  inspector state reset --kind response            the whole response cache
  inspector state reset --all --db petstore.db

Token buckets, quotas, cached responses and results of authorizers are those of the gateway that is
running on the recording. THING is an id as the list shows it, or a part of a name.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector state [list|show|reset] [THING…]`."""
    parser = commands.add_parser(
        "state",
        help="look at buckets, quotas and caches of a running gateway, or reset them",
        description="Look at what a running gateway remembers from request to request: token "
        "buckets, quotas, cached responses, results of authorizers; or let it forget.",
        epilog=_EPILOG,
        formatter_class=HelpText,
    )
    parser.add_argument(
        "action", nargs="?", choices=("list", "show", "reset"), default="list",
        help="(default list)",
    )  # fmt: skip
    parser.add_argument("things", nargs="*", metavar="THING", help="an id, or a part of a name")
    parser.add_argument("--kind", choices=tuple(TITLES), help="only things of this kind")
    parser.add_argument("--all", action="store_true", help="reset everything")
    parser.add_argument(
        "--db", type=Path, default=up.RECORDING, metavar="FILE",
        help=f"the recording of the gateway (default {up.RECORDING})",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Ask the gateway."""
    if args.action == "show" and not args.things:
        raise CommandError(Exit.USAGE, "Say what is to be shown: an id, or a part of a name.")
    if args.action == "reset" and not (args.things or args.kind or args.all):
        hint = "Name things, or say --kind KIND, or --all."
        raise CommandError(Exit.USAGE, "Say what is to be reset.", hint)
    if args.all and (args.things or args.kind):
        raise CommandError(Exit.USAGE, "--all is everything: name nothing beside it.")
    found = _chosen(_asked(args, {"do": "list", "values": args.action == "show"}), args)
    if args.action == "reset":
        found = _asked(args, {"do": "reset", "ids": [item["id"] for item in found]})
    if args.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        _print(found, args.action)
    return Exit.OK


def _asked(args: argparse.Namespace, payload: dict[str, Any]) -> Items:
    found: Items = asked(args.db, "state", payload)["items"]
    return found


def _chosen(items: Items, args: argparse.Namespace) -> Items:
    """Those that are named; a name that names nothing is an error."""
    if args.kind:
        items = [item for item in items if item["kind"] == args.kind]
    if not args.things:
        return items
    found: Items = []
    for thing in args.things:
        named = [item for item in items if item["id"] == thing] or [
            item for item in items if thing in title(item)
        ]
        if not named:
            hint = "`inspector state` lists what there is."
            raise CommandError(Exit.USAGE, f"nothing is called {thing!r}", hint)
        found += [item for item in named if item not in found]
    return found


def _print(items: Sequence[dict[str, Any]], action: str) -> None:
    if action == "reset":
        narration.say(f"{len(items)} reset.")
    elif not items:
        narration.say("Nothing is remembered: no bucket, quota or cache was asked for yet.")
    for item in items:
        head = f"{item['id']}  {TITLES[item['kind']]:<17}  {title(item)}"
        print(narration.plain(head))
        if action != "reset":
            print(narration.paint(narration.plain(f"          {level(item)}"), narration.DIM,
                                  sys.stdout))  # fmt: skip
        if "value" in item["facts"]:
            value = item["facts"]["value"]
            text = value if isinstance(value, str) else json.dumps(value, indent=2)
            print(narration.plain_lines(text))
