"""`inspector export` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from inspector.cli.app import main

TEMPLATE = """
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        info: {title: pets, version: "3"}
        paths:
          /pets:
            get:
              responses: {"200": {description: fine}}
              x-amazon-apigateway-integration:
                {type: http_proxy, httpMethod: GET, uri: "http://pets.example/"}
  Live:
    Type: AWS::ApiGateway::Deployment
    Properties: {RestApiId: !Ref Api, StageName: live}
"""


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "template.yaml"
    file.write_text(TEMPLATE)
    return file


def test_a_template_becomes_a_document(template: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "template.yaml", "--extensions", "apigateway"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["servers"][0]["variables"]["basePath"]["default"] == "live"
    integration = document["paths"]["/pets"]["get"]["x-amazon-apigateway-integration"]
    assert integration["uri"] == "http://pets.example/"
    assert main(["check", "template.yaml"]) == 0


def test_a_websocket_api_has_no_document(
    template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    talk = """
  Talk:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: talk, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.a}
"""
    template.write_text(TEMPLATE.replace("\n  Live:", f"{talk}  Live:"))
    assert main(["export", "template.yaml"]) == 0, "the other one is the one that is meant"
    assert main(["export", "template.yaml", "--api", "talk"]) == 2
    assert "talk is a WebSocket API, which OpenAPI has no words for" in capsys.readouterr().err
    template.write_text(f"Resources:{talk}")
    assert main(["export", "template.yaml"]) == 2
    assert "talk is a WebSocket API" in capsys.readouterr().err


def test_what_is_written_is_served_again(
    template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["export", "template.yaml", "--type", "swagger", "--yaml", "-o", "."]
    assert main([*asked, "--extensions", "integrations"]) == 0
    assert "swagger_3.yaml" in capsys.readouterr().err
    document = yaml.safe_load(Path("swagger_3.yaml").read_text())
    assert document["basePath"] == "/live"
    assert main(["check", "swagger_3.yaml"]) == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--extensions", "postman"], "none of apigateway"),
        (["--stage", "other"], "no stage 'other'"),
        (["--api", "cats"], "pets ("),
    ],
)
def test_what_makes_no_sense_is_said(
    template: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert main(["export", "template.yaml", *arguments]) == 2
    assert complaint in capsys.readouterr().err


HTTP_API = """
openapi: 3.0.1
info: {title: shop, version: "1"}
paths:
  /carts:
    get:
      responses: {default: {description: any}}
      x-amazon-apigateway-integration:
        {type: http_proxy, httpMethod: GET, uri: "http://shop.example/", payloadFormatVersion: "1.0"}
"""


@pytest.fixture
def http_api(template: Path) -> Path:
    file = template.with_name("shop.yaml")
    file.write_text(HTTP_API)
    return file


def test_an_http_api_becomes_a_document(http_api: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "shop.yaml", "-o", "shop.json"]) == 0
    document = json.loads(Path("shop.json").read_text())
    assert document["x-amazon-apigateway-importexport-version"] == "1.0"
    assert main(["check", "shop.json"]) == 0
    assert main(["export", "shop.yaml", "--no-include-extensions"]) == 0
    assert "x-amazon" not in capsys.readouterr().out


def test_an_http_api_has_no_swagger(http_api: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "shop.yaml", "--type", "swagger"]) == 2
    assert "OpenAPI 3.0 only" in capsys.readouterr().err


def test_of_several_apis_one_is_named(http_api: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "shop.yaml", "template.yaml"]) == 2
    assert "pets (" in capsys.readouterr().err
    assert main(["export", "shop.yaml", "template.yaml", "--api", "shop"]) == 0
    assert "shop.example" in capsys.readouterr().out
