"""Mappings that found nothing, gateway responses that say nothing, verbs and bytes that are odd."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.gateway.effects import BackendAnswer, BackendFailure
from inspector.gateway.explain import Explanation
from inspector.message import Headers
from tests.gateway.explain.asking import Asked, line_of

REST = """\
openapi: 3.0.1
info: {title: toys, version: '1'}
x-amazon-apigateway-binary-media-types:
  - image/*
x-amazon-apigateway-gateway-responses:
  INTEGRATION_FAILURE:
    statusCode: '503'
    responseParameters:
      gatewayresponse.header.Retry-After: "'5'"
    responseTemplates:
      application/json: '{"message": $context.error.messageString}'
paths:
  /toys/{toyId}:
    get:
      parameters:
        - {name: toyId, in: path, required: true, schema: {type: string}}
        - {name: fields, in: query, schema: {type: string}}
      responses: {'200': {description: ok, headers: {X-Count: {schema: {type: string}}}}}
      x-amazon-apigateway-integration:
        type: http
        httpMethod: GET
        uri: https://toys.example.com/toys/{id}
        requestParameters:
          integration.request.path.id: method.request.path.toyId
          integration.request.querystring.only: method.request.querystring.fields
        responses:
          default:
            statusCode: '200'
            responseParameters:
              method.response.header.X-Count: integration.response.header.X-Total
  /pictures:
    post:
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration:
        type: http_proxy
        httpMethod: POST
        uri: https://toys.example.com/pictures
"""
HTTP = """\
Resources:
  Http:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: toys, ProtocolType: HTTP}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: {ApiId: !Ref Http, StageName: $default, AutoDeploy: true}
  Prices:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Http
      IntegrationType: HTTP_PROXY
      IntegrationMethod: GET
      IntegrationUri: https://prices.example.com/
      PayloadFormatVersion: "1.0"
      RequestParameters:
        "append:header.day": $request.querystring.day
        "append:header.who": $context.requestId
      ResponseParameters:
        "200": {"append:header.amount": $response.body.amount}
        "404": {"overwrite:statuscode": "422"}
  Price:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Http, RouteKey: GET /price, Target: !Sub "integrations/${Prices}"}
"""


def _why(
    folder: Path, before: str, old: str, new: str, call: tuple[str, str], answer: object
) -> tuple[Explanation, int]:
    assert before.count(old) == 1, old
    asked = Asked(folder, before.replace(old, new), backend=lambda _: answer)
    pairs = zip(before.splitlines(), asked.text.splitlines(), strict=True)
    [changed] = [number for number, (one, other) in enumerate(pairs, 1) if one != other]
    return asked.why(*call), changed


def _json(body: bytes = b'{"amount": 3}', status: int = 200) -> BackendAnswer:
    headers = Headers.of([("Content-Type", "application/json"), ("X-Total", "3")])
    return BackendAnswer(status, headers, body)


def test_nothing_is_said_of_mappings_that_find_what_they_should(tmp_path: Path) -> None:
    rest = Asked(tmp_path, REST, backend=lambda _: _json())
    assert rest.why("GET", "/toys/7?fields=a").source is None
    http = Asked(tmp_path, HTTP, backend=lambda _: _json())
    assert http.why("GET", "/price?day=1").source is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("querystring.fields", "querystring.field"),
        ("integration.response.header.X-Total", "integration.response.header.X-Totals"),
    ],
)
def test_a_name_that_is_nearly_there(old: str, new: str, tmp_path: Path) -> None:
    found, changed = _why(tmp_path, REST, old, new, ("GET", "/toys/7?fields=a"), _json())
    assert line_of(found) == changed
    assert "found nothing" in found.sentence


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("$request.querystring.day", "$request.querystring.date", "there is day"),
        ("$request.querystring.day", "request.querystring.day", "without its $"),
        ("$request.querystring.day", "${request.querystring.day", "brace"),
        ("$context.requestId", "$context.requestID", "there is requestId"),
        ("$response.body.amount", "$response.body.amounts", "there is amount"),
        ('"200": {', '"201": {', "response parameters for 201"),
    ],
)
def test_the_same_of_an_http_api(old: str, new: str, said: str, tmp_path: Path) -> None:
    found, changed = _why(tmp_path, HTTP, old, new, ("GET", "/price?day=1"), _json())
    assert line_of(found) == changed, found.sentence
    assert said in found.sentence


def test_a_status_that_response_parameters_made_of_a_success(tmp_path: Path) -> None:
    old, new = '"200": {"append:header.amount": $', '"200": {"overwrite:statuscode": "502", "x": $'
    asked = Asked(tmp_path, HTTP.replace(old, new).replace(', "x": $response.body.amount', ""),
                  backend=lambda _: _json())  # fmt: skip
    found = asked.why("GET", "/price")
    assert found.sentence == "The backend answered 200; the response parameters made it 502."
    assert line_of(found) == asked.line('"502"')


def test_an_error_whose_status_is_overwritten_is_not_said_to_be_passed_on(tmp_path: Path) -> None:
    asked = Asked(tmp_path, HTTP, backend=lambda _: _json(status=404))
    found = asked.why("GET", "/price")
    assert found.status == 422
    assert "only passed it on" not in found.sentence
    assert "its response parameters made it 422" in found.sentence
    assert asked.line('"422"') in [each.line for each in found.lines]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("messageString", "mesageString", "gateway-response.template"),
        ("messageString}", "messageString", "gateway-response.template"),
        ("gatewayresponse.header.", "gatewayresponse.headers.", "gateway-response.parameter"),
        ("\"'5'\"", '"5"', "gateway-response.parameter"),
        ("statusCode: '503'", "statusCode: '200'", "gateway-response.status"),
    ],
)
def test_a_gateway_response_that_is_not_what_was_meant(
    old: str, new: str, rule: str, tmp_path: Path
) -> None:
    gone = BackendFailure("refused", "nobody there")
    found, changed = _why(tmp_path, REST, old, new, ("GET", "/toys/7"), gone)
    [note] = [each for each in found.notes if each.rule == rule]
    assert note.source is not None
    assert note.source.line == changed
    assert changed in [each.line for each in found.lines]


def test_a_verb_that_is_not_the_methods_own(tmp_path: Path) -> None:
    call = ("POST", "/pictures")
    found, changed = _why(tmp_path, REST, "httpMethod: POST", "httpMethod: PUT", call, _json())
    assert line_of(found) == changed
    assert "POST calls the backend with PUT." in found.sentence


def test_bytes_that_no_binary_type_covers(tmp_path: Path) -> None:
    picture = BackendAnswer(200, Headers.of([("Content-Type", "image/png")]), b"\x89PNG\xff\x00")
    asked = Asked(tmp_path, REST.replace("image/*", "image/gif"), backend=lambda _: picture)
    found = asked.why("POST", "/pictures", headers={"Accept": "image/png"})
    assert line_of(found) == asked.line("- image/gif")
    assert "torn" in found.sentence


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("toys/{id}", "toys/{toyId}"),
        ("integration.request.path.id:", "integration.request.querystring.id:"),
        ("  /toys/{toyId}:", "  /toys/:toyId:"),
    ],
)
def test_a_variable_of_the_path_that_is_not_filled(old: str, new: str, tmp_path: Path) -> None:
    gone = _json(b"{}", 404)
    found, changed = _why(tmp_path, REST, old, new, ("GET", "/toys/7"), gone)
    assert changed in [each.line for each in found.lines]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/bears/{bearId}", "/bears/{id}"),  # called as nothing else is: the URI is the slip
        ("integration.request.path.bearId", "integration.request.path.id"),
    ],
)
def test_the_segment_before_a_variable_tells_which_name_is_meant(
    old: str, new: str, tmp_path: Path
) -> None:
    bears = REST.replace("/toys/{id}", "/bears/{bearId}").replace("path.id:", "path.bearId:")
    found, changed = _why(tmp_path, bears, old, new, ("GET", "/toys/7"), _json(b"{}", 404))
    assert line_of(found) == changed


def test_a_route_whose_only_variable_nobody_reads(tmp_path: Path) -> None:
    mapped = HTTP.replace("$request.querystring.day", "$request.path.kind").replace(
        "GET /price,", '"GET /price/{kind}",'
    )
    old, new = "/price/{kind}", "/price/{toy}"
    found, changed = _why(tmp_path, mapped, old, new, ("GET", "/price/7"), _json(b"{}", 404))
    assert line_of(found) == changed


def test_a_variable_that_stands_in_the_url_is_said_to(tmp_path: Path) -> None:
    asked = Asked(tmp_path, REST.replace("request.path.id:", "request.header.id:"),
                  backend=lambda _: _json(b"{}", 404))  # fmt: skip
    found = asked.why("GET", "/toys/7")
    assert "{id} stands in the URL as it is written: nothing fills it." in found.sentence
    assert found.remedy == "Map integration.request.path.id, or call both by the same name."
