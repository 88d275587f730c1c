from __future__ import annotations

import json

import pytest

from inspector.cli.app import main
from inspector.cli.exit import Exit
from sample_apis import FOLDER


def test_a_sound_definition(inspector, petstore):
    done = inspector("check", petstore, "--stage-variable", "version=v1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("petstore: ")
    assert "stage dev, 10 paths, 13 methods" in done.stdout


def test_json(inspector, petstore):
    done = inspector("check", "--json", "--stage", "prod", "--api-id", "abc123", petstore)
    found = json.loads(done.stdout)
    assert found["broken"] is False
    [api] = found["apis"]
    assert (api["id"], api["stages"]) == ("abc123", ["prod"])
    assert "GET /pets/{petId}" in api["methods"]


def test_a_broken_definition_names_line_and_column(inspector, tmp_path):
    (tmp_path / "broken.yaml").write_text("openapi: 3.0.0\npaths: {a: [\n")
    done = inspector("check", "broken.yaml")
    assert done.returncode == Exit.DEFINITION
    assert done.stdout.startswith("broken.yaml:")
    assert "error" in done.stdout
    assert "broken: 1 error" in done.stderr


def test_a_websocket_api(capsys, tmp_path, monkeypatch):
    chat = FOLDER / "chat" / "template.yaml"
    assert main(["check", str(chat)]) == Exit.OK
    *_, last = capsys.readouterr().out.splitlines()
    assert last.startswith("chat: ")
    assert last.endswith("WebSocket API, stage live, 7 routes")
    monkeypatch.chdir(tmp_path)
    text = chat.read_text("utf-8")
    for old, new in (
        ("$input.json('$.text')", "$input.jsn('$.text')"),
        ("RouteKey: $connect", "RouteKey: $conect"),
        ("TimeoutInMillis: 2000", "TimeoutInMillis: 2"),
    ):
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "t.yaml").write_text(text)
    assert main(["check", "t.yaml", "--json"]) == Exit.DEFINITION
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    lines = text.splitlines()
    told = {each["code"]: lines[each["line"] - 1].strip() for each in found}
    assert told["route-key"] == "RouteKey: $conect"
    assert told["timeout"] == "TimeoutInMillis: 2"
    assert any(
        "jsn" in each["message"] and "jsn" in lines[each["line"] - 1]
        for each in found
        if each["code"].startswith("template-")
    )


def test_a_missing_file_beside_a_sound_one(inspector, petstore):
    done = inspector("check", "--json", "--stage-variable", "version=v1", petstore, "nowhere.yaml")
    assert done.returncode == Exit.DEFINITION
    found = json.loads(done.stdout)
    assert [each["file"] for each in found["diagnostics"]] == ["nowhere.yaml"]
    assert len(found["apis"]) == 1


@pytest.mark.slow
def test_control_characters_of_a_definition_stay_visible(inspector, tmp_path):
    (tmp_path / "odd.json").write_text(
        json.dumps({"openapi": "3.0.0", "info": {"title": "a\x1b]0;owned\x07b"}, "paths": {}})
    )
    done = inspector("check", "odd.json")
    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout


TEMPLATES = """\
openapi: 3.0.3
info: { title: t, version: "1" }
paths:
  /b:
    post:
      responses: { "200": { description: ok } }
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates:
          application/json: |
            #set($a = $util.toJson("x"))
            {"statusCode": 200, "x": $a, "note": "$input.json('$.note')"}
        responses:
          default:
            statusCode: "200"
            responseTemplates:
              application/json: "#if(true)\\n{}\\n"
"""


@pytest.mark.slow
def test_templates_are_looked_through_too(inspector, tmp_path):
    (tmp_path / "api.yaml").write_text(TEMPLATES)
    done = inspector("check", "api.yaml")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert any(line.startswith("api.yaml:11:") and "$util.toJson" in line for line in lines)
    assert any(line.startswith("api.yaml:12:") and "$input.json" in line for line in lines)
    assert any(
        line.startswith("api.yaml:17:") and "line 1 of the template" in line for line in lines
    )
    found = json.loads(inspector("check", "--json", "api.yaml").stdout)
    assert {each["code"].partition("-")[0] for each in found["diagnostics"]} == {"template"}
    strict = inspector("check", "--strict", "api.yaml")
    assert strict.returncode == Exit.DEFINITION
