"""Functions that stream, through a running gateway."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from inspector.gateway.effects import FunctionStream, StreamEnded
from tests.addons.live import api, live

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js here"),
]

URI = (
    "arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:chat/response-streaming-invocations"
)
#: Sends its second part once the file `go` is there, or what else the query asks for.
CODE = """
import fs from "node:fs";
const until = (file) => new Promise((resolve) => {
  const look = setInterval(() => { if (fs.existsSync(file)) { clearInterval(look); resolve(); } }, 5);
});
export const handler = awslambda.streamifyResponse(async (event, stream) => {
  const how = event.queryStringParameters?.how;
  if (how === "throw") throw new Error("before anything");
  if (how === "plain") { stream.write("no head"); stream.end(); return; }
  const head = { statusCode: 201, headers: { "content-type": "text/plain", "x-one": "1" } };
  const body = awslambda.HttpResponseStream.from(stream, head);
  body.write("first ");
  await until("go");
  console.log("halfway");
  if (how === "break") throw new Error("midway");
  if (how === "exit") process.exit(1);
  if (how === "large") { body.write("x".repeat(12_000_000)); }
  body.end("last");
});
"""


def _document(**more: object) -> dict[str, object]:
    integration = {
        "type": "aws_proxy", "httpMethod": "POST", "uri": URI, "responseTransferMode": "STREAM",
        **more,
    }  # fmt: skip
    return api(chat=integration)


def _folder(root: Path) -> Path:
    folder = root / "functions" / "chat"
    folder.mkdir(parents=True)
    (folder / "index.mjs").write_text(CODE)
    return folder


def _client() -> httpx.Client:
    return httpx.Client(timeout=30, trust_env=False)


def test_the_first_part_does_not_wait_for_the_last(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    with live(tmp_path, _document(), {}) as gateway:
        with _client() as http, http.stream("GET", f"{gateway.url}/dev/chat") as answer:
            parts = answer.iter_raw()
            assert answer.status_code == 201
            assert answer.headers["x-one"] == "1"
            assert next(parts) == b"first "
            (folder / "go").touch()
            assert b"".join(parts) == b"last"
        [exchange] = gateway.exchanges()
    head, ended = (each.reply for each in exchange.performed)
    assert isinstance(head, FunctionStream)
    assert json.loads(head.prelude)["statusCode"] == 201
    assert isinstance(ended, StreamEnded)
    assert ended.log.endswith("\tINFO\thalfway\n")
    assert replace(ended, log="") == StreamEnded(10, b"first last", None, "")
    assert exchange.response is not None
    assert exchange.response.body == b"first last"


def test_a_stream_may_be_larger_than_any_whole_answer(tmp_path: Path) -> None:
    (_folder(tmp_path) / "go").touch()
    with live(tmp_path, _document(), {}) as gateway, _client() as http:
        answer = http.get(f"{gateway.url}/dev/chat?how=large")
        assert len(answer.content) == 12_000_010


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("break", "the function failed: Error: midway"),
        ("exit", "the function ended with 1 before its answer was whole"),
    ],
)
def test_a_function_that_fails_midway_leaves_the_transfer_unfinished(
    tmp_path: Path, how: str, why: str
) -> None:
    (_folder(tmp_path) / "go").touch()
    with live(tmp_path, _document(), {}) as gateway:
        with _client() as http, pytest.raises(httpx.RemoteProtocolError):
            http.get(f"{gateway.url}/dev/chat?how={how}")
        with _client() as http:
            assert http.get(f"{gateway.url}/dev/chat").text == "first last", "the next is well"
        exchanges = gateway.exchanges()
    broken = next(each for each in exchanges if how in each.request.target)
    ended = broken.performed[-1].reply
    assert isinstance(ended, StreamEnded)
    assert ended.kept == b"first "
    assert ended.error == why
    assert "halfway" in ended.log


def test_the_integrations_time_is_that_of_the_whole_answer(tmp_path: Path) -> None:
    _folder(tmp_path)
    with live(tmp_path, _document(timeoutInMillis=3000), {}) as gateway:
        with _client() as http, pytest.raises(httpx.RemoteProtocolError):
            http.get(f"{gateway.url}/dev/chat")
        [exchange] = gateway.exchanges()
    ended = exchange.performed[-1].reply
    assert isinstance(ended, StreamEnded)
    assert ended.error == "chat was not done within 3000 ms"


@pytest.mark.parametrize(("how", "status"), [("throw", 502), ("plain", 502)])
def test_what_is_no_stream_is_a_malformed_answer(tmp_path: Path, how: str, status: int) -> None:
    _folder(tmp_path)
    with live(tmp_path, _document(), {}) as gateway, _client() as http:
        answer = http.get(f"{gateway.url}/dev/chat?how={how}")
        assert answer.status_code == status
        assert answer.json() == {"message": "Internal server error"}


def _url(mode: str) -> dict[str, object]:
    function = {"Runtime": "nodejs20.x", "Handler": "index.handler", "Role": "r", "Timeout": 20,
                "Code": "functions/chat", "FunctionName": "chat"}  # fmt: skip
    url = {"AuthType": "NONE", "InvokeMode": mode, "TargetFunctionArn": "chat"}
    return {
        "Resources": {
            "Chat": {"Type": "AWS::Lambda::Function", "Properties": function},
            "Url": {"Type": "AWS::Lambda::Url", "Properties": url},
        }
    }


def test_the_url_of_a_function_streams_where_its_mode_says_so(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    with live(tmp_path, _url("RESPONSE_STREAM"), {}) as gateway, _client() as http:
        with http.stream("GET", f"{gateway.url}/") as answer:
            parts = answer.iter_raw()
            assert (answer.status_code, answer.headers["x-one"]) == (201, "1")
            assert next(parts) == b"first "
            (folder / "go").touch()
            assert b"".join(parts) == b"last"
        headless = http.get(f"{gateway.url}/?how=plain")
        assert (headless.status_code, headless.text) == (200, "no head")
        assert headless.headers["content-type"] == "application/octet-stream"
        assert http.get(f"{gateway.url}/?how=throw").status_code == 502
