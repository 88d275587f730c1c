"""One line of a sample is changed: the explanation names that line.

The catalogue has a change for each kind of property, each with the request that it spoils; the
survey (slow) changes lines at random, with the samples' real backends and functions.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import sample_apis
from inspector.cli.demo_credentials import credentials_of
from inspector.cli.explain_broken import broken_order
from inspector.definitions import Bundle, load, read
from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    BackendRequest,
    CallService,
    FunctionAnswer,
)
from inspector.message import Headers
from inspector.testing import DefinitionError, Gateway
from tests.gateway.explain.mutating import RESETS, Laboratory, mutations, survey
from tests.gateway.explain.test_clinic import _function

KNOWN = {
    "https://pets.example.com/pets": {"GET", "POST"},
    "https://pets.example.com/v1/animals/2": {"GET"},
    "https://pets.example.com/pets/1": {"DELETE"},
    "https://pets.example.com/files/a/b": {"GET"},
}
JSON = {"Content-Type": "application/json"}


def _backend(request: BackendRequest) -> BackendAnswer | BackendFailure:
    """A backend that knows a few paths, for one host."""
    location = request.url.partition("?")[0]
    if not location.startswith("https://pets.example.com/"):
        return BackendFailure("dns", "no such host")
    if location not in KNOWN:
        return BackendAnswer(404, Headers(), b'{"error": "not here"}')
    if request.method not in KNOWN[location]:
        return BackendAnswer(405, Headers(), b"")
    return BackendAnswer(200, Headers.of([("Content-Type", "application/json")]), b"{}")


#: Sample, the line's part that is changed, what it becomes, method, path, headers.
PETSTORE = [
    ("  /pets:\n", "  /petz:\n", "GET", "/pets"),
    ("/pets/{petId}:", "/pet/{petId}:", "GET", "/pets/2"),
    ("  /health:", "  /helth:", "GET", "/health"),
    ("/files/{proxy+}:", "/files/{proxy}:", "GET", "/files/a/b"),
    ("    get:\n      operationId: listPets", "    put:\n      operationId: listPets", "GET", "/pets"),
    ("    delete:", "    patch:", "DELETE", "/pets/1"),
    ("    delete:", "    delte:", "DELETE", "/pets/1"),
    ("uri: https://pets.example.com/pets\n        passthrough", "uri: https://pets.example.com/pats\n        passthrough", "GET", "/pets"),
    ("uri: https://pets.example.com/pets\n        passthrough", "uri: https://pets.exmaple.com/pets\n        passthrough", "GET", "/pets"),
    ("/animals/{animalId}", "/animal/{animalId}", "GET", "/pets/2"),
    ("/animals/{animalId}", "/animals/{animlId}", "GET", "/pets/2"),
    ("stageVariables.version}", "stageVariables.versoin}", "GET", "/pets/2"),
    ("path.animalId: method.request.path.petId", "path.animalId: method.request.path.petid", "GET", "/pets/2"),
    ("httpMethod: DELETE", "httpMethod: DELET", "DELETE", "/pets/1"),
    ('"2\\\\d{2}":', '"3\\\\d{2}":', "GET", "/pets/2"),
    ('          "404":\n            statusCode: "404"', '          "440":\n            statusCode: "404"', "GET", "/pets/99"),
    ("type: http\n", "type: http_proxy\n", "GET", "/pets/99"),
    ('\'{"statusCode": 200}\'', '\'{"statuscode": 200}\'', "GET", "/health"),
    ('\'{"statusCode": 200}\'', '\'{"statusCode": "ok"}\'', "GET", "/health"),
    ('\'{"statusCode": 200}\'', "'{\"statusCode\": #if(true)200}'", "GET", "/health"),
]  # fmt: skip
CLINIC = [
    ("NotIpAddress:\n                aws:SourceIp: 203.0.113.0/24", "NotIpAddress:\n                aws:SourceIp: 198.51.100.0/24", "GET", "/office", {}),
    ("Resource: execute-api:/dev/GET/office", "Resource: execute-api:/dev/GET/shop", "GET", "/shop", {}),
    ("              - execute-api:/dev/*/cached/*\n", "              - execute-api:/dev/*/public/*\n", "GET", "/public/prices", {}),
    ("identitySource: method.request.header.Authorization\n                identityValidation", "identitySource: method.request.header.Token\n                identityValidation", "GET", "/token/orders", {"Authorization": "allow"}),
    ('identityValidationExpression: "[a-z-]+"', 'identityValidationExpression: "[A-Z]+"', "GET", "/token/orders", {"Authorization": "allow"}),
    ("- api_key: []\n", "- token: []\n", "GET", "/keyed", {"x-api-key": "good-key-0123456789abcdef"}),
    ("Value: good-key-0123456789abcdef", "Value: good-key-0123456789abcdee", "GET", "/keyed", {"x-api-key": "good-key-0123456789abcdef"}),
    ("Name: good\n      Enabled: true", "Name: good\n      Enabled: false", "GET", "/keyed", {"x-api-key": "good-key-0123456789abcdef"}),
    ("UsagePlanName: clinic\n      ApiStages:\n        - ApiId: !Ref Api\n          Stage: dev", "UsagePlanName: clinic\n      ApiStages:\n        - ApiId: !Ref Api\n          Stage: div", "GET", "/keyed", {"x-api-key": "good-key-0123456789abcdef"}),
    ("Limit: 1000\n", "Limit: 0\n", "GET", "/keyed", {"x-api-key": "good-key-0123456789abcdef"}),
    ("  /shop:\n            get:", "  /shop:\n            put:", "GET", "/shop", {}),
]  # fmt: skip


def _changed_line(before: str, after: str) -> int:
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    [number] = [n for n, (one, other) in enumerate(pairs, 1) if one != other]
    return number


def _why(
    folder: Path, text: str, method: str, path: str, headers: Mapping[str, str], **options: Any
) -> int | None:
    """The line that the explanation, or the definition's first complaint, names."""
    file = folder / "definition.yaml"
    file.write_text(text)
    try:
        gateway = Gateway(file, **options)
    except DefinitionError:
        return broken_order(load([file]))[0].source.line
    found = gateway.explain(gateway.request(method, path, headers=headers))
    return None if found.source is None else found.source.line


