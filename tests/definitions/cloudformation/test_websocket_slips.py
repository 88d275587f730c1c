"""What a WebSocket API's template may say and hardly means: warnings, each with a remedy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.definitions.cloudformation.socket_template import (
    FUNCTION,
    TWO_WAY,
    found,
    line_of,
    load,
    template,
)

ANSWER = {"RouteId": {"Ref": "Send"}, "RouteResponseKey": "$default"}
HTTP = {
    "IntegrationType": "HTTP",
    "IntegrationUri": "https://a.example/",
    "IntegrationMethod": "POST",
}
MOCK = {"IntegrationType": "MOCK", "IntegrationUri": None, "IntegrationMethod": None}
OK = {"RequestTemplates": {"$default": '{"statusCode":200}'}}
CATCH = {"IntegrationId": {"Ref": "Integration"}, "IntegrationResponseKey": "$default"}
MODEL = {"Name": "Message", "Schema": {"type": "object"}}


@pytest.mark.parametrize(
    "good",
    [
        {},
        {"Send": TWO_WAY, "RouteResponse": ANSWER},
        {"Send": TWO_WAY, "RouteResponse": ANSWER, "Integration": {**MOCK, **OK},
         "IntegrationResponse": CATCH},
        {"Integration": HTTP},
        {"Integration": {**MOCK, "RequestTemplates": {"application/json": '{"statusCode":200}'}}},
        {"Integration": {**HTTP, "TemplateSelectionExpression": "\\$default",
                         "RequestTemplates": {"$default": "$input.body"}}},
        {"Integration": {**HTTP, "TemplateSelectionExpression": "${request.body.action}",
                         "RequestTemplates": {"send": "$input.body"}}},
        {"Send": {"RequestModels": {"$default": "Message"}, "ModelSelectionExpression": "$default"},
         "AModel": MODEL},
        {"Send": {"RequestModels": {"m": "Message"}, "ModelSelectionExpression":
                  "$request.body.action"}, "AModel": MODEL},
        {"Api": {"RouteSelectionExpression": "$request.body[2]"}},
        {"Integration": HTTP, "IntegrationResponse": {**CATCH, "ResponseTemplates": {"200": "x"},
         "TemplateSelectionExpression": "${integration.response.statuscode}"}},
        {"Integration": {**HTTP, "IntegrationUri": "${stageVariables.a}"},
         "Stage": {"StageVariables": {"a": "https://a.example/"}}},
    ],
)  # fmt: skip
def test_what_is_fine(good: dict[str, Any]) -> None:
    assert found(load(template(**good)), "warning") == []


@pytest.mark.parametrize(
    ("change", "code", "words", "line"),
    [
        ({"Api": {"RouteSelectionExpression": "send"}}, "route-selection",
         "every message takes the route send", "RouteSelectionExpression"),
        ({"Api": {"RouteSelectionExpression": "action"}}, "route-selection",
         "every message takes $default, if there is one", "RouteSelectionExpression"),
        ({"Api": {"RouteSelectionExpression": "$request.header.action"}}, "route-selection",
         "${request.header.action} is no part of a message", "RouteSelectionExpression"),
        ({"Default": {"RouteKey": "default"}}, "route-key",
         "the route 'default' is a custom one; Amazon's own is $default", '"default"'),
        ({"Connect": {"RouteKey": "Connect"}}, "route-key",
         "the route 'Connect' is a custom one; Amazon's own is $connect", '"Connect"'),
        ({"Default": {"RouteKey": "else"}}, "no-default",
         "a message that chooses none of the others", '"Api"'),
        ({"Send": TWO_WAY}, "one-way", "selects a response and has none: nothing is sent",
         "RouteResponseSelectionExpression"),
        ({"RouteResponse": ANSWER}, "one-way",
         "has a response and no RouteResponseSelectionExpression", '"RouteResponse": {'),
        ({"Send": TWO_WAY, "RouteResponse": ANSWER, "Integration": HTTP},
         "no-integration-response", "its integration of type HTTP has no integration response",
         "IntegrationType"),
        ({"Send": TWO_WAY, "RouteResponse": ANSWER, "Integration": HTTP, "IntegrationResponse":
          {**CATCH, "IntegrationResponseKey": "/200/"}},
         "no-catch-all", "has no response $default to catch the rest",
         '"Integration": {'),
        ({"Integration": MOCK}, "mock-template", "no request template", '"Integration": {'),
        ({"Integration": {"RequestTemplates": {"$default": "x"}}}, "unused-template",
         "passes the message on: its request templates are not used", "RequestTemplates"),
        ({"Integration": {**HTTP, "RequestTemplates": {"send": "x"}}},
         "template-selection", "nothing selects one of the request templates",
         "RequestTemplates"),
        ({"Integration": {**HTTP, "RequestTemplates": {"a": "x"},
                          "TemplateSelectionExpression": "\\$default"}},
         "template-selection", "selects the template '$default'; there is a",
         "TemplateSelectionExpression"),
        ({"Integration": {**HTTP, "RequestTemplates": {"$defalt": "x"},
                          "TemplateSelectionExpression": "\\$default"}},
         "template-selection", "selects the template '$default'; there is $defalt", '"$defalt"'),
        ({"Integration": {**HTTP, "RequestTemplates": {"a": "x"},
                          "TemplateSelectionExpression": "${request.bdy.a}"}},
         "template-selection", "${request.bdy.a} is nothing that", "TemplateSelectionExpression"),
        ({"Integration": HTTP, "IntegrationResponse": {**CATCH, "ResponseTemplates": {"a": "x"},
          "TemplateSelectionExpression": "b"}}, "template-selection", "selects the template 'b'",
         "TemplateSelectionExpression"),
        ({"Integration": HTTP, "IntegrationResponse": {**CATCH,
          "IntegrationResponseKey": "/0\\d\\d/"}},
         "selection-pattern", "fits no status", "IntegrationResponseKey"),
        ({"IntegrationResponse": CATCH}, "unused-response",
         "its integration responses are not used", '"IntegrationResponse": {'),
        ({"Integration": {**HTTP, "IntegrationMethod": "POTS"}}, "integration-method",
         "POTS is no method of HTTP", "IntegrationMethod"),
        ({"Integration": HTTP, "IntegrationResponse": {**CATCH, "IntegrationResponseKey": "200"}},
         "response-key", "neither $default nor a pattern between slashes",
         "IntegrationResponseKey"),
        ({"Integration": HTTP, "IntegrationResponse": {**CATCH, "IntegrationResponseKey": "/(/"}},
         "selection-pattern", "the key '/(/' matches nothing", "IntegrationResponseKey"),
        ({"Integration": {**HTTP, "RequestParameters": {
            "integration.request.header.a": "route.request.header.a"}}},
         "connect-only", "is there on $connect only, and $default, send uses it too",
         "route.request.header.a"),
        ({"Send": {"RequestModels": {"a": "Message"}}, "AModel": MODEL}, "model-selection",
         "nothing selects one of the models", "RequestModels"),
        ({"Send": {"RequestModels": {"a": "Message"}, "ModelSelectionExpression": "b"},
          "AModel": MODEL}, "model-selection", "b selects the model 'b'",
         "ModelSelectionExpression"),
        ({"Send": {"RequestModels": {"a": {"Ref": "AModel"}}, "ModelSelectionExpression": "a"},
          "AModel": MODEL}, "model-name", "names a model by its id", '"a"'),
        ({"Send": {"ApiKeyRequired": True}}, "unused-api-key", "only $connect has one",
         "ApiKeyRequired"),
        ({"Authorizer": {"Name": "a", "AuthorizerType": "REQUEST", "AuthorizerUri": FUNCTION,
                         "IdentityValidationExpression": "^a$"}}, "identity-validation",
         "nothing is checked by it", "IdentityValidationExpression"),
        ({"Stage": {"AccessLogSettings": {"Format": "$context.requestId $context.evntType",
          "DestinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:g"}}},
         "access-log-format", "$context.evntType is no logging variable", "$context.evntType"),
        ({"Stage": {"AutoDeploy": None}}, "not-deployed",
         "nothing is deployed to stage live: nobody can connect", '"Stage"'),
        ({"Integration": {**HTTP, "ConnectionType": "VPC_LINK", "ConnectionId": "abc"}},
         "not-enforced", "VPC links are not dialled", "ConnectionId"),
    ],
)  # fmt: skip
def test_slips(change: dict[str, Any], code: str, words: str, line: str) -> None:
    loaded = load(template(**change))
    assert found(loaded, "error") == []
    assert not loaded.broken
    told = found(loaded, "warning")
    # That logs go nowhere here is said of every log.
    [slip] = [each for each in told if "access logs are not written" not in each.message]
    assert slip.code == code
    assert words in slip.message
    assert slip.remedy
    lines = loaded.bundle.files["t.json"].splitlines()
    assert line in line_of(loaded, slip) or line in lines[slip.source.line - 2]


def test_an_authorizer_of_another_route_is_never_asked() -> None:
    guard = {"Name": "a", "AuthorizerType": "REQUEST", "AuthorizerUri": FUNCTION}
    loaded = load(template(Send={"AuthorizerId": {"Ref": "Authorizer"}}, Authorizer=guard))
    assert [each.code for each in found(loaded, "warning")] == ["unused-authorizer"]


def test_an_api_without_routes_answers_nobody() -> None:
    document = template()
    for name in ("Connect", "Default", "Send", "Integration"):
        del document["Resources"][name]
    [slip] = found(load(document), "warning")
    assert "every message is answered" in slip.message


def test_a_plain_arn_is_no_slip() -> None:
    loaded = load(template(Integration={"IntegrationUri": FUNCTION}))
    assert found(loaded, "warning") == []
    assert [each.code for each in found(loaded, "info")] == ["function-arn"]


def test_what_changes_nothing_is_told() -> None:
    changes = {"Send": TWO_WAY, "RouteResponse": {**ANSWER, "ResponseModels": {"a": "b"}},
               "Api": {"DisableSchemaValidation": True}, "Integration": HTTP,
               "IntegrationResponse": {**CATCH, "ResponseParameters": {
                   "route.response.header.a": "'a'"}}}  # fmt: skip
    told = [each.message for each in found(load(template(**changes)), "info")]
    assert told == [
        "DisableSchemaValidation of Api changes no answer here",
        "ResponseModels of RouteResponse changes no answer: answers are not validated",
        "ResponseParameters of IntegrationResponse change nothing: a frame has no headers",
    ]
