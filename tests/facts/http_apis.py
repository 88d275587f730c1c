"""Cases of kind `http-api`: routes, mappings, CORS, answers of functions, refusals."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from inspector.gateway.domains import lead
from inspector.gateway.effects import BackendFailure
from inspector.gateway.query import all_values, parse
from inspector.model import DomainMapping, DomainName, Source
from inspector.testing import DefinitionError, Result
from tests.facts import http_probe
from tests.facts.compare import differs, subset
from tests.facts.http_probe import Probe
from tests.facts.shortfall import Shortfall, unknown

_GIVEN = {
    "stages", "deployed", "routes", "backend", "lambda", "lambdaReturns", "lambdaRequestId",
    "payload", "payloadFormatVersion", "authorizationType", "stageVariables", "gatewayError",
    "requestTime",
}  # fmt: skip
_REQUEST = {
    "method", "path", "query", "headers", "body", "host", "requestId", "pathParameters",
    "stageVariables", "signed", "at",
}  # fmt: skip
_HERE = Source("case", 1, 1, "")
_VARIABLE = re.compile(r"\$\{?request\.path\.([\w.:-]+)")


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Make the API that the case describes, send its request, and judge what came."""
    api, given, request = case["api"], case.get("given", {}), case.get("request", {})
    unknowns = [*(given.keys() - _GIVEN), *(request.keys() - _REQUEST)]
    yield from (unknown(key) for key in unknowns)
    if unknowns:
        return
    expect = case["expect"]
    if "apiMappings" in api:
        yield from _mapped(api["apiMappings"], request, expect)
        return
    try:
        probe, result = _sent(api, given, request)
    except DefinitionError as error:
        yield from _refused(expect, error)
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
    elif api.keys() <= {"type"} and api.get("type") == "HTTP":
        document = http_probe.described(given, request)
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
    integration = {"uri": "http://backend.example/", "httpMethod": "ANY",
                   "payloadFormatVersion": "1.0", **declared}  # fmt: skip
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
    document = http_probe.described(given, request)
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
    }
    for key, wanted in expect.items():
        if key in got:
            yield from differs(key, wanted, got[key])
        else:
            yield unknown(key)


def _refused(expect: Mapping[str, Any], error: DefinitionError) -> Iterator[Shortfall]:
    """The definition is refused: expected, or not."""
    said = str(error)
    for key, wanted in expect.items():
        if key == "configAccepted":
            yield from differs(key, wanted, False)
        elif key in ("configError", "error", "message"):
            text = wanted if isinstance(wanted, str) else json.dumps(wanted)
            if text not in said:
                yield Shortfall(key, text, said)
        elif key == "status" and wanted == 400:
            continue
        else:
            yield Shortfall(key, wanted, f"the definition is refused: {said}")


def _judge(expect: Mapping[str, Any], probe: Probe, result: Result) -> Iterator[Shortfall]:
    answer, fields, body = result.answer, result.headers, result.body
    event = probe.events[-1] if probe.events else {}
    got: dict[str, object] = {
        "status": result.status,
        "stage": answer.stage,
        "routeKey": answer.resource,
        "configAccepted": True,
        "bodyBytes": body.decode("utf-8", "replace"),
        "bodyText": body.decode("utf-8", "replace"),
        "contentLength": len(body),
        "setCookie": list(fields.all("set-cookie")),
        "integrationInvoked": bool(probe.events or probe.backend.calls),
        "authorizerKeyOrder": list(_of_signer(event)),
    }
    for key, wanted in expect.items():
        if key in got:
            yield from differs(key, wanted, got[key])
            continue
        check = _CHECKS.get(key)
        if check is None:
            yield unknown(key)
        else:
            yield from check(wanted, probe, result)


def _of_signer(event: Mapping[str, Any]) -> Mapping[str, Any]:
    found = event.get("requestContext", {}).get("authorizer", {}).get("iam", {})
    return found if isinstance(found, Mapping) else {}


