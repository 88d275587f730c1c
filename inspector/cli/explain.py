"""`inspector explain`: why an exchange ended as it did, and what to try."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from addons.exchanges import Asked, exchange_of
from inspector.cli import (
    api_options,
    check,
    client_canonical,
    explain_broken,
    explain_text,
    narration,
    one_request,
    quantities,
    reach_options,
    request_options,
    socket_event,
)
from inspector.cli.exit import CommandError, Exit
from inspector.cli.help_text import HelpText
from inspector.definitions import Bundle, Loaded, load
from inspector.definitions.places import Places
from inspector.gateway.deploy import Served
from inspector.gateway.explain import Explanation, to_data
from inspector.gateway.pipeline import converse
from inspector.message import Request
from inspector.recording.exchange import Exchange
from inspector.recording.filters import parse
from inspector.recording.reader import Reader
from inspector.replay.edited_since import explain_by_now
from inspector.replay.explaining import explain_loaded
from inspector.runtime.drive import drive_async
from inspector.runtime.functions.declared import Finder

_EPILOG = """\
examples:
  inspector explain api.yaml GET /pets
  inspector explain template.yaml POST /orders -H 'Content-Type: text/plain' -d hello
  inspector explain template.yaml GET /b -H 'Authorization: t' --after 'GET /a'
  inspector explain template.yaml GET /report -H 'x-api-key: KEY' --repeat 5
  inspector explain chat.yaml MESSAGE -d '{"actoin": "join"}'
  inspector explain inspector.db 42
  inspector explain inspector.db last --json
  inspector explain inspector.db 42 --client-canonical debug.log

ID is the number of an exchange of a recording, or `last`: the newest that was refused or failed.
With a DEFINITION it is `inspector invoke DEFINITION METHOD PATH --explain`: functions that the request
reaches run, and backends are called. --no-functions runs none; an exchange of a recording never does.
A definition that cannot be served is explained too: its first error, with its line.
exit codes: 0 explained, 2 the command line makes no sense, 3 the definition is broken,
4 the recording cannot be used
"""
_SQLITE = b"SQLite format 3\0"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector explain DB ID` and `inspector explain DEFINITION METHOD PATH`."""
    parser = commands.add_parser(
        "explain",
        help="say why a request was refused or failed, and what to do",
        description="Say why an exchange of a recording, or a request sent through a definition "
        "now, was refused or failed: every check in order, the line of the definition that "
        "decided, the evidence, and what can be tried at once.",
        usage="inspector explain DB ID | DEFINITION METHOD PATH [options]",
        epilog=_EPILOG,
        formatter_class=HelpText,
    )
    api_options.add_arguments(parser, single=True)
    parser.add_argument(
        "method", metavar="METHOD|ID", type=request_options.method,
        help="such as GET; of a recording: the id",
    )  # fmt: skip
    parser.add_argument(
        "path", metavar="PATH", nargs="?", type=request_options.path,
        help="with its query, without the stage",
    )  # fmt: skip
    one_request.add_arguments(parser)
    socket_event.add_arguments(parser)
    client_canonical.add_argument(parser)
    parser.add_argument(
        "--after",
        metavar="'METHOD PATH'",
        action="append",
        default=[],
        help="send this one before, with the same headers: fills caches, spends quotas; may be "
        "repeated",
    )
    parser.add_argument(
        "--repeat",
        type=quantities.number,
        default=1,
        metavar="N",
        help="send it N times, explain the last",
    )
    parser.add_argument("--json", action="store_true", help="print the explanation as JSON")


def run(args: argparse.Namespace) -> int:
    """Find out and say it."""
    if _is_recording(args.definition):
        exchange, found, line_of = _recorded(args)
    else:
        if args.path is None and args.method.upper() not in socket_event.EVENTS:
            if not args.definition.exists():
                message = f"There is no recording {args.definition}."
                raise CommandError(
                    Exit.RECORDING, message, "Recordings are made by `inspector up`."
                )
            hint = "inspector explain DEFINITION METHOD PATH, or: inspector explain DB ID"
            raise CommandError(Exit.USAGE, f"{args.definition} is no recording", hint)
        loaded = load([args.definition], api_options.options(args))
        if loaded.broken:
            return _broken(args, loaded)
        exchange, found = _sent(args, loaded)
        line_of = Places.of(loaded.bundle).line
    clients = client_canonical.read(args.client_canonical) if args.client_canonical else None
    beside = None if clients is None else client_canonical.compared(exchange.trace, clients)
    if args.json:
        data = _data(exchange, found)
        if clients is not None:
            data["client_canonical"] = client_canonical.as_data(beside)
        print(json.dumps(data, ensure_ascii=False))
    else:
        explain_text.show(exchange, found, line_of)
        if clients is not None:
            print("", *map(narration.plain, client_canonical.words(beside)), sep="\n")
    return Exit.OK


