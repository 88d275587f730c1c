"""A template answers requests, through the public gateway and the command line."""

from __future__ import annotations

import json

import pytest

from inspector.cli.app import main
from inspector.definitions import Bundle, Options, load, read
from inspector.gateway.deploy import deploy
from inspector.gateway.pipeline import converse
from inspector.message import Headers, Request
from inspector.runtime.drive import drive
from inspector.testing import ENVIRONMENT

TEXT = """
Parameters: {Word: {Type: String, Default: hello}}
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: mock}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      MethodResponses: [{StatusCode: 200}]
      Integration:
        Type: MOCK
        RequestTemplates: {application/json: '{"statusCode": 200}'}
        IntegrationResponses:
          - {StatusCode: 200, ResponseTemplates: {application/json: !Sub '{"a": "${Word}"}'}}
  Now: {Type: AWS::ApiGateway::Deployment, DependsOn: Get, Properties: {RestApiId: !Ref Api, StageName: prod}}
"""


def test_a_template_answers(tmp_path) -> None:
    (tmp_path / "t.yaml").write_text(TEXT)
    loaded = load([tmp_path / "t.yaml"])
    assert not loaded.broken
    [served] = deploy(loaded.apis).apis
    request = Request("GET", "/prod/", Headers([("Host", served.api.host)]), b"")
    answer = drive(converse(served, request, ENVIRONMENT), lambda effect: None)
    assert (answer.response.status, json.loads(answer.response.body)) == (200, {"a": "hello"})


def test_check_tells_file_line_and_column(tmp_path, capsys) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(TEXT.replace("${Word}", "${Wrod}"))
    assert main(["check", str(path)]) != 0
    assert f"{path}:16:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("model", "body", "status"),
    [("Empty", "{}", 200), ("Empty", "[]", 400), ("Error", '{"message": "x"}', 200),
     ("Error", '{"message": 1}', 400)],
)  # fmt: skip
def test_the_models_that_amazon_makes_validate(model: str, body: str, status: int) -> None:
    """Fact 227."""
    method = f"HttpMethod: POST\n      RequestModels: {{application/json: {model}}}\n"
    text = TEXT.replace("HttpMethod: GET\n", f"{method}      RequestValidatorId: !Ref Checked\n")
    text += (
        "  Checked: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: !Ref Api, "
        "ValidateRequestBody: true}}\n"
    )
    [served] = deploy(read(Bundle({"t.yaml": text}, Options())).apis).apis
    request = Request("POST", "/prod/", Headers([("Host", served.api.host)]), body.encode())
    answer = drive(converse(served, request, ENVIRONMENT), lambda effect: None)
    assert answer.response.status == status
