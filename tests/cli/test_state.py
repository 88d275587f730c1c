"""`inspector state` and a running gateway."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inspector.cli.app import main
from tests.cli.gateway import running

pytestmark = pytest.mark.slow

TEMPLATE = """
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: 3.0.1
        info: {title: pets, version: "1"}
        paths:
          /pets:
            get:
              responses: {"200": {description: fine}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses:
                  default:
                    statusCode: "200"
                    responseTemplates: {application/json: $context.requestId}
  Deployed:
    Type: AWS::ApiGateway::Deployment
    Properties: {RestApiId: !Ref Api}
  Live:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      DeploymentId: !Ref Deployed
      StageName: live
      CacheClusterEnabled: true
      CacheClusterSize: "0.5"
      MethodSettings:
        - {ResourcePath: "/*", HttpMethod: "*", CachingEnabled: true, ThrottlingRateLimit: 0.001,
           ThrottlingBurstLimit: 3}
"""


def ask(capfd: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capfd.readouterr()
    assert main(["state", *arguments, "--json"]) == 0
    return json.loads(capfd.readouterr().out)


def test_what_a_running_gateway_remembers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    with running(tmp_path, "template.yaml") as gateway:
        assert ask(capfd) == []
        first, second = (gateway.client.get("/live/pets").text for _ in range(2))
        assert first == second
        kinds = {item["kind"]: item for item in ask(capfd)}
        assert kinds["bucket"]["facts"]["tokens"] == pytest.approx(1, abs=0.1)
        assert kinds["response"]["facts"]["by"] == first
        (shown,) = ask(capfd, "show", "GET")
        assert shown["facts"]["value"]["body"] == first
        assert main(["state"]) == 0
        assert f"filled by request {first}" in capfd.readouterr().out
        assert [item["kind"] for item in ask(capfd, "reset", "--kind", "response")] == ["response"]
        assert gateway.client.get("/live/pets").text != first
        assert gateway.client.get("/live/pets").status_code == 429
        assert [item["kind"] for item in ask(capfd, "reset", kinds["bucket"]["id"])] == ["bucket"]
        assert gateway.client.get("/live/pets").status_code == 200
        assert len(ask(capfd, "reset", "--all")) == 2
        assert ask(capfd) == []
    assert main(["state"]) == 1
    assert "Is a gateway running" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["reset"], 2, "what is to be reset"),
        (["show"], 2, "what is to be shown"),
        (["reset", "x", "--all"], 2, "--all is everything"),
        (["list"], 4, "no recording"),
    ],
)
def test_what_makes_no_sense_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    complaint: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["state", *arguments]) == code
    assert complaint in capfd.readouterr().err