@pytest.mark.parametrize(("old", "new", "method", "path"), PETSTORE)
def test_a_changed_line_of_the_pet_shop(
    old: str, new: str, method: str, path: str, tmp_path: Path
) -> None:
    sample = sample_apis.load("petstore")
    before = sample.definitions[0].read_text("utf-8")
    assert old in before
    after = before.replace(old, new, 1)
    said = _why(
        tmp_path, after, method, path, {}, backend=_backend, variables=sample.stage_variables
    )
    assert said == _changed_line(before, after)


@pytest.mark.parametrize(("old", "new", "method", "path", "headers"), CLINIC)
def test_a_changed_line_of_the_clinic(
    old: str, new: str, method: str, path: str, headers: dict[str, str], tmp_path: Path
) -> None:
    before = sample_apis.load("auth-clinic").definitions[0].read_text("utf-8")
    assert old in before
    after = before.replace(old, new, 1)
    assert _why(tmp_path, after, method, path, headers, function=_function) == _changed_line(
        before, after
    )


ITEMS = """\
openapi: 3.0.1
info: {title: items, version: '1'}
x-amazon-apigateway-request-validators:
  body: {validateRequestBody: true}
paths:
  /items:
    post:
      x-amazon-apigateway-request-validator: body
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required:
                - id
              properties:
                id: {type: string}
                count:
                  type: integer
                  minimum: 1
      responses: {'200': {description: fine}}
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:dynamodb:action/PutItem
        passthroughBehavior: never
        requestTemplates:
          application/json: |
            #set($id = $input.path('$.id'))
            {"TableName": "items",
             #if($id != "")
             "Item": {"id": {"S": "$id"}}
             #end
            }
        responses:
          default:
            statusCode: '200'
            responseTemplates:
              application/json: |
                #set($status = $input.path('$.x'))
                {"done": true}
          '400':
            statusCode: '500'
"""
BODY = json.dumps({"id": "1", "count": 2})
TEMPLATES = [
    ("                - id\n", "                - ide\n"),
    ("id: {type: string}", "id: {type: integer}"),
    ("minimum: 1", "minimum: 3"),
    ("                  type: integer", "                  type: string"),
    ("uri: arn:aws:apigateway:us-east-1:dynamodb:action/PutItem", "uri: arn:aws:apigateway:us-east-1:dynamodb:action/PutItm"),
    ("          application/json: |\n            #set($id", "          application/jason: |\n            #set($id"),
    ("$input.path('$.id')", "$input.path('$.idd')"),
    ("$input.path('$.id')", "$input.pth('$.id')"),
    ('#if($id != "")', '#if($id != ""'),
    ("             #end", "             #ed"),
    ('{"TableName": "items",', '{"TableName": "itms",'),
    ('{"TableName": "items",', '{"TableMame": "items",'),
    ('"Item": {', '"Icem": {'),
    ("                #set($status = $input.path('$.x'))", "                #set($status = $input.path('$.x')"),
    ("            #set($id =", "            #st($id ="),
]  # fmt: skip


