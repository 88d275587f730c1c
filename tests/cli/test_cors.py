"""`inspector cors`: the verdict, the first real failure, and the line to mend."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspector.cli.app import main

PAGE = "https://shop.example"
REST = """openapi: 3.0.1
info: {title: shop, version: "1"}
paths:
  /pets/{id}:
    put: &mock
      responses: {"200": {description: fine}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses:
          default:
            statusCode: "200"
    options:
      responses:
        "200":
          description: fine
          headers:
            Access-Control-Allow-Origin: {schema: {type: string}}
            Access-Control-Allow-Methods: {schema: {type: string}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses:
          default:
            statusCode: "200"
            responseParameters:
              method.response.header.Access-Control-Allow-Origin: "'*'"
              method.response.header.Access-Control-Allow-Methods: "'PUT'"
  /orders:
    put: *mock
  /guarded:
    put: *mock
    options:
      security: [{key: []}]
      responses: {"200": {description: fine}}
      x-amazon-apigateway-integration: {type: mock}
  /keyed:
    get:
      security: [{key: []}]
      responses: {"200": {description: fine}}
      x-amazon-apigateway-integration: {type: mock}
components:
  securitySchemes: {key: {type: apiKey, name: x-api-key, in: header}}
x-amazon-apigateway-gateway-responses:
  DEFAULT_4XX:
    responseParameters:
      gatewayresponse.header.Access-Control-Allow-Origin: "'https://other.example'"
"""
HTTP = """openapi: 3.0.1
info: {title: shop, version: "1"}
paths:
  /pets:
    get:
      responses: {}
      x-amazon-apigateway-integration:
        {type: http_proxy, httpMethod: GET, uri: "http://127.0.0.1:9/", payloadFormatVersion: "1.0"}
x-amazon-apigateway-cors:
  allowOrigins: ["https://shop.example"]
  allowMethods: [GET]
  allowHeaders: [x-one]
"""
Cors = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def cors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Cors:
    monkeypatch.chdir(tmp_path)
    Path("api.yaml").write_text(REST)
    Path("http.yaml").write_text(HTTP)

    def run(definition: str, path: str, *options: str, origin: str = PAGE) -> tuple[int, Any, str]:
        capfd.readouterr()
        code = int(main(["cors", definition, path, "--origin", origin, *options, "--json"]))
        out, err = capfd.readouterr()
        return code, json.loads(out) if out else None, err

    return run


def line(text: str, document: str = REST) -> int:
    return document[: document.index(text)].count("\n") + 1


PUT = ("--method", "PUT")


def test_a_preflight_that_lacks_a_header(cors: Cors) -> None:
    code, found, _ = cors("api.yaml", "/pets/7", *PUT, "--headers", "x-one")
    assert (code, found["allowed"], found["preflight"]["status"]) == (1, False, 200)
    assert found["first"]["what"] == "Access-Control-Allow-Headers"
    assert found["source"] == "api.yaml:24"
    assert "x-one" in found["remedy"]
    assert (found["failure"], found["answer"]) == (None, None)


def test_a_method_that_is_not_among_it(cors: Cors) -> None:
    code, found, _ = cors("api.yaml", "/pets/7", "--method", "DELETE", "--preflight-only")
    assert code == 1
    assert found["source"] == f"api.yaml:{line('method.response.header.Access-Control-Allow-Me')}"
    assert "'PUT,DELETE'" in found["remedy"]


def test_the_answer_itself_lacks_the_header(cors: Cors) -> None:
    code, found, _ = cors("api.yaml", "/pets/7", *PUT)
    assert (code, found["first"]["leg"], found["answer"]["status"]) == (1, "answer", 200)
    assert found["source"] == "api.yaml:11"
    assert "declare it in the method response" in found["remedy"]


def test_a_resource_without_options(cors: Cors) -> None:
    code, found, _ = cors("api.yaml", "/orders", *PUT)
    assert (code, found["failure"]["response_type"]) == (1, "MISSING_AUTHENTICATION_TOKEN")
    assert found["source"] == f"api.yaml:{line('/orders')}"
    assert "OPTIONS method without authorization" in found["remedy"]


def test_a_preflight_that_meets_a_key(cors: Cors) -> None:
    code, found, _ = cors("api.yaml", "/guarded", *PUT)
    assert (code, found["failure"]["stage"]) == (1, "meter")
    assert found["source"] == f"api.yaml:{line('/guarded') + 2}"
    assert "ask for nothing" in found["remedy"]


def test_cors_is_the_messenger(cors: Cors) -> None:
    code, found, _ = cors("api.yaml", "/keyed")
    assert (code, found["preflight_needed"]) == (1, False)
    assert found["failure"]["response_type"] == "INVALID_API_KEY"
    assert found["failure"]["source"] == f"api.yaml:{line('/keyed') + 1}"
    assert found["source"] == f"api.yaml:{line('gatewayresponse.header')}"
    assert "gateway response DEFAULT_4XX" in found["remedy"]
    assert cors("api.yaml", "/keyed", origin="https://other.example")[0] == 0, "an error it may see"


def test_an_http_api(cors: Cors) -> None:
    code, found, _ = cors("http.yaml", "/pets", "--headers", "x-one", "--preflight-only")
    assert (code, found["allowed"], found["preflight"]["status"]) == (0, True, 204)
    code, found, _ = cors("http.yaml", "/pets", "--headers", "x-two", "--preflight-only")
    assert (code, found["source"]) == (1, f"http.yaml:{line('x-amazon-apigateway-cors', HTTP)}")
    code, found, _ = cors("http.yaml", "/pets", origin="https://x.example:443")
    assert (code, found["origin"]) == (1, "https://x.example")
    assert "allowOrigins" in found["remedy"]


def test_in_words(cors: Cors, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["cors", "api.yaml", "/keyed", "--origin", PAGE]) == 1
    out, _ = capfd.readouterr()
    assert "the browser keeps it back" in out
    assert "✗ Access-Control-Allow-Origin is https://other.example, the page is at" in out
    assert "CORS is the messenger. The first failure: 403 INVALID_API_KEY at meter" in out


@pytest.mark.parametrize("origin", ["shop.example", "https://shop.example/x", "", "*"])
def test_what_is_no_origin(cors: Cors, origin: str) -> None:
    code, found, err = cors("api.yaml", "/pets/7", origin=origin)
    assert (code, found) == (2, None)
    assert "is no origin" in err
