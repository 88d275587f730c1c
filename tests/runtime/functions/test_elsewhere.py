"""Functions that something else runs."""

from __future__ import annotations

import asyncio
import json
import sys
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from aiohttp import web

from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    CallBackend,
    FunctionAnswer,
    InvokeFunction,
)
from inspector.message import Headers
from inspector.runtime.functions.places import PlaceError, functions_of
from inspector.runtime.functions.spec import FunctionSpec
from inspector.runtime.http import HttpBackends

EFFECT = InvokeFunction("arn:aws:lambda:us-east-1:1:function:pets:live", b'{"n":1}', 2_000,
                        trace_id="Root=1-2-3")  # fmt: skip


async def _invoke_api(request: web.Request) -> web.Response:
    event = await request.json()
    if event["n"] == 3:
        return web.json_response({"errorMessage": "m", "errorType": "E", "stackTrace": []})
    if event["n"] == 0:
        return web.Response(status=404, text="Function not found")
    if event["n"] == 7:
        return web.json_response(request.headers["Authorization"])
    if event["n"] == 4:
        return web.Response(status=429, text='{"Reason":"ReservedFunctionConcurrentInvocation…"}')
    if event["n"] == 5:
        return web.json_response(
            {"errorType": "Runtime.ExitError", "errorMessage": "m"}, status=502
        )
    if event["n"] == 6:
        return web.Response(text="Task timed out after 3.00 seconds")
    document = {"path": request.path, "type": request.headers["X-Amz-Invocation-Type"],
                "trace": request.headers["X-Amzn-Trace-Id"], **event}  # fmt: skip
    headers = {"X-Amz-Log-Result": b64encode(b"printed\n").decode(), "x-amzn-RequestId": "r-1"}
    if event["n"] == 2:
        headers["X-Amz-Function-Error"] = "Unhandled"
    return web.json_response(document, headers=headers)


async def _with_endpoint(path: str, payloads: list[bytes]) -> list[FunctionAnswer | BackendFailure]:
    application = web.Application()
    application.router.add_post("/{rest:.*}", _invoke_api)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    http = HttpBackends()
    functions = functions_of((), {"pets": f"http://127.0.0.1:{port}{path}"}, http)
    try:
        return [await functions.invoke(replace(EFFECT, payload=each)) for each in payloads]
    finally:
        await http.close()
        await runner.cleanup()


def test_an_endpoint_that_speaks_the_invoke_api() -> None:
    fine, erred, absent = asyncio.run(_with_endpoint("", [b'{"n":1}', b'{"n":2}', b'{"n":0}']))
    assert isinstance(fine, FunctionAnswer)
    assert json.loads(fine.payload) == {
        "path": "/2015-03-31/functions/pets/invocations",
        "type": "RequestResponse",
        "trace": "Root=1-2-3",
        "n": 1,
    }
    assert (fine.error, fine.request_id, fine.log) == (None, "r-1", "printed\n")
    assert isinstance(erred, FunctionAnswer)
    assert erred.error == "Unhandled"
    assert isinstance(absent, BackendFailure)
    assert absent.detail == "the Invoke API answered 404: Function not found"


def test_calls_are_signed_as_those_of_other_stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moto and LocalStack tell the service by it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    (told,) = asyncio.run(_with_endpoint("", [b'{"n":7}']))
    assert isinstance(told, FunctionAnswer)
    signature = json.loads(told.payload)
    assert signature.startswith("AWS4-HMAC-SHA256 Credential=test/")
    assert "/us-east-1/lambda/aws4_request" in signature


def test_an_event_s_result_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    event = replace(EFFECT, asynchronous=True)
    monkeypatch.setattr(sys.modules[__name__], "EFFECT", event)
    (accepted,) = asyncio.run(_with_endpoint("", [b'{"n":1}']))
    assert accepted == FunctionAnswer(b"", request_id="r-1")


def test_too_many_at_a_time() -> None:
    (throttled,) = asyncio.run(_with_endpoint("", [b'{"n":4}']))
    assert isinstance(throttled, BackendFailure)
    assert throttled.kind == "throttled"


def test_a_process_that_ended_and_a_time_out_as_the_emulator_tells_them() -> None:
    ended, late = asyncio.run(_with_endpoint("", [b'{"n":5}', b'{"n":6}']))
    assert isinstance(ended, FunctionAnswer)
    assert (ended.error, json.loads(ended.payload)["errorType"]) == (
        "Unhandled",
        "Runtime.ExitError",
    )
    assert isinstance(late, FunctionAnswer)
    assert late.error == "Unhandled"
    assert json.loads(late.payload) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": "Task timed out after 3.00 seconds",
    }


def test_an_error_that_the_emulator_answers_like_a_result() -> None:
    (erred,) = asyncio.run(_with_endpoint("", [b'{"n":3}']))
    assert isinstance(erred, FunctionAnswer)
    assert erred.error == "Unhandled"


