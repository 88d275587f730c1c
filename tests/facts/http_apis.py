"""Cases of kind `http-api`: routes, mappings, CORS, answers of functions, refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from inspector.gateway.domains import lead
from inspector.gateway.effects import BackendFailure, BackendRequest
from inspector.gateway.query import all_values, parse
from inspector.model import DomainMapping, DomainName, Source
from inspector.testing import DefinitionError, Result
from tests.facts import http_probe
from tests.facts.answered import answer_checks
from tests.facts.compare import Check, checks, differs
from tests.facts.http_probe import Probe
from tests.facts.judged_event import event_checks
from tests.facts.logged import log_checks
from tests.facts.refused import refused
from tests.facts.shortfall import Shortfall, unknown

_GIVEN = {
    "stages", "accessLogFormat", "deployed", "routes", "backend", "lambda", "lambdaReturns", "lambdaRequestId",
    "payload", "payloadFormatVersion", "authorizationType", "stageVariables", "gatewayError",
    "requestTime", "routeKey",
}  # fmt: skip
_REQUEST = {
    "method", "path", "query", "headers", "body", "host", "requestId", "pathParameters",
    "stageVariables", "signed", "at",
}  # fmt: skip
#: Members of an API that has no document.
_DESCRIBED = {"type", "stage", "routes", "cors", "authorizationType"}
_HERE = Source("case", 1, 1, "")
_VARIABLE = re.compile(r"\$\{?request\.path\.([\w.:-]+)")


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Make the API that the case describes, send its request, and judge what came."""
    api, given, request = case["api"], case.get("given", {}), case.get("request", {})
    unknowns = [*(given.keys() - _GIVEN), *(request.keys() - _REQUEST)]
    yield from (unknown(key) for key in unknowns)
    if unknowns:
        return
    if "routeKey" in given:
        given = {**given, "routes": [given["routeKey"]]}
    expect = case["expect"]
    if "apiMappings" in api:
        yield from _mapped(api["apiMappings"], request, expect)
        return
    try:
        probe, result = _sent(api, given, request)
    except DefinitionError as error:
        yield from refused(expect, error)
        return
    yield from _judge(expect, probe, result)


def _sent(
    api: Mapping[str, Any], given: Mapping[str, Any], request: Mapping[str, Any]
) -> tuple[Probe, Result]:
    stages = given.get("stages", ["$default"])
    if "gatewayError" in given:
        return _error(given["gatewayError"])
    if "integration" in api:
        document, target = _with_integration(api["integration"], request)
        probe = http_probe.probe(document, given, request, stages=stages)
        return probe, probe.send(request, target)
    if "paths" in api:
        document = http_probe.with_payload(api, given)
    elif api.keys() <= _DESCRIBED and api.get("type", "HTTP") == "HTTP":
        document = http_probe.described(api, given, request)
    else:
        raise ValueError(f"an API of the keys {sorted(api)} cannot be made")
    probe = http_probe.probe(document, given, request, stages=stages)
    return probe, probe.send(request)


def _with_integration(
    declared: Mapping[str, Any], request: Mapping[str, Any]
) -> tuple[dict[str, Any], str | None]:
    """One route with the case's integration, whose path has the variables that it names."""
    values = dict(request.get("pathParameters", {}))
    used = _VARIABLE.findall(json.dumps(declared))
    names = [*values, *(name for name in dict.fromkeys(used) if name not in values)]
    path = "".join(f"/{{{name}}}" for name in names) or "/"
    target = "".join(f"/{values.get(name, 'x')}" for name in names) or "/"
    called = {"uri": "http://backend.example/", "httpMethod": "ANY"}
    if "integrationSubtype" in declared:
        called = {"credentials": "arn:aws:iam::123456789012:role/calls"}
    integration = {"payloadFormatVersion": "1.0", **called, **declared}
    operation = {"x-amazon-apigateway-integration": integration}
    document = {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {path: {"x-amazon-apigateway-any-method": operation}},
    }
    if "path" in request:
        document["paths"] = {"/$default": {"x-amazon-apigateway-any-method": operation}}
        return document, None
    return document, target


