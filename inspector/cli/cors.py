"""`inspector cors`: would a browser let a page of another origin make this call, and if not, why."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.cli import (
    api_options,
    narration,
    one_request,
    reach_options,
    request_options,
    up,
)
from inspector.cli.exit import CommandError, Exit
from inspector.cli.help_text import HelpText
from inspector.definitions import Loaded, load
from inspector.gateway.answer import Answer
from inspector.gateway.browser.asking import ScriptCall, answered_call, preflight_of
from inspector.gateway.browser.blame import Blame, Messenger, blame, messenger
from inspector.gateway.browser.judging import Check, Judgement, judge, unreadable
from inspector.gateway.browser.words import sentence
from inspector.gateway.deploy import Served
from inspector.gateway.pipeline import converse
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.message import Request
from inspector.runtime.drive import drive_async
from inspector.runtime.functions.declared import Finder

_EPILOG = """\
examples:
  inspector cors api.yaml /pets --origin http://localhost:3000
  inspector cors api.yaml /pets/7 --origin https://shop.example --method PUT --headers x-trace
  inspector cors template.yaml /orders --origin https://shop.example --method POST \\
      -H 'Content-Type: application/json' -H 'Authorization: Bearer x' -d '{}' --credentials
  inspector cors api.yaml /pets --origin https://shop.example --method DELETE --preflight-only --json

The preflight and the call itself are sent as `inspector invoke` sends a request: backends are called,
and functions run, but with --no-functions. Give headers with their values (-H) where the value decides.
exit codes: 0 the script gets its answer, 1 the browser keeps it back, 2 the command line makes no
sense, 3 the definition is broken
"""
_ORIGIN = re.compile(
    r"null|[a-z][a-z0-9+.-]*://(?:\[[0-9a-f:.]+\]|[^/?#@:\s]+)(?::\d+)?", re.IGNORECASE
)
_DEFAULT_PORTS = {"http": "80", "https": "443"}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector cors DEFINITION PATH --origin O [options]`."""
    parser = commands.add_parser(
        "cors",
        help="judge a call from another origin as a browser does, header by header",
        description="Judge a call of a page on another origin as a browser does (the Fetch "
        "standard): the preflight, the answer, header by header, and the line of the definition "
        "to mend.",
        usage="inspector cors DEFINITION PATH --origin ORIGIN [options]",
        epilog=_EPILOG,
        formatter_class=HelpText,
    )
    api_options.add_arguments(parser, single=True)
    parser.add_argument(
        "path", metavar="PATH", type=request_options.path, help="with its query, without the stage"
    )
    parser.add_argument(
        "--origin", metavar="ORIGIN", required=True, type=_origin,
        help="of the page: https://shop.example, without a path",
    )  # fmt: skip
    parser.add_argument(
        "--method", metavar="METHOD", default="GET", type=_method, help="default: %(default)s"
    )
    parser.add_argument(
        "--headers", metavar="NAMES", default="", type=_names,
        help="what the script sets: x-one,x-two (with values: -H)",
    )  # fmt: skip
    parser.add_argument(
        "--credentials", action="store_true", help="with cookies (credentials: 'include')"
    )
    parser.add_argument("--preflight-only", action="store_true", help="do not send the call itself")
    parser.add_argument("--json", action="store_true", help="print the judgement as JSON")
    one_request.add_arguments(parser)


@dataclass(frozen=True, slots=True)
class Judged:
    """All that came of a call. An answer of None: that leg was not sent."""

    call: ScriptCall
    request: Request
    judgement: Judgement
    preflight: Answer | None
    answer: Answer | None
    blame: Blame | None
    failure: Messenger | None


def run(args: argparse.Namespace) -> int:
    """Ask, judge, tell."""
    loaded = up.loaded_or_refused(load([args.definition], api_options.options(args)))
    reach_options.check(args, loaded)
    names = [(name, None) for name in args.headers]
    call = ScriptCall(args.origin, args.method, (*args.header, *names), args.credentials)
    args.method = call.sent_method
    served = one_request.served_of(loaded, args)
    if isinstance(served, ServedWebSocketApi):
        hint = "Look at the header Origin in its $connect function, or in the authorizer."
        message = f"{served.api.name} is a WebSocket API: browsers let every origin connect"
        raise CommandError(Exit.USAGE, message, hint)
    found = asyncio.run(_ask(args, loaded, served, call))
    if args.json:
        print(json.dumps(_as_data(found), ensure_ascii=False))
    else:
        headline, *lines = map(narration.plain, _lines(found))
        colour = narration.GREEN if found.judgement.allowed else narration.RED
        print(narration.paint(headline, colour, sys.stdout), *lines, sep="\n")
        if names and found.answer is not None:
            bare = ", ".join(name for name, _ in names)
            narration.say(f"Not sent, because no value was given (-H): {bare}.")
    return Exit.OK if found.judgement.allowed else Exit.FAILED


