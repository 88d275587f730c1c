"""WebSocket APIs under test, made of the few words that a case says of one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from inspector.gateway.effects import BackendFailure
from inspector.gateway.environment import Caller
from inspector.gateway.identity import Identity
from inspector.runtime.keyring import Key
from inspector.testing import ENVIRONMENT, Gateway, Result, TestSocket
from tests.facts import granted, http_probe

_URI = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations"
_ARN = "arn:aws:lambda:us-east-1:000000000000:function:{}"
_IN_ARN = re.compile(r"arn:aws:execute-api:[^:]*:[^:]*:(\w+)/")
_EVERY = ("$connect", "$disconnect", "$default")
#: Who calls `@connections`, and what his session was narrowed to where he may not.
_ACCOUNT = "000000000000"
_SESSION = f"arn:aws:sts::{_ACCOUNT}:assumed-role/R/S"
_ALLOW = {"Effect": "Allow", "Action": "execute-api:*", "Resource": "*"}


@dataclass(slots=True)
class Probe:
    """A gateway with what its function and its authorizer were given."""

    gateway: Gateway
    stage: str
    events: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def connect(self, given: Mapping[str, Any], request: Mapping[str, Any]) -> TestSocket:
        """Shake hands as the case's request says."""
        headers = [(name, value) for name, value in request.get("headers", [])]
        if "offer" in given:
            headers.append(("Sec-WebSocket-Protocol", given["offer"]))
        if not any(name.lower() == "user-agent" for name, _ in headers):
            headers.append(("User-Agent", "UA"))
        query = request.get("query")
        target = f"/{self.stage}?{query}" if query else f"/{self.stage}"
        if request.get("signed"):
            headers += http_probe.signed("GET", f"https://{self.gateway.api.host}{target}")
        return self.gateway.connect(raw_target=target, headers=headers, caller=Caller("IP"))

    def manage(self, request: Mapping[str, Any], connection: str) -> Result:
        """Call `@connections`, signed unless the case says otherwise."""
        path = request["path"].replace("/ID", f"/{connection}")
        target = f"/{self.stage}/{path.split('/', 2)[2]}"
        body, url = request.get("body", ""), f"https://{self.gateway.api.host}{target}"
        signed = request.get("signed", True)
        fields = http_probe.signed(request["method"], url, body) if signed else []
        return self.gateway.request(request["method"], raw_target=target, headers=fields, body=body)


def probe(
    api: Mapping[str, Any],
    given: Mapping[str, Any],
    request: Mapping[str, Any],
    expect: Mapping[str, Any],
) -> Probe:
    """A gateway for a case."""
    stage = request.get("stage") or _stage_in(request.get("path", "")) or "probe"
    events: list[dict[str, Any]] = []
    asked: list[dict[str, Any]] = []

    def function(event: Any) -> object:
        if event.get("type") == "REQUEST":
            asked.append(event)
            return _said(given)
        events.append(event)
        return _answered(given, event, _about(request))

    routes = _routes(api, given, expect)
    now = int(datetime.now(UTC).timestamp() * 1000)
    document = _template(api, given, routes, {"StageName": stage, **_settings(api, given, expect)})
    denied = "not allow" in str(given.get("connection", ""))
    gateway = Gateway(
        document, function=function, api_id=_api_id(given, expect), account=_ACCOUNT,
        environment=replace(
            ENVIRONMENT, time_ms=now,
            extended_request_id=given.get("extendedRequestId", ENVIRONMENT.extended_request_id),
        ),
        keys=[Key(_caller(denied=denied), "secret")],
    )  # fmt: skip
    return Probe(gateway, stage, events, asked)


def _api_id(given: Mapping[str, Any], expect: Mapping[str, Any]) -> str:
    """The one that the case's ARNs name."""
    found = _IN_ARN.search(json.dumps([given, expect]))
    return given.get("apiId", "34jmzjm04l" if found is None else found[1])


def _stage_in(path: str) -> str:
    return path.split("/")[1] if path.count("/") > 1 else ""


def _caller(*, denied: bool) -> Identity:
    policies = (json.dumps({"Statement": [_ALLOW]}),)
    narrow = {**_ALLOW, "Action": "execute-api:Invoke"}
    session = (json.dumps({"Statement": [narrow]}),) if denied else ()
    return Identity(
        "AKIDEXAMPLE", _SESSION, _ACCOUNT, "AROA:S", policies=policies, session_policies=session
    )


def _routes(
    api: Mapping[str, Any], given: Mapping[str, Any], expect: Mapping[str, Any]
) -> list[str]:
    """Those that the case names; else one for each kind of event."""
    named = given.get("routes") or api.get("routes")
    if named is None:
        key = expect.get("routeKey")
        return list(dict.fromkeys([*_EVERY, *([key] if key else [])]))
    return list(dict.fromkeys([*named, "$connect"]))


def _said(given: Mapping[str, Any]) -> object:
    if "authorizerRaises" in given:
        raise RuntimeError(given["authorizerRaises"])
    return given.get("authorizerReturns", {})


def _about(request: Mapping[str, Any]) -> str:
    """The kind of event that a case's request makes."""
    if "upgrade" in request:
        return "CONNECT"
    return "DISCONNECT" if "close" in request else "MESSAGE"


def _answered(given: Mapping[str, Any], event: Mapping[str, Any], about: str) -> object:
    """The function's answer; only the event that the case is about gets the case's."""
    kind = event["requestContext"]["eventType"]
    if kind != about:
        return {"statusCode": 200}
    if given.get("integration") == "broken":
        return BackendFailure("refused", "nobody is there")
    return http_probe.function_answer(given)


