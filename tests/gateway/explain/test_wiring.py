"""Functions that the wrong route reaches, that miss a variable, or whose code is not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.gateway.effects import BackendFailure, FunctionAnswer
from tests.gateway.explain.asking import Asked, line_of

HTTP = """\
Resources:
  Http:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: toys, ProtocolType: HTTP}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: {ApiId: !Ref Http, StageName: $default, AutoDeploy: true}
  Toys:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: toys
      Runtime: python3.12
      Handler: toys.handler
      Code: code
      Environment:
        Variables:
          TABLE: toys
  Bills:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: bills
      Runtime: python3.12
      Handler: bills.handler
      Code: code
  ToyIntegration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Http
      IntegrationType: AWS_PROXY
      IntegrationUri: !GetAtt Toys.Arn
      PayloadFormatVersion: "2.0"
  BillIntegration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Http
      IntegrationType: AWS_PROXY
      IntegrationUri: !GetAtt Bills.Arn
      PayloadFormatVersion: "2.0"
  GetToy:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Http
      RouteKey: GET /toys/{toy}
      Target: !Sub "integrations/${ToyIntegration}"
  ListBills:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Http
      RouteKey: GET /bills
      Target: !Sub "integrations/${BillIntegration}"
"""


def _raising(message: str, kind: str = "KeyError", trace: str = "") -> FunctionAnswer:
    said = {"errorMessage": message, "errorType": kind, "stackTrace": [trace]}
    return FunctionAnswer(json.dumps(said).encode(), "Unhandled")


def _asked(folder: Path, old: str, new: str, answer: object) -> Asked:
    code = folder / "code"
    code.mkdir()
    for name in ("toys.py", "bills.py"):
        (code / name).write_text("")
    assert HTTP.count(old) == 1, old
    return Asked(folder, HTTP.replace(old, new), function=lambda _: answer)


def test_a_path_whose_variable_is_called_otherwise_than_the_function_reads(tmp_path: Path) -> None:
    missed = _raising("'toy'", trace='event["pathParameters"]["toy"]')
    asked = _asked(tmp_path, "GET /toys/{toy}", "GET /toys/{toyId}", missed)
    found = asked.why("GET", "/toys/7")
    assert line_of(found) == asked.line("{toyId}")
    assert "The path gives toyId, and no toy." in found.sentence
    assert found.remedy is not None
    assert "{toy}" in found.remedy


def test_a_route_that_leads_to_another_ones_integration(tmp_path: Path) -> None:
    missed = _raising("'pathParameters'")
    asked = _asked(tmp_path, "integrations/${BillIntegration}", "integrations/${ToyIntegration}",
                   missed)  # fmt: skip
    found = asked.why("GET", "/bills")
    assert line_of(found) == asked.line("GET /bills") + 1


def test_an_integration_that_names_another_ones_function(tmp_path: Path) -> None:
    missed = _raising("'pathParameters'")
    asked = _asked(tmp_path, "!GetAtt Bills.Arn", "!GetAtt Toys.Arn ", missed)
    found = asked.why("GET", "/bills")
    assert line_of(found) == asked.line("Toys.Arn ")


def test_a_function_that_nobody_calls_any_more_is_told_of(tmp_path: Path) -> None:
    asked = _asked(tmp_path, "!GetAtt Bills.Arn", "!GetAtt Toys.Arn ", {"ok": True})
    found = asked.why("GET", "/bills")
    assert not found.wrong
    assert line_of(found) == asked.line("Toys.Arn ")
    assert "Bills, which nobody calls" in found.sentence


def test_two_functions_that_are_both_called_are_no_reason_to_talk(tmp_path: Path) -> None:
    asked = _asked(tmp_path, "GET /bills", "GET /toys", {"ok": True})
    found = asked.why("GET", "/toys")
    assert found.source is None


@pytest.mark.parametrize(
    ("old", "new", "held"),
    [
        ("          TABLE: toys\n", "          OTHER: toys\n", "Variables:"),
        (
            "      Environment:\n        Variables:\n          TABLE: toys\n  Bills",
            "  Bills",
            "Properties:",
        ),
    ],
)
def test_a_variable_that_the_function_missed(old: str, new: str, held: str, tmp_path: Path) -> None:
    asked = _asked(tmp_path, old, new, _raising("'TABLE'"))
    found = asked.why("GET", "/toys/7")
    text = asked.text.splitlines()[line_of(found) - 1]
    assert text.strip() == held


def test_a_runtime_of_another_language_is_told_with_what_the_folder_has(tmp_path: Path) -> None:
    answer = _raising("Cannot find module 'toys'", "Runtime.ImportModuleError")
    old = "Runtime: python3.12\n      Handler: toys"
    asked = _asked(tmp_path, old, "Runtime: nodejs20.x\n      Handler: toys", answer)
    found = asked.why("GET", "/toys/7")
    assert line_of(found) == asked.line("nodejs20.x")
    assert "looks for toys.mjs or toys.js or toys.cjs" in found.sentence
    assert found.remedy == "Write a runtime of that language, such as python3.12."


def test_an_authorizer_that_asks_another_ones_function(tmp_path: Path) -> None:
    text = (
        HTTP
        + """\
  Guard:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: guard, Runtime: python3.12, Handler: bills.handler, Code: code}
  BillGuard:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Http
      Name: bill-guard
      AuthorizerType: REQUEST
      AuthorizerPayloadFormatVersion: "2.0"
      EnableSimpleResponses: true
      IdentitySource: [$request.header.Authorization]
      AuthorizerUri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Toys.Arn}/invocations
"""
    )
    text = text.replace("      RouteKey: GET /bills\n", "      RouteKey: GET /bills\n"
                        "      AuthorizationType: CUSTOM\n      AuthorizerId: !Ref BillGuard\n")  # fmt: skip
    asked = Asked(tmp_path, text, function=lambda _: {"toys": []})
    found = asked.why("GET", "/bills", headers={"Authorization": "x"})
    assert found.rule == "authorize.invalid-http-answer"
    assert line_of(found) == asked.line("AuthorizerUri")


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ("no code is known for the function toyz: …", "Correct the function's name in the URI"),
        ("the code of toys is not there: /x", "Correct the function's Code"),
        ("toys needs the runtime 'java21', which …", "Correct the function's Runtime"),
    ],
)
def test_what_to_do_about_a_function_that_does_not_start(
    detail: str, said: str, tmp_path: Path
) -> None:
    asked = _asked(tmp_path, "Name: toys,", "Name: toy,", BackendFailure("other", detail))
    found = asked.why("GET", "/toys/7")
    assert found.remedy is not None
    assert found.remedy.startswith(said)