def _table(request: Any) -> BackendAnswer:
    """DynamoDB, as far as it matters here: its errors for what it cannot take."""
    target = request.request.headers.get("x-amz-target") or ""
    if not target.endswith(".PutItem"):
        return _error("UnknownOperationException", "")
    try:
        body = json.loads(request.request.body)
    except ValueError:
        return _error("SerializationException", "")
    if body.get("TableName") != "items":
        return _error("ResourceNotFoundException", "Requested resource not found")
    if not body.get("Item", {}).get("id", {}).get("S", "").isalnum():
        return _error("ValidationException", "One or more parameter values were invalid")
    return BackendAnswer(200, Headers(), b"{}")


def _error(kind: str, message: str) -> BackendAnswer:
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{kind}", "message": message})
    return BackendAnswer(400, Headers(), body.encode())


def test_the_items_are_taken_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "items.yaml"
    file.write_text(ITEMS)
    assert Gateway(file, service=_table).post("/items", headers=JSON, body=BODY).status == 200


@pytest.mark.parametrize(("old", "new"), TEMPLATES)
def test_a_changed_line_of_models_and_templates(old: str, new: str, tmp_path: Path) -> None:
    assert old in ITEMS
    after = ITEMS.replace(old, new, 1)
    file = tmp_path / "items.yaml"
    file.write_text(after)
    gateway = Gateway(file, service=_table)
    result = gateway.post("/items", headers=JSON, body=BODY)
    assert result.status >= 400
    found = gateway.explain(result)
    assert found.source is not None
    assert found.source.line == _changed_line(ITEMS, after), found.sentence


def test_the_same_in_json(tmp_path: Path) -> None:
    import yaml  # noqa: PLC0415

    before = json.dumps(yaml.safe_load(ITEMS), indent=2)
    after = before.replace('"minimum": 1', '"minimum": 3')
    file = tmp_path / "items.json"
    file.write_text(after)
    gateway = Gateway(file, service=_table)
    found = gateway.explain(gateway.post("/items", headers=JSON, body=BODY))
    assert found.source is not None
    assert found.source.line == _changed_line(before, after)


