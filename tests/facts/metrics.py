"""Cases of kind `metrics`: what calls add to CloudWatch's metrics, under which dimensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from inspector.gateway.effects import BackendAnswer
from inspector.gateway.metrics import Published, published
from inspector.gateway.told import Told
from inspector.message import Headers
from inspector.testing import Gateway, Result
from tests.facts import http_probe, sockets
from tests.facts.compare import differs
from tests.facts.shortfall import Shortfall, unknown

_GIVEN = {
    "detailed", "authorizationType", "routes", "stageCalls", "refusedByIam", "calls",
    "methodOverride", "lambda", "backend",
}  # fmt: skip
_REQUEST = {"method", "path", "resource"}
#: Milliseconds of a call that reaches the integration, and of the integration's part.
_TOOK, _WAITED = 22, 16


@dataclass(frozen=True, slots=True)
class _Points:
    """The samples under one set of dimensions."""

    dimensions: Mapping[str, str]
    samples: list[Mapping[str, float]]

    def of(self, metric: str) -> list[float]:
        return [each[metric] for each in self.samples if metric in each]


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
    found = [each for each in map(_published, results) if each is not None]
    yield from _judge(case["expect"], found)


def _published(result: Result) -> Published | None:
    told = result.told

    waited = [(effect, reply, _WAITED) for effect, reply, _ in told.performed]
    timed = Told(told.request, told.environment, told.answer, waited)
    refused = told.answer.outcome == "refused"
    return published(timed, 0 if refused else _TOOK)


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


def _judge(expect: Mapping[str, Any], found: list[Published]) -> Iterator[Shortfall]:
    sets = {tuple(sorted(each.items())) for one in found for each in one.dimensions}
    points = [
        _Points(dict(key), [one.values for one in found if dict(key) in one.dimensions])
        for key in sorted(sets, key=len)
    ]
    finest = points[-1] if points else _Points({}, [])
    detailed = finest if "Resource" in finest.dimensions else None
    stage = next((each for each in points if len(each.dimensions) == 2), _Points({}, []))
    looked_at = detailed or stage
    for key, wanted in expect.items():
        if key == "dimensionSets":
            got = sorted(sorted(each.dimensions) for each in points)
            yield from differs(key, sorted(sorted(each) for each in wanted), got)
        elif key == "dimensions":
            named = {name: finest.dimensions.get(name) for name in wanted}
            yield from differs(key, wanted, named)
        elif key == "dataPoints":
            narrow = expect.get("countsInStage")
            yield from differs(key, wanted, len(detailed.samples if detailed else []) if narrow
                               else sum(len(each.samples) for each in points))  # fmt: skip
        elif key == "countsInStage":
            yield from differs(key, wanted, bool(stage.of("Count")))
        elif key == "metricsPresent":
            yield from (
                Shortfall(name, "present", "absent") for name in wanted if not looked_at.of(name)
            )
        elif key == "metricsAbsent":
            yield from (
                Shortfall(name, "absent", "present") for name in wanted if looked_at.of(name)
            )
        elif key in _STATISTICS:
            for name, value in wanted.items():
                samples = looked_at.of(name)
                yield from differs(
                    f"{key} {name}", value, _STATISTICS[key](samples) if samples else None
                )
        else:
            yield unknown(key)


_STATISTICS: Mapping[str, Any] = {
    "metrics": sum,
    "samples": len,
    "minimum": min,
    "maximum": max,
    "sum": sum,
    "average": lambda samples: sum(samples) / len(samples),
}
