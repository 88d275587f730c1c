"""Templates to the model: the same as OpenAPI gives, stages, plans, domains, functions."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.definitions import Bundle, Loaded, Options, load, read
from inspector.definitions.cloudformation.properties import PROPERTIES
from inspector.definitions.marks import place_of
from inspector.model import HttpApi, Source

OPENAPI = """
openapi: 3.0.1
info: {title: pets}
components:
  schemas:
    Pet: {type: object, required: [name]}
  securitySchemes:
    api_key: {type: apiKey, name: x-api-key, in: header}
    guard:
      type: apiKey
      name: Token
      in: header
      x-amazon-apigateway-authtype: custom
      x-amazon-apigateway-authorizer:
        {type: token, identitySource: method.request.header.Token, authorizerUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Fn/invocations"}
x-amazon-apigateway-request-validators:
  all: {validateRequestBody: true, validateRequestParameters: true}
x-amazon-apigateway-gateway-responses:
  DEFAULT_4XX:
    statusCode: 418
    responseTemplates: {application/json: '{"no": 1}'}
paths:
  /pets/{id}:
    post:
      parameters:
        - {name: id, in: path, required: true}
        - {name: q, in: query, required: false}
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
      security: [{guard: [], api_key: []}]
      x-amazon-apigateway-request-validator: all
      responses: {"200": {headers: {X: {}}}}
      x-amazon-apigateway-integration:
        type: http
        httpMethod: POST
        uri: http://backend.example/{id}
        requestParameters: {integration.request.path.id: method.request.path.id}
        responses:
          default:
            statusCode: "200"
            responseParameters: {method.response.header.X: "'y'"}
            responseTemplates: {application/json: "$input.body"}
"""
TEMPLATE = """
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: pets}}
  Fn: {Type: AWS::Lambda::Function, Properties: {Handler: a.b, Runtime: python3.12, Code: {ZipFile: x}}}
  Pet: {Type: AWS::ApiGateway::Model, Properties: {RestApiId: !Ref Api, Name: Pet, Schema: {type: object, required: [name]}}}
  All: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: !Ref Api, Name: all, ValidateRequestBody: true, ValidateRequestParameters: true}}
  Guard:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Name: guard
      Type: TOKEN
      IdentitySource: method.request.header.Token
      AuthorizerUri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations
  Four: {Type: AWS::ApiGateway::GatewayResponse, Properties: {RestApiId: !Ref Api, ResponseType: DEFAULT_4XX, StatusCode: 418, ResponseTemplates: {application/json: '{"no": 1}'}}}
  One: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, PathPart: "{id}", ParentId: !Ref Pets}}
  Pets: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, PathPart: pets, ParentId: !GetAtt Api.RootResourceId}}
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref One
      HttpMethod: POST
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Guard
      ApiKeyRequired: true
      RequestParameters: {method.request.path.id: true, method.request.querystring.q: false}
      RequestModels: {application/json: !Ref Pet}
      RequestValidatorId: !Ref All
      MethodResponses: [{StatusCode: 200, ResponseParameters: {method.response.header.X: true}}]
      Integration:
        Type: HTTP
        IntegrationHttpMethod: POST
        Uri: http://backend.example/{id}
        RequestParameters: {integration.request.path.id: method.request.path.id}
        IntegrationResponses:
          - StatusCode: 200
            ResponseParameters: {method.response.header.X: "'y'"}
            ResponseTemplates: {application/json: "$input.body"}
