"""The request of a command line, and what it takes to send it through a gateway in this process."""

from __future__ import annotations

import argparse
from dataclasses import replace

from addons import performing
from inspector.cli import reach_options, socket_event
from inspector.cli.caller import read_caller
from inspector.cli.exit import CommandError, Exit
from inspector.cli.request_options import body_of, header
from inspector.definitions import Loaded
from inspector.definitions.deployed import deployed
from inspector.definitions.handler_files import missing_files
from inspector.definitions.places import Places
from inspector.gateway.deploy import Served
from inspector.gateway.domains import domain_of, local_host
from inspector.gateway.effects import (
    FunctionAnswer,
    InvokeFunction,
    ResponseStarted,
    StreamEnded,
)
from inspector.gateway.environment import Environment
from inspector.message import Headers, Request
from inspector.recording.exchange import Exchange
from inspector.runtime.circumstances import Circumstances
from inspector.runtime.failures import BackendError
from inspector.runtime.means import Means
from inspector.runtime.stream import BodyStream

#: Bytes of a stream that are kept and shown.
_KEPT = 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What a request is made of beside method and path, and what it may reach."""
    parser.add_argument(
        "-H", "--header", metavar="NAME: VALUE", action="append", default=[], type=header,
        help="a header; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--host", metavar="NAME",
        help="call by this name: a custom domain, where PATH begins with the base path instead of "
        "following the stage; of several APIs the name, the id or the host of one",
    )  # fmt: skip
    parser.add_argument("-d", "--data", metavar="BODY", default="", help="text, @FILE or -")
    reach_options.add_arguments(parser)
    parser.add_argument(
        "--no-functions", action="store_true",
        help="run no function: for a definition whose code you do not trust. One that the request "
        "reaches gives no answer but that of --function NAME=FILE.json",
    )  # fmt: skip


class Performer(performing.Performer):
    """Performs effects; a stream is read to its end, as much of it kept as is shown."""

    def __init__(self, means: Means, began_ns: int) -> None:
        async def read(_head: ResponseStarted, stream: BodyStream) -> StreamEnded:
            return await _read(stream)

        super().__init__(means, read, began_ns)


async def finished(means: Means, exchange: Exchange) -> Exchange:
    """The exchange with what functions printed that nobody waited for: they end with this program.

    A gateway that goes on lets them run by themselves.
    """
    printed = await means.functions.finish()
    if not printed:
        return exchange
    performed = tuple(
        replace(done, reply=replace(done.reply, log=printed.get(done.reply.request_id, "")))
        if isinstance(done.effect, InvokeFunction)
        and done.effect.asynchronous
        and isinstance(done.reply, FunctionAnswer)
        else done
        for done in exchange.performed
    )
    return replace(exchange, performed=performed)


async def _read(stream: BodyStream) -> StreamEnded:
    kept, size, error = bytearray(), 0, None
    try:
        async for chunk in stream:
            size += len(chunk)
            kept += chunk[: max(0, _KEPT - len(kept))]
    except BackendError as broken:
        error = broken.detail
    return StreamEnded(size, bytes(kept), error, stream.log)


def circumstances(args: argparse.Namespace) -> Circumstances:
    """The clock and ids, and the caller that is simulated."""
    return Circumstances(read_caller(args.caller) if args.caller else None)


def request_of(args: argparse.Namespace, served: Served) -> Request:
    """The request that the options describe, as a client sends it; or the event of a WebSocket."""
    event = socket_event.event_of(args, served)
    if event is not None:
        return socket_event.request_of(args, served, event, _called_by(args, served))
    fields = list(args.header)
    host = host_of(args)
    if host is None or args.host:
        if host is None or host in (served.api.name, served.api.id):
            host = local_host(served.api)
        fields.insert(0, ("Host", host))
    body = body_of(args.data)
    if body and not any(name.lower() == "content-length" for name, _ in fields):
        fields.append(("Content-Length", str(len(body))))
    chosen = served.deployments.get(args.stage or next(iter(served.deployments)))
    prefix = f"/{args.stage}" if chosen is None else chosen.stage.prefix
    if domain_of(served.domains, host):
        prefix = ""
    return Request(args.method.upper(), f"{prefix}{path_of(args)}", Headers.of(fields), body)


def environment_of(args: argparse.Namespace, served: Served) -> Environment:
    """Now, and the connection that an event belongs to."""
    now = circumstances(args).now("https", "HTTP/1.1", "127.0.0.1")
    return socket_event.around(args, served, socket_event.event_of(args, served), now)


def _called_by(args: argparse.Namespace, served: Served) -> str | None:
    """The host that the client names, None for the API's own."""
    host = host_of(args)
    return None if host in (served.api.name, served.api.id) else host


def served_of(loaded: Loaded, args: argparse.Namespace) -> Served:
    """The only API, or the one that the host leads to. Raises `CommandError`."""
    gateway = deployed(loaded)
    host = host_of(args)
    if host is not None:
        asked = Request(args.method, path_of(args), Headers.of([*args.header, ("Host", host)]))
        named = [each for each in gateway.apis if host in (each.api.name, each.api.id)]
        served = named[0] if len(named) == 1 else gateway.serving(asked)
        if served is not None:
            return served
    if len(gateway.apis) != 1:
        names = ", ".join(f"{each.api.name} ({each.api.host})" for each in gateway.apis) or "none"
        hint = "Say which: --host with its name, id or host, or with a custom domain."
        raise CommandError(Exit.USAGE, f"the definition has several APIs: {names}", hint)
    return gateway.apis[0]


def with_code(loaded: Loaded, args: argparse.Namespace) -> Loaded:
    """With what is to be said of the code of functions that ran, wherever it lies."""
    if args.no_functions:
        return loaded
    functions, places = loaded.definition.functions, Places.of(loaded.bundle)
    known = set(loaded.diagnostics)
    found = (each for each in missing_files(functions, places, outside=True) if each not in known)
    return replace(loaded, diagnostics=(*loaded.diagnostics, *found))


def host_of(args: argparse.Namespace) -> str | None:
    """The name that the API is called by, where the user says one."""
    given = (value for name, value in args.header if name.lower() == "host")
    return str(args.host) if args.host else next(given, None)


def path_of(args: argparse.Namespace) -> str:
    """The path, which may be given without its first slash."""
    path = str(args.path or "/")
    return path if path.startswith("/") else f"/{path}"
