"""An event of a WebSocket on the command line: CONNECT, MESSAGE or DISCONNECT as METHOD."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import Any, cast

from inspector.cli.exit import CommandError, Exit
from inspector.cli.request_options import body_of
from inspector.gateway.deploy import Served
from inspector.gateway.domains import domain_of, local_host
from inspector.gateway.environment import Environment, Socket, SocketEvent
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.message import Field, Headers, Request

EVENTS = ("CONNECT", "MESSAGE", "DISCONNECT")
#: Milliseconds that a connection has been open when a message comes.
_AGE_MS = 1_000
_ID = "gbiku27WzQAYKEjhnA=="


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What a connection is known by, where METHOD is an event of one."""
    group = parser.add_argument_group(
        "events of a WebSocket (METHOD: CONNECT, MESSAGE, DISCONNECT)"
    )
    group.add_argument("--connection-id", metavar="ID", default=_ID, help=f"(default {_ID})")
    group.add_argument(
        "--authorizer-context", metavar="JSON", type=_members, default={},
        help="what the authorizer said at $connect, which the connection holds: "
        '\'{"principalId": "ann"}\'',
    )  # fmt: skip
    group.add_argument(
        "--close-code", metavar="CODE", type=_code, default=1000,
        help="of a DISCONNECT (default 1000)",
    )  # fmt: skip
    group.add_argument("--close-reason", metavar="TEXT", default="", help="the text with it")


def event_of(args: argparse.Namespace, served: Served) -> SocketEvent | None:
    """The event that METHOD names; None where it is a request. Raises `CommandError`."""
    name = str(args.method).upper()
    if isinstance(served, ServedWebSocketApi):
        return cast("SocketEvent", name) if name in EVENTS else None
    if name in EVENTS:
        wrong = f"{served.api.name} is no WebSocket API, and {name} is an event of one"
        raise CommandError(Exit.USAGE, wrong, "Send it a request: GET /path.")
    return None


def request_of(
    args: argparse.Namespace, served: Served, event: SocketEvent, host: str | None
) -> Request:
    """The event as a request: of a handshake the upgrade, of the others what they carry."""
    stage, rest = _place(args, served, host)
    fields: list[Field] = [("Host", host or local_host(served.api))]
    if event != "CONNECT":
        body = body_of(args.data) if event == "MESSAGE" else b""
        return Request(event, f"/{stage}", Headers.of(fields), body)
    given = [each for each in args.header if each[0].lower() != "host"]
    named = {name.lower() for name, _ in given}
    upgrade = (
        ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    )  # fmt: skip
    fields += [each for each in upgrade if each[0].lower() not in named]
    prefix = "" if domain_of(served.domains, host or "") else f"/{stage}"
    return Request("GET", f"{prefix}{rest}" or "/", Headers.of([*fields, *given]))


def around(
    args: argparse.Namespace, served: Served, event: SocketEvent | None, environment: Environment
) -> Environment:
    """The circumstances of the event: those of a request, and the connection."""
    if event is None:
        return environment
    now, connection = environment.time_ms, str(args.connection_id)
    if event == "CONNECT":
        return replace(environment, socket=Socket("CONNECT", connection, now))
    stage, _ = _place(args, served, None)
    socket = Socket(
        event, connection, now - _AGE_MS, stage=stage, host=served.api.host,
        authorizer=args.authorizer_context,
        message_id=f"gbiku17W{connection[8:]}" if event == "MESSAGE" else None,
        close_code=args.close_code if event == "DISCONNECT" else None,
        close_reason=args.close_reason if event == "DISCONNECT" else "",
    )  # fmt: skip
    return replace(environment, socket=socket)


def _place(args: argparse.Namespace, served: Served, host: str | None) -> tuple[str, str]:
    """The stage, and what stands behind it: PATH may name a stage, else it follows it."""
    path = str(args.path or "/")
    path = path if path.startswith("/") else f"/{path}"
    before, mark, query = path.partition("?")
    stages = list(served.deployments)
    first, _, rest = before.lstrip("/").partition("/")
    if args.stage is None and first in stages and not domain_of(served.domains, host or ""):
        return first, (f"/{rest}" if rest else "") + mark + query
    stage = args.stage or next(iter(stages), "")
    return stage, (before if before != "/" else "") + mark + query


def _members(text: str) -> dict[str, Any]:
    """The type of `--authorizer-context`."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"no JSON: {error}") from error
    if not isinstance(found, dict):
        raise argparse.ArgumentTypeError("a JSON object is expected")
    return found


def _code(text: str) -> int:
    """The type of `--close-code` (RFC 6455, section 7.4.2)."""
    if not text.isdecimal() or not 1000 <= int(text) <= 4999:
        raise argparse.ArgumentTypeError(f"{text!r} is no close code: 1000 to 4999")
    return int(text)
