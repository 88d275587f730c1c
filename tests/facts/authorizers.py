"""Cases of kind `authorizer`: a short descriptor of an API, a caller, and what came of him."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.testing import Gateway, Result
from tests.facts.compare import subset
from tests.facts.shortfall import Shortfall, unknown

_API = {"type", "authorizer", "resource", "stage", "methodScopes"}
_GIVEN = {"authorizerReturns", "lambda"}
_ACCOUNT = "123456789012"


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Send the requests one after another, and look at each answer."""
    api, given = case["api"], case["given"]
    if api.get("type") != "REST":
        yield Shortfall("api.type", "one that this runner knows", api.get("type"))
        return
    unknowns = [*(api.keys() - _API), *(given.keys() - _GIVEN)]
    yield from (unknown(key) for key in unknowns)
    if unknowns:
        return
    requests = _requests(case["request"])
    called: list[dict[str, Any]] = []
    gateway = _gateway(api, given, requests, called)
    results = []
    for request in requests:
        before = len(called)
        result = gateway.request(
            request.get("method", "GET"), _path(request), headers=request.get("headers", {})
        )
        results.append((result, len(called) - before))
    expects = case["expect"]
    if not isinstance(expects, list):
        expects = [expects] * len(results)
    for expect, (result, invocations) in zip(expects, results, strict=True):
        yield from _judge(expect, result, invocations, len(called))


def _requests(given: Any) -> list[Mapping[str, Any]]:
    if isinstance(given, list):
        return given
    repeat = given.get("repeat", 1)
    return [given] * repeat


def _path(request: Mapping[str, Any]) -> str:
    path = request.get("path", "/").removeprefix("/dev")
    return f"{path}?{request['query']}" if request.get("query") else path


def _gateway(
    api: Mapping[str, Any],
    given: Mapping[str, Any],
    requests: list[Mapping[str, Any]],
    called: list[dict[str, Any]],
) -> Gateway:
    answer = given.get("lambda", {"statusCode": 200, "body": "fine"})

    def function(event: Any) -> object:
        if "methodArn" not in event:
            return answer
        called.append(event)
        returns = given.get("authorizerReturns")
        if returns == "<invalid>" or returns is None:
            return "<invalid>"
        if "$raise" in returns:
            raise RuntimeError(returns["$raise"])
        return json.loads(json.dumps(returns).replace("$ARN", event["methodArn"]))

    return Gateway(_document(api, requests), function=function, api_id="api1", stage="dev",
                   account=_ACCOUNT)  # fmt: skip


def _document(api: Mapping[str, Any], requests: list[Mapping[str, Any]]) -> dict[str, Any]:
    uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations"
    method: dict[str, Any] = {
        "responses": {},
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy", "httpMethod": "POST", "uri": uri.format("backend"),
        },
    }  # fmt: skip
    document: dict[str, Any] = {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}}
    declared = api.get("authorizer")
    if declared is not None:
        method["security"] = [{"auth": api.get("methodScopes", [])}]
        scheme = _scheme(declared, requests, uri.format("authorizer"))
        document["components"] = {"securitySchemes": {"auth": scheme}}
    paths = {api["resource"]} if "resource" in api else {_bare(each) for each in requests}
    parameters = [
        {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
        for part in api.get("resource", "").split("/")
        if part.startswith("{")
    ]
    document["paths"] = {
        path: {"x-amazon-apigateway-any-method": {**method, "parameters": parameters}}
        for path in paths
    }
    return document


def _bare(request: Mapping[str, Any]) -> str:
    return _path(request).partition("?")[0] or "/"


def _scheme(
    declared: Mapping[str, Any], requests: list[Mapping[str, Any]], uri: str
) -> dict[str, Any]:
    kind = declared["type"].lower()
    source = declared.get("identitySource", ...)
    if source is ...:
        name = next(iter(requests[0].get("headers", {})), "Authorization")
        source = f"method.request.header.{name}"
    authorizer: dict[str, Any] = {"type": kind, "authorizerUri": uri}
    if source:
        authorizer["identitySource"] = source
    if "ttl" in declared:
        authorizer["authorizerResultTtlInSeconds"] = declared["ttl"]
    if "identityValidationExpression" in declared:
        authorizer["identityValidationExpression"] = declared["identityValidationExpression"]
    if "providerARNs" in declared:
        authorizer["providerARNs"] = declared["providerARNs"]
    name = (source or "method.request.header.Unused").partition(",")[0].rpartition(".")[2]
    return {
        "type": "apiKey", "name": name, "in": "header",
        "x-amazon-apigateway-authtype": "custom" if kind in ("token", "request") else kind,
        "x-amazon-apigateway-authorizer": authorizer,
    }  # fmt: skip


def _judge(
    expect: Mapping[str, Any], result: Result, invocations: int, total: int
) -> Iterator[Shortfall]:
    body, fields = result.response.body, result.response.headers
    got: dict[str, object] = {
        "status": result.status,
        "bodyBytes": body.decode("utf-8", "replace"),
        "contentLength": len(body),
        "authorizerInvoked": bool(invocations),
        "authorizerInvocations": total,
        "authorizerInvocationsTotal": total,
        "headersAbsent": [name for name in expect.get("headersAbsent", ()) if name not in fields],
        "headersPresent": [name for name in expect.get("headersPresent", ()) if name in fields],
        "headers": {name: fields.get(name) for name in expect.get("headers", {})},
    }
    for key, wanted in expect.items():
        if key == "body":
            yield from subset("body", wanted, _json(body))
        elif key not in got:
            yield unknown(key)
        elif got[key] != ({n: str(v) for n, v in wanted.items()} if key == "headers" else wanted):
            yield Shortfall(key, wanted, got[key])


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