def _is_recording(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


def _recorded(
    args: argparse.Namespace,
) -> tuple[Exchange, Explanation, explain_text.LineOf]:
    if args.path is not None:
        raise CommandError(Exit.USAGE, f"{args.definition} is a recording: give it an ID only")
    with Reader(args.definition) as reader:
        number = _number(args.method, reader)
        try:
            exchange = reader.exchange(number)
        except KeyError as error:
            message = f"The recording {args.definition} has no exchange {number}."
            raise CommandError(Exit.USAGE, message) from error
        bundle = None
        if exchange.definition is not None:
            bundle = reader.definition(exchange.definition)
    places = Places.of(Bundle.from_json(bundle)) if bundle else Places({})
    found = explain_by_now(exchange, bundle)
    return exchange, found, places.line


def _number(text: str, reader: Reader) -> int:
    if text == "last":
        rows = reader.page(parse("outcome:refused or outcome:failed or status:>=400"), limit=1)
        newest = rows[0].id if rows else reader.newest_id()
        if newest is None:
            raise CommandError(Exit.USAGE, "The recording is empty.")
        return newest
    if not text.isdecimal():
        hint = "The list shows ids; `last` is the newest that went wrong."
        raise CommandError(Exit.USAGE, f"{text!r} is no id of an exchange", hint)
    return int(text)


def _broken(args: argparse.Namespace, loaded: Loaded) -> int:
    """A definition that cannot be served refuses every request: its errors explain them."""
    errors = explain_broken.broken_order(loaded)
    if args.json:
        print(json.dumps(explain_broken.as_data(errors), ensure_ascii=False))
    else:
        for diagnostic in errors:
            narration.say(check.worded(diagnostic, sys.stderr))
        narration.error(f"Nothing can be served: {check.verdict(loaded)}.")
    return Exit.DEFINITION


def _sent(args: argparse.Namespace, loaded: Loaded) -> tuple[Exchange, Explanation]:
    reach_options.check(args, loaded)
    exchange = asyncio.run(_exchange(args, loaded, one_request.served_of(loaded, args)))
    return exchange, explain_loaded(exchange, one_request.with_code(loaded, args))


async def _exchange(args: argparse.Namespace, loaded: Loaded, served: Served) -> Exchange:
    """The last of the exchanges, all of them by the same gateway."""
    asked = one_request.request_of(args, served)
    finder = Finder(lambda: loaded.definition.functions, [str(args.definition)])
    means = reach_options.means_for(args, finder, idle=args.no_functions)
    try:
        for request in (*_before(args, asked), *[asked] * args.repeat):
            began = time.perf_counter_ns()
            at = Asked(
                request, one_request.environment_of(args, served), time.time_ns() // 1000,
                began, loaded.bundle.digest, one_request.host_of(args) or served.api.host,
            )  # fmt: skip
            performer = one_request.Performer(means, began)
            conversation = converse(served, at.request, at.environment)
            answer = await drive_async(conversation, performer)
            exchange = exchange_of(at, answer, performer.performed)
        exchange = await one_request.finished(means, exchange)
    finally:
        await means.close()
        finder.close()
    return exchange


def _before(args: argparse.Namespace, asked: Request) -> list[Request]:
    given = one_request.path_of(args)
    prefix = asked.target.removesuffix(given)
    found = []
    for text in args.after:
        method, _, path = text.strip().partition(" ")
        if not path.strip().startswith("/"):
            raise CommandError(Exit.USAGE, f"--after {text!r} is not 'METHOD /path'")
        found.append(replace(asked, method=method.upper(), target=f"{prefix}{path.strip()}"))
    return found


def _data(exchange: Exchange, found: Explanation) -> dict[str, object]:
    request = exchange.request
    return {"method": request.method, "target": request.target, **to_data(found)}
