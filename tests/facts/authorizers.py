"""Cases of kind `authorizer`: a short descriptor of an API, a caller, and what came of him."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.gateway.effects import QuotaCount
from inspector.gateway.stages.user_pool import issuer_of
from inspector.model import ApiKey, PlanStage, Quota, Source, StageKey, UsagePlan
from inspector.testing import Gateway, Result
from tests.facts import granted, http_authorizers, tokens
from tests.facts.compare import subset
from tests.facts.shortfall import Shortfall, unknown

_API = {"type", "authorizationType", "authorizer", "resource", "stage", "methodScopes", "apiKeyRequired",
        "apiKeySource"}  # fmt: skip
_GIVEN = {
    "authorizerReturns",
    "lambda",
    "key",
    "quota",
    "planStages",
    "answers",
    "stages",
    *tokens.GIVEN,
}
_ACCOUNT = "123456789012"
_KEY, _KEY_ID = "key-value-0123456789abcdef", "keyid12345"
_SOURCE = Source("case", 1, 1, "")
_KEY_SCHEME = {"type": "apiKey", "name": "x-api-key", "in": "header"}
_OF_THE_EVENT = {"identity", "identityAbsent", "eventHeaders", "event", "authorizer",
                 "authorizerContext", "authorizerKeys"}  # fmt: skip


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Send the requests one after another, and look at each answer."""
    api, given = case["api"], case["given"]
    if api.get("type") == "HTTP":
        yield from http_authorizers.run(case)
        return
    if api.get("type") != "REST":
        yield Shortfall("api.type", "one that this runner knows", api.get("type"))
        return
    if "credentials" in given:
        yield from granted.run(case)
        return
    unknowns = [*(api.keys() - _API), *(given.keys() - _GIVEN)]
    yield from (unknown(key) for key in unknowns)
    if unknowns:
        return
    requests = _requests(case["request"])
    called: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    if "-iam-" in case["id"]:
        api = {**api, "authorizationType": "AWS_IAM"}
    gateway = gateway_of(api, given, requests, called, events)
    results = []
    for asked in requests:
        request = asked
        if request.get("testInvokeAuthorizer"):
            # The console's test of an authorizer sends a token, whatever it is.
            request = {**request, "headers": {"Authorization": "t", **request.get("headers", {})}}
        before = len(called)
        headers = headers_of(given, request)
        # A case without stages names one in its path that is not there.
        target = request.get("path", "/") if given.get("stages") == [] else None
        result = gateway.request(
            request.get("method", "GET"), _path(request), headers=headers, raw_target=target
        )
        results.append((result, len(called) - before))
    expects = case["expect"]
    if not isinstance(expects, list):
        expects = [expects] * len(results)
    for expect, (result, invocations) in zip(expects, results, strict=True):
        yield from _judge(expect, result, invocations, len(called))
        yield from _judge_event(expect, events[-1] if events else {})


def headers_of(given: Mapping[str, Any], request: Mapping[str, Any]) -> dict[str, str]:
    """The request's headers, with the token of the case among them."""
    headers: dict[str, str] = json.loads(
        json.dumps(request.get("headers", {})).replace("$KEY", _KEY)
    )
    value = tokens.sent(given)
    return headers if value is None else {**headers, "Authorization": value}


def _requests(given: Any) -> list[Mapping[str, Any]]:
    if isinstance(given, list):
        return given
    repeat = given.get("repeat", 1)
    return [given] * repeat


