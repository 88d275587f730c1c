"""A WebSocket API's template, read: every value in the model, each with its place."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

import sample_apis
from inspector.definitions import Bundle, Loaded, load, read
from inspector.definitions.rewriting import write_back
from inspector.gateway.deploy import deploy
from inspector.model import Source, Stage, Template, WebSocketApi

CHAT = sample_apis.FOLDER / "chat" / "template.yaml"
TEMPLATE = """\
Parameters:
  Word: { Type: String, Default: pong }
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: talk
      Description: what is said
      Version: "7"
      ProtocolType: WEBSOCKET
      RouteSelectionExpression: ${request.body.service}/${request.body.action}
      ApiKeySelectionExpression: $request.header.x-api-key
      DisableExecuteApiEndpoint: true
  Calls:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS
      IntegrationMethod: POST
      IntegrationUri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations
      CredentialsArn: !GetAtt Role.Arn
      TimeoutInMillis: 1200
      PassthroughBehavior: NEVER
      ContentHandlingStrategy: CONVERT_TO_TEXT
      TemplateSelectionExpression: ${request.body.kind}
      RequestParameters:
        integration.request.header.x: context.connectionId
      RequestTemplates:
        plain: |
          ## a comment
          {"id": "$context.connectionId"}
        $default: '{"all": $input.body}'
        made: !Sub '{"word": "${Word}"}'
  Fine:
    Type: AWS::ApiGatewayV2::IntegrationResponse
    Properties:
      ApiId: !Ref Api
      IntegrationId: !Ref Calls
      IntegrationResponseKey: $default
      ContentHandlingStrategy: CONVERT_TO_BINARY
      TemplateSelectionExpression: \\$default
      ResponseParameters: { route.response.header.x: integration.response.header.y }
      ResponseTemplates:
        $default: |
          {"said": $input.json('$')}
  Wrong:
    Type: AWS::ApiGatewayV2::IntegrationResponse
    Properties: { ApiId: !Ref Api, IntegrationId: !Ref Calls, IntegrationResponseKey: "/No .*/" }
  Private:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: HTTP_PROXY
      IntegrationMethod: GET
      IntegrationUri: http://inside.example/
      ConnectionType: VPC_LINK
      ConnectionId: link
  Connect:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: $connect
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Guard
      ApiKeyRequired: true
      OperationName: Hello
      Target: !Sub integrations/${Private}
  Join:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: chat/join
      Target: !Sub integrations/${Calls}
      ModelSelectionExpression: $request.body.kind
      RequestModels: { plain: Joined, other: !Ref Other }
      RouteResponseSelectionExpression: $default
  JoinAnswer:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Api, RouteId: !Ref Join, RouteResponseKey: $default }
  Joined:
    Type: AWS::ApiGatewayV2::Model
    Properties:
      ApiId: !Ref Api
      Name: Joined
      ContentType: application/json
      Schema: '{"type": "object", "required": ["room"]}'
  Other:
    Type: AWS::ApiGatewayV2::Model
    Properties:
      ApiId: !Ref Api
      Name: Other
      Schema: { type: object, properties: { a: { $ref: "#/components/schemas/Joined" } } }
  Guard:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      Name: guard
      AuthorizerType: REQUEST
      AuthorizerUri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations
      AuthorizerCredentialsArn: !GetAtt Role.Arn
      IdentitySource: [route.request.querystring.token, "route.request.header.A, context.stage"]
  Deployment:
    Type: AWS::ApiGatewayV2::Deployment
    DependsOn: [Join]
    Properties: { ApiId: !Ref Api }
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Api
      StageName: live
      Description: here
      DeploymentId: !Ref Deployment
      StageVariables: { a: b }
      DefaultRouteSettings:
        ThrottlingRateLimit: 5.5
        ThrottlingBurstLimit: 7
        LoggingLevel: INFO
        DataTraceEnabled: true
        DetailedMetricsEnabled: true
      RouteSettings:
        chat/join: { ThrottlingRateLimit: 1, LoggingLevel: ERROR }
      AccessLogSettings:
        DestinationArn: arn:aws:logs:us-east-1:123456789012:log-group:talk
        Format: $context.requestId $context.eventType
  Function:
    Type: AWS::Lambda::Function
    Properties: { FunctionName: f, Runtime: python3.11, Handler: a.b, Code: src }
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Function
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/$connect
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{ Effect: Allow, Principal: { Service: apigateway.amazonaws.com }, Action: sts:AssumeRole }]
  Key:
    Type: AWS::ApiGateway::ApiKey
    Properties: { Enabled: true, Value: a-key-that-is-long-enough }
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties:
      ApiStages: [{ ApiId: !Ref Api, Stage: !Ref Stage }]
  PlanKey:
    Type: AWS::ApiGateway::UsagePlanKey
    Properties: { KeyId: !Ref Key, KeyType: API_KEY, UsagePlanId: !Ref Plan }
  Domain:
    Type: AWS::ApiGatewayV2::DomainName
    Properties: { DomainName: ws.example.com }
  Mapping:
    Type: AWS::ApiGatewayV2::ApiMapping
    Properties: { ApiId: !Ref Api, DomainName: !Ref Domain, Stage: !Ref Stage, ApiMappingKey: talk }
