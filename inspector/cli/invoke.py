"""`inspector invoke`: one request through the whole pipeline, in this process."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path

from addons import performing
from addons.exchanges import Asked, exchange_of
from inspector.cli import (
    api_options,
    backend_option,
    client_canonical,
    exchange_data,
    exchange_text,
    function_options,
    guards,
    issuer_option,
    keys_option,
    narration,
    service_options,
    truststore_option,
    up,
)
from inspector.cli.caller import read_caller
from inspector.cli.exit import CommandError, Exit
from inspector.cli.means import means_of
from inspector.cli.request_options import body_of, header
from inspector.definitions import Loaded, load
from inspector.gateway.as_test import SKIPPED, converse_as_test
from inspector.gateway.deploy import Gateway, Served, ServedApi, deploy_definition
from inspector.gateway.domains import domain_of, local_host
from inspector.gateway.effects import (
    ResponseStarted,
    StreamEnded,
)
from inspector.gateway.execution_log import lines
from inspector.gateway.http_api import access_log
from inspector.gateway.limits import without
from inspector.gateway.pipeline import Answer, Conversation, converse
from inspector.gateway.told import Told
from inspector.message import Headers, Request
from inspector.recording.exchange import Exchange
from inspector.runtime.circumstances import Circumstances
from inspector.runtime.drive import drive_async
from inspector.runtime.failures import BackendError
from inspector.runtime.functions.declared import Finder
from inspector.runtime.functions.places import PlaceError
from inspector.runtime.http import HttpBackends
from inspector.runtime.means import Means
from inspector.runtime.stream import BodyStream

#: Bytes of a stream that are kept and shown.
_KEPT = 1024 * 1024
_EPILOG = """\
examples:
  inspector invoke api.yaml GET /pets
  inspector invoke api.yaml POST /pets -H 'Content-Type: application/json' -d '{"name": "Rex"}'
  inspector invoke template.yaml GET /orders/7 --stage prod --stage-variable table=orders
  inspector invoke api.yaml GET /pets/7 --log --as-test
  inspector invoke api.yaml GET /admin -H 'Authorization: Bearer x' --caller office.yaml
  inspector invoke template.yaml GET /v1/pets --host api.example.com
  inspector invoke api.yaml GET /pets --backend pets.example=http://127.0.0.1:9000 --body

PATH follows the stage. The body is given as it is, as @FILE, or as - for the standard input.
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
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    api_options.add_arguments(parser, single=True)
    parser.add_argument("method", metavar="METHOD", help="such as GET")
    parser.add_argument("path", metavar="PATH", help="with its query, without the stage")
    add_request_arguments(parser)
    client_canonical.add_argument(parser)
    parser.add_argument("--json", action="store_true", help="print the exchange as JSON")
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
    parser.add_argument(
        "--body", action="store_true", help="print nothing but the answer's body, byte for byte"
    )


def add_request_arguments(parser: argparse.ArgumentParser) -> None:
    """What a request is made of beside method and path, and what it may reach."""
    parser.add_argument(
        "-H", "--header", metavar="NAME: VALUE", action="append", default=[], type=header,
        help="a header; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--host", metavar="NAME",
        help="call by this name: a custom domain, where PATH begins with the base path instead of "
        "following the stage, or the name of one of several APIs",
    )  # fmt: skip
    parser.add_argument("-d", "--data", metavar="BODY", default="", help="text, @FILE or -")
    backend_option.add_argument(parser)
    function_options.add_arguments(parser)
    service_options.add_arguments(parser)
    keys_option.add_argument(parser)
    issuer_option.add_argument(parser)
    truststore_option.add_argument(parser)
    parser.add_argument(
        "--caller", type=Path, metavar="FILE", help="who calls: source_ip, vpc_endpoint, principal…"
    )


def run(args: argparse.Namespace) -> int:
    """Send it and show what came of it."""
    loaded = up.loaded_or_refused(load([args.definition], api_options.options(args)))
    keys_option.check(args)
    issuer_option.check(args)
    truststore_option.check(args)
    function_options.announce(args)
    served = served_of(loaded, args)
    if args.as_test:
        narration.say(f"As a test: {SKIPPED} are skipped.")
    clients = client_canonical.read(args.client_canonical) if args.client_canonical else None
    exchange, log, access = asyncio.run(_invoke(args, loaded, served))
    beside = None if clients is None else client_canonical.compared(exchange.trace, clients)
    if args.json:
        document = exchange_data.as_data(exchange)
        more: dict[str, object] = {"log": log, "access_log": access} if args.log else {}
        if clients is not None:
            more["client_canonical"] = client_canonical.as_data(beside)
        print(json.dumps({**document, **more}, ensure_ascii=False))
    elif args.body:
        sys.stdout.buffer.write(exchange.response.body if exchange.response else b"")
        sys.stdout.buffer.flush()
    else:
        _print(exchange)
        if clients is not None:
            print("", *map(narration.plain, client_canonical.words(beside)), sep="\n")
        if args.log:
            print("", *map(narration.plain, log), sep="\n")
            if access is not None:
                print("", narration.plain(access), sep="\n")
    return Exit.OK if exchange.outcome == "answered" else Exit.FAILED


class Performer(performing.Performer):
    """Performs effects; a stream is read to its end, as much of it kept as is shown."""

    def __init__(self, means: Means, began_ns: int) -> None:
        async def read(_head: ResponseStarted, stream: BodyStream) -> StreamEnded:
            return await _read(stream)

        super().__init__(means, read, began_ns)


