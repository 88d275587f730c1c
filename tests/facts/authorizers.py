"""Cases of kind `authorizer`: a short descriptor of an API, a caller, and what came of him."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from inspector.gateway.environment import Caller
from inspector.gateway.stages.user_pool import issuer_of
from inspector.testing import DefinitionError, Gateway, Result
from tests.facts import granted, http_apis, http_authorizers, keyed, tokens
from tests.facts.answered import answer_checks
from tests.facts.compare import checks, differs
from tests.facts.judged_event import authorizer_event_checks, event_checks
from tests.facts.refused import refused
from tests.facts.shortfall import Shortfall, unknown

_API = {"type", "authorizationType", "authorizer", "resource", "stage", "methodScopes", "apiKeyRequired",
        "apiKeySource", "policy", "routes"}  # fmt: skip
_REQUEST = {"method", "path", "query", "headers", "body", "repeat", "sourceIp", "stage",
            "testInvokeAuthorizer"}  # fmt: skip
_GIVEN = {
    "authorizerReturns",
    "lambda",
    "answers",
    "stages",
    "stageVariables",
    "routes",
    "sourceIp",
    *keyed.GIVEN,
    *tokens.GIVEN,
}
_ACCOUNT = "123456789012"
_KEY, _KEY_ID = keyed.KEY, keyed.KEY_ID
_ALLOW = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
_LETS_IN = {"principalId": "p", "policyDocument": {"Version": "2012-10-17", "Statement": [_ALLOW]}}
_KEY_SCHEME = {"type": "apiKey", "name": "x-api-key", "in": "header"}


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Send the requests one after another, and look at each answer."""
    api, given = case["api"], case["given"]
    if api.get("type") == "HTTP":
        yield from (http_apis if api.get("authorizer") is None else http_authorizers).run(case)
        return
    if api.get("type") != "REST":
        yield Shortfall("api.type", "one that this runner knows", api.get("type"))
        return
    if "credentials" in given:
        yield from granted.run(case)
        return
    requests = _requests(case["request"])
    unknowns = [
        *(api.keys() - _API),
        *(given.keys() - _GIVEN),
        *(key for request in requests for key in request.keys() - _REQUEST),
    ]
    yield from (unknown(key) for key in unknowns)
    if unknowns:
        return
    if "-iam-" in case["id"]:
        api = {**api, "authorizationType": "AWS_IAM"}
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
    gateway = gateway_of(api, given, requests, called, events)
    if keyed.drained(given):
        gateway.get(_path(requests[0]), headers=headers_of(given, requests[0]))
    seen: list[_Seen] = []
    for asked in requests:
        request = asked
        if request.get("testInvokeAuthorizer"):
            # The console's test of an authorizer sends a token, whatever it is.
            request = {**request, "headers": {"Authorization": "t", **request.get("headers", {})}}
        before, earlier = len(called), len(events)
        # A case without stages names one in its path that is not there.
        target = request.get("path", "/") if given.get("stages") == [] else None
        address = request.get("sourceIp", given.get("sourceIp"))
        result = gateway.request(
            request.get("method", "GET"), _path(request), headers=headers_of(given, request),
            body=request.get("body", ""), raw_target=target,
            caller=None if address is None else Caller(address),
        )  # fmt: skip
        seen.append(_Seen(
            result, len(called) - before, events[-1] if len(events) > earlier else {},
            called[-1] if called else {},
        ))  # fmt: skip
    for each, expect in zip(
        seen, expects if isinstance(expects, list) else [expects] * len(seen), strict=True
    ):
        yield from _judge(expect, each, len(called))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What came of one request: the answer, and what the functions were given."""

    result: Result
    invocations: int
    event: Mapping[str, Any]
    asked: Mapping[str, Any]


def headers_of(given: Mapping[str, Any], request: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The request's headers, with the token of the case among them."""
    sent = json.loads(json.dumps(request.get("headers", {})).replace("$KEY", _KEY))
    fields = [(name, value) for name, value in (sent.items() if isinstance(sent, dict) else sent)]
    value = tokens.sent(given)
    return fields if value is None else [*fields, ("Authorization", value)]


def _requests(given: Any) -> list[Mapping[str, Any]]:
    if isinstance(given, list):
        return given
    repeat = given.get("repeat", 1)
    return [given] * repeat


def _path(request: Mapping[str, Any]) -> str:
    path = re.sub(r"^/(dev|other)(?=/|$)", "", request.get("path", "/")) or "/"
    return f"{path}?{request['query']}" if request.get("query") else path


