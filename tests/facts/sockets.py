"""Cases of kind `websocket`, and those of other kinds about WebSocket APIs."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.testing import DefinitionError, Result, TestSocket
from tests.facts import judged_socket, socket_imports, socket_probe
from tests.facts.refused import refused
from tests.facts.shortfall import Shortfall, unknown
from tests.facts.socket_probe import Probe

_API = {"protocolType", "routeSelectionExpression", "authorizer", "routes", "type", "logging",
        "requestModel", "stageVariables", "authorizationType", "apiKeyRequired",
        "dataTrace"}  # fmt: skip
_GIVEN = {"authorizerReturns", "lambda", "connection", "routeResponse", "routes", "stageVariables",
          "authorizerPermission", "integration", "authorizer", "offer", "connectIntegration",
          "authorizerRaises", "connectionOpenedUnder", "deployed", "settled", "apiId",
          "extendedRequestId", "detailed", "lambdaRequestId", "lambdaPermission",
          "credentials", "functionPolicy"}  # fmt: skip
_REQUEST = {"upgrade", "message", "query", "stage", "headers", "method", "path", "close",
            "messageBytes", "body", "binaryBase64", "binary", "frameBytes", "bodyBytes",
            "signed"}  # fmt: skip
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
    yield from judged_socket.judge(case, probe, socket, result)


def _done(
    api: Mapping[str, Any],
    given: Mapping[str, Any],
    request: Mapping[str, Any],
    expect: Mapping[str, Any],
) -> tuple[Probe, TestSocket, Result]:
    if "upgrade" not in request and given.keys() & {"credentials", "lambdaPermission"}:
        given = {**given, "connectIntegration": None}
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
    routes = [] if found is None else re.split(r",\s*", re.sub(r"^routes? ", "", found[1]))
    return socket_probe.probe(api, {**given, "routes": routes}, request, expect)


def _managed(
    probe: Probe, socket: TestSocket, given: Mapping[str, Any], request: Mapping[str, Any]
) -> Result:
    how = given["connection"]
    unknown_id = how.startswith(("invalid id", "unknown id", "malformed id"))
    if "bodyBytes" in request:
        request = {**request, "body": "x" * request["bodyBytes"]}
    if how.startswith("closed by client"):
        socket.close()
    elif how.startswith("closed by DELETE"):
        probe.manage({"method": "DELETE", "path": request["path"]}, socket.id)
    return probe.manage(request, _UNKNOWN if unknown_id else socket.id)


def _sent(socket: TestSocket, request: Mapping[str, Any]) -> Result:
    if "close" in request:
        close = request["close"]
        return socket.close(close["code"], close.get("reason", ""))
    if "binaryBase64" in request:
        return socket.send(b64decode(request["binaryBase64"]))
    if "messageBytes" in request:
        return socket.send("x" * request["messageBytes"])
    if "frameBytes" in request:
        size = request["frameBytes"]
        return socket.send("x" * size, frames=[size])
    if "binary" in request:
        return socket.send(str(request["binary"]).encode())
    return socket.send(request["message"])
