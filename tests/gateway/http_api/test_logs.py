"""The access log of a stage, our execution log, and throttles by route."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.gateway.http_api.access_log import VARIABLES, complaint
from inspector.gateway.metrics import published
from inspector.testing import DefinitionError, Gateway

CLF = (
    '$context.identity.sourceIp - - [$context.requestTime] "$context.httpMethod $context.routeKey '
    '$context.protocol" $context.status $context.responseLength $context.requestId'
)


def template(log: str = CLF, **stage: Any) -> dict[str, Any]:
    settings = {"DestinationArn": "arn:x", "Format": log}
    uri = "arn:aws:lambda:us-east-1:123456789012:function:f"
    routes = {
        name: {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {"ApiId": {"Ref": "Api"}, "RouteKey": key,
                           "Target": {"Fn::Sub": "integrations/${Integration}"}},
        }
        for name, key in (("One", "GET /one"), ("Two", "GET /two"))
    }  # fmt: skip
    return {"Resources": {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "t", "ProtocolType": "HTTP"}},
        "Stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {
            "ApiId": {"Ref": "Api"}, "StageName": "$default", "AutoDeploy": True,
            "AccessLogSettings": settings, **stage,
        }},
        "Integration": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {
            "ApiId": {"Ref": "Api"}, "IntegrationType": "AWS_PROXY", "IntegrationUri": uri,
            "PayloadFormatVersion": "2.0",
        }},
        **routes,
    }}  # fmt: skip


def test_the_common_log_format() -> None:
    gateway = Gateway(template(), function=lambda _: {"statusCode": 201, "body": "hello"})
    assert gateway.get("/one").access_log == (
        '127.0.0.1 - - [14/Nov/2023:22:13:20 +0000] "GET GET /one HTTP/1.1" 201 5 EP5y6FQaIAMEXLA='
    )
    assert gateway.get("/none").access_log is None, "an unmatched request writes nothing"


def test_what_a_format_fills_in() -> None:
    """As stackd, whose tests replay a capture: braces, two dollars, and what is no `$context`."""
    gateway = Gateway(template(
        "updated | ${context.status} | $stageVariables.probe | $context.error.messageString | "
        "$$context.requestId"
    ))  # fmt: skip
    assert gateway.get("/one").access_log == (
        'updated | 200 | $stageVariables.probe | "-" | $EP5y6FQaIAMEXLA='
    )


def test_every_documented_variable_may_stand_in_a_format() -> None:
    names = [name.replace("*", "claims.sub") for name in VARIABLES]
    line = Gateway(template(" ".join(f"$context.{name}" for name in names))).get("/one").access_log
    assert line is not None
    assert "$context" not in line
    assert len(line.split(" ")) == len(names) + 2, "the time and the key hold a blank each"


@pytest.mark.parametrize(
    ("format_", "said"),
    [
        ("$context.requestId", None),
        ("$context.extendedRequestId", None),
        ("$context.requestId $context.authorizer.claims.sub", None),
        ("${context.requestId}", None),
        ("$context.requestId|", "context variables are not supported: [$context.requestId|]"),
        ("$context.requestId $context.resourceId ${context.x}",
         "context variables are not supported: [$context.resourceId, ${context.x}]"),
        ("$context.requestId\n$context.status", "Access Log format must be single line: '"),
        ("$context.status", "$context.requestId or $context.extendedRequestId : '$context.status'"),
    ],
)  # fmt: skip
def test_which_formats_amazon_takes(format_: str, said: str | None) -> None:
    if said is None:
        assert complaint(format_) is None
    else:
        assert said in str(complaint(format_))
        with pytest.raises(DefinitionError):
            Gateway(template(format_))


def test_a_routes_own_throttle_goes_before_the_stages() -> None:
    gateway = Gateway(template(
        DefaultRouteSettings={"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 2},
        RouteSettings={"GET /one": {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 1}},
    ))  # fmt: skip
    assert [gateway.get("/one").status for _ in range(2)] == [200, 429]
    assert [gateway.get("/two").status for _ in range(3)] == [200, 200, 429]
    refused = gateway.get("/one")
    assert refused.body == b'{"message":"Too Many Requests"}'
    assert any("More than 1 requests a second, burst 1" in line for line in refused.log)
    assert '"GET GET /one HTTP/1.1" 429 31' in str(refused.access_log)


def test_the_execution_log_tells_the_whole_way() -> None:
    gateway = Gateway(template(), function=lambda _: {"statusCode": 200, "body": "hello"})
    log = [line.partition(") ")[2] for line in gateway.get("/one?a=b").log]
    assert log[0] == "Starting execution for request: EP5y6FQaIAMEXLA="
    assert "Route: GET /one" in log
    assert "Response body: hello" in log
    assert log[-2:] == ["Successfully completed execution", "Route completed with status: 200"]
    missing = gateway.get("/none").log
    assert any("No route of the API matches" in line for line in missing)


def test_a_stage_that_nothing_is_deployed_to() -> None:
    gateway = Gateway(template(AutoDeploy=False))
    assert gateway.get("/one").status == 404
    assert "not-deployed" in [each.code for each in gateway.diagnostics]


def test_a_function_that_does_not_let_the_gateway_in_is_logged_in_amazons_words() -> None:
    document = template("$context.status $context.requestId $context.integrationErrorMessage")
    document["Resources"] |= {
        "Fn": {"Type": "AWS::Lambda::Function", "Properties": {
            "FunctionName": "f", "Runtime": "python3.11", "Handler": "index.handler",
            "Role": "arn:aws:iam::123456789012:role/fn", "Code": {"ZipFile": "x"}}},
        "Other": {"Type": "AWS::Lambda::Permission", "Properties": {
            "FunctionName": {"Ref": "Fn"}, "Action": "lambda:InvokeFunction",
            "Principal": "events.amazonaws.com"}},
    }  # fmt: skip
    result = Gateway(document).get("/one")
    assert (result.status, result.invocations) == (500, ())
    assert result.access_log == (
        "500 EP5y6FQaIAMEXLA= The IAM role configured on the integration or API Gateway doesn't "
        "have permissions to call the integration. Check the permissions and try again."
    )


@pytest.mark.parametrize(
    ("default", "own", "detailed"),
    [(None, None, False), (True, None, True), (None, True, True), (True, False, True),
     (False, True, True), (False, False, False)],
)  # fmt: skip
def test_a_route_cannot_turn_the_stages_detailed_metrics_off(
    default: bool | None, own: bool | None, detailed: bool
) -> None:
    stage: dict[str, Any] = {}
    if default is not None:
        stage["DefaultRouteSettings"] = {"DetailedMetricsEnabled": default}
    if own is not None:
        stage["RouteSettings"] = {"GET /one": {"DetailedMetricsEnabled": own}}
    found = published(Gateway(template(**stage)).get("/one").told, 0)
    assert found is not None
    assert any("Resource" in each for each in found.dimensions) is detailed


@pytest.mark.parametrize(
    ("host", "path", "said"),
    [("api.example.com", "/v1/orders/one", "v1/orders"), ("plain.example.com", "/one", "-"),
     (None, "/one", "-")],
)  # fmt: skip
def test_the_path_of_the_mapping_that_led_is_logged(host: str | None, path: str, said: str) -> None:
    document = template("$context.requestId $context.customDomain.basePathMatched")
    for name, domain, key in (
        ("A", "api.example.com", "v1/orders"),
        ("B", "plain.example.com", ""),
    ):
        mapping = {"DomainName": domain, "ApiId": {"Ref": "Api"}, "Stage": "$default",
                   **({"ApiMappingKey": key} if key else {})}  # fmt: skip
        document["Resources"][name] = {
            "Type": "AWS::ApiGatewayV2::ApiMapping",
            "Properties": mapping,
        }
    assert Gateway(document).get(path, host=host).access_log == f"EP5y6FQaIAMEXLA= {said}"