"""
STAGE = """
  Deployment: {Type: AWS::ApiGateway::Deployment, DependsOn: [Post], Properties: {RestApiId: !Ref Api}}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      DeploymentId: !Ref Deployment
      StageName: prod
      Variables: {colour: blue}
      CacheClusterEnabled: true
      TracingEnabled: true
      CanarySetting: {PercentTraffic: 12.5, StageVariableOverrides: {colour: red}, UseStageCache: true}
      MethodSettings:
        - {ResourcePath: /*, HttpMethod: "*", ThrottlingRateLimit: 5.5, ThrottlingBurstLimit: 9}
        - {ResourcePath: "/~1pets~1{id}", HttpMethod: POST, CachingEnabled: true, CacheTtlInSeconds: 60}
  Key: {Type: AWS::ApiGateway::ApiKey, Properties: {Enabled: true, Value: a-value-of-twenty-chars}}
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties:
      ApiStages: [{ApiId: !Ref Api, Stage: !Ref Stage, Throttle: {"/pets/{id}/POST": {RateLimit: 1, BurstLimit: 2}}}]
      Throttle: {RateLimit: 10, BurstLimit: 20}
      Quota: {Limit: 100, Period: WEEK, Offset: 3}
  PlanKey: {Type: AWS::ApiGateway::UsagePlanKey, Properties: {KeyId: !Ref Key, KeyType: API_KEY, UsagePlanId: !Ref Plan}}
  Domain: {Type: AWS::ApiGateway::DomainName, Properties: {DomainName: API.example.com}}
  Mapping: {Type: AWS::ApiGateway::BasePathMapping, Properties: {DomainName: !Ref Domain, RestApiId: !Ref Api, Stage: !Ref Stage, BasePath: v1}}
"""


def template(text: str, **options: Any) -> Loaded:
    return read(Bundle({"t.yaml": text}, Options(**options)))


def without_sources(value: Any) -> Any:
    """Plain data, sources left out."""
    if isinstance(value, Source):
        return None
    if dataclasses.is_dataclass(value):
        names = [each.name for each in dataclasses.fields(value)]
        kind = type(value).__name__
        return kind, {name: without_sources(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {key: without_sources(each) for key, each in value.items()}
    return [without_sources(each) for each in value] if isinstance(value, tuple) else value


def test_the_same_api_in_both_notations_is_the_same_model() -> None:
    one = read(Bundle({"t.yaml": OPENAPI}, Options(api_id="abcdef")))
    other = template(TEMPLATE, api_id="abcdef")
    assert not one.broken
    assert not other.broken
    assert without_sources(one.apis[0]) == without_sources(other.apis[0])


def test_a_body_inline_is_the_same_model_too() -> None:
    lines = OPENAPI.strip().splitlines()
    body = "\n".join(f"        {line}" for line in lines)
    text = f"Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Body:\n{body}\n"
    one = read(Bundle({"t.yaml": OPENAPI}, Options(api_id="abcdef")))
    assert without_sources(one.apis[0]) == without_sources(template(text, api_id="abcdef").apis[0])


def test_a_body_in_a_local_file_is_read_with_its_own_places(tmp_path) -> None:
    (tmp_path / "api.yaml").write_text(OPENAPI)
    (tmp_path / "t.yaml").write_text(
        "Resources: {Api: {Type: AWS::ApiGateway::RestApi, Properties: {Body: {Fn::Transform: "
        "{Name: AWS::Include, Parameters: {Location: ./api.yaml}}}}}}"
    )
    found = load([tmp_path / "t.yaml"])
    assert not found.broken
    [method] = found.apis[0].resources[-1].methods.values()
    assert method.source.file == str(tmp_path / "api.yaml")
    again = read(Bundle.from_json(found.bundle.to_json()))
    assert again.apis == found.apis


def test_sources_point_into_the_template() -> None:
    [api] = template(TEMPLATE).apis
    [method] = api.resources[-1].methods.values()
    assert method.integration is not None
    written = method.integration.responses[0].templates["application/json"]
    line, column = place_of(TEMPLATE, written.source, 1, 1)
    assert TEMPLATE.splitlines()[line - 1][column - 1 :].startswith("$input.body")


def test_stage_keys_plan_and_domain_are_read() -> None:
    found = template(TEMPLATE + STAGE)
    assert not found.broken
    [api] = found.apis
    [stage] = api.stages
    assert (stage.name, stage.variables, stage.cache_cluster_size) == (
        "prod",
        {"colour": "blue"},
        "0.5",
    )
    assert stage.xray_enabled
    assert stage.canary is not None
    assert (stage.canary.percent, stage.canary.variables) == (12.5, {"colour": "red"})
    assert list(stage.method_settings) == ["*/*", "/pets/{id}/POST"]
    throttle = stage.method_settings["*/*"].throttle
    assert throttle is not None
    assert (throttle.rate, throttle.burst) == (5.5, 9)
    [key] = found.definition.api_keys
    [plan] = found.definition.usage_plans
    assert plan.keys == (key.id,)
    assert key.value == "a-value-of-twenty-chars"
    assert plan.quota is not None
    assert (plan.quota.limit, plan.quota.period, plan.quota.offset) == (100, "WEEK", 3)
    assert plan.api_stages[0].stage.api_id == api.id
    assert plan.api_stages[0].throttles["/pets/{id}/POST"].burst == 2
    [domain] = found.definition.domains
    assert domain.name == "api.example.com"
    assert [(each.path, each.api_id, each.stage) for each in domain.mappings] == [
        ("v1", api.id, "prod")
    ]
    [function] = found.definition.functions
    assert (function.name, function.zip_file, function.handler) == ("Fn", "x", "a.b")


def test_quick_create_makes_an_http_api() -> None:
    found = template(
        "Resources: {H: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: h, ProtocolType: HTTP, "
        "Target: 'https://example.com'}}}"
    )
    [api] = found.definition.apis
    assert isinstance(api, HttpApi)
    assert [route.key for route in api.routes.values()] == ["$default"]
    assert [stage.name for stage in api.stages] == ["$default"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Resources: {}", "no-resources"),
        ("Resources: {A: 1}", "resource"),
        ("Resources: {A: {Type: 'AWS::S3::Bucket'}}", "no-api"),
        ("Resources: {A: {Type: 'AWS::ApiGateway::RestAPI'}}", "unknown-type"),
        ("Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: X}}", "transform"),
        (
            "Resources: {A: {Type: 'AWS::ApiGateway::RestApi', Properties: {Nam: x}}}",
            "unknown-property",
        ),
        (
            "Resources: {A: {Type: 'AWS::ApiGateway::RestApi', Properties: {BodyS3Location: {Bucket: b, Key: k}}}}",
            "body-in-s3",
        ),
        (
            "Parameters: {P: {Type: String}}\nResources: {A: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: !Ref P}}}",
            "missing-parameter",
        ),
        ("Resources: {A: {Type: X, DependsOn: B}, B: {Type: X, DependsOn: [A]}}", "circular"),
        (
            "Resources: {A: {Type: 'AWS::ApiGateway::Method', Properties: {HttpMethod: GET}}}",
            "missing-property",
        ),
    ],
)
def test_broken_templates_are_told_by_code(text, code) -> None:
    found = template(text)
    assert found.broken or code == "missing-property"
    assert code in {each.code for each in found.diagnostics if each.level == "error"}


