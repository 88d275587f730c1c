"""Cases of kind `authorizer` and `jwt` about HTTP APIs: a route, who guards it, who calls."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.testing import Gateway, Result
from tests.facts import tokens
from tests.facts.compare import subset
from tests.facts.shortfall import Shortfall, unknown

_API = {"type", "authorizer", "authorizationType", "routeScopes", "resource", "stage"}
_GIVEN = {"authorizerReturns", "lambda", "stageVariables", *tokens.GIVEN}
_FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:{}"
_ALLOW = {"isAuthorized": True}


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Send the requests one after another, and look at each answer."""
    api, given = case["api"], case.get("given", {})
    unknowns = [*(api.keys() - _API), *(given.keys() - _GIVEN)]
    yield from (unknown(key) for key in unknowns)
    if unknowns:
        return
    asked = case["request"]
    requests = asked if isinstance(asked, list) else [asked] * asked.get("repeat", 1)
    called: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    gateway = _gateway(api, given, requests, called, events)
    expects = case["expect"]
    if not isinstance(expects, list):
        expects = [expects] * len(requests)
    for request, expect in zip(requests, expects, strict=True):
        before = len(called)
        result = gateway.request(
            request.get("method", "GET"),
            _target(api, request, given),
            headers=_headers(api, request, given),
        )
        event = events[-1] if events else {}
        yield from _judge(expect, result, called, len(called) - before, event)


def _headers(
    api: Mapping[str, Any], request: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, str]:
    headers = dict(request.get("headers", {}))
    source, value = _source(api), tokens.sent(given)
    if value is not None and source.startswith("$request.header."):
        headers[source.removeprefix("$request.header.")] = value
    return headers


def _target(api: Mapping[str, Any], request: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    query = [request["query"]] if request.get("query") else []
    source, value = _source(api), tokens.sent(given)
    if value is not None and source.startswith("$request.querystring."):
        query.append(f"{source.removeprefix('$request.querystring.')}={value}")
    path = request.get("path", "/")
    return f"{path}?{'&'.join(query)}" if query else path


def _source(api: Mapping[str, Any]) -> str:
    declared = (api.get("authorizer") or {}).get("identitySource", "")
    return declared if isinstance(declared, str) else next(iter(declared), "")


def _gateway(
    api: Mapping[str, Any],
    given: Mapping[str, Any],
    requests: list[Mapping[str, Any]],
    called: list[dict[str, Any]],
    events: list[dict[str, Any]],
) -> Gateway:
    def function(event: Any) -> object:
        if event.get("type") != "REQUEST":
            events.append(event)
            return given.get("lambda", {"statusCode": 200, "body": "fine"})
        called.append(event)
        returns = given.get("authorizerReturns", _ALLOW)
        if isinstance(returns, Mapping) and "$raise" in returns:
            raise RuntimeError(returns["$raise"])
        arn = event.get("routeArn") or event.get("methodArn")
        return json.loads(json.dumps(returns).replace("$ARN", arn))

    issuer = (api.get("authorizer") or {}).get("issuer")
    return Gateway(
        _document(api, requests), function=function, api_id="api1", account="123456789012",
        variables=given.get("stageVariables"),
        environment=tokens.environment(given), issuers=tokens.issuers_of(given, issuer) if issuer else {},
    )  # fmt: skip


def _document(api: Mapping[str, Any], requests: list[Mapping[str, Any]]) -> dict[str, Any]:
    integration = {"type": "AWS_PROXY", "uri": _FUNCTION.format("backend"),
                   "payloadFormatVersion": "2.0"}  # fmt: skip
    route: dict[str, Any] = {"x-amazon-apigateway-integration": integration}
    document: dict[str, Any] = {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}}
    declared = api.get("authorizer")
    if api.get("authorizationType") == "AWS_IAM":
        route["x-amazon-apigateway-auth"] = {"type": "AWS_IAM"}
    if declared is not None:
        route["security"] = [{"auth": api.get("routeScopes", [])}]
        document["components"] = {"securitySchemes": {"auth": _scheme(declared)}}
    paths = {api["resource"]} if "resource" in api else {r.get("path", "/") for r in requests}
    document["paths"] = {
        path: {request.get("method", "GET").lower(): route for request in requests}
        for path in paths
    }
    return document


