"""Each refusal names its rule, its line and what to try; the finer searches beside it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

import sample_apis
from inspector.gateway.effects import BackendAnswer, BackendFailure, FunctionAnswer
from inspector.gateway.explain import to_data
from inspector.message import Headers
from inspector.testing import Gateway
from tests.gateway.explain.asking import Asked, line_of

API = """\
openapi: 3.0.1
info: {title: shop, version: '1'}
x-amazon-apigateway-request-validators:
  all:
    validateRequestBody: true
    validateRequestParameters: true
x-amazon-apigateway-request-validator: all
components:
  schemas:
    Order:
      type: object
      required:
        - item
      properties:
        item:
          type: string
        address:
          $ref: '#/components/schemas/Address'
    Address:
      type: object
      properties:
        zip:
          type: string
          maxLength: 5
paths:
  /orders:
    post:
      parameters:
        - name: shop
          in: query
          required: true
      requestBody:
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Order'
      responses:
        '200': {description: fine}
      x-amazon-apigateway-integration:
        type: http
        httpMethod: POST
        uri: http://orders.example/orders
        timeoutInMillis: 2000
        passthroughBehavior: never
        requestTemplates:
          application/json: |
            #set($item = $input.path('$.item'))
            {"item": "$item"}
        responses:
          '2\\d{2}':
            statusCode: '200'
          '404':
            statusCode: '404'
  /orders/{id}:
    get:
      responses: {'200': {description: fine}}
      x-amazon-apigateway-integration:
        type: http_proxy
        httpMethod: GET
        uri: http://orders.example/orders/{id}
        requestParameters:
          integration.request.path.id: method.request.path.id
"""
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def api(tmp_path: Path) -> Asked:
    return Asked(tmp_path, API)


@pytest.mark.parametrize(
    ("method", "path", "line", "slip"),
    [
        ("GET", "/order/7", "/orders/{id}:", "'s' follows in 'orders'"),
        ("GET", "/Orders/7", "/orders/{id}:", "upper and lower case"),
        ("GET", "/orders/7/lines", "/orders/{id}:", "takes one segment only"),
        ("GET", "/orders%2F7", "/orders/{id}:", ""),
        ("POST", "/dev/orders", "  /orders:", "twice"),
    ],
)
def test_a_path_that_reaches_nothing_names_the_nearest_route(
    api: Asked, method: str, path: str, line: str, slip: str
) -> None:
    found = api.why(method, path)
    assert found.rule == "route.no-match"
    assert line_of(found) == api.line(line)
    assert slip in found.sentence
    assert found.part == "path"


def test_the_corrected_request_can_be_sent(api: Asked) -> None:
    found = api.why("GET", "/order/7?full=yes")
    [request] = [each.request for each in found.tries if each.request is not None]
    assert request.target == "/dev/orders/7?full=yes"
    assert api.gateway.send(request).status == 200


def test_a_missing_method_names_those_there_are(api: Asked) -> None:
    found = api.why("PUT", "/orders")
    assert (found.part, line_of(found)) == ("method", api.line("    post:"))


def test_a_missing_parameter_and_one_of_nearly_its_name(api: Asked) -> None:
    found = api.why("POST", "/orders?shops=1", headers=JSON, body='{"item": "a"}')
    assert (found.rule, found.part) == ("validate.parameters", "query shop")
    assert line_of(found) == api.line("- name: shop")
    assert "shops" in found.sentence
    plain = api.why("POST", "/orders", headers=JSON, body='{"item": "a"}')
    assert line_of(plain) == api.line("required: true")


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ({}, "        - item\n"),
        ({"item": 1}, "          type: string\n        address"),
        ({"item": "a", "address": {"zip": "123456"}}, "maxLength: 5"),
    ],
)
def test_a_body_that_its_model_forbids_names_the_keyword(
    api: Asked, body: dict[str, object], line: str
) -> None:
    found = api.why("POST", "/orders?shop=1", headers=JSON, body=json.dumps(body))
    assert (found.rule, found.part) == ("validate.body", "body")
    assert line_of(found) == API[: API.index(line)].count("\n") + 1


def test_an_unsupported_type_names_the_behaviour(api: Asked) -> None:
    found = api.why("POST", "/orders?shop=1", headers={"Content-Type": "text/csv"}, body="a,b")
    assert (found.status, found.part) == (415, "header Content-Type")
    assert line_of(found) == api.line("passthroughBehavior")
    [request] = [each.request for each in found.tries if each.request is not None]
    assert request.headers.get("content-type") == "application/json"


def test_a_backend_that_is_slow_or_gone(api: Asked) -> None:
    api.gateway.backend = lambda _: BackendFailure("timeout", "no answer")
    slow = api.why("POST", "/orders?shop=1", headers=JSON, body='{"item": "a"}')
    assert line_of(slow) == api.line("timeoutInMillis")
    api.gateway.backend = lambda _: BackendFailure("dns", "no such host")
    gone = api.why("POST", "/orders?shop=1", headers=JSON, body='{"item": "a"}')
    assert line_of(gone) == API[: API.index("uri: http")].count("\n") + 1


def test_what_was_never_reached_is_told(api: Asked) -> None:
    found = api.why("POST", "/orders", headers=JSON, body='{"item": "a"}')
    states = {each.name: each.state for each in found.checks}
    assert states["Method"] == "passed"
    assert states["Method request"] == "failed"
    assert states["Integration"] == "unreached"


def test_the_data_has_the_promised_members(api: Asked) -> None:
    data = to_data(api.why("GET", "/nothing/at/all/like/it"))
    assert {"stage", "rule", "response_type", "source", "evidence", "remedy"} <= data.keys()
    assert data["stage"] == "route"
    assert data["response_type"] == "MISSING_AUTHENTICATION_TOKEN"
    json.dumps(data)


def test_a_misspelt_name_is_blamed(tmp_path: Path) -> None:
    api = Asked(
        tmp_path, API.replace("        responses:\n          '2", "        respones:\n          '2")
    )
    found = api.why("POST", "/orders?shop=1", headers=JSON, body='{"item": "a"}')
    assert found.rule == "map-response.no-match"
    assert line_of(found) == api.line("respones:")
    assert found.remedy == "Write responses."


HTTP = """\
openapi: 3.0.1
info: {title: shop, version: '1'}
components:
  securitySchemes:
    tokens:
      type: oauth2
      x-amazon-apigateway-authorizer:
        type: jwt
        identitySource: $request.header.Authorization
        jwtConfiguration:
          issuer: https://issuer.example
          audience: [shop]
