"""`inspector invoke`: one request through the whole pipeline, in this process."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time

from addons.exchanges import Asked, exchange_of
from inspector.cli import (
    api_options,
    client_canonical,
    exchange_data,
    exchange_text,
    explain_text,
    guards,
    narration,
    one_request,
    reach_options,
    request_options,
    socket_event,
    up,
)
from inspector.cli.exit import CommandError, Exit
from inspector.cli.help_text import HelpText
from inspector.definitions import Loaded, load
from inspector.definitions.places import Places
from inspector.gateway.as_test import SKIPPED, converse_as_test
from inspector.gateway.deploy import Served, ServedApi
from inspector.gateway.execution_log import lines
from inspector.gateway.explain import to_data
from inspector.gateway.http_api import access_log
from inspector.gateway.pipeline import Answer, Conversation, converse
from inspector.gateway.told import Told
from inspector.recording.exchange import Exchange
from inspector.replay.explaining import explain_loaded
from inspector.runtime.drive import drive_async
from inspector.runtime.functions.declared import Finder

_EPILOG = """\
examples:
  inspector invoke api.yaml GET /pets
  inspector invoke api.yaml POST /pets -H 'Content-Type: application/json' -d '{"name": "Rex"}'
  inspector invoke template.yaml GET /orders/7 --stage prod --stage-variable table=orders
  inspector invoke api.yaml GET /pets/7 --log --as-test
  inspector invoke api.yaml GET /pets/7 --explain
  inspector invoke api.yaml GET /admin -H 'Authorization: Bearer x' --caller office.yaml
  inspector invoke template.yaml GET /v1/pets --host api.example.com
  inspector invoke api.yaml GET /pets --backend pets.example=http://127.0.0.1:9000 --body
  inspector invoke chat.yaml CONNECT '/?token=ann.sesame'
  inspector invoke chat.yaml MESSAGE -d '{"action": "ping"}' --authorizer-context '{"name": "ann"}'
  inspector invoke chat.yaml DISCONNECT --close-code 1001