def _error(status: int) -> tuple[Probe, Result]:
    """The gateway's own answer of this status, by something that leads to it."""
    given: dict[str, Any] = {}
    request: dict[str, Any] = {"path": "/a"}
    settings: dict[str, Any] = {}
    if status == 403:
        given["authorizationType"] = "AWS_IAM"
    elif status == 500:
        given["lambda"] = {"$raise": "x"}
    elif status == 404:
        given["routes"] = ["GET /b"]
    elif status == 413:
        request |= {"method": "POST", "body": "x" * 10_485_761}
    elif status == 431:
        request["headers"] = {"X-Long": "x" * 10_300}
    elif status == 429:
        settings = {"DefaultRouteSettings": {"ThrottlingRateLimit": 0.1, "ThrottlingBurstLimit": 1}}
    document = http_probe.described({}, given, request)
    if status == 401:
        guard = {"type": "request", "identitySource": "$request.header.Authorization",
                 "authorizerUri": http_probe.FUNCTION, "authorizerPayloadFormatVersion": "2.0"}  # fmt: skip
        scheme = {"type": "apiKey", "name": "Authorization", "in": "header",
                  "x-amazon-apigateway-authorizer": guard}  # fmt: skip
        document["components"] = {"securitySchemes": {"guard": scheme}}
        document["security"] = [{"guard": []}]
    probe = http_probe.probe(document, given, request, settings=settings)
    if status == 503:
        probe.gateway.function = lambda _event: BackendFailure("timeout", "30 s")
    if status == 429:
        probe.send(request)
    return probe, probe.send(request)


def _mapped(
    mappings: Mapping[str, str], request: Mapping[str, Any], expect: Mapping[str, Any]
) -> Iterator[Shortfall]:
    """Which API the mappings of a custom domain lead to."""
    domain = DomainName(
        name=request.get("host", "api.example.com"), source=_HERE,
        mappings=tuple(
            DomainMapping("" if key == "(none)" else key, api, "$default", _HERE, "api")
            for key, api in mappings.items()
        ),
    )  # fmt: skip
    led = lead(domain, request.get("path", "/"), ())
    got = {
        "api": None if led is None else led.api_id,
        "path": None if led is None else led.path,
        "status": 403 if led is None else 200,
        "body": {"message": "Forbidden"} if led is None else None,
    }
    for key, wanted in expect.items():
        if key in got:
            yield from differs(key, wanted, got[key])
        else:
            yield unknown(key)


def _judge(expect: Mapping[str, Any], probe: Probe, result: Result) -> Iterator[Shortfall]:
    event = probe.events[-1] if probe.events else {}
    yield from checks(
        expect,
        {
            **answer_checks(result.response),
            **event_checks(event),
            **log_checks(result),
            "stage": lambda wanted: differs("stage", wanted, result.answer.stage),
            "routeKey": lambda wanted: differs("routeKey", wanted, result.answer.resource),
            "configAccepted": lambda wanted: differs("configAccepted", wanted, True),
            "integrationInvoked": lambda wanted: differs(
                "integrationInvoked", wanted, bool(probe.events or probe.backend.calls)
            ),
            "authorizerKeyOrder": lambda wanted: differs(
                "authorizerKeyOrder", wanted, list(_of_signer(event))
            ),
            **_backend_checks(probe),
        },
    )


def _of_signer(event: Mapping[str, Any]) -> Mapping[str, Any]:
    found = event.get("requestContext", {}).get("authorizer", {}).get("iam", {})
    return found if isinstance(found, Mapping) else {}


def _backend_checks(probe: Probe) -> dict[str, Check]:
    asked: BackendRequest | None = probe.backend.calls[-1] if probe.backend.calls else None
    url = urlsplit("" if asked is None else asked.url)
    values: dict[str, Any] = all_values(parse(url.query))

    def headers(wanted: Mapping[str, Any]) -> Iterator[Shortfall]:
        for name, value in wanted.items():
            found = [] if asked is None else list(asked.headers.all(name))
            got: object = found if isinstance(value, list) else (", ".join(found) or None)
            yield from differs(f"backend header {name}", value, got)

    def query(wanted: Any) -> Iterator[Shortfall]:
        if isinstance(wanted, str):
            yield from differs("backend query", wanted, url.query)
            return
        for name, value in wanted.items():
            got = values.get(name)
            single = got is not None and len(got) == 1 and not isinstance(value, list)
            yield from differs(f"backend query {name}", value, got[0] if single and got else got)

    return {
        "backendHeaders": headers,
        "backendHeadersAbsent": lambda wanted: headers(dict.fromkeys(wanted)),
        "backendPath": lambda wanted: differs("backend path", wanted, asked and url.path),
        "backendQuery": query,
        "backendQueryAbsent": lambda wanted: query(dict.fromkeys(wanted)),
        "backendMethod": lambda wanted: differs("method", wanted, asked and asked.method),
        "backendBody": lambda wanted: differs(
            "backend body", wanted, asked and asked.body.decode("utf-8", "replace")
        ),
        "backendUrl": lambda wanted: differs("backend url", wanted, asked and asked.url),
    }