def _path(request: Mapping[str, Any]) -> str:
    path = request.get("path", "/").removeprefix("/dev").removeprefix("/other/")
    path = path if path.startswith("/") else f"/{path}"
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
        returns = given.get("authorizerReturns", _answer_of(given))
        if returns == "<invalid>" or returns is None:
            return "<invalid>"
        if "$raise" in returns:
            raise RuntimeError(returns["$raise"])
        return json.loads(
            json.dumps(returns).replace("$ARN", event["methodArn"]).replace("$KEY", _KEY)
        )

    key, plans = _plans(given)
    stage = "none" if given.get("stages") == [] else "dev"
    stage = "other" if "/other/" in str(requests[0].get("path")) else stage
    gateway = Gateway(_document(api, requests), function=function, api_id=api_id, stage=stage,
                      account=account, api_keys=key, usage_plans=plans,
                      environment=tokens.environment(given), issuers=_issuers(api))  # fmt: skip
    for plan in plans:
        if plan.quota is not None:
            counted = QuotaCount(f"plan {plan.id} key {_KEY_ID}", plan.quota.limit,
                                 plan.quota.period)  # fmt: skip
            used = given.get("quota", {}).get("used", plan.quota.limit)
            gateway.meters.spend(counted, used, gateway.environment.time_ms)
    return gateway


def _issuers(api: Mapping[str, Any]) -> dict[str, Any]:
    pools = (api.get("authorizer") or {}).get("providerARNs", ())
    return tokens.keys_of(*filter(None, map(issuer_of, pools)))


def _answer_of(given: Mapping[str, Any]) -> Any:
    """`answers`: the first of them, which lets in with the key."""
    if "answers" not in given:
        return None
    allow = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [allow]}
    return {"principalId": "p", "policyDocument": document, "usageIdentifierKey": _KEY}


def _plans(given: Mapping[str, Any]) -> tuple[list[ApiKey], list[UsagePlan]]:
    """One key, in one plan unless the case says otherwise."""
    said = given.get("key", "in plan")
    key = ApiKey(id=_KEY_ID, source=_SOURCE, value=_KEY, enabled="disabled" not in said)
    quota = given.get("quota")
    if said == "disabled, quota used up":
        quota = {"limit": 1, "period": "DAY", "used": 1}
    plan = UsagePlan(
        id="plan1",
        source=_SOURCE,
        api_stages=tuple(
            PlanStage(StageKey("api1", name, _SOURCE)) for name in given.get("planStages", ["dev"])
        ),
        quota=None if quota is None else Quota(quota["limit"], quota["period"], 0, _SOURCE),
        keys=() if "no plan" in said else (_KEY_ID,),
    )
    return [key], [plan]


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
        "headerOrder": [name for name, _ in fields],
        "headersPresent": [name for name in expect.get("headersPresent", ()) if name in fields],
        "headers": {name: fields.get(name) for name in expect.get("headers", {})},
    }
    for key, wanted in expect.items():
        if key == "body":
            yield from subset("body", wanted, _json(body))
        elif key == "logLines":
            lines = [line.partition(") ")[2] for line in result.log]
            yield from (Shortfall(key, line, lines) for line in wanted if line not in lines)
        elif key in _OF_THE_EVENT:
            continue
        elif key not in got:
            yield unknown(key)
        elif got[key] != ({n: str(v) for n, v in wanted.items()} if key == "headers" else wanted):
            yield Shortfall(key, wanted, got[key])


def _judge_event(expect: Mapping[str, Any], event: Mapping[str, Any]) -> Iterator[Shortfall]:
    """What the backend's event says of the caller."""
    identity = event.get("requestContext", {}).get("identity", {})
    wanted = json.dumps(expect.get("identity", {}))
    wanted = wanted.replace("$KEYID", _KEY_ID).replace("$KEY", _KEY)
    yield from subset("identity", json.loads(wanted), identity)
    for name in expect.get("identityAbsent", ()):
        if name in identity:
            yield Shortfall("identityAbsent", name, identity)
    yield from subset("headers", expect.get("eventHeaders", {}), event.get("headers", {}))
    yield from subset("event", expect.get("event", {}), event)
    authorizer = event.get("requestContext", {}).get("authorizer")
    for key in ("authorizer", "authorizerContext"):
        yield from subset(key, expect.get(key, {}), authorizer or {})
    if sorted(expect.get("authorizerKeys", authorizer or ())) != sorted(authorizer or ()):
        yield Shortfall("authorizerKeys", expect["authorizerKeys"], list(authorizer or ()))


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
