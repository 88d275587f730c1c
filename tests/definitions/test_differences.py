"""What two readings of a definition differ in, by name; and files that are others by now."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inspector.definitions import Bundle, load, read
from inspector.definitions.differences import differences
from inspector.definitions.edited import edited

REST = """\
openapi: 3.0.1
info: {title: shop, version: '1'}
x-amazon-apigateway-policy:
  Version: '2012-10-17'
  Statement: [{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: '*'}]
components:
  schemas:
    Order: {type: object}
paths:
  /orders:
    get: &get
      responses: {'200': {description: fine}}
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: http://a.example/}
  /items:
    get: *get
"""
HTTP = """\
openapi: 3.0.1
info: {title: shop, version: '1'}
x-amazon-apigateway-cors: {allowOrigins: ['*']}
paths:
  /orders:
    get:
      x-amazon-apigateway-integration:
        type: http_proxy
        httpMethod: GET
        uri: http://a.example/
        payloadFormatVersion: '1.0'
"""

SOCKET = """\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: talk, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.a}
  Mock:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: MOCK
      RequestTemplates: {$default: '{"statusCode":200}'}
  Default:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: $default, Target: !Sub "integrations/${Mock}"}
  Send:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: send
      ModelSelectionExpression: $default
      RequestModels: {$default: Text}
  Text:
    Type: AWS::ApiGatewayV2::Model
    Properties: {ApiId: !Ref Api, Name: Text, Schema: {type: string}}
  Guard:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      Name: guard
      AuthorizerType: REQUEST
      AuthorizerUri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:g/invocations
      IdentitySource: [route.request.querystring.token]
"""


@pytest.mark.parametrize(
    ("text", "old", "new", "expected"),
    [
        (REST, "paths:", "# a comment\npaths:", []),
        (REST, "/items:", "/item:", ["GET /item is new", "GET /items is gone"]),
        (REST, "http://a", "http://b", ["GET /items changed", "GET /orders changed"]),
        (REST, "Order: {type", "Order: {title: o, type", ["model Order changed"]),
        (REST, "Effect: Allow", "Effect: Deny", ["policy changed"]),
        (HTTP, "http://a", "http://b", ["GET /orders changed"]),
        (HTTP, "['*']", "['https://a.example']", ["CORS changed"]),
        (SOCKET, "body.a}", "body.b}", ["route selection changed"]),
        (SOCKET, "RouteKey: send", "RouteKey: say", ["say is new", "send is gone"]),
        (SOCKET, '":200', '":201', ["$default changed"]),
        (SOCKET, "{type: string}", "{type: object}", ["model Text changed"]),
        (SOCKET, "string.token", "string.key", ["authorizer guard changed"]),
        (HTTP, "title: shop", "title: store", ["GET /orders is new", "CORS is new", "GET /orders is gone", "CORS is gone"]),
    ],
)  # fmt: skip
def test_what_differs_is_named(text: str, old: str, new: str, expected: list[str]) -> None:
    before = read(Bundle({"api.yaml": text}))
    after = read(Bundle({"api.yaml": text.replace(old, new)}))
    assert not before.broken
    assert not after.broken
    found = differences(before.definition, after.definition)
    assert [str(each) for each in found] == expected


def test_only_files_that_changed_are_read_again(tmp_path: Path) -> None:
    file = tmp_path / "api.yaml"
    file.write_text(REST)
    bundle = load([file]).bundle
    assert edited(bundle) is None
    file.write_text(REST.replace("/items:", "/item:"))
    now = edited(bundle)
    assert now is not None
    assert "/item" in {each.path for each in now.definition.rest_apis[0].resources}
    file.unlink()
    assert edited(bundle) is None


def test_a_recording_cannot_have_other_things_than_files_read(tmp_path: Path) -> None:
    """Its bundle names them, and nobody knows who wrote it: a pipe would be waited for."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for name in (str(pipe), "/dev/zero", str(tmp_path), "a\0b"):
        assert edited(Bundle({name: REST})) is None