def test_the_whole_address_of_one_function() -> None:
    path = "/2015-03-31/functions/function/invocations"
    (answer,) = asyncio.run(_with_endpoint(path, [b'{"n":1}']))
    assert isinstance(answer, FunctionAnswer)
    assert json.loads(answer.payload)["path"] == path


class Asked(HttpBackends):
    """Amazon is not to be called from a test: what would be sent there."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[CallBackend] = []

    async def call(self, effect: CallBackend) -> BackendAnswer:
        self.calls.append(effect)
        return BackendAnswer(200, Headers(()), b"1")


@pytest.mark.parametrize(
    ("arn", "host"),
    [
        ("arn:aws:lambda:eu-west-1:1:function:pets:live", "lambda.eu-west-1.amazonaws.com"),
        ("arn:aws-cn:lambda:cn-north-1:1:function:pets", "lambda.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_the_real_function_is_called_with_a_signature(
    arn: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    http = Asked()
    asyncio.run(functions_of((), {"pets": arn}, http).invoke(EFFECT))
    [call] = http.calls
    assert call.request.url == (
        f"https://{host}/2015-03-31/functions/{quote(arn, safe='')}/invocations"
    )
    assert f"/{arn.split(':')[3]}/lambda/aws4_request" in (
        call.request.headers.get("authorization") or ""
    )


def test_credentials_that_cannot_be_had_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_PROFILE", "nobody-has-this")
    http = Asked()
    functions = functions_of((), {"pets": "arn:aws:lambda:eu-west-1:1:function:pets"}, http)
    outcome = asyncio.run(functions.invoke(EFFECT))
    assert isinstance(outcome, BackendFailure)
    assert "nobody-has-this" in outcome.detail
    assert http.calls == []


def test_each_debugged_function_has_a_port_of_its_own() -> None:
    specs = [
        FunctionSpec(name=name, runtime=runtime, handler="a.b", root=Path("/nowhere"))
        for name, runtime in (("p", "python3.12"), ("q", "python3.12"), ("n", "nodejs20.x"))
    ]
    functions = functions_of(specs, {}, HttpBackends(), ["p", "q", "n"])
    ports = [spec.debug_port for spec in functions._specs.values()]
    assert ports == [5678, 5679, 9229]


def test_a_file_with_the_answer(tmp_path: Path) -> None:
    file = tmp_path / "reply.json"

    def invoke() -> FunctionAnswer | BackendFailure:
        functions = functions_of((), {"pets": str(file)}, HttpBackends())
        return asyncio.run(functions.invoke(EFFECT))

    absent = invoke()
    assert isinstance(absent, BackendFailure)
    file.write_text('{"statusCode": 201}\n')
    assert invoke() == FunctionAnswer(b'{"statusCode": 201}')
    file.write_text('{"errorMessage": "no", "errorType": "Error"}')
    assert invoke() == FunctionAnswer(file.read_bytes(), "Unhandled")


def test_places_that_are_none() -> None:
    for place in ("nonsense", "arn:aws:lambda", "nowhere/at/all:app.handler"):
        with pytest.raises(PlaceError):
            functions_of((), {"pets": place}, HttpBackends())
    with pytest.raises(PlaceError, match="nowhere/at/all: there is no such folder"):
        functions_of((), {"pets": "nowhere/at/all:app.handler"}, HttpBackends())
    with pytest.raises(PlaceError, match=r"no such function runs here \(there are: none\)"):
        functions_of((), {}, HttpBackends(), ["pets"])


@pytest.mark.parametrize(
    ("runtime", "missing", "words"),
    [
        ("java21", "", "its runtime is java21, and inspector starts debuggers for Python and Node"),
        ("python3.12", "the code of pets is in S3", "--debug pets: the code of pets is in S3"),
    ],
)
def test_what_no_debugger_can_come_to(runtime: str, missing: str, words: str) -> None:
    spec = FunctionSpec(name="pets", runtime=runtime, handler="a.b", root=Path(), missing=missing)
    with pytest.raises(PlaceError, match=words):
        functions_of([spec], {}, HttpBackends(), ["pets"])


def test_names_in_all_their_forms() -> None:
    for form in (
        "pets",
        "pets:live",
        "123456789012:function:pets",
        "arn:aws:lambda:us-east-1:123456789012:function:pets",
        "arn:aws:lambda:us-east-1:123456789012:function:pets:$LATEST",
    ):
        assert InvokeFunction(form, b"", 1).name == "pets"


def test_a_uri_without_a_name_says_what_is_missing() -> None:
    """Its stage variable has no value, so that nothing stands in its place."""
    effect = InvokeFunction("arn:aws:lambda:us-east-1:123456789012:function:", b"{}", 29_000)
    answer = asyncio.run(functions_of((), {}, HttpBackends()).invoke(effect))
    assert isinstance(answer, BackendFailure)
    assert "give its stage variable a value (--stage-variable NAME=VALUE)" in answer.detail
