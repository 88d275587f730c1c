"""`inspector explain`: why an exchange ended as it did, and what to try."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

from addons.exchanges import Asked, exchange_of
from inspector.cli import (
    api_options,
    check,
    client_canonical,
    exchange_text,
    explain_text,
    function_options,
    invoke,
    issuer_option,
    keys_option,
    narration,
    truststore_option,
)
from inspector.cli.exit import CommandError, Exit
from inspector.definitions import Bundle, Diagnostic, Loaded, load
from inspector.definitions.places import Places
from inspector.gateway.deploy import Served
from inspector.gateway.explain import Explanation, to_data
from inspector.gateway.explain.case import Odd
from inspector.gateway.explain.near import likeness
from inspector.gateway.explain.odd import worded
from inspector.gateway.pipeline import converse
from inspector.message import Request
from inspector.recording.exchange import Exchange
from inspector.recording.filters import parse
from inspector.recording.reader import Reader
from inspector.replay.edited_since import with_edits
from inspector.replay.explaining import explain_exchange, explain_loaded
from inspector.runtime.drive import drive_async
from inspector.runtime.functions.declared import Finder

_EPILOG = """\
examples:
  inspector explain api.yaml GET /pets
  inspector explain template.yaml POST /orders -H 'Content-Type: text/plain' -d hello
  inspector explain template.yaml GET /b -H 'Authorization: t' --after 'GET /a'
  inspector explain template.yaml GET /report -H 'x-api-key: KEY' --repeat 5
  inspector explain inspector.db 42
  inspector explain inspector.db last --json
  inspector explain inspector.db 42 --client-canonical debug.log

ID is the number of an exchange of a recording, or `last`: the newest that was refused or failed.
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
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    api_options.add_arguments(parser, single=True)
    parser.add_argument("method", metavar="METHOD|ID", help="such as GET; of a recording: the id")
    parser.add_argument("path", metavar="PATH", nargs="?", help="with its query, without the stage")
    invoke.add_request_arguments(parser)
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
        "--repeat", type=int, default=1, metavar="N", help="send it N times, explain the last"
    )
    parser.add_argument("--json", action="store_true", help="print the explanation as JSON")


def run(args: argparse.Namespace) -> int:
    """Find out and say it."""
    if _is_recording(args.definition):
        exchange, found, line_of = _recorded(args)
    else:
        if args.path is None:
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
        print(
            "\n".join(
                [*explain_text.lines(exchange, found, line_of), *exchange_text.printed(exchange)]
            )
        )
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
    found = with_edits(explain_exchange(exchange, bundle), exchange, bundle)
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
    errors = broken_order(loaded)
    if args.json:
        print(json.dumps(_broken_data(errors), ensure_ascii=False))
    else:
        for diagnostic in errors:
            narration.say(check.worded(diagnostic, sys.stderr))
        narration.error(f"Nothing can be served: {check.verdict(loaded)}.")
    return Exit.DEFINITION


def broken_order(loaded: Loaded) -> list[Diagnostic]:
    """What breaks a definition; first what is odd about it, such as a misspelt name."""
    errors = [each for each in loaded.diagnostics if each.level == "error"]
    warnings = [each for each in loaded.diagnostics if each.level == "warning"]
    if not errors:
        return warnings
    first = errors[0]
    tags = [each for each in warnings if each.code == "unknown-tag"]
    inside = [each for each in warnings if each.code in _ODD and _is_inside(each, first)]
    places = Places.of(loaded.bundle)
    odd = [
        Diagnostic("warning", "odd-name", worded(each), each.source,
                   f"Write {each.meant}." if each.meant else "")
        for each in places.odd()
        if each.source.file == first.source.file and _may_cause(each, first)
    ]  # fmt: skip
    return [*tags, *odd, *inside, *_renamed(places, first), *_named(places, first), *errors]


#: Warnings that may be the cause of an error further out.
_ODD = frozenset(
    ("unknown-extension", "unknown-property", "unknown-key", "unknown-value", "wrong-type")
)


def _may_cause(odd: Odd, error: Diagnostic) -> bool:
    """Whether a misspelt name lies within what is complained of, or is a resource's own."""
    inside = f"{odd.source.pointer}/".startswith(f"{error.source.pointer}/")
    return inside or odd.source.pointer.count("/") == 3