PATH follows the stage. Of a WebSocket API, METHOD is an event of a connection: CONNECT (the
handshake), MESSAGE (its text is the body; the frame that comes back is printed) or DISCONNECT. The
body is given as it is, as @FILE, or as - for the standard input.
Backends are called and functions run, but with --no-functions.
exit codes: 0 the integration answered, 1 the gateway refused or failed, 2 the command line makes
no sense, 3 the definition is broken
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector invoke DEFINITION METHOD PATH [options]`."""
    parser = commands.add_parser(
        "invoke",
        help="send one request through a definition, and see every step",
        description="Send one request through the whole gateway in this process: routing, access, "
        "validation, mapping, the real backend or function, and back. Nothing is recorded.",
        usage="inspector invoke DEFINITION METHOD PATH [options]",
        epilog=_EPILOG,
        formatter_class=HelpText,
    )
    api_options.add_arguments(parser, single=True)
    parser.add_argument("method", metavar="METHOD", type=request_options.method, help="such as GET")
    parser.add_argument(
        "path",
        metavar="PATH",
        nargs="?",
        default="/",
        type=request_options.path,
        help="with its query, without the stage (default /)",
    )
    one_request.add_arguments(parser)
    socket_event.add_arguments(parser)
    client_canonical.add_argument(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the exchange as JSON")
    parser.add_argument(
        "--log",
        action="store_true",
        help="print Amazon's execution log of it, too (of an HTTP API ours, Amazon has none), and "
        "the line of the stage's access log",
    )
    parser.add_argument(
        "--as-test",
        action="store_true",
        help="as the console's test button does: PATH fills the variables of the resource, and "
        f"{SKIPPED} are skipped",
    )
    form.add_argument(
        "--body", action="store_true", help="print nothing but the answer's body, byte for byte"
    )
    parser.add_argument(
        "--explain",
        action="store_true",
        help="say why it was refused or failed, and what to do, instead of every step (what "
        "`inspector explain DEFINITION METHOD PATH` says)",
    )


def run(args: argparse.Namespace) -> int:
    """Send it and show what came of it."""
    if args.explain and args.body:
        raise CommandError(Exit.USAGE, "--explain and --body exclude each other")
    loaded = up.loaded_or_refused(load([args.definition], api_options.options(args)))
    reach_options.check(args, loaded)
    served = one_request.served_of(loaded, args)
    if args.as_test:
        narration.say(f"As a test: {SKIPPED} are skipped.")
    clients = client_canonical.read(args.client_canonical) if args.client_canonical else None
    exchange, log, access = asyncio.run(_invoke(args, loaded, served))
    beside = None if clients is None else client_canonical.compared(exchange.trace, clients)
    found = explain_loaded(exchange, one_request.with_code(loaded, args)) if args.explain else None
    if args.json:
        document = exchange_data.as_data(exchange)
        more: dict[str, object] = {"log": log, "access_log": access} if args.log else {}
        if found is not None:
            more["explanation"] = to_data(found)
        if clients is not None:
            more["client_canonical"] = client_canonical.as_data(beside)
        print(json.dumps({**document, **more}, ensure_ascii=False))
    elif args.body:
        sys.stdout.buffer.write(exchange.response.body if exchange.response else b"")
        sys.stdout.buffer.flush()
    else:
        if found is not None:
            explain_text.show(exchange, found, Places.of(loaded.bundle).line)
        else:
            _print(exchange)
        if clients is not None:
            print("", *map(narration.plain, client_canonical.words(beside)), sep="\n")
        if args.log:
            print("", *map(narration.plain, log), sep="\n")
            if access is not None:
                print("", narration.plain(access), sep="\n")
    return Exit.OK if exchange.outcome == "answered" else Exit.FAILED


def _tell_of_guards(args: argparse.Namespace, loaded: Loaded, known: guards.Known) -> None:
    """What cannot keep anybody out, or in, on this machine."""
    found = guards.unguarded(loaded, known)
    guards.refuse(found, strict=args.strict)
    new = [each for each in found if each not in loaded.diagnostics]
    if new:
        narration.warn(narration.plain_lines(guards.told(new)))


async def _invoke(
    args: argparse.Namespace, loaded: Loaded, served: Served
) -> tuple[Exchange, list[str], str | None]:
    """What came of it, its execution log, and the line of the access log, if the stage has one."""
    finder = Finder(lambda: loaded.definition.functions, [str(args.definition)])
    means = reach_options.means_for(args, finder, idle=args.no_functions)
    _tell_of_guards(args, loaded, guards.known_of(means, dict(args.function), finder))
    environment = one_request.environment_of(args, served)
    began = time.perf_counter_ns()
    asked = Asked(
        one_request.request_of(args, served), environment, time.time_ns() // 1000, began,
        loaded.bundle.digest, one_request.host_of(args) or served.api.host,
    )  # fmt: skip
    performer = one_request.Performer(means, began)
    try:
        answer: Answer = await drive_async(_conversation(args, served, asked), performer)
        exchange = exchange_of(asked, answer, performer.performed)
        exchange = await one_request.finished(means, exchange)
    finally:
        await means.close()
        finder.close()
    told = Told(
        asked.request,
        environment,
        answer,
        [
            (each.effect, each.reply, (each.ended_us - each.started_us) // 1000)
            for each in performer.performed
        ],
    )
    log = lines(told, as_test=args.as_test)
    return exchange, log, access_log.line(told, exchange.duration_us // 1000)


def _conversation(args: argparse.Namespace, served: Served, asked: Asked) -> Conversation:
    if not args.as_test:
        return converse(served, asked.request, asked.environment)
    if not isinstance(served, ServedApi):
        hint = "Send the request as a client does: without --as-test."
        raise CommandError(Exit.USAGE, "Amazon has a test button for REST APIs alone", hint)
    stage = args.stage or next(iter(served.deployments))
    path = one_request.path_of(args)
    match = served.deployments[stage].tree.match(args.method.upper(), path.partition("?")[0])
    if match is None:
        raise CommandError(Exit.USAGE, f"no resource has {args.method.upper()} {path}")
    return converse_as_test(
        served, stage, match.found.resource.path, args.method.upper(),
        path=path, request=asked.request, environment=asked.environment,
    )  # fmt: skip


def _print(exchange: Exchange) -> None:
    print("\n".join(exchange_text.story(exchange)))
    response = exchange.response
    if response is None:
        return
    print()
    for name, value in response.headers:
        print(narration.paint(narration.plain(f"{name}: {value}"), narration.DIM, sys.stdout))
    if response.body:
        print()
        print(narration.plain_lines(response.body.decode("utf-8", "replace")))
