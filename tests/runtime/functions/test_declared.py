"""Functions of a template, with their code, their archives, and what else is declared of them."""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from inspector.definitions import Bundle, read
from inspector.gateway.effects import BackendFailure, FunctionAnswer, InvokeFunction
from inspector.model import Function
from inspector.runtime.functions.declared import Finder
from inspector.runtime.functions.functions import Functions
from inspector.runtime.functions.invocation import Outcome
from inspector.runtime.functions.places import functions_of
from inspector.runtime.http import HttpBackends

ECHO = """
import os, time
def handler(event, context):
    if isinstance(event, (int, float)):
        time.sleep(event)
        return event
    return [os.environ.get(name) for name in event]
"""


def template(**more: Any) -> dict[str, Any]:
    made = {"Handler": "app.handler", "Runtime": "python3.12", "Role": "r", "Code": "src", **more}
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "x"}}
    return {"Api": api, "Work": {"Type": "AWS::Lambda::Function", "Properties": made}}


class Shop:
    """A folder with a template and the code of its one function, `Work`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = folder / "src"
        self.source.mkdir()
        (self.source / "app.py").write_text(ECHO)
        self.functions: tuple[Function, ...] = ()

    def declare(self, **more: Any) -> None:
        text = json.dumps({"Resources": template(**more)}, indent=1)
        self.functions = read(Bundle({str(self.folder / "t.json"): text})).definition.functions

    def run(
        self, use: Callable[[Functions], Awaitable[None]], places: dict[str, str] | None = None
    ) -> None:
        async def session() -> None:
            finder = Finder(lambda: self.functions, [str(self.folder / "t.json")])
            functions = functions_of((), places or {}, HttpBackends(), find=finder)
            try:
                await use(functions)
            finally:
                await functions.close()
                finder.close()

        asyncio.run(session())

    def outcome(self, event: object, places: dict[str, str] | None = None) -> Outcome:
        found: list[Outcome] = []

        async def use(functions: Functions) -> None:
            found.append(await invoke(functions, event))

        self.run(use, places)
        return found[0]

    def result(self, event: object, places: dict[str, str] | None = None) -> object:
        outcome = self.outcome(event, places)
        assert isinstance(outcome, FunctionAnswer), outcome
        return json.loads(outcome.payload)


async def invoke(functions: Functions, event: object, **more: Any) -> Outcome:
    return await functions.invoke(
        InvokeFunction("Work", json.dumps(event).encode(), 29_000, **more)
    )


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.mark.slow
def test_how_it_logs_is_told_to_the_function(shop: Shop) -> None:
    asked = ["AWS_LAMBDA_LOG_FORMAT", "AWS_LAMBDA_LOG_LEVEL", "AWS_LAMBDA_LOG_GROUP_NAME"]
    shop.declare()
    assert shop.result(asked) == [None, None, "/aws/lambda/Work"]
    shop.declare(LoggingConfig={"LogFormat": "JSON", "LogGroup": "/mine"})
    assert shop.result(asked) == ["JSON", "INFO", "/mine"]
    shop.declare(LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "DEBUG"})
    assert shop.result(asked) == ["JSON", "DEBUG", "/aws/lambda/Work"]
    shop.declare(LoggingConfig={"LogFormat": "Text"})
    assert shop.result(asked) == [None, None, "/aws/lambda/Work"]


@pytest.mark.slow
def test_no_more_run_at_a_time_than_are_reserved(shop: Shop) -> None:
    shop.declare(ReservedConcurrentExecutions=1)
    found: list[Outcome] = []

    async def use(functions: Functions) -> None:
        found.extend(await asyncio.gather(*(invoke(functions, 0.2) for _ in range(2))))
        late = await invoke(functions, 0.1, asynchronous=True)
        found.extend([late, await invoke(functions, 0.0)])

    shop.run(use)
    served, throttled, accepted, refused = found
    assert isinstance(served, FunctionAnswer)
    assert throttled == BackendFailure(
        "throttled", "it runs once already, and its ReservedConcurrentExecutions is 1"
    )
    assert isinstance(accepted, FunctionAnswer)
    assert isinstance(refused, BackendFailure)


@pytest.mark.parametrize("code", ["\0", "x" * 5000])
def test_a_name_that_no_folder_can_have(shop: Shop, code: str) -> None:
    shop.declare(Code=code)
    outcome = shop.outcome(0)
    assert isinstance(outcome, BackendFailure)
    assert "is no name that a folder or an archive could have" in outcome.detail


def test_a_function_that_is_switched_off(shop: Shop) -> None:
    shop.declare(ReservedConcurrentExecutions=0)
    outcome = shop.outcome(0)
    assert isinstance(outcome, BackendFailure)
    assert (outcome.kind, "switches it off" in outcome.detail) == ("throttled", True)


def test_an_event_for_a_function_that_is_switched_off_keeps_nobody_waiting(shop: Shop) -> None:
    shop.declare(ReservedConcurrentExecutions=0)
    found: list[object] = []

    async def use(functions: Functions) -> None:
        found.append(await invoke(functions, 0, asynchronous=True))
        found.append(await functions.finish())

    shop.run(use)
    accepted, printed = found
    assert isinstance(accepted, FunctionAnswer)
    assert printed in ({}, {accepted.request_id: ""})


def archive(file: Path, text: str) -> None:
    """Put another archive in the place of one, as build tools do."""
    fresh = file.with_suffix(".new")
    with zipfile.ZipFile(fresh, "w") as made:
        made.writestr("app.py", text)
    fresh.replace(file)


@pytest.mark.slow
def test_another_archive_counts_with_the_next_invocation(shop: Shop) -> None:
    file = shop.folder / "code.zip"
    archive(file, "def handler(event, context): return 'one'\n")
    shop.declare(Code="code.zip")
    seen: list[object] = []

    async def use(functions: Functions) -> None:
        seen.append(await result(functions))
        archive(file, "def handler(event, context): return 'another'\n")
        async with asyncio.timeout(20):
            while seen[-1] == "one":
                seen.append(await result(functions))

    async def result(functions: Functions) -> object:
        outcome = await invoke(functions, 0)
        assert isinstance(outcome, FunctionAnswer), outcome
        return json.loads(outcome.payload)

    shop.run(use)
    assert seen[-1] == "another"


def test_an_archive_that_is_none_and_one_that_is_mended(shop: Shop) -> None:
    (shop.folder / "code.zip").write_bytes(b"not an archive")
    shop.declare(Code="code.zip")
    outcome = shop.outcome(0)
    assert isinstance(outcome, BackendFailure)
    assert outcome.detail.endswith("code.zip cannot be unpacked: File is not a zip file")


@pytest.mark.parametrize("code", [{"S3Bucket": "b", "S3Key": "k"}, {"ImageUri": "1.dkr/x:1"}])
def test_code_that_is_not_here_says_where_it_is(shop: Shop, code: dict[str, str]) -> None:
    shop.declare(Code=code)
    outcome = shop.outcome(0)
    assert isinstance(outcome, BackendFailure)
    assert "the code of Work is in S3 or an image (" in outcome.detail
    assert "t.json:" in outcome.detail
    assert "--function Work=URL" in outcome.detail


@pytest.mark.slow
def test_code_of_another_place_keeps_all_else_that_is_declared(shop: Shop) -> None:
    variables = {"Variables": {"TABLE": "pets"}}
    shop.declare(Code={"S3Bucket": "b", "S3Key": "k"}, Environment=variables, MemorySize=256,
                 FunctionName="work-of-prod")  # fmt: skip
    places = {"Work": f"{shop.source}:app.handler"}
    found: list[Outcome] = []

    async def use(functions: Functions) -> None:
        payload = b'["TABLE", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_EXECUTION_ENV"]'
        found.append(await functions.invoke(InvokeFunction("work-of-prod", payload, 9_000)))

    shop.run(use, places)
    assert isinstance(found[0], FunctionAnswer), found
    assert json.loads(found[0].payload) == ["pets", "256", "AWS_Lambda_python3.12"]


@pytest.mark.slow
@pytest.mark.parametrize("handler", ["deep/down/app.handler", "deep.down.app.handler"])
def test_a_handler_in_folders_below(shop: Shop, handler: str) -> None:
    below = shop.folder / "deep" / "down"
    below.mkdir(parents=True)
    (below / "app.py").write_text(ECHO)
    shop.declare()
    assert shop.result(0, {"Work": f"{shop.folder}:{handler}"}) == 0


def test_what_lambda_keeps_for_itself_is_told_with_its_line(tmp_path: Path) -> None:
    variables = {"TZ": "UTC", "AWS_REGION": "x", "_HANDLER": "y"}
    made = template(Environment={"Variables": variables})
    text = json.dumps({"Resources": made}, indent=1)
    found = read(Bundle({"t.json": text})).diagnostics
    [told] = [each for each in found if each.code == "reserved-key"]
    assert told.message.endswith("Reserved keys used in this request: AWS_REGION, _HANDLER")
    assert text.splitlines()[told.source.line - 1].strip() == '"AWS_REGION": "x",'
