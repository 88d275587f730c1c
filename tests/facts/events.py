"""Cases of kind `event`: what functions are given, and what logs say of a call."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from inspector.gateway.execution_log import lines
from inspector.gateway.identity import Identity
from inspector.runtime.keyring import Key
from inspector.testing import ENVIRONMENT, Gateway
from tests.facts import authorizers, http_apis, http_authorizers, http_probe, sockets
from tests.facts.compare import differs
from tests.facts.judged_event import judge_event
from tests.facts.shortfall import Shortfall, unknown

_ARN = re.compile(r"arn:aws:execute-api:[^:]*:(\d+):([^/]+)/")
_URI = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations"


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """By the kind of API, and what the case looks at."""
    api = case["api"]
    if api.get("protocolType") == "WEBSOCKET" or api.get("type") == "WEBSOCKET":
        yield from sockets.run(case)
    elif api.get("type") == "REST":
        yield from _rest(case)
    elif api.get("authorizer") is not None:
        yield from http_authorizers.run(case)
    else:
        yield from _http(case)


def _http(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    api, given, request = case["api"], case.get("given", {}), case["request"]
    stage = api.get("stage", "$default")
    given = {**given, "stages": list(dict.fromkeys([*given.get("stages", ()), stage]))}
    if given.get("authorizationType") == "AWS_IAM" and "event" in case["expect"]:
        request = {**request, "signed": True}
    yield from http_apis.run({**case, "given": given, "request": request})


def _rest(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    expect = case["expect"]
    if "logLines" in expect or "logLinesContain" in expect:
        yield from _rest_log(case)
    elif case["api"].get("authorizationType") == "AWS_IAM":
        yield from _rest_signed(case)
    elif "authorizerEvent" in expect or "proxyEvent" in expect:
        yield from _rest_authorizer(case)
    else:
        yield from authorizers.run(case)


def _rest_authorizer(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """What a Lambda authorizer is given, beside what the integration gets."""
    expect, request = case["expect"], case["request"]
    wanted = expect.get("authorizerEvent", {})
    known = _ARN.search(str(wanted.get("methodArn", "")))
    called: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    allow = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
    lets_in = {
        "principalId": "p",
        "policyDocument": {"Version": "2012-10-17", "Statement": [allow]},
    }
    given = {"authorizerReturns": lets_in, **case.get("given", {})}
    gateway = authorizers.gateway_of(
        case["api"], given, [request], called, events,
        names=(known[1], known[2]) if known else None,
    )  # fmt: skip
    path, _, query = request.get("path", "/").partition("?")
    path = path.removeprefix("/dev") or "/"
    gateway.get(f"{path}?{query}" if query else path, headers=request.get("headers", {}))
    asked = called[-1] if called else {}
    for key, value in expect.items():
        if key == "authorizerEvent":
            yield from judge_event(value, asked)
        elif key == "proxyEvent":
            yield from judge_event(value, events[-1] if events else {})
        elif key == "keyOrder":
            yield from differs(key, value, list(asked))
        elif key == "authorizerEventAbsent":
            yield from differs(key, [], [name for name in value if name in asked])
        else:
            yield unknown(key)


def _rest_document(path: str, method: str = "GET", *, signed: bool = False) -> dict[str, Any]:
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": _URI}
    operation: dict[str, Any] = {"x-amazon-apigateway-integration": integration, "responses": {}}
    if signed:
        operation["x-amazon-apigateway-auth"] = {"type": "AWS_IAM"}
    return {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {path: {method.lower(): operation}},
    }


def _rest_signed(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """A signed call, by the caller that the case names."""
    caller, request = case["given"]["caller"], case["request"]
    allow = {"Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}]}
    identity = Identity(
        "AKIDEXAMPLE", caller["userArn"], caller["accountId"], caller["userId"],
        caller.get("orgId"), (json.dumps(allow),),
    )  # fmt: skip
    events: list[dict[str, Any]] = []

    def function(event: Any) -> object:
        events.append(event)
        return {"statusCode": 200}

    gateway = Gateway(
        _rest_document(request["path"], signed=True), function=function, stage="probe",
        account=caller["accountId"], keys=[Key(identity, "secret")],
        environment=replace(ENVIRONMENT, time_ms=int(datetime.now(UTC).timestamp() * 1000)),
    )  # fmt: skip
    url = f"https://{gateway.api.host}/probe{request['path']}"
    gateway.get(request["path"], headers=http_probe.signed("GET", url))
    for key, value in case["expect"].items():
        if key == "event":
            yield from judge_event(value, events[-1] if events else {})
        else:
            yield unknown(key)


def _rest_log(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """The execution log at the case's level."""
    api, given, request = case["api"], case["given"], case["request"]
    resource = given.get("resourcePath", request["path"])
    gateway = Gateway(
        _rest_document(resource, request["method"]), stage=request.get("stage"),
        api_id=given.get("apiId"), function=lambda _: http_probe.function_answer(given),
        environment=replace(
            ENVIRONMENT, request_id=given.get("requestId", "RID"),
            extended_request_id=given.get("extendedRequestId", "EID="),
        ),
    )  # fmt: skip
    result = gateway.request(request["method"], request["path"])
    assert result.told is not None
    told = result.told
    log = lines(told, data_trace=api.get("dataTrace", True))
    for key, value in case["expect"].items():
        if key == "logLines":
            yield from differs(key, value, log)
        elif key == "status":
            yield from differs(key, value, result.status)
        elif key == "logLinesContain":
            for part in value:
                if not any(part in line for line in log):
                    yield Shortfall(key, part, log)
        else:
            yield unknown(key)
