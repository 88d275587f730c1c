"""Cases of kind `metrics`: what calls add to CloudWatch's metrics, under which dimensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.gateway.effects import BackendAnswer
from inspector.message import Headers
from inspector.testing import Gateway, Result
from tests.facts import http_probe, sockets
from tests.facts.judged_metrics import judge_points, points_of
from tests.facts.shortfall import Shortfall, unknown

_GIVEN = {
    "detailed", "authorizationType", "routes", "stageCalls", "refusedByIam", "calls",
    "methodOverride", "lambda", "backend",
}  # fmt: skip
_REQUEST = {"method", "path", "resource"}


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Make the calls, gather what they publish, and judge it."""
    api, given = case["api"], case.get("given", {})
    if api.get("protocolType") == "WEBSOCKET" or api.get("type") == "WEBSOCKET":
        yield from sockets.run(case)
        return
    yield from (unknown(key) for key in given.keys() - _GIVEN)
    asked = case["request"]
    yield from (unknown(key) for key in asked.keys() - _REQUEST)
    call = _http if api.get("type") == "HTTP" else _rest
    results = call(given, asked)
    found = [each for each in map(points_of, results) if each is not None]
    yield from judge_points(case["expect"], found)


def _http(given: Mapping[str, Any], request: Mapping[str, Any]) -> list[Result]:
    stage = request.get("path", "/probe").split("/")[1]
    settings = {"DefaultRouteSettings": {"DetailedMetricsEnabled": given.get("detailed", False)}}
    document = http_probe.described({"routes": http_probe.PROBED}, given, request)
    probe = http_probe.probe(document, given, request, stages=[stage], settings=settings)
    return [probe.send(request)]


def _rest(given: Mapping[str, Any], request: Mapping[str, Any]) -> list[Result]:
    """One method, or one and another that IAM guards."""
    resource = request.get("resource", "/sample")
    statuses = given.get(
        "calls", [200] * (given.get("stageCalls", 1) - given.get("refusedByIam", 0))
    )
    integration = {"type": "http_proxy", "httpMethod": "GET", "uri": "http://b.example/"}
    operation: dict[str, Any] = {"x-amazon-apigateway-integration": integration, "responses": {}}
    document = {
        "openapi": "3.0.1",
        "info": {"title": "probe", "version": "1"},
        "paths": {
            resource: {"get": operation},
            "/guarded": {"get": {**operation, "x-amazon-apigateway-auth": {"type": "AWS_IAM"}}},
        },
    }
    every = {
        "ResourcePath": "/*",
        "HttpMethod": "*",
        "MetricsEnabled": given.get("detailed", False),
    }
    off = {"ResourcePath": resource, "HttpMethod": "GET", "MetricsEnabled": False}
    settings = [every, *([off] if given.get("methodOverride") == "off" else [])]
    template = {"Resources": {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": document}},
        "Deployment": {"Type": "AWS::ApiGateway::Deployment", "Properties": {"RestApiId": {"Ref": "Api"}}},
        "Stage": {"Type": "AWS::ApiGateway::Stage", "Properties": {
            "RestApiId": {"Ref": "Api"}, "StageName": "probe", "DeploymentId": {"Ref": "Deployment"},
            "MethodSettings": settings,
        }},
    }}  # fmt: skip
    waiting = iter(statuses)
    gateway = Gateway(template, backend=lambda _: BackendAnswer(next(waiting), Headers(), b""))
    path = "/".join("x" if part.startswith("{") else part for part in resource.split("/"))
    called = [gateway.get(path) for _ in statuses]
    return called + [gateway.get("/guarded") for _ in range(given.get("refusedByIam", 0))]