def _headers(wanted: Mapping[str, str], _: Probe, result: Result) -> Iterator[Shortfall]:
    for name, value in wanted.items():
        got = ", ".join(result.headers.all(name)) or None
        yield from differs(f"header {name}", str(value), got)


def _names(wanted: list[str], _: Probe, result: Result) -> Iterator[Shortfall]:
    sent = [name for name, _ in result.headers]
    for name in wanted:
        if name not in sent:
            yield Shortfall("header name", name, sent)


def _order(wanted: list[str], _: Probe, result: Result) -> Iterator[Shortfall]:
    """Of the names that the server (Date, Connection) has no part in."""
    own = [name for name in wanted if name.lower() not in ("date", "connection")]
    sent = [name for name, _ in result.headers if name.lower() not in ("date", "connection")]
    yield from differs("headerOrder", own, sent)


def _absent(wanted: list[str], _: Probe, result: Result) -> Iterator[Shortfall]:
    for name in wanted:
        yield from differs(f"header {name}", None, result.headers.get(name))


def _json(wanted: object, _: Probe, result: Result) -> Iterator[Shortfall]:
    try:
        got: object = result.json()
    except ValueError:
        got = result.text
    yield from differs("body", wanted, got)


def _event(wanted: object, probe: Probe, _: Result) -> Iterator[Shortfall]:
    yield from subset("event", wanted, probe.events[-1] if probe.events else "no event")


def _event_headers(wanted: list[str], probe: Probe, _: Result) -> Iterator[Shortfall]:
    headers = probe.events[-1]["headers"] if probe.events else {}
    for name in wanted:
        if name not in headers:
            yield Shortfall(f"event header {name}", "present", list(headers))


def _path_parameters(wanted: object, probe: Probe, _: Result) -> Iterator[Shortfall]:
    got = probe.events[-1].get("pathParameters") if probe.events else None
    yield from differs("pathParameters", wanted, got)


def _asked(probe: Probe) -> Any:
    return probe.backend.calls[-1] if probe.backend.calls else None


def _backend_headers(wanted: Mapping[str, Any], probe: Probe, _: Result) -> Iterator[Shortfall]:
    asked = _asked(probe)
    for name, value in wanted.items():
        values = [] if asked is None else list(asked.headers.all(name))
        got: object = values if isinstance(value, list) else (", ".join(values) or None)
        yield from differs(f"backend header {name}", value, got)


def _backend_absent(wanted: list[str], probe: Probe, _: Result) -> Iterator[Shortfall]:
    yield from _backend_headers(dict.fromkeys(wanted), probe, _)


def _backend_path(wanted: str, probe: Probe, _: Result) -> Iterator[Shortfall]:
    asked = _asked(probe)
    yield from differs("backend path", wanted, None if asked is None else urlsplit(asked.url).path)


def _backend_query(wanted: object, probe: Probe, _: Result) -> Iterator[Shortfall]:
    asked = _asked(probe)
    query = "" if asked is None else urlsplit(asked.url).query
    if isinstance(wanted, str):
        yield from differs("backend query", wanted, query)
        return
    values: dict[str, Any] = all_values(parse(query))
    assert isinstance(wanted, Mapping)
    for name, value in wanted.items():
        got = values.get(name)
        single = got is not None and len(got) == 1 and not isinstance(value, list)
        yield from differs(f"backend query {name}", value, got[0] if single and got else got)


_CHECKS: Mapping[str, Any] = {
    "headers": _headers,
    "headerNames": _names,
    "headerOrder": _order,
    "headersAbsent": _absent,
    "bodyJson": _json,
    "body": _json,
    "event": _event,
    "eventHeadersPresent": _event_headers,
    "pathParameters": _path_parameters,
    "backendHeaders": _backend_headers,
    "backendHeadersAbsent": _backend_absent,
    "backendPath": _backend_path,
    "backendQuery": _backend_query,
}