def gateway_of(
    api: Mapping[str, Any],
    given: Mapping[str, Any],
    requests: list[Mapping[str, Any]],
    called: list[dict[str, Any]],
    events: list[dict[str, Any]],
    names: tuple[str, str] | None = None,
) -> Gateway:
    """The gateway of a case; `names` are account and API id where the case knows better ones."""
    account, api_id = names or (_ACCOUNT, "api1")
    answer = given.get("lambda", {"statusCode": 200, "body": "fine"})

    def function(event: Any) -> object:
        if "methodArn" not in event:
            events.append(event)
            return answer
        called.append(event)
        returns = _answer_of(given, len(called))
        if isinstance(returns, dict) and "$raise" in returns:
            raise RuntimeError(returns["$raise"])
        return json.loads(
            json.dumps(returns).replace("$ARN", event["methodArn"]).replace("$KEY", _KEY)
        )

    stage = "none" if given.get("stages") == [] else "dev"
    stage = "other" if "/other/" in str(requests[0].get("path")) else stage
    routes = given.get("routes", api.get("routes", []))
    gateway = Gateway(_document(api, requests, routes), function=function, api_id=api_id, stage=stage,
                      account=account, api_keys=[keyed.key_of(given)],
                      usage_plans=keyed.plans_of(given), variables=given.get("stageVariables"),
                      environment=tokens.environment(given), issuers=_issuers(api))  # fmt: skip
    keyed.spend(gateway, given)
    return gateway


def _issuers(api: Mapping[str, Any]) -> dict[str, Any]:
    pools = (api.get("authorizer") or {}).get("providerARNs", ())
    return tokens.keys_of(*filter(None, map(issuer_of, pools)))


def _answer_of(given: Mapping[str, Any], number: int) -> Any:
    """What the authorizer's function says the `number`th time; it lets in unless a case says more.

    `answers`, where they are words and no values: with the key of the case.
    """
    said = given.get("authorizerReturns", given.get("answers", _LETS_IN))
    if isinstance(said, list):
        said = said[min(number, len(said)) - 1]
    if "answers" in given and isinstance(said, str):
        return {**_LETS_IN, "usageIdentifierKey": _KEY}
    return said


def _document(
    api: Mapping[str, Any], requests: list[Mapping[str, Any]], routes: list[str]
) -> dict[str, Any]:
    uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations"
    method: dict[str, Any] = {
        "responses": {},
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy", "httpMethod": "POST", "uri": uri.format("backend"),
        },
    }  # fmt: skip
    document: dict[str, Any] = {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}}
    declared = api.get("authorizer")
    document["x-amazon-apigateway-api-key-source"] = api.get("apiKeySource", "HEADER")
    wants_key = {"key": []} if api.get("apiKeyRequired") else {}
    schemes: dict[str, Any] = {"key": _KEY_SCHEME}
    if wants_key:
        method["security"] = [wants_key]
    if api.get("authorizationType") == "AWS_IAM":
        method["x-amazon-apigateway-auth"] = {"type": "AWS_IAM"}
    if declared is not None:
        method["security"] = [{"auth": api.get("methodScopes", []), **wants_key}]
        schemes["auth"] = _scheme(declared, requests, uri.format("authorizer"))
    document["components"] = {"securitySchemes": schemes}
    if "policy" in api:
        document["x-amazon-apigateway-policy"] = api["policy"]
    paths = {api["resource"]} if "resource" in api else {_bare(each) for each in requests}
    if routes:
        paths = {route.rpartition(" ")[2] for route in routes}
    parameters = [
        {"name": part[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
        for part in api.get("resource", "").split("/")
        if part.startswith("{")
    ]
    document["paths"] = {
        path: {"x-amazon-apigateway-any-method": {**method, "parameters": parameters}}
        for path in paths
    }
    for route in routes:
        verb, _, path = route.rpartition(" ")
        if verb not in ("", "ANY"):
            document["paths"][path] = {verb.lower(): {**method, "parameters": parameters}}
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


def _judge(expect: Mapping[str, Any], seen: _Seen, total: int) -> Iterator[Shortfall]:
    lines = [line.partition(") ")[2] for line in seen.result.log]

    def log(wanted: list[str]) -> Iterator[Shortfall]:
        yield from (Shortfall("logLines", line, lines) for line in wanted if line not in lines)

    yield from checks(
        json.loads(json.dumps(expect).replace("$KEYID", _KEY_ID).replace("$KEY", _KEY)),
        {
            **answer_checks(seen.result.response),
            **event_checks(seen.event),
            **authorizer_event_checks(seen.asked),
            "configAccepted": lambda wanted: differs("configAccepted", wanted, True),
            "authorizerInvoked": lambda wanted: differs("invoked", wanted, bool(seen.invocations)),
            "authorizerInvocations": lambda wanted: differs("invocations", wanted, total),
            "authorizerInvocationsTotal": lambda wanted: differs("invocations", wanted, total),
            "integrationInvoked": lambda wanted: differs("called", wanted, bool(seen.event)),
            "logLines": log,
        },
    )
