"""A definition that cannot be served: of two names that should be one, the slip is named first."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.cli.explain_broken import broken_order
from inspector.definitions import load

TEMPLATE = """\
Resources:
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: toys
      Runtime: python3.12
      Handler: app.handler
      Code: code
  Http:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: toys
      ProtocolType: HTTP
  HttpWorker:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Http
      IntegrationType: AWS_PROXY
      IntegrationUri: !GetAtt Worker.Arn
      PayloadFormatVersion: "2.0"
  HttpWorking:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Http, RouteKey: GET /a, Target: !Sub "integrations/${HttpWorker}" }
  HttpWords:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Http, RouteKey: GET /b, Target: !Sub "integrations/${HttpWorker}" }
  Queue:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Http
      IntegrationType: AWS_PROXY
      IntegrationSubtype: SQS-SendMessage
      PayloadFormatVersion: "1.0"
      RequestParameters:
        QueueUrl: https://sqs.us-east-1.amazonaws.com/123456789012/toys
        MessageBody: $request.body
        DelaySeconds: "1"
"""
OPENAPI = """\
openapi: 3.0.1
info: {title: x, version: '1'}
paths:
  /a:
    get:
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration: &fine
        type: mock
  /b/{id}:
    get:
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration: *fine
  /b/{id}/c:
    get:
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration: *fine
"""


def _first(folder: Path, before: str, old: str, new: str) -> tuple[int, int]:
    """The line that is named first, and the one that was changed."""
    assert before.count(old) == 1, old
    after = before.replace(old, new)
    file = folder / "definition.yaml"
    file.write_text(after)
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    [changed] = [number for number, (one, other) in enumerate(pairs, 1) if one != other]
    return broken_order(load([file]))[0].source.line, changed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  HttpWorker:\n", "  Integration:\n"),  # two are left
        ("ApiId: !Ref Http\n      IntegrationType: AWS_PROXY\n      IntegrationUri",
         "ApiId: !Ref HttpApi\n      IntegrationType: AWS_PROXY\n      IntegrationUri"),
        ("!GetAtt Worker.Arn", "!GetAtt Workr.Arn"),
        ("IntegrationSubtype: SQS-SendMessage", "IntegrationSubtype: SQS-PurgeQueue"),
        ("ProtocolType: HTTP", "ProtocolType: HTTPS"),
    ],
)  # fmt: skip
def test_a_resource_that_is_missed(old: str, new: str, tmp_path: Path) -> None:
    said, changed = _first(tmp_path, TEMPLATE, old, new)
    assert said == changed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("integration: &fine", "integration: &mocked"),  # used twice
        ("  /b/{id}:\n", "  /b/{id:\n"),
    ],
)
def test_a_name_of_a_document(old: str, new: str, tmp_path: Path) -> None:
    said, changed = _first(tmp_path, OPENAPI, old, new)
    assert said == changed


def test_an_alias_that_stands_once_is_the_slip_itself(tmp_path: Path) -> None:
    once = OPENAPI.partition("  /b/{id}/c:")[0].replace("title: x", "title: fine")
    said, changed = _first(tmp_path, once, "*fine", "*fines")
    assert said == changed


def test_a_parameter_that_is_missing_is_looked_for_where_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "definition.yaml"
    file.write_text("".join(
        line for line in TEMPLATE.splitlines(keepends=True) if "QueueUrl" not in line
    ))  # fmt: skip
    found = broken_order(load([file]))[0].source
    assert file.read_text().splitlines()[found.line - 1].strip() == "RequestParameters:"
