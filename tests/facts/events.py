"""Cases of kind `event`: what functions are given, and what logs say of a call."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from inspector.gateway.effects import FunctionAnswer
from inspector.gateway.execution_log import lines
from inspector.gateway.identity import Identity
from inspector.runtime.keyring import Key
from inspector.testing import ENVIRONMENT, Gateway, Result
from tests.facts import authorizers, http_authorizers, http_probe
from tests.facts.compare import differs, subset
from tests.facts.shortfall import Shortfall, unknown

#: Members of an expected event that say something of it, and are none of its own.
_ABOUT = ("absentKeys", "headersAbsent", "headersPresent", "equal", "keys", "requestContextKeys")
_OF_LOGS = {"accessLog", "accessLogEvents", "equal", "status", "event"}
_GIVEN = {
    "stages", "routes", "backend", "lambda", "lambdaReturns", "lambdaRequestId", "payload",
    "payloadFormatVersion", "authorizationType", "stageVariables", "requestTime",
}  # fmt: skip
_REQUEST = {"method", "path", "query", "headers", "body", "requestId", "stageVariables", "signed",
            "at"}  # fmt: skip
_ARN = re.compile(r"arn:aws:execute-api:[^:]*:(\d+):([^/]+)/")
_URI = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations"


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """By the kind of API, and what the case looks at."""
    api = case["api"]
    if api.get("protocolType") == "WEBSOCKET" or api.get("type") == "WEBSOCKET":
        yield Shortfall("protocolType", "one that is built", "WEBSOCKET")
    elif api.get("type") == "REST":
        yield from _rest(case)
    elif api.get("authorizer") is not None:
        yield from http_authorizers.run(case)
    else:
        yield from _http(case)


def _http(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    api, given, request = case["api"], case.get("given", {}), case["request"]
    expect = case["expect"]
    unknowns = [*(given.keys() - _GIVEN), *(request.keys() - _REQUEST)]
    yield from (unknown(key) for key in unknowns)
    if unknowns:
        return
    yield from (unknown(key) for key in expect.keys() - _OF_LOGS)
    stage = api.get("stage", "$default")
    stages = list(dict.fromkeys([*given.get("stages", ()), stage]))
    if given.get("authorizationType") == "AWS_IAM" and "event" in expect:
        request = {**request, "signed": True}
    if "paths" in api:
        document = http_probe.with_payload(api, given)
    else:
        path = request.get("path", "/").removeprefix(f"/{stage}") or "/"
        document = http_probe.described(given, {**request, "path": path})
    settings = http_probe.access_log_settings()
    probe = http_probe.probe(document, given, request, stages=stages, settings=settings)
    result = probe.send(request)
    if "status" in expect:
        yield from differs("status", expect["status"], result.status)
    if "event" in expect:
        yield from judge_event(expect["event"], probe.events[-1] if probe.events else {})
    yield from _judge_access_log(expect, result)


def _judge_access_log(expect: Mapping[str, Any], result: Result) -> Iterator[Shortfall]:
    written = result.access_log
    values = {} if written is None else json.loads(_escaped(written))
    if "accessLogEvents" in expect:
        yield from differs("accessLogEvents", expect["accessLogEvents"], int(written is not None))
    if "accessLog" in expect:
        wanted = expect["accessLog"]
        if wanted is None:
            yield from differs("accessLog", None, written)
        else:
            yield from subset("accessLog", wanted, values)
    names = expect.get("equal", ())
    if len({values.get(name) for name in names}) > 1:
        yield Shortfall("equal", names, values)


def _escaped(line: str) -> str:
    """Our own format quotes every value; `error.messageString` has quotes of its own."""
    return re.sub(r':""([^"]*)""', r':"\1"', line)


def judge_event(wanted: Mapping[str, Any], event: Mapping[str, Any]) -> Iterator[Shortfall]:
    """A subset of the event, and what is said about it."""
    yield from _about(wanted, event, "event")
    yield from subset("event", _plain(wanted), event)


def _about(wanted: Mapping[str, Any], got: Any, where: str) -> Iterator[Shortfall]:
    members = got if isinstance(got, Mapping) else {}
    headers = members.get("headers") or {}
    for key, value in wanted.items():
        if key == "keys" and isinstance(value, list):
            yield from differs(f"{where} keys", value, list(members))
        elif key == "absentKeys":
            yield from differs(
                f"{where} absent keys", [], [name for name in value if name in members]
            )
        elif key == "headersAbsent":
            yield from differs(f"{where} headers", [], [name for name in value if name in headers])
        elif key == "headersPresent":
            missing = [name for name in value if name not in headers]
            yield from differs(f"{where} headers lack", [], missing)
        elif key == "requestContextKeys":
            yield from differs(key, value, list(members.get("requestContext", {})))
        elif key == "equal":
            found = [_at(members, path) for path in value]
            if any(each != found[0] for each in found):
                yield Shortfall("equal", value, found)
        elif isinstance(value, Mapping):
            yield from _about(value, members.get(key), f"{where}.{key}")


def _at(value: Any, path: str) -> object:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _plain(wanted: Any) -> Any:
    """The expectation without what is only about the event."""
    if not isinstance(wanted, Mapping):
        return wanted
    return {key: _plain(value) for key, value in wanted.items() if key not in _ABOUT}


def _rest(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    expect = case["expect"]
    if "logLines" in expect or "logLinesContain" in expect:
        yield from _rest_log(case)
    elif case["api"].get("authorizationType") == "AWS_IAM":
        yield from _rest_signed(case)
    elif "authorizerEvent" in expect or "proxyEvent" in expect:
        yield from _rest_authorizer(case)
    else:
        yield from _rest_claims(case)


def _rest_claims(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """As a case of kind `authorizer`, but for the keys of the event's authorizer."""
    expect = dict(case["expect"])
    keys = expect.pop("authorizerKeys", None)
    api = {key: value for key, value in case["api"].items() if key != "stage"}
    yield from authorizers.run({**case, "api": api, "expect": expect})
    if keys is not None:
        events: list[dict[str, Any]] = []
        headers = authorizers.headers_of(case["given"], case["request"])
        gateway = authorizers.gateway_of(api, case["given"], [case["request"]], [], events)
        gateway.get(case["request"]["path"], headers=headers)
        found = events[-1]["requestContext"]["authorizer"] if events else {}
        yield from differs("authorizerKeys", keys, list(found))


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


def _rest_document(path: str, *, signed: bool = False) -> dict[str, Any]:
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": _URI}
    operation: dict[str, Any] = {"x-amazon-apigateway-integration": integration, "responses": {}}
    if signed:
        operation["x-amazon-apigateway-auth"] = {"type": "AWS_IAM"}
    return {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {path: {"get": operation}},
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
    gateway = Gateway(
        _rest_document(request["path"]), stage=request.get("stage"), api_id=given.get("apiId"),
        function=lambda _: FunctionAnswer(b'{"statusCode":200}', None, "LRID"),
        environment=replace(
            ENVIRONMENT, request_id=given.get("requestId", "RID"),
            extended_request_id=given.get("extendedRequestId", "EID="),
        ),
    )  # fmt: skip
    told = gateway.request(request["method"], request["path"]).told

    log = lines(told, data_trace=api.get("dataTrace", True))
    for key, value in case["expect"].items():
        if key == "logLines":
            yield from differs(key, value, log)
        elif key == "logLinesContain":
            for part in value:
                if not any(part in line for line in log):
                    yield Shortfall(key, part, log)
        else:
            yield unknown(key)
