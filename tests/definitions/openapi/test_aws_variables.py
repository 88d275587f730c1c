"""Variables that an import resolves, in documents of REST and of HTTP APIs, also in templates."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.definitions import Bundle, Options, load, read
from inspector.model import HttpApi, LambdaProxy, RestApi
from inspector.testing import Gateway

FUNCTION = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:f"
URI = f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"


def document(kind: str) -> dict[str, Any]:
    version = {"payloadFormatVersion": "2.0"} if kind == "http" else {}
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": URI, **version}
    return {"openapi": "3.0.1", "info": {"title": "v", "version": "${AWS::Nothing}"},
            "paths": {"/a": {"get": {"responses": {},
                                     "x-amazon-apigateway-integration": integration}}}}  # fmt: skip


@pytest.mark.parametrize("kind", ["rest", "http"])
@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_a_function_is_called_by_its_whole_arn(kind: Any, region: str, partition: str) -> None:
    gateway = Gateway(document(kind), api_type=kind, region=region, account="111122223333")
    [call] = gateway.get("/a").invocations
    assert call.function == f"arn:{partition}:lambda:{region}:111122223333:function:f"


def test_the_body_of_a_template_is_resolved_by_the_import() -> None:
    template = {"Resources": {"Api": {"Type": "AWS::ApiGatewayV2::Api",
                                      "Properties": {"Body": document("http")}}}}  # fmt: skip
    options = Options(region="eu-west-1", account="111122223333")
    text = json.dumps(template, indent=1)
    [api] = read(Bundle({"t.json": text}, options)).apis
    assert isinstance(api, HttpApi)
    [integration] = api.integrations.values()
    assert str(integration.uri).endswith(
        "arn:aws:lambda:eu-west-1:111122223333:function:f/invocations"
    )
    uri_line = next(n for n, line in enumerate(text.splitlines(), 1) if '"uri"' in line)
    assert uri_line - integration.source.line in range(5), "it stands where it stood"


def test_aliases_and_other_variables_stay(tmp_path: Any) -> None:
    text = f"""\
openapi: 3.0.1
info: {{title: v, version: '1'}}
paths:
  /a: {{get: {{responses: {{}}, x-amazon-apigateway-integration: &i {{type: aws_proxy, httpMethod: POST, uri: '{URI}'}}}}}}
  /b: {{get: {{responses: {{}}, x-amazon-apigateway-integration: *i}}}}
  /c: {{get: {{responses: {{}}, x-amazon-apigateway-integration: {{type: http_proxy, httpMethod: GET, uri: 'http://${{stageVariables.x}}.${{AWS::Region}}.example/'}}}}}}
"""
    file = tmp_path / "a.yaml"
    file.write_text(text)
    loaded = load([file])
    [api] = loaded.apis
    assert isinstance(api, RestApi)
    uris = {
        resource.path: method.integration.uri
        for resource in api.resources
        for method in resource.methods.values()
        if isinstance(method.integration, LambdaProxy) or hasattr(method.integration, "uri")
    }
    assert uris["/a"] == uris["/b"]
    assert "us-east-1:123456789012" in uris["/a"]
    assert uris["/c"] == "http://${stageVariables.x}.us-east-1.example/"
