"""In China and for the US government, Amazon's names have another partition and another domain."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.testing import Gateway

REGIONS = [
    ("us-east-1", "aws", "amazonaws.com"),
    ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
    ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
]
SOURCE = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"
INVOCATION = (
    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions"
    "/${Fn.Arn}/invocations"
)
BACKEND = {"Type": "AWS::Lambda::Function", "Properties": {
    "FunctionName": "fn", "Runtime": "python3.11", "Handler": "index.handler",
    "Role": "arn:aws:iam::123456789012:role/fn", "Code": {"ZipFile": "x"}}}  # fmt: skip
PERMISSION = {"Type": "AWS::Lambda::Permission", "Properties": {
    "FunctionName": {"Ref": "Fn"}, "Action": "lambda:InvokeFunction",
    "Principal": "apigateway.amazonaws.com", "SourceArn": {"Fn::Sub": SOURCE}}}  # fmt: skip


def v2(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": properties}


def v1(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::ApiGateway::{kind}", "Properties": properties}


API = {"Ref": "Api"}
HTTP: dict[str, Any] = {
    "Fn": BACKEND,
    "Permission": PERMISSION,
    "Api": v2("Api", Name="http", ProtocolType="HTTP"),
    "Call": v2("Integration", ApiId=API, IntegrationType="AWS_PROXY", PayloadFormatVersion="2.0",
               IntegrationUri={"Fn::GetAtt": ["Fn", "Arn"]}),
    "Guard": v2("Authorizer", ApiId=API, Name="guard", AuthorizerType="REQUEST",
                AuthorizerPayloadFormatVersion="2.0", AuthorizerUri={"Fn::Sub": INVOCATION}),
    "Route": v2("Route", ApiId=API, RouteKey="GET /a", AuthorizationType="CUSTOM",
                AuthorizerId={"Ref": "Guard"}, Target={"Fn::Sub": "integrations/${Call}"}),
    "Stage": v2("Stage", ApiId=API, StageName="$default", AutoDeploy=True),
}  # fmt: skip
REST: dict[str, Any] = {
    "Fn": BACKEND,
    "Permission": PERMISSION,
    "Api": v1("RestApi", Name="rest"),
    "Guard": v1("Authorizer", RestApiId=API, Name="guard", Type="REQUEST",
                IdentitySource="method.request.header.host",
                AuthorizerUri={"Fn::Sub": INVOCATION}),
    "A": v1("Resource", RestApiId=API, PathPart="a",
            ParentId={"Fn::GetAtt": ["Api", "RootResourceId"]}),
    "Get": v1("Method", RestApiId=API, ResourceId={"Ref": "A"}, HttpMethod="GET",
              AuthorizationType="CUSTOM", AuthorizerId={"Ref": "Guard"},
              Integration={"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST",
                           "Uri": {"Fn::Sub": INVOCATION}}),
    "Live": {"DependsOn": ["Get"], **v1("Deployment", RestApiId=API, StageName="live")},
}  # fmt: skip


@pytest.mark.parametrize(("region", "partition", "domain"), REGIONS)
@pytest.mark.parametrize("resources", [HTTP, REST])
def test_a_template_is_called_in_its_partition(
    region: str, partition: str, domain: str, resources: dict[str, Any]
) -> None:
    asked: list[dict[str, Any]] = []

    def function(event: dict[str, Any]) -> Any:
        asked.append(event)
        arn = event.get("routeArn") or event.get("methodArn")
        if arn is None:
            return {"statusCode": 200, "body": event["requestContext"]["domainName"]}
        statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": arn}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        return {"principalId": "p", "policyDocument": policy}

    gateway = Gateway({"Resources": resources}, function=function, region=region, api_id="api1")
    host = f"api1.execute-api.{region}.{domain}"
    result = gateway.get("/a", headers={"Host": host})
    assert (result.status, result.text) == (200, host)
    arn = asked[0].get("routeArn") or asked[0]["methodArn"]
    assert arn.startswith(f"arn:{partition}:execute-api:{region}:")


@pytest.mark.parametrize(("region", "partition", "domain"), REGIONS)
def test_what_a_template_asks_for(region: str, partition: str, domain: str) -> None:
    told = {
        "endpoint": {"Fn::GetAtt": ["Api", "ApiEndpoint"]},
        "function": {"Fn::GetAtt": ["Fn", "Arn"]},
        "queue": {"Ref": "Queue"},
        "suffix": {"Ref": "AWS::URLSuffix"},
    }
    stage = v2("Stage", ApiId=API, StageName="$default", AutoDeploy=True, StageVariables=told)
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q"}}
    resources = {**HTTP, "Stage": stage, "Queue": queue}
    gateway = Gateway({"Resources": resources}, region=region, account="1", api_id="api1")
    variables = gateway.api.stages[0].variables
    assert variables["endpoint"] == f"https://api1.execute-api.{region}.{domain}"
    assert variables["function"] == f"arn:{partition}:lambda:{region}:1:function:fn"
    assert variables["queue"] == f"https://sqs.{region}.{domain}/1/q"
    assert variables["suffix"] == domain