async def _ask(
    args: argparse.Namespace, loaded: Loaded, served: Served, call: ScriptCall
) -> Judged:
    finder = Finder(lambda: loaded.definition.functions, [str(args.definition)])
    means = reach_options.means_for(args, finder, idle=args.no_functions)
    circumstances = one_request.circumstances(args)

    async def send(request: Request) -> Answer:
        environment = circumstances.now("https", "HTTP/1.1", "127.0.0.1")
        performer = one_request.Performer(means, time.perf_counter_ns())
        return await drive_async(converse(served, request, environment), performer)

    request = answered_call(call, one_request.request_of(args, served))
    preflight = answer = None
    try:
        if call.needs_preflight:
            preflight = await send(preflight_of(call, request.target, request.host))
        early = judge(call, None if preflight is None else preflight.response, None)
        if early.allowed and not args.preflight_only:
            answer = await send(request)
        await means.functions.finish()
    finally:
        await means.close()
        finder.close()
    return _judged(call, request, preflight, answer, served)


def _judged(
    call: ScriptCall,
    request: Request,
    preflight: Answer | None,
    answer: Answer | None,
    served: Served,
) -> Judged:
    judgement = judge(
        call,
        None if preflight is None else preflight.response,
        None if answer is None else answer.response,
    )
    first = judgement.first
    at_fault = preflight if first is not None and first.leg == "preflight" else answer
    return Judged(
        call,
        request,
        judgement,
        preflight,
        answer,
        None if first is None or at_fault is None else blame(first, at_fault, served.api),
        None if at_fault is None else messenger(at_fault),
    )


def _lines(found: Judged) -> Iterator[str]:
    call, judgement = found.call, found.judgement
    verdict = "the script gets its answer" if judgement.allowed else "the browser keeps it back"
    yield f"{call.sent_method} {found.request.target} from {call.origin}: {verdict}"
    if not call.needs_preflight:
        yield "  no preflight is needed"
    for leg, answer in (("preflight", found.preflight), ("answer", found.answer)):
        if answer is None:
            if leg == "answer":
                yield "  answer: the call itself was not sent"
            continue
        yield f"  {leg}: {answer.response.status} {answer.response_type or ''}".rstrip()
        yield from (_line(check) for check in judgement.checks if check.leg == leg)
    if found.failure is not None:
        if judgement.allowed:
            yield f"  The answer itself: {_failure(found.failure)}"
        else:
            yield f"  CORS is the messenger. The first failure: {_failure(found.failure)}"
    if found.blame is not None:
        yield f"  Line: {found.blame.source}"
        yield f"  Do:   {found.blame.remedy}"
    hidden = [] if found.answer is None else unreadable(found.answer.response, call)
    if judgement.allowed and hidden:
        yield f"  Not readable for the script (Access-Control-Expose-Headers): {', '.join(hidden)}"


def _line(check: Check) -> str:
    mark = "✓" if check.ok else "✗"
    if check.doubtful:
        mark = "!"
    return f"    {mark} {sentence(check)}"


def _failure(failure: Messenger) -> str:
    place = f" ({failure.source})" if failure.source is not None else ""
    kind = f" {failure.response_type}" if failure.response_type else ""
    return f"{failure.status}{kind} at {failure.stage}: {failure.sentence}{place}"


def _as_data(found: Judged) -> dict[str, object]:
    judgement = found.judgement
    return {
        "allowed": judgement.allowed,
        "preflight_needed": found.call.needs_preflight,
        "method": found.call.sent_method,
        "origin": found.call.origin,
        "preflight": _leg(found.preflight),
        "answer": _leg(found.answer),
        "checks": [_check(check) for check in judgement.checks],
        "first": None if judgement.first is None else _check(judgement.first),
        "failure": None
        if found.failure is None
        else {
            "status": found.failure.status,
            "stage": found.failure.stage,
            "response_type": found.failure.response_type,
            "text": found.failure.sentence,
            "source": None if found.failure.source is None else str(found.failure.source),
        },
        "source": None
        if found.blame is None or found.blame.source is None
        else str(found.blame.source),
        "remedy": None if found.blame is None else found.blame.remedy,
        "unreadable": [] if found.answer is None else unreadable(found.answer.response, found.call),
    }


def _leg(answer: Answer | None) -> dict[str, object] | None:
    if answer is None:
        return None
    return {
        "status": answer.response.status,
        "response_type": answer.response_type,
        "headers": [[name, value] for name, value in answer.response.headers],
    }


def _check(check: Check) -> dict[str, object]:
    return {
        "leg": check.leg, "what": check.what, "rule": check.rule, "ok": check.ok,
        "doubtful": check.doubtful, "asked": check.asked, "given": check.given,
        "text": sentence(check),
    }  # fmt: skip


def _origin(text: str) -> str:
    """As a browser writes it: without the usual port, the host in lower case."""
    if not _ORIGIN.fullmatch(text):
        message = f"{text!r} is no origin: SCHEME://HOST[:PORT] without a path, or null"
        raise argparse.ArgumentTypeError(message)
    if text == "null":
        return text
    lowered = text.lower()
    usual = _DEFAULT_PORTS.get(lowered.partition(":")[0])
    return lowered if usual is None else lowered.removesuffix(f":{usual}")


def _method(text: str) -> str:
    """A method that a script can send at all (Fetch standard, "forbidden method")."""
    request_options.method(text)
    if text.upper() in ("CONNECT", "TRACE", "TRACK"):
        raise argparse.ArgumentTypeError(f"browsers send no {text.upper()}, whatever is allowed")
    return text


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if not request_options.TOKEN.fullmatch(name):
            raise argparse.ArgumentTypeError(f"{name!r} is no name of a header")
    return names
