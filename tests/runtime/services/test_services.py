"""Where a call of a service goes, what it is signed with, and what becomes of trouble."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from typing import Any

import pytest
from aiohttp import web

from inspector.gateway.effects import BackendAnswer, BackendFailure, BackendRequest, CallService
from inspector.message import Headers
from inspector.runtime.http import HttpBackends
from inspector.runtime.services import places, stand_ins
from inspector.runtime.services.query_xml import as_json
from inspector.runtime.services.services import Services
from tests.runtime.services.conftest import perform


def call(service: str = "dynamodb", url: str = "", **more: Any) -> CallService:
    host = f"{service}.us-east-1.amazonaws.com"
    fields = [("Host", host), ("X-Amzn-Trace-Id", "Root=1"), *more.pop("headers", ())]
    request = BackendRequest(
        "POST", url or f"https://{host}/", Headers.of(fields), more.pop("body", b"{}")
    )
    return CallService(service, "us-east-1", None, request, more.pop("timeout_ms", 5000))


async def answered(effect: CallService, seen: list[web.Request]) -> Any:
    """Perform a call at a server that keeps what it is sent."""

    async def keep(request: web.Request) -> web.Response:
        await request.read()
        seen.append(request)
        return web.json_response({})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", keep)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    http = HttpBackends()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return await Services({effect.service: url}, http).call(effect)
    finally:
        await http.close()
        await runner.cleanup()


def sent(effect: CallService) -> web.Request:
    seen: list[web.Request] = []
    answer = asyncio.run(answered(effect, seen))
    assert isinstance(answer, BackendAnswer)
    return seen[0]


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.slow
def test_nobody_waits_for_botocore_who_calls_no_service() -> None:
    program = (
        "import sys, inspector.cli.gateway_process; "
        "print({'botocore', 'moto'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_a_stand_in_is_signed_for_with_a_dummy() -> None:
    request = sent(call())
    signature = request.headers["Authorization"]
    assert signature.startswith("AWS4-HMAC-SHA256 Credential=test/")
    assert "/us-east-1/dynamodb/aws4_request" in signature
    assert request.headers["Host"] == request.host
    assert request.host.startswith("127.0.0.1:")
    assert request.headers["X-Amzn-Trace-Id"] == "Root=1"
    assert "x-amzn-trace-id" not in signature


def test_a_stand_in_sees_the_users_key_and_never_his_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDLOCAL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    request = sent(call())
    assert "Credential=AKIDLOCAL/" in request.headers["Authorization"]
    assert "X-Amz-Security-Token" not in request.headers


@pytest.mark.parametrize(
    ("profile", "key"),
    [
        ("aws_access_key_id = AKIDFILE\naws_secret_access_key = s", "AKIDFILE"),
        ("credential_process = /bin/false", "test"),
        ("role_arn = arn:aws:iam::1:role/r\nsource_profile = other", "test"),
        ("", "test"),
        ("[[nonsense\nno equal sign", "test"),
    ],
)
def test_a_stand_in_sees_the_key_of_a_profile_but_nobody_is_asked_for_one(
    profile: str, key: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    file = tmp_path / "credentials"
    file.write_text(f"[mine]\n{profile}\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.setenv("AWS_PROFILE", "mine")
    assert f"Credential={key}/" in sent(call()).headers["Authorization"]


def test_an_action_told_by_header_is_not_told_by_query_to_a_stand_in() -> None:
    headers = [("X-Amz-Target", "DynamoDB_20120810.Scan"), ("Content-Type", "application/json")]
    url = "https://dynamodb.us-east-1.amazonaws.com/?Action=Scan&color=red"
    request = sent(call(url=url, headers=headers))
    assert request.query_string == "color=red"
    assert request.headers["Content-Type"] == "application/x-amz-json-1.0"


def test_nobody_said_where() -> None:
    failure = perform({"sqs": "http://127.0.0.1:1"}, call())
    assert failure == BackendFailure("no-endpoint", "no --endpoint for dynamodb (there are: sqs)")


def test_amazon_is_not_called_without_credentials() -> None:
    failure = perform({"dynamodb": "aws"}, call())
    assert isinstance(failure, BackendFailure)
    assert failure.kind == "no-credentials"


def test_amazon_is_not_called_for_all() -> None:
    with pytest.raises(places.EndpointError, match="name each service"):
        Services({"all": "aws"}, HttpBackends())


@pytest.mark.parametrize(
    ("service", "place"),
    [("sqs", "localhost:4566"), ("sqs", ""), ("SQS?", "http://h"), ("sqs", "http://h:0x")],
)
def test_an_endpoint_that_cannot_be_one(service: str, place: str) -> None:
    with pytest.raises(places.EndpointError):
        places.check(service, place)


def test_a_stand_in_that_is_down() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        failure = perform({"all": url}, call())
    assert isinstance(failure, BackendFailure)
    assert failure.kind == "refused"
    assert failure.detail.startswith("dynamodb at 127.0.0.1:")


@pytest.mark.parametrize(
    "body",
    [
        b"<nothing",
        b"<Other/>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><XResponse>&a;</XResponse>',
        b"",
    ],
)
def test_what_is_no_answer_of_the_query_protocol_stays_as_it_is(body: bytes) -> None:
    assert as_json(body, None) is None


@pytest.mark.parametrize("service", ["ssm", "sns"])
def test_an_answer_nested_without_end_is_passed_on(service: str) -> None:
    deep = b"[" * 200_000 if service == "ssm" else b"<XResponse>" + b"<a>" * 60_000
    deep = deep if service == "ssm" else deep + b"</a>" * 60_000 + b"</XResponse>"
    headers = [("Accept", "application/json")]
    effect = call(service, f"https://{service}.us-east-1.amazonaws.com/?Action=X", headers=headers)
    adapted = stand_ins.Adapted(effect.request, "X", translated=service == "ssm")
    answer = BackendAnswer(200, Headers(), deep)
    assert stand_ins.adapt_answer(effect, adapted, answer) == answer


def test_an_error_of_the_query_protocol_as_json() -> None:
    body = (
        b'<ErrorResponse xmlns="http://x/"><Error><Type>Sender</Type><Code>Oops</Code>'
        b"<Message>m</Message></Error><RequestId>r</RequestId></ErrorResponse>"
    )
    assert as_json(body, None) == {
        "Error": {"Type": "Sender", "Code": "Oops", "Message": "m"},
        "RequestId": "r",
    }


def test_a_stand_in_s_header_names_are_written_as_amazon_writes_them() -> None:
    request = BackendRequest("GET", "https://b.s3.us-east-1.amazonaws.com/k", Headers(), b"")
    effect = CallService("s3", "us-east-1", None, request, 1_000)
    names = ["content-type", "etag", "x-amz-request-id", "Last-Modified"]
    answer = BackendAnswer(200, Headers.of([(name, "v") for name in names]), b"")
    told = stand_ins.adapt_answer(effect, stand_ins.Adapted(request), answer)
    assert [name for name, _ in told.headers] == [
        "Content-Type", "ETag", "x-amz-request-id", "Last-Modified",
    ]  # fmt: skip
