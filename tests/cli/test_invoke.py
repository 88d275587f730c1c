"""`inspector invoke` from the command line."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import pytest

from inspector.cli.app import main

DEFINITION = """openapi: 3.0.0
info: {title: invoked, version: "1"}
paths:
  /pets/{id}:
    post:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"201": {description: fine}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 201}'}
        responses:
          default:
            statusCode: "201"
            responseTemplates:
              application/json: '{"id": "$input.params("id")", "q": "$input.params("q")", "who": "$context.identity.sourceIp", "v": "$stageVariables.v"}'
  /hello:
    get:
      responses: {"200": {description: fine}}
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:hello/invocations
"""


@pytest.fixture
def invoke(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.yaml").write_text(DEFINITION)

    def run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capfd.readouterr()
        code = main(["invoke", "api.yaml", *arguments])
        out, err = capfd.readouterr()
        return int(code), out, err

    return run


def test_the_answer_with_its_steps(invoke):
    code, out, _ = invoke("GET", "/nowhere")
    assert code == 1
    assert out.splitlines()[0].startswith("GET /dev/nowhere → 403")
    assert "No resource of the API matches /nowhere." in out
    assert "x-amzn-ErrorType: MissingAuthenticationTokenException" in out
    assert out.rstrip().endswith('{"message":"Missing Authentication Token"}')


def test_everything_that_can_be_sent(invoke, tmp_path):
    (tmp_path / "caller.yaml").write_text("source_ip: 192.0.2.7\n")
    code, out, _ = invoke(
        "post", "pets/7?q=a", "-H", "Content-Type: application/json", "-d", "{}", "--stage", "prod",
        "--stage-variable", "v=one", "--caller", "caller.yaml", "--body",
    )  # fmt: skip
    assert code == 0
    expected = {"id": "7", "q": "a", "who": "192.0.2.7", "v": "one"}
    assert json.loads(out) == expected


def test_json_for_scripts(invoke):
    code, out, _ = invoke("POST", "/pets/7", "--json")
    document = json.loads(out)
    assert code == 0
    assert document["response"]["status"] == 201
    assert [step["stage"] for step in document["steps"]][:2] == ["resolve", "route"]


def test_functions_run(invoke, tmp_path):
    folder = tmp_path / "functions" / "hello"
    folder.mkdir(parents=True)
    (folder / "app.py").write_text(
        "def handler(event, context):\n    return {'statusCode': 200, 'body': event['path'] + str(event['body'])}\n"
    )
    assert invoke("GET", "/hello", "--body")[:2] == (0, "/helloNone")
    (tmp_path / "body.txt").write_text("text")
    assert invoke("GET", "/hello", "--body", "-d", "@body.txt")[1] == "/hellotext"
    assert invoke("GET", "/hello", "--body", "-d", "-", stdin="in")[1] == "/helloin"
    (tmp_path / "reply.json").write_text('{"statusCode": 418}')
    code, out, _ = invoke("GET", "/hello", "--function", "hello=reply.json", "--json")
    assert (code, json.loads(out)["response"]["status"]) == (0, 418)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("GET", "/", "-H", "nonsense"), "NAME: VALUE"),
        (("GET", "/", "-d", "@absent"), "absent"),
        (("GET", "/", "--keys", "absent.yaml"), "absent.yaml"),
        (("GET", "/", "--function", "hello=nonsense"), "expected a URL"),
    ],
)
def test_what_makes_no_sense(invoke, arguments, words):
    try:
        code, _, err = invoke(*arguments)
    except SystemExit as end:  # argparse
        pytest.fail(f"left with {end.code}")
    assert code == 2
    assert words in err


def test_a_broken_definition(invoke, tmp_path: Path):
    (tmp_path / "api.yaml").write_text("openapi: [")
    assert invoke("GET", "/")[0] == 3


def test_the_execution_log(invoke):
    code, out, _ = invoke("POST", "/pets/7?q=a", "--log")
    log = [line for line in out.splitlines() if line.startswith("(")]
    assert code == 0
    assert "Extended Request Id: " in log[0]
    assert log[-2].endswith(") Successfully completed execution")
    assert log[-1].endswith(") Method completed with status: 201")
    assert any(line.endswith("Method request path: {id=7}") for line in log)
    assert any("API Key  authorized because method 'POST /pets/{id}'" in line for line in log)


def test_as_the_consoles_test_button(invoke):
    code, out, err = invoke("POST", "/pets/7", "--as-test", "--log", "--json")
    log = json.loads(out)["log"]
    assert code == 0
    assert log[0].startswith("Execution log for request ")
    assert log[1].endswith(f" : Starting execution for request: {log[0].split()[-1]}")
    assert "are skipped" in err
    assert invoke("GET", "/nowhere", "--as-test")[0] == 2


def test_a_custom_domain_leads_by_its_mappings(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    mock = DEFINITION.partition("  /hello:")[0]
    body = "".join(f"        {line}\n" for line in mock.splitlines())
    (tmp_path / "template.yaml").write_text(
        "Resources:\n"
        "  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Body:\n"
        f"{body}"
        "      DisableExecuteApiEndpoint: true\n"
        "  Live:\n    Type: AWS::ApiGateway::Deployment\n"
        "    Properties: {RestApiId: !Ref Api, StageName: live}\n"
        "  Map:\n    Type: AWS::ApiGateway::BasePathMapping\n"
        "    Properties: {DomainName: api.example.com, BasePath: v1, RestApiId: !Ref Api, Stage: live}\n"
    )
    ask = ["invoke", "template.yaml", "POST"]
    assert main([*ask, "/v1/pets/7", "--host", "api.example.com", "--body"]) == 0
    assert json.loads(capfd.readouterr().out)["id"] == "7"
    assert main([*ask, "/pets/7", "-H", "Host: api.example.com", "--json"]) == 1
    document = json.loads(capfd.readouterr().out)
    assert document["steps"][0]["code"] == "resolve.no-mapping"
    assert main([*ask, "/pets/7", "--body"]) == 0  # as localhost: the default endpoint is disabled


TWO = """Resources:
  One: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: shop, ProtocolType: HTTP}}
  Two: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: store, ProtocolType: HTTP}}
"""


def test_one_of_several_apis_is_called_by_its_name_id_or_host(invoke, tmp_path):
    (tmp_path / "api.yaml").write_text(TWO)
    code, _, err = invoke("GET", "/x")
    assert code == 2
    found = re.search(r"several APIs: shop \((.+?)\), store \((.+?)\)\n", err)
    assert found is not None
    host = found[2]
    for name in ("store", host.partition(".")[0], host):
        code, out, _ = invoke("GET", "/x", "--host", name, "--json")
        answered = json.loads(out)
        assert answered["api_id"] == host.partition(".")[0]
        assert ["Host", host] in answered["request"]["headers"]
    assert invoke("GET", "/x", "--host", "stores")[0] == 2