Outputs:
  Url: { Value: !Sub "${Api.ApiEndpoint}/live" }
"""


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return read(Bundle({"t.yaml": TEMPLATE}))


@pytest.fixture(scope="module")
def api(loaded: Loaded) -> WebSocketApi:
    [found] = loaded.definition.websocket_apis
    return found


def line(loaded: Loaded, source: Source) -> str:
    return loaded.bundle.files[source.file].splitlines()[source.line - 1]


def test_it_is_served(loaded: Loaded, api: WebSocketApi) -> None:
    assert [each for each in loaded.diagnostics if each.level == "error"] == []
    assert not loaded.broken
    assert loaded.apis == (api,)
    assert (api.name, api.description, api.version) == ("talk", "what is said", "7")
    assert api.host == f"{api.id}.execute-api.us-east-1.amazonaws.com"
    assert api.route_selection_expression == "${request.body.service}/${request.body.action}"
    assert api.api_key_selection_expression == "$request.header.x-api-key"
    assert api.disable_execute_api_endpoint


def test_what_is_not_enforced_is_said(loaded: Loaded) -> None:
    told = {each.message for each in loaded.diagnostics if each.code == "not-enforced"}
    assert told == {
        "access logs are not written to the destination",
        "VPC links are not dialled: the backend is called by its address",
    }


def test_routes(api: WebSocketApi) -> None:
    connect, join = api.routes["$connect"], api.routes["chat/join"]
    assert (connect.authorization_type, connect.authorizer) == ("CUSTOM", "guard")
    assert connect.api_key_required
    assert connect.operation_name == "Hello"
    assert connect.responses == ()
    assert api.integrations[join.integration or ""].type == "AWS"
    assert join.model_selection == "$request.body.kind"
    assert join.request_models == {"plain": "Joined", "other": "Other"}, "an id is its model's"
    assert join.route_response_selection == "$default"
    assert join.responses == ("$default",)


def test_integrations(api: WebSocketApi) -> None:
    calls = api.integrations[api.routes["chat/join"].integration or ""]
    assert calls.uri == (
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
        "arn:aws:lambda:us-east-1:123456789012:function:f/invocations"
    )
    assert (calls.method, calls.timeout_ms) == ("POST", 1200)
    assert calls.credentials == "arn:aws:iam::123456789012:role/Role"
    assert calls.passthrough_behavior == "NEVER"
    assert calls.content_handling == "CONVERT_TO_TEXT"
    assert calls.template_selection == "${request.body.kind}"
    [mapping] = calls.request_parameters
    assert mapping.target == "integration.request.header.x"
    assert mapping.expression == "context.connectionId"
    assert list(calls.request_templates) == ["plain", "$default", "made"]
    assert calls.request_templates["made"].text == '{"word": "pong"}'
    fine, wrong = calls.responses
    assert (fine.key, wrong.key) == ("$default", "/No .*/")
    assert fine.content_handling == "CONVERT_TO_BINARY"
    assert fine.template_selection == "\\$default"
    assert [(each.target, each.expression) for each in fine.parameters] == [
        ("route.response.header.x", "integration.response.header.y")
    ]
    private = api.integrations[api.routes["$connect"].integration or ""]
    assert (private.type, private.connection_type, private.connection_id) == (
        "HTTP_PROXY", "VPC_LINK", "link",
    )  # fmt: skip
    assert private.timeout_ms == 29_000


def test_models_and_authorizers(api: WebSocketApi) -> None:
    assert api.models["Joined"].schema == {"type": "object", "required": ["room"]}
    other = api.models["Other"].schema["properties"]["a"]["$ref"]
    assert other == f"https://apigateway.amazonaws.com/restapis/{api.id}/models/Joined"
    guard = api.authorizers["guard"]
    assert guard.identity_source == (
        "route.request.querystring.token", "route.request.header.A", "context.stage",
    )  # fmt: skip
    assert guard.credentials == "arn:aws:iam::123456789012:role/Role"
    assert guard.ttl_seconds == 0, "nothing is kept"


def test_stages(api: WebSocketApi) -> None:
    [stage] = api.stages
    assert isinstance(stage, Stage)
    assert (stage.name, stage.variables, stage.description) == ("live", {"a": "b"}, "here")
    default, join = stage.default_route_settings, stage.route_settings["chat/join"]
    assert default is not None
    assert default.throttle is not None
    assert (default.throttle.rate, default.throttle.burst) == (5.5, 7)
    assert (default.logging_level, default.data_trace_enabled) == ("INFO", True)
    assert default.detailed_metrics_enabled
    assert join.logging_level == "ERROR"
    assert stage.access_log is not None
    assert stage.access_log.format == "$context.requestId $context.eventType"
    assert stage.deployment is not None


def test_what_stands_beside_the_api(loaded: Loaded, api: WebSocketApi) -> None:
    [plan] = loaded.definition.usage_plans
    assert [(each.stage.api_id, each.stage.stage) for each in plan.api_stages] == [(api.id, "live")]
    [domain] = loaded.definition.domains
    assert [(each.path, each.api_id, each.stage) for each in domain.mappings] == [
        ("talk", api.id, "live")
    ]
    assert api.grants is not None
    assert list(api.grants.roles) == ["arn:aws:iam::123456789012:role/Role"]
    [permission] = api.grants.permissions["f"]
    assert (
        permission.source_arn == f"arn:aws:execute-api:us-east-1:123456789012:{api.id}/*/$connect"
    )


def sources(value: Any) -> list[Source]:
    if isinstance(value, Source):
        return [value]
    if is_dataclass(value) and not isinstance(value, type):
        return [one for each in fields(value) for one in sources(getattr(value, each.name))]
    if isinstance(value, dict):
        return [one for each in value.values() for one in sources(each)]
    if isinstance(value, tuple | list):
        return [one for each in value for one in sources(each)]
    return []


def test_every_value_knows_its_line(loaded: Loaded, api: WebSocketApi) -> None:
    found = sources(api)
    assert len(found) > 20
    assert all(each.file == "t.yaml" and each.line > 0 for each in found)
    calls = api.integrations[api.routes["chat/join"].integration or ""]
    assert line(loaded, calls.source) == "  Calls:"
    assert line(loaded, calls.responses[1].source) == "  Wrong:"
    assert "context.connectionId" in line(loaded, calls.request_parameters[0].source)
    assert line(loaded, api.models["Joined"].source).startswith("      Schema: '{")


def test_templates_are_where_their_first_character_is(loaded: Loaded, api: WebSocketApi) -> None:
    calls = api.integrations[api.routes["chat/join"].integration or ""]
    for name, first in (("plain", "## a comment"), ("$default", '{"all"')):
        source = calls.request_templates[name].source
        assert line(loaded, source)[source.column - 1 :].startswith(first)


@pytest.mark.parametrize("which", ["plain", "$default", "answer"])
def test_an_edited_template_is_written_back(loaded: Loaded, api: WebSocketApi, which: str) -> None:
    calls = api.integrations[api.routes["chat/join"].integration or ""]
    template: Template = (
        calls.responses[0].templates["$default"]
        if which == "answer"
        else calls.request_templates[which]
    )
    text = loaded.bundle.files["t.yaml"]
    edited = write_back(text, template.source, template.text.replace("{", "{ "))
    assert edited != text
    [again] = read(Bundle({"t.yaml": edited})).definition.websocket_apis
    there = again.integrations[calls.id]
    got = (
        there.responses[0].templates["$default"] if which == "answer" else there.request_templates[which]
    )  # fmt: skip
    assert got.text == template.text.replace("{", "{ ")


STRANGE = ("[]", "{}", "null", "1", "true", '""', "[[a]]", "{a: {b: c}}", "!Ref Nothing",
           "!GetAtt Api.Nothing", "!Sub '${Nope}'", "$x", "${", "/(/", "\\u0000")  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("strange", STRANGE)
def test_whatever_stands_there_is_told_and_nothing_breaks(strange: str) -> None:
    """Each property that has a line of its own, and each of the flow mappings' values."""
    lines = TEMPLATE.split("\n")
    for at, text in enumerate(lines):
        found = re.match(r"( +[\w.$/-]+:) +[^|\s].*$", text)
        if found is None:
            continue
        changed = [*lines[:at], f"{found[1]} {strange}", *lines[at + 1 :]]
        loaded = read(Bundle({"t.yaml": "\n".join(changed)}))
        for api in loaded.definition.websocket_apis:
            deploy([api])