paths:
  /open:
    get:
      x-amazon-apigateway-integration: &backend
        type: http_proxy
        httpMethod: GET
        uri: http://orders.example/
        payloadFormatVersion: '1.0'
  /mine:
    get:
      security: [{tokens: []}]
      x-amazon-apigateway-integration: *backend
  /signed:
    get:
      x-amazon-apigateway-auth: {type: AWS_IAM}
      x-amazon-apigateway-integration: *backend
"""


@pytest.fixture
def http(tmp_path: Path) -> Asked:
    return Asked(tmp_path, HTTP, "it's.yaml", api_type="http")


def test_an_http_api_has_no_checks_of_rest_s(http: Asked) -> None:
    """No policy, no keys and no validators; an authorizer where the route asks for one."""
    stages = ["Authorizer", "Integration request", "Integration", "Integration response"]
    missed = http.why("GET", "/opne")
    assert [each.name for each in missed.checks if each.state == "unreached"] == stages
    assert [each.name for each in missed.checks if not each.inner][:2] == ["API and stage", "Route"]
    refused = http.why("GET", "/mine")
    assert [each.name for each in refused.checks if each.state == "unreached"] == stages[1:]


def test_a_policy_that_the_api_does_not_have_is_not_missed(api: Asked) -> None:
    names = [each.name for each in api.why("GET", "/nothing/like/it").checks]
    assert "Resource policy" not in names
    assert "Authorizer" in names


def test_the_commands_can_be_pasted_into_a_shell(http: Asked) -> None:
    """They are whole, and what the definition and the client wrote is quoted."""
    [mint] = http.why("GET", "/mine").tries
    assert mint.command is not None
    assert shlex.split(mint.command) == ["inspector", "token", str(http.path), "GET", "/mine"]
    host = {"Host": "127.0.0.1:8080"}
    [sign] = http.why("GET", "/signed?a=$(id)&b", headers=host).tries
    assert (sign.kind, sign.region) == ("sign", "us-east-1")
    assert sign.command is not None
    words = shlex.split(sign.command)
    assert words[:3] == ["inspector", "sign", "GET"]
    assert words[3].endswith("://127.0.0.1:8080/signed?a=$(id)&b")
    assert words[4:] == ["--region", "us-east-1"]


PARTS = """\
openapi: 3.0.1
info: {title: shop, version: '1'}
paths:
  /orders/{id}:
    x-amazon-apigateway-any-method:
      x-amazon-apigateway-integration: &backend
        type: http_proxy
        httpMethod: ANY
        uri: http://orders.example/orders
  /orders:
    x-amazon-apigateway-any-method:
      x-amazon-apigateway-integration: *backend
  /function:
    post:
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations
"""


@pytest.mark.parametrize(
    ("status", "method", "path", "body", "part"),
    [
        (404, "GET", "/orders/7", "", "path"),
        (404, "GET", "/orders?page=9", "", "query page"),
        (400, "POST", "/orders", "{}", "body"),
        (405, "PUT", "/orders", "", "method"),
        (401, "GET", "/orders", "", "header Authorization"),
        (500, "GET", "/orders/7", "", None),
    ],
)
def test_a_backend_s_error_points_to_a_part_of_the_request(
    status: int, method: str, path: str, body: str, part: str | None, tmp_path: Path
) -> None:
    api = Asked(tmp_path, PARTS, backend=lambda _: BackendAnswer(status, Headers(), b""))
    assert api.why(method, path, body=body).part == part


@pytest.mark.parametrize(
    ("message", "part"),
    [("'item'", "body"), ("Expecting value: line 1 column 1 (char 0)", "body"), ("no", None)],
)
def test_what_a_function_raised_may_point_to_the_body(
    message: str, part: str | None, tmp_path: Path
) -> None:
    error = FunctionAnswer(json.dumps({"errorMessage": message}).encode(), "Unhandled")
    api = Asked(tmp_path, PARTS, function=lambda _: error)
    assert api.why("POST", "/function", body='{"itme": 1}').part == part


def test_definitions_that_make_no_sense_are_explained_all_the_same() -> None:
    """An object where texts are expected: as identity source, and as nobody's name."""
    uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations"
    guard = {"type": "token", "identitySource": {"a": "b"}, "authorizerUri": uri}
    scheme = {"type": "apiKey", "name": "Authorization", "in": "header",
              "x-amazon-apigateway-authtype": "custom", "x-amazon-apigateway-authorizer": guard}  # fmt: skip
    statement = {
        "Effect": "Deny",
        "Action": "execute-api:Invoke",
        "NotPrincipal": {},
        "Resource": "*",
    }
    method = {"responses": {}, "x-amazon-apigateway-integration": {"type": "mock"}}
    plain = {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}}
    guarded = plain | {
        "paths": {"/x": {"get": method | {"security": [{"guard": []}]}}},
        "components": {"securitySchemes": {"guard": scheme}},
    }
    denied = plain | {
        "paths": {"/x": {"get": method}},
        "x-amazon-apigateway-policy": {"Version": "2012-10-17", "Statement": [statement]},
    }
    for definition, status in ((guarded, 401), (denied, 403)):
        gateway = Gateway(definition)
        result = gateway.get("/x")
        assert result.status == status
        assert gateway.explain(result).sentence