def _template(
    api: Mapping[str, Any],
    given: Mapping[str, Any],
    routes: Sequence[str],
    stage: Mapping[str, Any],
) -> dict[str, Any]:
    selection = api.get("routeSelectionExpression", "$request.body.action")
    own = {"ApiId": {"Ref": "Api"}}
    resources: dict[str, Any] = {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {
            "Name": "probe", "ProtocolType": "WEBSOCKET", "RouteSelectionExpression": selection,
        }},
        "Integration": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {
            **own, "IntegrationType": "AWS_PROXY", "IntegrationUri": _URI.format(_ARN.format("f")),
        }},
        "Deployment": {"Type": "AWS::ApiGatewayV2::Deployment", "Properties": own,
                       "DependsOn": [f"Route{index}" for index in range(len(routes))]},
        "Stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {
            **own, "DeploymentId": {"Ref": "Deployment"},
            "StageVariables": given.get("stageVariables", {}), **stage,
        }},
    }  # fmt: skip
    guard = api.get("authorizer") or given.get("authorizer")
    if guard is not None:
        resources["Guard"] = {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": {
            **own, "Name": "guard", "AuthorizerType": "REQUEST",
            "AuthorizerUri": _URI.format(_ARN.format("guard")),
            "IdentitySource": guard.get("identitySource", []),
        }}  # fmt: skip
    for index, key in enumerate(routes):
        resources |= _route(index, key, api, given, guarded=guard is not None)
    if "credentials" in given:
        resources |= _by_role(given, resources["Integration"]["Properties"])
    for name, guarded in (("guard", "authorizerPermission"), ("f", "lambdaPermission")):
        if given.get(guarded) is False:
            resources |= _forbidden(name)
    return {"Resources": resources}


def _by_role(given: Mapping[str, Any], integration: dict[str, Any]) -> dict[str, Any]:
    """The role that the integration has, and a function that lets nobody in besides."""
    said = str(given["credentials"])
    if "no credentials" not in said:
        integration["CredentialsArn"] = {"Fn::GetAtt": ["Role", "Arn"]}
    function = {} if given.get("functionPolicy") else _forbidden("f")
    return {"Role": granted.role(said, _ACCOUNT), **function}


def _forbidden(name: str) -> dict[str, Any]:
    """A function that lets another API in, and not this one."""
    return {
        f"{name}Function": {"Type": "AWS::Lambda::Function", "Properties": {
            "FunctionName": name, "Runtime": "python3.12", "Handler": "index.handler",
            "Role": f"arn:aws:iam::{_ACCOUNT}:role/r", "Code": {"ZipFile": "handler = print"},
        }},
        f"{name}Permission": {"Type": "AWS::Lambda::Permission", "Properties": {
            "FunctionName": {"Ref": f"{name}Function"}, "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com", "SourceArn": "arn:aws:execute-api:::other/*",
        }},
    }  # fmt: skip


def _route(
    index: int, key: str, api: Mapping[str, Any], given: Mapping[str, Any], *, guarded: bool
) -> dict[str, Any]:
    own = {"ApiId": {"Ref": "Api"}}
    properties: dict[str, Any] = {**own, "RouteKey": key}
    without = key == "$connect" and given.get("connectIntegration", "") is None
    if not without:
        properties["Target"] = {"Fn::Join": ["/", ["integrations", {"Ref": "Integration"}]]}
    if key == "$connect" and guarded:
        properties |= {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": "Guard"}}
    elif key == "$connect":
        properties["AuthorizationType"] = api.get("authorizationType", "NONE")
    if key == "$connect" and api.get("apiKeyRequired"):
        properties["ApiKeyRequired"] = True
    resources: dict[str, Any] = {
        f"Route{index}": {"Type": "AWS::ApiGatewayV2::Route", "Properties": properties}
    }
    if "requestModel" in api and not key.startswith("$c") and key != "$disconnect":
        properties |= {"ModelSelectionExpression": "$default", "RequestModels": {"$default": "M"}}
        resources["Model"] = {"Type": "AWS::ApiGatewayV2::Model", "Properties": {
            **own, "Name": "M", "ContentType": "application/json", "Schema": api["requestModel"],
        }}  # fmt: skip
    if given.get("routeResponse", given.get("connection") == "open"):
        properties["RouteResponseSelectionExpression"] = "$default"
        resources[f"Answer{index}"] = {"Type": "AWS::ApiGatewayV2::RouteResponse", "Properties": {
            **own, "RouteId": {"Ref": f"Route{index}"}, "RouteResponseKey": "$default",
        }}  # fmt: skip
    return resources


#: What an access log has where a case does not say.
_LOGGED = ("status", "routeKey", "eventType", "requestId", "error.message", "error.responseType")


def _settings(
    api: Mapping[str, Any], given: Mapping[str, Any], expect: Mapping[str, Any]
) -> dict[str, Any]:
    """An access log of what the case asks for; execution logs and metrics as it wants them."""
    wanted = expect.get("accessLog")
    asked = [*(wanted if isinstance(wanted, Mapping) else ()), *expect.get("equal", ())]
    names = list(dict.fromkeys([*_LOGGED, *asked]))
    pairs = ",".join(f'"{name}":"$context.{name}"' for name in names)
    settings: dict[str, Any] = {
        "AccessLogSettings": {"DestinationArn": "arn:x", "Format": f"{{{pairs}}}"}
    }
    route: dict[str, Any] = {}
    if "logging" in api:
        route["LoggingLevel"] = api["logging"]
    if "detailed" in given:
        route["DetailedMetricsEnabled"] = given["detailed"]
    return settings | ({"DefaultRouteSettings": route} if route else {})