def test_unknown_parameters_are_refused() -> None:
    found = template(TEMPLATE, parameters={"Nope": "x"})
    assert "unknown-parameter" in {each.code for each in found.diagnostics}


words = st.sampled_from(
    [
        "Ref",
        "Fn::Sub",
        "Fn::GetAtt",
        "Fn::Join",
        "Fn::If",
        "Type",
        "Properties",
        "Resources",
        "Conditions",
        "Parameters",
        "Api",
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGateway::Method",
        "AWS::ApiGateway::Stage",
        "Body",
        "RestApiId",
        "ParentId",
        "MethodSettings",
        "AWS::ApiGatewayV2::Api",
        "Default",
        "${Api}",
        "Api.RootResourceId",
    ]
)
trees = st.recursive(
    st.one_of(words, st.none(), st.booleans(), st.integers(-3, 3)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=4)),
    max_leaves=20,
)
kinds = st.sampled_from(
    [
        *(f"AWS::ApiGateway::{name}" for name in ("RestApi", "Resource", "Method", "Stage", "Model",
          "Deployment", "UsagePlan", "ApiKey", "Authorizer", "DomainName", "BasePathMapping")),
        *(f"AWS::ApiGatewayV2::{name}" for name in ("Api", "Route", "Integration", "Stage",
          "Authorizer", "RoutingRule", "ApiMapping", "DomainName")),
        "AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::Lambda::Alias",
    ]
)  # fmt: skip


@st.composite
def templates(draw) -> str:
    resources = {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": draw(trees)}}
    for name in ("A", "B", "C"):
        kind = draw(kinds)
        known = sorted(PROPERTIES[kind].all) if kind in PROPERTIES else ["Code", "Handler"]
        properties = draw(st.dictionaries(st.sampled_from(known), trees, max_size=5))
        if draw(st.booleans()):
            properties["RestApiId"] = {"Ref": "Api"}
        resources[name] = {"Type": kind, "Properties": properties}
    return json.dumps(
        {"Resources": resources, "Conditions": draw(trees), "Parameters": draw(trees)}
    )


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(templates())
def test_nothing_a_user_writes_raises(text) -> None:
    found = template(text)
    assert isinstance(found.broken, bool)


@pytest.mark.parametrize("statuses", [("200", "400"), ("400", "200")])
def test_of_two_default_responses_the_lowest_status_counts(statuses: tuple[str, str]) -> None:
    """As AWS Solutions Constructs deploys it: two entries, neither with a pattern."""
    template = {
        "Resources": {
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "a"}},
            "Get": {
                "Type": "AWS::ApiGateway::Method",
                "Properties": {
                    "RestApiId": {"Ref": "Api"},
                    "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
                    "HttpMethod": "GET",
                    "AuthorizationType": "NONE",
                    "Integration": {
                        "Type": "MOCK",
                        "IntegrationResponses": [{"StatusCode": each} for each in statuses],
                    },
                },
            },
        }
    }
    found = read(Bundle({"a.json": json.dumps(template)}, Options()))
    (api,) = found.definition.rest_apis
    integration = api.resources[0].methods["GET"].integration
    assert integration is not None
    assert [each.status for each in integration.responses] == ["200"]
    assert "same-pattern" in [each.code for each in found.diagnostics]