def _tell_of_guards(args: argparse.Namespace, loaded: Loaded, known: guards.Known) -> None:
    """What cannot keep anybody out, or in, on this machine."""
    found = guards.unguarded(loaded, known)
    guards.refuse(found, strict=args.strict)
    new = [each for each in found if each not in loaded.diagnostics]
    if new:
        narration.warn(narration.plain_lines(guards.told(new)))


async def _read(stream: BodyStream) -> StreamEnded:
    kept, size, error = bytearray(), 0, None
    try:
        async for chunk in stream:
            size += len(chunk)
            kept += chunk[: max(0, _KEPT - len(kept))]
    except BackendError as broken:
        error = broken.detail
    return StreamEnded(size, bytes(kept), error, stream.log)


async def _invoke(
    args: argparse.Namespace, loaded: Loaded, served: Served
) -> tuple[Exchange, list[str], str | None]:
    """What came of it, its execution log, and the line of the access log, if the stage has one."""
    finder = Finder(lambda: loaded.definition.functions, [str(args.definition)])
    means = means_for(args, finder)
    _tell_of_guards(args, loaded, guards.known_of(means, dict(args.function), finder))
    environment = circumstances(args).now("https", "HTTP/1.1", "127.0.0.1")
    began = time.perf_counter_ns()
    asked = Asked(
        request_of(args, served), environment, time.time_ns() // 1000, began,
        loaded.bundle.digest, host_of(args) or served.api.host,
    )  # fmt: skip
    performer = Performer(means, began)
    try:
        answer: Answer = await drive_async(_conversation(args, served, asked), performer)
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
    exchange = exchange_of(asked, answer, performer.performed)
    return exchange, log, access_log.line(told, exchange.duration_us // 1000)


def means_for(args: argparse.Namespace, finder: Finder) -> Means:
    """What the options let a request reach. Raises `CommandError`."""
    try:
        return means_of(
            finder,
            HttpBackends(dict(args.backend)),
            functions=dict(args.function),
            debug=args.debug,
            endpoints=dict(args.endpoint),
            issuers=dict(args.issuer),
            truststores=dict(args.truststore),
            keys=str(args.keys) if args.keys else None,
            account=args.account,
        )
    except PlaceError as error:
        raise CommandError(Exit.USAGE, str(error)) from error


def circumstances(args: argparse.Namespace) -> Circumstances:
    """The clock and ids, and the caller that is simulated."""
    return Circumstances(read_caller(args.caller) if args.caller else None)


def _conversation(args: argparse.Namespace, served: Served, asked: Asked) -> Conversation:
    if not args.as_test:
        return converse(served, asked.request, asked.environment)
    if not isinstance(served, ServedApi):
        hint = "Send the request as a client does: without --as-test."
        raise CommandError(Exit.USAGE, "Amazon has no test button for HTTP APIs", hint)
    stage = args.stage or next(iter(served.deployments))
    path = _path(args)
    match = served.deployments[stage].tree.match(args.method.upper(), path.partition("?")[0])
    if match is None:
        raise CommandError(Exit.USAGE, f"no resource has {args.method.upper()} {path}")
    return converse_as_test(
        served, stage, match.found.resource.path, args.method.upper(),
        path=path, request=asked.request, environment=asked.environment,
    )  # fmt: skip


def request_of(args: argparse.Namespace, served: Served) -> Request:
    """The request that the options describe, as a client sends it."""
    fields = list(args.header)
    host = host_of(args)
    if host is None or args.host:
        host = host or local_host(served.api)
        fields.insert(0, ("Host", host))
    body = body_of(args.data)
    if body and not any(name.lower() == "content-length" for name, _ in fields):
        fields.append(("Content-Length", str(len(body))))
    chosen = served.deployments.get(args.stage or next(iter(served.deployments)))
    prefix = f"/{args.stage}" if chosen is None else chosen.stage.prefix
    if domain_of(served.domains, host):
        prefix = ""
    return Request(args.method.upper(), f"{prefix}{_path(args)}", Headers.of(fields), body)


def served_of(loaded: Loaded, args: argparse.Namespace) -> Served:
    """The only API, or the one that the host leads to."""
    gateway = _gateway(loaded)
    host = host_of(args)
    if host is not None:
        asked = Request(args.method, _path(args), Headers.of([*args.header, ("Host", host)]))
        served = gateway.serving(asked)
        if served is not None:
            return served
    if len(gateway.apis) != 1:
        names = ", ".join(f"{each.api.name} ({each.api.host})" for each in gateway.apis) or "none"
        hint = "Say which: --host NAME, also that of a custom domain."
        raise CommandError(Exit.USAGE, f"the definition has several APIs: {names}", hint)
    return gateway.apis[0]


def _gateway(loaded: Loaded) -> Gateway:
    return deploy_definition(loaded.definition, without(loaded.bundle.options.no_limits))


def host_of(args: argparse.Namespace) -> str | None:
    """The name that the API is called by, where the user says one."""
    given = (value for name, value in args.header if name.lower() == "host")
    return str(args.host) if args.host else next(given, None)


def _path(args: argparse.Namespace) -> str:
    path = str(args.path)
    return path if path.startswith("/") else f"/{path}"


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
