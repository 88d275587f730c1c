"""Functions on the command line: what they printed, their events, in words and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.cli.app import main
from inspector.cli.exit import Exit
from inspector.gateway.effects import FunctionAnswer, InvokeFunction
from inspector.recording.writer import Writer
from tests.cli.test_invoke import DEFINITION, invoke  # noqa: F401  a fixture
from tests.tui.test_functions import exchange

PRINTING = "def handler(event, context):\n    print('one')\n    return {'body': event['path']}\n"


@pytest.mark.slow
def test_invoke_shows_what_a_function_printed(invoke, tmp_path):  # noqa: F811
    code = tmp_path / "functions" / "hello"
    code.mkdir(parents=True)
    (code / "app.py").write_text(PRINTING)
    exit_code, out, _ = invoke("GET", "/hello")
    assert exit_code == 0
    assert "  λ hello printed\n    │ one\n" in out
    exit_code, out, _ = invoke("GET", "/hello", "--json")
    [function] = json.loads(out)["functions"]
    assert function["name"] == "hello"
    assert function["event"]["path"] == "/hello"
    assert function["answer"] == {"body": "/hello"}
    assert (function["error"], function["log"]) == (None, "one\n")


def test_a_misspelt_name_to_debug_is_told_those_there_are(invoke, tmp_path):  # noqa: F811
    for name in ("hello", "other"):
        (tmp_path / "functions" / name).mkdir(parents=True)
        (tmp_path / "functions" / name / "app.py").write_text(PRINTING)
    (tmp_path / "functions" / "empty").mkdir()
    exit_code, _, err = invoke("GET", "/hello", "--debug", "helo")
    assert exit_code == Exit.USAGE
    assert "--debug helo: no such function runs here (there are: hello, other)" in err


@pytest.fixture
def recorded(tmp_path: Path) -> tuple[Path, int, bytes]:
    db = tmp_path / "functions.db"
    writer = Writer(db)
    invoked = exchange(FunctionAnswer(b'{"statusCode":200}'))
    number = writer.store(invoked, 10)
    writer.close()
    effect = invoked.performed[0].effect
    assert isinstance(effect, InvokeFunction)
    return db, number, effect.payload


def test_an_event_is_extracted_from_a_recording(recorded, tmp_path, capsys):
    db, number, payload = recorded
    assert main(["db", "extract", str(db), "--event", str(number)]) == Exit.OK
    assert json.loads(capsys.readouterr().out) == json.loads(payload)
    file = tmp_path / "event.json"
    assert main(["db", "extract", str(db), "--event", str(number), "--to", str(file)]) == Exit.OK
    assert json.loads(file.read_text()) == json.loads(payload)


def test_what_has_no_event_says_so(recorded, capsys):
    db, number, _ = recorded
    assert main(["db", "extract", str(db), "--event", str(number + 1)]) == Exit.USAGE
    assert f"There is no exchange {number + 1}" in capsys.readouterr().err
    assert main(["db", "extract", str(db)]) == Exit.USAGE
    assert "--to" in capsys.readouterr().err


@pytest.mark.slow
def test_explain_shows_what_a_function_printed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.yaml").write_text(DEFINITION)
    code = tmp_path / "functions" / "hello"
    code.mkdir(parents=True)
    (code / "app.py").write_text(PRINTING.replace("return {'body'", "return {'boby'"))
    assert main(["explain", "api.yaml", "GET", "/hello"]) == Exit.OK
    out = capsys.readouterr().out
    assert "boby" in out
    assert out.endswith("  λ hello printed\n    │ one\n")


EVENT = """
openapi: 3.0.1
info: {title: later, version: "1"}
paths:
  /later:
    post:
      responses: {"202": {description: accepted}}
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:later/invocations
        requestParameters: {integration.request.header.X-Amz-Invocation-Type: "'Event'"}
        responses: {default: {statusCode: "202"}}
"""
LATER = """
import pathlib, time
def handler(event, context):
    print("begin")
    time.sleep(0.3)
    pathlib.Path("done").write_text("x")
    print("end")
"""


@pytest.mark.slow
@pytest.mark.parametrize("command", ["invoke", "explain"])
def test_what_nobody_waits_for_runs_to_its_end(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.yaml").write_text(EVENT)
    code = tmp_path / "functions" / "later"
    code.mkdir(parents=True)
    (code / "app.py").write_text(LATER)
    assert main([command, "api.yaml", "POST", "/later", "-d", "{}"]) == Exit.OK
    assert (code / "done").read_text() == "x"
    assert "  λ later printed\n    │ begin\n    │ end\n" in capsys.readouterr().out