#: Sample, the line's part that is changed, what it becomes: the definition cannot be served then.
BROKEN = [
    ("orders-http", "\nResources:", "\nResougces:"),
    ("orders-http", "\n  Api:\n", "\n  Ari:\n"),
    ("orders-http", "$context.identity.sourceIp [", "$context.identity.sourcyIp ["),
    (
        "orders-http",
        '!Sub "integrations/${LegacyIntegration}',
        '!Sub "integrations/${LegacyIntqgration}',
    ),
    ("orders-http", "$context.integration.status", "$context.integration.slatus"),
    ("petstore", "  /pets/{petId}:", "  /pets/{peoId}:"),
    ("petstore", "responses: &passed", "responses: &paseed"),
    ("petstore", "        type: http_proxy\n", "        type: aws_proxy\n"),
    ("petstore", "        type: mock\n", "        type: http\n"),
    ("petstore", "        uri: https", "        uris: https"),
    ("inventory", "        uri: arn", "        qri: arn"),
    ("petstore", "httpMethod: DELETE", 'httpMethod: ""'),
    ("auth-clinic", " type: cognito_user_pools", " type: token"),
    ("auth-clinic", "      RestApiId: !Ref Api\n      Stage:", "      RestApiId: x\n      Stage:"),
    ("auth-clinic", "    Type: AWS::ApiGateway::RestApi", "    Type: x"),
    ("auth-clinic-http", "    Type: AWS::ApiGatewayV2::Api", "    Type: AWS::ApiGatewayV2::Stage"),
    ("auth-clinic-http", "    Type: AWS::Lambda::Function", '    Type: ""'),
    ("auth-clinic-http", "    Type: AWS::Lambda::Function", "    Type: AWS::ApiGatewayV2::Api"),
    ("auth-clinic-http", "    Type: AWS::Lambda::Function", "    Type: x"),
    ("auth-clinic-http", "RouteKey: GET /token", 'RouteKey: ""'),
    ("auth-clinic-http", 'PayloadFormatVersion: "2.0"', 'PayloadFormatVersion: "2.0'),
    ("auth-clinic", "                type: request\n", '                type: ""\n'),
    ("auth-clinic", "                type: token\n", "                type: cognito_user_pools\n"),
    ("auth-clinic-http", "AuthorizerType: REQUEST", "AuthorizerType: JWT"),
    ("auth-clinic-http", "AuthorizerType: JWT", "AuthorizerType: REQUEST"),
    ("orders-http", "IntegrationSubtype: SQS-SendMessage", 'IntegrationSubtype: ""'),
    ("orders-http", "TimeoutInMillis: 1000", "TimeoutInMillis: 1"),
    ("orders-http", "IntegrationType: AWS_PROXY", "IntegrationType: HTTP_PROXY"),
    ("orders-http", "IntegrationType: AWS_PROXY", "IntegrationType: MOCK"),
    ("orders-http", "IntegrationType: HTTP_PROXY", "IntegrationType: AWS_PROXY"),
    (
        "orders-http",
        "IntegrationUri: https://rates.example.com/",
        "IntegrationUri: !GetAtt Receipt.Arn #",
    ),
    ("orders-http", "IntegrationUri: !GetAtt Orders.Arn", 'IntegrationUri: ""'),
    (
        "orders-http",
        "DestinationArn: arn:aws:logs:us-east-1:123456789012:log-group:orders",
        'DestinationArn: ""',
    ),
    ("orders-http", '"404":', '"1":'),
    ("chat", "RouteKey: send", "RouteKey: spend"),
    ("chat", "      RouteKey: $connect", "      RouteKey: $default"),
    ("chat", "      RouteKey: $connect", "      RouteKey: connection"),
    ("chat", "Name: Message", "Name: Massage"),
    ("chat", "IntegrationType: MOCK", "IntegrationType: AWS_PROXY"),
    ("chat", "IntegrationType: HTTP", "IntegrationType: AWS_PROXY"),
    ("chat", "FunctionName: chat-room", "FunctionName: chat-help"),
    ("chat", "Type: AWS::Lambda::Permission", "Type: AWS::ApiGatewayV2::Route"),
    ("chat", "Type: AWS::ApiGatewayV2::Deployment", "Type: AWS::ApiGatewayV2::Integration"),
    ("chat", "\n  Shout:\n", "\n  Shoot:\n"),
    ("chat", "RouteId: !Ref Ping, RouteResponseKey", "RouteId: !Ref Shout, RouteResponseKey"),
    ("chat", "RouteId: !Ref Ping, RouteResponseKey: $default", "RouteResponseKey: $default"),
    ("chat", "IntegrationId: !Ref PingIntegration", "IntegrationId: !Ref ShoutIntegration"),
    ("chat", "[route.request.querystring.token]", "[method.request.querystring.token]"),
    ("chat", "TimeoutInMillis: 2000", "TimeoutInMillis: 20000000"),
    ("chat", "x-connection: context.connectionId", "x-connection: contextconnectionId"),
]