CASED = """\
openapi: 3.0.1
info: {title: shop, version: '1'}
paths:
  /a:
    get:
      parameters: [{name: X-Shop, in: header}]
      responses: {'200': {headers: {X-Got: {schema: {type: string}}}}}
      x-amazon-apigateway-integration:
        type: http
        httpMethod: GET
        uri: http://orders.example/a
        requestParameters:
          integration.request.header.shop: method.request.header.X-Shop
        responses:
          default:
            statusCode: '200'
            responseParameters:
              method.response.header.X-Got: integration.response.header.X-Got
"""


def test_a_header_in_other_letters_is_noted(tmp_path: Path) -> None:
    asked = Asked(
        tmp_path, CASED, backend=lambda _: BackendAnswer(200, Headers.of([("x-got", "1")]), b"")
    )
    found = asked.why("GET", "/a", headers={"x-shop": "7"})
    told = {note.rule: note for note in found.notes if note.rule.endswith(".header-case")}
    assert set(told) == {"map-request.header-case", "map-response.header-case"}
    asking, answering = told["map-request.header-case"], told["map-response.header-case"]
    assert asking.text == ("method.request.header.X-Shop found nothing: the header came as x-shop.")
    assert asking.source is not None
    assert asking.source.line == asked.line("method.request.header.X-Shop")
    assert "came as x-got" in answering.text
    exact = asked.why("GET", "/a", headers={"X-Shop": "7"}).notes
    assert [note.rule for note in exact] == ["map-response.header-case"]


def test_other_paths_are_left_out_where_only_the_method_is_missing() -> None:
    gateway = Gateway(sample_apis.load("petstore").definitions[0])
    told = gateway.explain(gateway.request("PATCH", "/pets"))
    assert [each.name for each in told.checks if each.inner] == ["GET, OPTIONS, POST /pets"]


def test_an_endpoint_of_a_function_that_is_down_is_not_called_a_backend(tmp_path: Path) -> None:
    gone = BackendFailure("refused", "connection refused")
    found = Asked(tmp_path, PARTS, function=lambda _: gone).why("POST", "/function")
    assert found.remedy == "Start what serves f, or say where it is: --function f=PLACE."


def test_the_largest_part_of_a_request_is_named(tmp_path: Path) -> None:
    asked = Asked(tmp_path, API)
    found = asked.why("GET", "/orders", headers={"X-Small": "a", "X-Big": "b" * 12_000})
    assert found.part == "header X-Big"
    assert "The largest part is the header X-Big, with 12005 bytes." in found.sentence