def _renamed(places: Places, error: Diagnostic) -> list[Diagnostic]:
    """A resource that nobody refers to, and whose name is nearly one that is missed."""
    missed = _MISSED.search(error.message)
    if missed is None:
        return []
    word = next(each for each in missed.groups() if each)
    free = {
        name: source for name, source in places.logical_ids() if not places.referred(name)
    }  # fmt: skip
    # Of two names that should be one, the slip is the one that stands nowhere else.
    slips = [
        name
        for name in free
        if likeness(word, name) >= _ALIKE and places.familiar(name) < places.familiar(word)
    ]
    if not slips:
        return []
    near = max(slips, key=lambda name: likeness(word, name) - 0.1 * places.familiar(name))
    message = f"{word} is missing; {near} is declared, and nobody refers to it"
    return [Diagnostic("warning", "renamed", message, free[near], f"Write {word}.")]


_ALIKE = 0.5
#: Names that are referred to and not declared, in CloudFormation's sentences.
_MISSED = re.compile(
    r"dependencies \[(\w+)|undefined resource (\w+)|specified: (\w+)|Deployment id (\w+)"
)


def _named(places: Places, error: Diagnostic) -> list[Diagnostic]:
    """The value that an error quotes, where it stands further in than the error itself."""
    words = re.findall(r"'([^']+)'|waits (\d+) ms", error.message)
    found = places.holding(error.source, {each for pair in words for each in pair if each})
    if found is None or found.line == error.source.line:
        return []
    return [Diagnostic("error", error.code, error.message, found, error.remedy)]


def _is_inside(one: Diagnostic, other: Diagnostic) -> bool:
    same = one.source.file == other.source.file
    return same and one.source.pointer.startswith(other.source.pointer)


def _broken_data(errors: list[Diagnostic]) -> dict[str, object]:
    sources = [
        {
            "file": each.source.file,
            "line": each.source.line,
            "column": each.source.column,
            "pointer": each.source.pointer,
        }
        for each in errors
    ]
    first = errors[0] if errors else None
    return {
        "sentence": "" if first is None else f"The definition is broken: {first.message}",
        "status": None,
        "outcome": "broken",
        "stage": "definition",
        "rule": None if first is None else f"definition.{first.code}",
        "response_type": None,
        "source": sources[0] if sources else None,
        "lines": sources,
        "request_part": None,
        "evidence": [],
        "remedy": None if first is None else first.remedy,
        "try": [],
        "checks": [],
        "notes": [],
    }


def _sent(args: argparse.Namespace, loaded: Loaded) -> tuple[Exchange, Explanation]:
    keys_option.check(args)
    truststore_option.check(args)
    issuer_option.check(args)
    function_options.announce(args)
    if args.repeat < 1:
        raise CommandError(Exit.USAGE, "--repeat wants a number of at least 1")
    exchange = asyncio.run(_exchange(args, loaded, invoke.served_of(loaded, args)))
    return exchange, explain_loaded(exchange, loaded)


async def _exchange(args: argparse.Namespace, loaded: Loaded, served: Served) -> Exchange:
    """The last of the exchanges, all of them by the same gateway."""
    asked = invoke.request_of(args, served)
    finder = Finder(lambda: loaded.definition.functions, [str(args.definition)])
    means, around = invoke.means_for(args, finder), invoke.circumstances(args)
    try:
        for request in (*_before(args, asked), *[asked] * args.repeat):
            began = time.perf_counter_ns()
            at = Asked(
                request, around.now("https", "HTTP/1.1", "127.0.0.1"), time.time_ns() // 1000,
                began, loaded.bundle.digest, invoke.host_of(args) or served.api.host,
            )  # fmt: skip
            performer = invoke.Performer(means, began)
            conversation = converse(served, at.request, at.environment)
            answer = await drive_async(conversation, performer)
            exchange = exchange_of(at, answer, performer.performed)
    finally:
        await means.close()
        finder.close()
    return exchange


def _before(args: argparse.Namespace, asked: Request) -> list[Request]:
    given = args.path if args.path.startswith("/") else f"/{args.path}"
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
