"""Cases of kind `authorizer` and `jwt` about HTTP APIs: a route, who guards it, who calls."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.testing import DefinitionError, Gateway, Result
from tests.facts import http_probe, tokens
from tests.facts.answered import answer_checks
from tests.facts.compare import checks, differs
from tests.facts.judged_event import authorizer_event_checks, event_checks
from tests.facts.logged import log_checks
from tests.facts.refused import refused
from tests.facts.shortfall import Shortfall, unknown

_API = {"type", "authorizer", "routeScopes", "resource", "stage", "payload"}
_GIVEN = {"authorizerReturns", "lambda", "stageVariables", "payload", "payloadFormatVersion",
          *tokens.GIVEN}  # fmt: skip
_REQUEST = {"method", "path", "query", "headers", "body", "repeat"}
_FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:{}"
_ALLOW = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
_LETS_IN = {"principalId": "p", "policyDocument": {"Version": "2012-10-17", "Statement": [_ALLOW]}}


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Send the requests one after another, and look at each answer."""
    api, given = case["api"], case.get("given", {})
    asked = case["request"]
    requests = asked if isinstance(asked, list) else [asked] * asked.get("repeat", 1)
    unknowns = [
        *(api.keys() - _API),
        *(given.keys() - _GIVEN),
        *(key for request in requests for key in request.keys() - _REQUEST),
    ]
    yield from (unknown(key) for key in unknowns)
    if unknowns:
        return
    try:
        yield from _sent(api, given, requests, case["expect"])
    except DefinitionError as error:
        yield from refused(case["expect"], error)


def _sent(
    api: Mapping[str, Any],
    given: Mapping[str, Any],
    requests: list[Mapping[str, Any]],
    expects: Any,
) -> Iterator[Shortfall]:
    called: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    gateway = _gateway(api, given, requests, called, events)
    seen: list[tuple[Result, int, dict[str, Any]]] = []
    for request in requests:
        before, earlier = len(called), len(events)
        result = gateway.request(
            request.get("method", "GET"),
            raw_target=_target(api, request, given),
            headers=_headers(api, request, given),
            body=request.get("body", ""),
        )
        event = events[-1] if len(events) > earlier else {}
        seen.append((result, len(called) - before, event))
    each = expects if isinstance(expects, list) else [expects] * len(seen)
    for expect, (result, invocations, event) in zip(each, seen, strict=True):
        yield from _judge(expect, result, called, invocations, event)


def _headers(
    api: Mapping[str, Any], request: Mapping[str, Any], given: Mapping[str, Any]
) -> list[tuple[str, str]]:
    sent = request.get("headers", {})
    fields = [(name, value) for name, value in (sent.items() if isinstance(sent, dict) else sent)]
    source, value = _source(api), tokens.sent(given)
    if value is not None and source.startswith("$request.header."):
        fields.append((source.removeprefix("$request.header."), value))
    return fields


def _target(api: Mapping[str, Any], request: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    path, _, query = request.get("path", "/").partition("?")
    pairs = [each for each in (query, request.get("query")) if each]
    source, value = _source(api), tokens.sent(given)
    if value is not None and source.startswith("$request.querystring."):
        pairs.append(f"{source.removeprefix('$request.querystring.')}={value}")
    return f"{path}?{'&'.join(pairs)}" if pairs else str(path)


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
        simple = (api.get("authorizer") or {}).get("enableSimpleResponses")
        returns = given.get("authorizerReturns", {"isAuthorized": True} if simple else _LETS_IN)
        if isinstance(returns, list):
            returns = returns[min(len(called), len(returns)) - 1]
        if isinstance(returns, Mapping) and "$raise" in returns:
            raise RuntimeError(returns["$raise"])
        arn = event.get("routeArn") or event.get("methodArn")
        return json.loads(json.dumps(returns).replace("$ARN", arn))

    issuer = (api.get("authorizer") or {}).get("issuer")
    stage = api.get("stage", "$default")
    settings = {"AutoDeploy": True, "StageVariables": given.get("stageVariables", {})}
    return Gateway(
        http_probe.template(_document(api, given, requests), [stage], settings),
        function=function, api_id="api1", account="123456789012",
        environment=tokens.environment(given), issuers=tokens.issuers_of(given, issuer) if issuer else {},
    )  # fmt: skip


def _document(
    api: Mapping[str, Any], given: Mapping[str, Any], requests: list[Mapping[str, Any]]
) -> dict[str, Any]:
    payload = given.get("payloadFormatVersion", given.get("payload", api.get("payload", "2.0")))
    integration = {"type": "AWS_PROXY", "uri": _FUNCTION.format("backend"),
                   "payloadFormatVersion": payload}  # fmt: skip
    route: dict[str, Any] = {"x-amazon-apigateway-integration": integration}
    document: dict[str, Any] = {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}}
    declared = api.get("authorizer")
    if declared is not None:
        route["security"] = [{"auth": api.get("routeScopes", [])}]
        document["components"] = {"securitySchemes": {"auth": _scheme(declared)}}
    bare = (each.get("path", "/").partition("?")[0] for each in requests)
    own = {path.removeprefix(f"/{api.get('stage')}") or "/" for path in bare}
    document["paths"] = {
        path: {request.get("method", "GET").lower(): route for request in requests}
        for path in ({api["resource"]} if "resource" in api else own)
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


def _judge(
    expect: Mapping[str, Any],
    result: Result,
    called: list[dict[str, Any]],
    invocations: int,
    event: Mapping[str, Any],
) -> Iterator[Shortfall]:
    yield from checks(
        expect,
        {
            **answer_checks(result.response),
            **event_checks(event),
            **authorizer_event_checks(called[-1] if called else {}),
            **log_checks(result),
            "routeKey": lambda wanted: differs("routeKey", wanted, result.answer.resource),
            "configAccepted": lambda wanted: differs("configAccepted", wanted, True),
            "integrationInvoked": lambda wanted: differs("called", wanted, bool(event)),
            "authorizerInvoked": lambda wanted: differs("invoked", wanted, bool(invocations)),
            "authorizerInvocations": lambda wanted: differs("invocations", wanted, len(called)),
            "authorizerInvocationsTotal": lambda wanted: differs(
                "invocations", wanted, len(called)
            ),
        },
    )