def test_one_of_several_apis() -> None:
    more = """
  Web:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: web, ProtocolType: HTTP, Target: !GetAtt Function.Arn }
"""
    text = TEMPLATE.replace("Outputs:", f"{more.strip(chr(10))}\nOutputs:")
    loaded = read(Bundle({"t.yaml": text}))
    assert [type(each).__name__ for each in loaded.apis] == ["HttpApi", "WebSocketApi"]
    assert not loaded.broken


def test_without_a_stage_one_is_assumed() -> None:
    text = TEMPLATE[: TEMPLATE.index("  Stage:")] + TEMPLATE[TEMPLATE.index("  Function:") :]
    text = text.replace("Stage: !Ref Stage", "Stage: dev")
    loaded = read(Bundle({"t.yaml": text}))
    [api] = loaded.definition.websocket_apis
    [stage] = api.stages
    assert stage.auto_deploy
    assert "no-stage" in {each.code for each in loaded.diagnostics}


def test_the_chat_sample_has_nothing_wrong() -> None:
    loaded = load([CHAT])
    assert [each.code for each in loaded.diagnostics if each.level != "info"] == ["not-enforced"]
    [api] = loaded.definition.websocket_apis
    assert set(api.routes) == {
        "$connect", "$disconnect", "$default", "join", "send", "ping", "shout",
    }  # fmt: skip