@pytest.mark.parametrize(("name", "old", "new"), BROKEN)
def test_a_line_that_breaks_the_definition(name: str, old: str, new: str, tmp_path: Path) -> None:
    before = sample_apis.load(name).definitions[0].read_text("utf-8")
    assert old in before
    after = before.replace(old, new, 1)
    file = tmp_path / "definition.yaml"
    file.write_text(after)
    loaded = load([file])
    assert loaded.broken
    assert broken_order(loaded)[0].source.line == _changed_line(before, after)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("orders-http", "RouteKey: GET /orders,", "RouteKey: POST /orders,"),
        ("orders-http", "FunctionName: orders", "FunctionName: receipt"),
        ("auth-clinic", "Value: lonely-key-0123456789abcdef", "Value: good-key-0123456789abcdef"),
    ],
)
def test_two_that_are_called_the_same_are_both_named(
    name: str, old: str, new: str, tmp_path: Path
) -> None:
    before = sample_apis.load(name).definitions[0].read_text("utf-8")
    assert old in before
    file = tmp_path / "definition.yaml"
    file.write_text(before.replace(old, new))
    lines = file.read_text().split("\n")
    first, second = (each.source.line for each in broken_order(load([file])))
    assert all(new in lines[each - 1] for each in (first, second))
    assert first != second


def _orders(effect: CallService) -> BackendAnswer:
    """SQS that knows a queue by its URL."""
    if b"sqs.us-east-1" in effect.request.body:
        return BackendAnswer(200, Headers(), b"{}")
    return _error("AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist")


ORDERS = [
    ("QueueUrl: $stageVariables.queue", "QueueUrl: $stageVariablem.queue", "POST", "/orders"),
    (
        '        "404":\n          "overwrite:',
        '        "405":\n          "overwrite:',
        "GET",
        "/rates/XXX",
    ),
    ('"overwrite:statuscode": "422"', '"overwrite:statuscode": "4221"', "GET", "/rates/XXX"),
    ("Variables: { SHOP: Späti }", "Variables: { SHkP: Späti }", "GET", "/orders"),
    (
        "queue: https://sqs.us-east-1.amazonaws.com/123456789012/orders",
        "queue: x",
        "POST",
        "/orders",
    ),
]


@pytest.mark.parametrize(("old", "new", "method", "path"), ORDERS)
def test_a_changed_line_of_the_orders(
    old: str, new: str, method: str, path: str, tmp_path: Path
) -> None:
    before = sample_apis.load("orders-http").definitions[0].read_text("utf-8")
    assert old in before
    after = before.replace(old, new, 1)
    file = tmp_path / "definition.yaml"
    file.write_text(after)
    missed = FunctionAnswer(b'{"errorMessage": "\'SHOP\'", "errorType": "KeyError"}', "Unhandled")
    gateway = Gateway(
        file, service=_orders, backend=lambda _: BackendAnswer(404, Headers(), b"{}"),
        function=lambda _: missed,
    )  # fmt: skip
    found = gateway.explain(gateway.request(method, path, headers=JSON, body='{"order": "a"}'))
    assert found.source is not None
    assert found.source.line == _changed_line(before, after), found.sentence


@pytest.mark.slow
def test_lines_that_break_the_chat_are_named() -> None:
    """Any line, changed in any way; of two that do not fit, at times the other one is named."""
    [file] = sample_apis.load("chat").definitions
    text = file.read_text("utf-8")
    broken = missed = 0
    for at, (number, line) in enumerate(mutations(text, 1)):
        if at % 5:
            continue
        lines = text.split("\n")
        lines[number - 1] = line
        loaded = read(Bundle({str(file): "\n".join(lines)}))
        if loaded.broken:
            broken += 1
            missed += broken_order(loaded)[0].source.line != number
    assert broken > 80
    assert missed <= 0.03 * broken


@pytest.mark.slow
@pytest.mark.parametrize("name", ["petstore", "auth-clinic-http"])
def test_lines_changed_at_random_are_named(name: str) -> None:
    """Those that change an answer into an error; a few cannot be told (two lines, one effect)."""
    sample = sample_apis.load(name)
    with sample.running() as running, credentials_of(sample, "us-east-1") as credentials:
        reset = RESETS.get(name, lambda running: None)
        found = asyncio.run(survey(Laboratory(sample, running, credentials, reset), 1, every=7))
    assert len(found) > 25
    missed = [each for each in found if not each.hit]
    assert len(missed) <= 0.1 * len(found), missed
