"""Functions behind the running command: their code beside the definition, answers, no orphans."""

from __future__ import annotations

import json
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent

import psutil
import pytest

from inspector.cli.exit import Exit
from inspector.gateway.effects import BackendFailure, FunctionAnswer
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.runtime.failures import STOPPED
from tests.cli.gateway import appears, running
from tests.function_template import function_template

pytestmark = pytest.mark.slow

DEFINITION = """openapi: 3.0.0
info: {title: functions, version: "1"}
paths:
  /{name}:
    get:
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: fine}}
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:FUNCTION/invocations
"""
PYTHON = """
    import os
    def handler(event, context):
        print("asked for", event["pathParameters"]["name"])
        if event["pathParameters"]["name"] == "crash":
            os._exit(1)
        return {"statusCode": 201, "body": str(os.getpid())}
"""
NODE = "export const handler = async (event) => ({ statusCode: 202, body: event.resource });\n"


def _definition(folder: Path, function: str) -> Path:
    file = folder / "api.yaml"
    file.write_text(DEFINITION.replace("FUNCTION", function))
    return file


def _write(folder: Path, name: str, file: str, code: str) -> None:
    root = folder / "functions" / name
    root.mkdir(parents=True)
    (root / file).write_text(dedent(code))


def test_a_function_beside_its_definition(tmp_path: Path) -> None:
    _write(tmp_path, "hello", "app.py", PYTHON)
    with running(tmp_path, _definition(tmp_path, "hello")) as up:
        answers = [up.client.get(f"/dev/{name}") for name in ("rex", "ada", "crash", "rex")]
        assert [answer.status_code for answer in answers] == [201, 201, 502, 201]
        first, second, crashed, again = answers
        assert first.text == second.text, "the same process"
        assert crashed.json() == {"message": "Internal server error"}
        assert up.end() == Exit.OK
        assert not psutil.pid_exists(int(again.text))
    with Reader(tmp_path / "inspector.db") as reader:
        rows = reader.page(EVERYTHING, limit=10)
        exchanges = [reader.exchange(row.id) for row in rows]
    replies = [each.reply for exchange in exchanges for each in exchange.performed]
    logs = [reply.log for reply in replies if isinstance(reply, FunctionAnswer)]
    assert sorted(logs) == [f"asked for {n}\n" for n in ("ada", "crash", "rex", "rex")]
    crash = next(e for e in exchanges if e.response and e.response.status == 502)
    reply = crash.performed[0].reply
    assert isinstance(reply, FunctionAnswer)
    assert json.loads(reply.payload)["errorType"] == "Runtime.ExitError"


STUCK = """
    import pathlib, time
    def handler(event, context):
        (pathlib.Path(__file__).parent.parent.parent / "begun").touch()
        time.sleep(60)
"""


def test_what_is_under_way_at_the_end_is_recorded(tmp_path: Path) -> None:
    _write(tmp_path, "hello", "app.py", STUCK)
    with running(tmp_path, _definition(tmp_path, "hello")) as up, ThreadPoolExecutor() as pool:
        pool.submit(up.client.get, "/dev/rex")
        appears(tmp_path / "begun")
        assert up.end() == Exit.OK
    [line] = up.printed
    assert "/dev/rex" in line
    with Reader(tmp_path / "inspector.db") as reader:
        [row] = reader.page(EVERYTHING, limit=10)
        [performed] = reader.exchange(row.id).performed
    assert performed.reply == BackendFailure("other", STOPPED)


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js here")
def test_a_function_somewhere_else_on_this_machine(tmp_path: Path) -> None:
    _write(tmp_path, "code", "main.mjs", NODE)
    place = f"hello={tmp_path / 'functions' / 'code'}:main.handler"
    with running(tmp_path, _definition(tmp_path, "hello"), "--function", place) as up:
        answer = up.client.get("/dev/rex")
        assert (answer.status_code, answer.text) == (202, "/{name}")


def test_a_killed_gateway_leaves_no_function_behind(tmp_path: Path) -> None:
    _write(tmp_path, "hello", "app.py", PYTHON)
    with running(tmp_path, _definition(tmp_path, "hello")) as up:
        function = psutil.Process(int(up.client.get("/dev/rex").text))
        up.end(signal.SIGKILL)
        assert psutil.wait_procs([function], timeout=10)[1] == []


def test_a_place_that_is_none_is_refused_at_once(tmp_path: Path) -> None:
    with (
        pytest.raises(AssertionError, match="expected a URL"),
        running(tmp_path, _definition(tmp_path, "hello"), "--function", "hello=nonsense"),
    ):
        pass


TEMPLATE = function_template("""\
Handler: index.handler
Environment: {Variables: {GREETING: hello}}
Code:
  ZipFile: |
    import os
    def handler(event, context):
        return {"statusCode": 200, "body": os.environ["GREETING"]}
""")


def test_a_function_that_the_template_declares_and_edits(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE)
    with running(tmp_path, template) as up:
        assert up.client.get("/dev/").text == "hello"
        template.write_text(TEMPLATE.replace("GREETING: hello", "GREETING: good day"))
        assert up.client.get("/dev/").text == "good day"
