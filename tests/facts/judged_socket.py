"""What a case expects of a WebSocket: its events, its frames, its end, its logs and metrics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.gateway.execution_log import lines
from inspector.testing import Result, TestSocket
from tests.facts import judged_metrics
from tests.facts.answered import answer_checks
from tests.facts.compare import Check, checks, differs, subset
from tests.facts.judged_event import authorizer_event_checks, event_checks
from tests.facts.logged import log_checks
from tests.facts.shortfall import Shortfall
from tests.facts.socket_probe import Probe


def judge(
    case: Mapping[str, Any], probe: Probe, socket: TestSocket, result: Result
) -> Iterator[Shortfall]:
    """The expectations of a case; what is said of metrics is judged by their own rules."""
    expect = case["expect"]
    said = {key: value for key, value in expect.items() if key in judged_metrics.KEYS}
    points = judged_metrics.points_of(result)
    yield from judged_metrics.judge_points(said, [] if points is None else [points])
    expect = {key: value for key, value in expect.items() if key not in judged_metrics.KEYS}
    messages = [each for each in probe.events if _kind(each) == "MESSAGE"]
    event = probe.events[-1] if probe.events else {}
    yield from checks(
        expect,
        {
            **answer_checks(result.response),
            **event_checks(event),
            **authorizer_event_checks(probe.asked[-1] if probe.asked else {}),
            **log_checks(result),
            **_frame_checks(socket, result),
            "handshake": lambda wanted: differs("handshake", wanted, socket.handshake.status),
            "headers": lambda wanted: _headers(wanted, result),
            "headersPresent": lambda wanted: _headers_present(wanted, result),
            "routeKey": lambda wanted: differs("routeKey", wanted, result.answer.resource),
            "selectionValue": lambda wanted: differs("selection", wanted, _selected(result)),
            "authorizerInvoked": lambda wanted: differs("invoked", wanted, bool(probe.asked)),
            "integrationInvoked": lambda wanted: differs("invoked", wanted, bool(messages)),
            "messageEvents": lambda wanted: differs("messages", wanted, len(messages)),
            "disconnectEvent": lambda wanted: _left(wanted, probe),
            "authorizerInvocations": lambda wanted: differs("asked", wanted, len(probe.asked)),
            "authorizerQueryKeyOrder": lambda wanted: differs(
                "authorizer's query",
                wanted,
                list(probe.asked[-1]["queryStringParameters"]) if probe.asked else None,
            ),
            "authorizerContextNumbers": lambda wanted: _numbers(wanted, event),
            "bodyTemplate": lambda wanted: _like("body", wanted, result.text),
            "logLines": lambda wanted: differs(
                "log",
                [_named(each, socket, result) for each in wanted],
                lines(result.told, data_trace=case["api"].get("dataTrace", False)),
            ),
            "logLinesContain": lambda wanted: _log(wanted, socket, result),
        },
    )


def _left(wanted: Mapping[str, Any] | None, probe: Probe) -> Iterator[Shortfall]:
    """What `$disconnect` was told; null where it is not to be called."""
    events = [each["requestContext"] for each in probe.events if _kind(each) == "DISCONNECT"]
    if not wanted:
        yield from differs("disconnect events", [], events)
    else:
        yield from subset("disconnect event", wanted, events[-1] if events else {})


def _frame_checks(socket: TestSocket, result: Result) -> dict[str, Check]:
    def frames(wanted: int | list[str]) -> Iterator[Shortfall]:
        got = len(socket.frames) if isinstance(wanted, int) else socket.frames
        yield from differs("frames", wanted, got)

    def pattern(wanted: str) -> Iterator[Shortfall]:
        if not re.search(wanted, result.frame or ""):
            yield Shortfall("frame", wanted, result.frame)

    closed = socket.closed
    close = None if closed is None else {"code": closed.code, "reason": closed.reason}
    return {
        "frames": frames,
        "framePattern": pattern,
        "frameTemplate": lambda wanted: _like("frame", wanted, result.frame or ""),
        "closeFrame": lambda wanted: differs("close frame", wanted, close),
        "closeCode": lambda wanted: differs("close code", wanted, close and close["code"]),
        "connectionOpen": lambda wanted: differs("open", wanted, socket.open),
        # What is sent is text; there is no other kind of frame in the core.
        "opcode": lambda wanted: differs("opcode", wanted, 1),
    }


#: What the broker writes of a handshake that is accepted (tests/addons look at its bytes).
_OF_BROKER = {"connection": "upgrade", "upgrade": "websocket"}
_WRITTEN = ("date", "sec-websocket-accept")


def _headers(wanted: Mapping[str, str], result: Result) -> Iterator[Shortfall]:
    own = _OF_BROKER if result.status == 101 else {}
    rest = {name: value for name, value in wanted.items() if own.get(name.lower()) != value}
    yield from answer_checks(result.response)["headers"](rest)


def _headers_present(wanted: list[str], result: Result) -> Iterator[Shortfall]:
    own = _WRITTEN if result.status == 101 else ()
    rest = [name for name in wanted if name.lower() not in own]
    yield from answer_checks(result.response)["headersPresent"](rest)


def _kind(event: Mapping[str, Any]) -> object:
    return event.get("requestContext", {}).get("eventType")


def _selected(result: Result) -> object:
    facts = next(step.facts for step in result.answer.trace if step.stage == "route")
    return facts.get("value")


def _numbers(wanted: list[str], event: Mapping[str, Any]) -> Iterator[Shortfall]:
    found = event.get("requestContext", {}).get("authorizer", {})
    odd = [name for name in wanted if not isinstance(found.get(name), int)]
    yield from differs("no numbers", [], odd)


def _like(what: str, template: str, got: str) -> Iterator[Shortfall]:
    """A text with `{names}` in it, each of which stands for anything but quotes."""
    pattern = re.sub(r"\\\{[\w\\-]+\\\}", r'[^"]+', re.escape(template))
    if not re.fullmatch(pattern, got):
        yield Shortfall(what, template, got)


def _log(wanted: list[str], socket: TestSocket, result: Result) -> Iterator[Shortfall]:
    for part in wanted:
        if not any(_named(part, socket, result) in line for line in result.log):
            yield Shortfall("log", part, result.log)


def _named(line: str, socket: TestSocket, result: Result) -> str:
    """A line of a case with the ids that ours have."""
    return line.replace("CID", socket.id).replace("API [API]", f"API [{result.answer.api_id}]")