def _scheme(declared: Mapping[str, Any]) -> dict[str, Any]:
    source = declared.get("identitySource", "$request.header.Authorization")
    kind = declared.get("type", "REQUEST").lower()
    authorizer: dict[str, Any] = {"type": kind, "identitySource": source}
    if authorizer["type"] == "jwt":
        authorizer["jwtConfiguration"] = {
            "issuer": declared["issuer"], "audience": declared.get("audience", []),
        }  # fmt: skip
        return {"type": "oauth2", "x-amazon-apigateway-authorizer": authorizer}
    authorizer |= {
        "authorizerUri": f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
        f"{_FUNCTION.format('guard')}/invocations",
        "authorizerPayloadFormatVersion": declared.get("payload", "2.0"),
        "enableSimpleResponses": declared.get("enableSimpleResponses", False),
        "authorizerResultTtlInSeconds": declared.get("ttl", 0),
    }
    return {"type": "apiKey", "name": "x", "in": "header",
            "x-amazon-apigateway-authorizer": authorizer}  # fmt: skip


def _judge(  # noqa: PLR0912  one branch for each key of an expectation
    expect: Mapping[str, Any],
    result: Result,
    called: list[dict[str, Any]],
    invocations: int,
    event: Mapping[str, Any],
) -> Iterator[Shortfall]:
    body, fields = result.response.body, result.response.headers
    authorizer = event.get("requestContext", {}).get("authorizer", {})
    got: dict[str, object] = {
        "status": result.status,
        "bodyBytes": body.decode("utf-8", "replace"),
        "contentLength": len(body),
        "authorizerInvoked": bool(invocations),
        "authorizerInvocations": len(called),
        "authorizerInvocationsTotal": len(called),
        "headersAbsent": [name for name in expect.get("headersAbsent", ()) if name not in fields],
        "headersPresent": [name for name in expect.get("headersPresent", ()) if name in fields],
        "headerOrder": [name for name, _ in fields],
    }
    for key, wanted in expect.items():
        if key == "status" and wanted in ("pass", "deny"):
            if (result.status == 200) != (wanted == "pass"):
                yield Shortfall(key, wanted, result.status)
        elif key == "body":
            yield from subset("body", wanted, _json(body))
        elif key == "headers":
            for name, value in wanted.items():
                if fields.get(name) != str(value):
                    yield Shortfall(f"headers.{name}", value, fields.get(name))
        elif key == "authorizer":
            yield from subset(key, wanted, authorizer)
        elif key in ("authorizerContext", "context"):
            yield from subset(key, wanted, authorizer.get("lambda", authorizer))
        elif key == "authorizerContextAbsent":
            context = authorizer.get("lambda", authorizer)
            yield from (Shortfall(key, name, context) for name in wanted if name in context)
        elif key == "authorizerKeys":
            if sorted(authorizer) != sorted(wanted):
                yield Shortfall(key, wanted, list(authorizer))
        elif key == "claimKeysSorted":
            names = list(authorizer.get("jwt", {}).get("claims", {}))
            if (names == sorted(names)) != wanted:
                yield Shortfall(key, wanted, names)
        elif key == "event":
            yield from subset(key, wanted, event)
        elif key == "authorizerEvent":
            yield from subset(key, wanted, called[-1] if called else {})
        elif key == "identitySourceSet":
            identity = called[-1]["identitySource"] if called else []
            if sorted(identity) != sorted(wanted):
                yield Shortfall(key, wanted, identity)
        elif key == "accessLog":
            yield from _judge_log(wanted, result)
        elif key not in got:
            yield unknown(key)
        elif got[key] != wanted:
            yield Shortfall(key, wanted, got[key])


def _judge_log(wanted: Mapping[str, Any], result: Result) -> Iterator[Shortfall]:
    """What the trace keeps for the access log."""
    errors = [step.facts.get("access_log_error") for step in result.answer.trace]
    for name, value in wanted.items():
        if name != "authorizer.error":
            yield unknown(f"accessLog.{name}")
        elif value not in errors:
            yield Shortfall(name, value, errors)


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
