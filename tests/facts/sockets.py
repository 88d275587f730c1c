"""Cases of kind `websocket`, and those of other kinds about WebSocket APIs."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.gateway.metrics import published
from inspector.testing import DefinitionError, Result, TestSocket
from tests.facts import socket_imports, socket_probe
from tests.facts.answered import answer_checks
from tests.facts.compare import Check, checks, differs, subset
from tests.facts.judged_event import authorizer_event_checks, event_checks
from tests.facts.logged import log_checks
from tests.facts.refused import refused
from tests.facts.shortfall import Shortfall, unknown
from tests.facts.socket_probe import Probe

_API = {"protocolType", "routeSelectionExpression", "authorizer", "routes", "type", "logging",
        "requestModel", "stageVariables"}  # fmt: skip
_GIVEN = {"authorizerReturns", "lambda", "connection", "routeResponse", "routes", "stageVariables",
          "authorizerPermission", "integration", "authorizer", "offer", "connectIntegration",
          "authorizerRaises", "connectionOpenedUnder", "deployed", "settled", "apiId"}  # fmt: skip
_REQUEST = {"upgrade", "message", "query", "stage", "headers", "method", "path", "close",
            "messageBytes", "body", "binaryBase64"}  # fmt: skip
#: An id that was never given.
_UNKNOWN = "AbgHN0-zjQAYKEjhgA=="
_ROUTES = re.compile(r"\(([^)]*)\)")


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Make the API, connect, do what the case asks for, and judge what came."""
    api, given, request = case["api"], case.get("given", {}), case.get("request", {})
    if "control" in request:
        yield from socket_imports.run(case)
        return
    unknowns = [*(api.keys() - _API), *(given.keys() - _GIVEN), *(request.keys() - _REQUEST)]
    yield from (unknown(key) for key in unknowns)
    if unknowns:
        return
    if "stageVariables" in api:
        given = {**given, "stageVariables": api["stageVariables"]}
    expect = case["expect"]
    try:
        probe, socket, result = _done(api, given, request, expect)
    except DefinitionError as error:
        yield from refused(expect, error)
        return
    yield from _judge(expect, probe, socket, result)


def _done(
    api: Mapping[str, Any],
    given: Mapping[str, Any],
    request: Mapping[str, Any],
    expect: Mapping[str, Any],
) -> tuple[Probe, TestSocket, Result]:
    probe = socket_probe.probe(api, given, request, expect)
    if "upgrade" in request:
        if "authorizer" in api and "headers" not in request:
            request = {**request, "headers": _LET_IN["headers"]}
        socket = probe.connect(given, request)
        return probe, socket, socket.handshake
    opener = probe
    if given.get("authorizerPermission") is False:
        opener = socket_probe.probe(
            api, {**given, "authorizerPermission": True, **_ALLOWED}, request, expect
        )
    if "connectionOpenedUnder" in given:
        opener = _under(api, given, request, expect, given["connectionOpenedUnder"])
        probe = _under(api, given, request, expect, given["deployed"])
    socket = opener.connect(given, {} if "authorizer" not in api else _LET_IN)
    if "method" in request:
        return probe, socket, _managed(probe, socket, given, request)
    socket.send_event = probe.gateway.send
    return probe, socket, _sent(socket, request)


_ALLOW = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
_ALLOWED = {"authorizerReturns": {"principalId": "p", "policyDocument": {"Statement": [_ALLOW]}}}
#: A handshake that an authorizer lets in.
_LET_IN = {"headers": [["Authorization", "id1"]], "query": "tenant=probe-tenant"}


def _under(
    api: Mapping[str, Any],
    given: Mapping[str, Any],
    request: Mapping[str, Any],
    expect: Mapping[str, Any],
    named: str,
) -> Probe:
    """`deployment 3 (route changed, $default)`: an API of these routes."""
    found = _ROUTES.search(named)
    routes = [] if found is None else re.split(r",\s*", found[1].removeprefix("route "))
    return socket_probe.probe(api, {**given, "routes": routes}, request, expect)


def _managed(
    probe: Probe, socket: TestSocket, given: Mapping[str, Any], request: Mapping[str, Any]
) -> Result:
    how = given["connection"]
    if how.startswith("closed by client"):
        socket.close()
    elif how.startswith("closed by DELETE"):
        probe.manage({"method": "DELETE", "path": request["path"]}, socket.id)
    return probe.manage(request, _UNKNOWN if how.startswith("invalid id") else socket.id)


def _sent(socket: TestSocket, request: Mapping[str, Any]) -> Result:
    if "close" in request:
        close = request["close"]
        return socket.close(close["code"], close.get("reason", ""))
    if "binaryBase64" in request:
        return socket.send(b64decode(request["binaryBase64"]))
    if "messageBytes" in request:
        return socket.send("x" * request["messageBytes"])
    return socket.send(request["message"])


def _judge(
    expect: Mapping[str, Any], probe: Probe, socket: TestSocket, result: Result
) -> Iterator[Shortfall]:
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
            "disconnectEvent": lambda wanted: subset(
                "disconnect event", wanted, event.get("requestContext", {})
            ),
            "authorizerContextNumbers": lambda wanted: _numbers(wanted, event),
            "bodyTemplate": lambda wanted: _like("body", wanted, result.text),
            "logLinesContain": lambda wanted: _log(wanted, socket, result),
            "metrics": lambda wanted: subset("metrics", wanted, _metrics(result)),
            "metricsAbsent": lambda wanted: differs(
                "metrics have", [], [name for name in wanted if name in _metrics(result)]
            ),
        },
    )


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
        known = part.replace("CID", socket.id).replace("API [API]", f"API [{result.answer.api_id}]")
        if not any(part in line or known in line for line in result.log):
            yield Shortfall("log", part, result.log)


def _metrics(result: Result) -> Mapping[str, float]:
    found = published(result.told, 22)
    return {} if found is None else found.values
