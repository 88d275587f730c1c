"""Cases of kind `test_invoke`: one method by itself, its answer, and the execution log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.gateway.as_test import converse_as_test
from inspector.gateway.effects import Effect, FunctionAnswer, InvokeFunction, Reply
from inspector.gateway.execution_log import Told, lines
from inspector.message import Headers, Request
from inspector.runtime.drive import drive
from inspector.testing import ENVIRONMENT, Gateway
from tests.facts.compare import differs, subset
from tests.facts.shortfall import Shortfall, unknown

_STAMP = re.compile(r"^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC \d{4} : ")
_EXPECTED = {"status", "body_text", "body_json", "headers", "multiValueHeaders", "log"}


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Run the method, and compare answer and log."""
    expect = case["expect"]
    yield from (unknown(key) for key in expect.keys() - _EXPECTED)
    gateway = Gateway(case["api"], api_type="rest")
    performed: list[tuple[Effect, Reply, int]] = []

    def perform(effect: Effect) -> Reply:
        reply: Reply = FunctionAnswer(b"{}")
        if isinstance(effect, InvokeFunction):
            reply = FunctionAnswer(case["backend"]["result_text"].encode(), request_id="r-1")
        performed.append((effect, reply, 12))
        return reply

    fields = list(case["headers"].items())
    request = Request(case["method"], "/", Headers.of(fields), case["body"].encode())
    conversation = converse_as_test(
        gateway._served, gateway.stage, case["resourcePath"], case["method"],
        path=case["pathWithQueryString"], request=request, environment=ENVIRONMENT,
    )  # fmt: skip
    answer = drive(conversation, perform)
    response = answer.response
    yield from differs("status", expect["status"], response.status)
    text = response.body.decode()
    yield from differs("body_text", expect.get("body_text", text), text)
    if "body_json" in expect:
        yield from subset("body_json", expect["body_json"], json.loads(text))
    got = {name: response.headers.get(name) for name in expect.get("headers", {})}
    yield from differs("headers", expect.get("headers", {}), got)
    multiple = {n: list(response.headers.all(n)) for n in expect.get("multiValueHeaders", {})}
    yield from differs("multiValueHeaders", expect.get("multiValueHeaders", {}), multiple)
    yield from _judge_log(expect["log"], lines(Told(request, ENVIRONMENT, answer, performed),
                                               as_test=True))  # fmt: skip


def _judge_log(expected: list[str], got: list[str]) -> Iterator[Shortfall]:
    bare = [_STAMP.sub("", line) for line in got]
    for index, wanted in enumerate(expected):
        pattern = ".*".join(map(re.escape, wanted.split("<*>")))
        pattern = pattern.replace(re.escape("{id}"), re.escape(ENVIRONMENT.request_id))
        line = bare[index] if index < len(bare) else None
        if line is None or not re.fullmatch(pattern, line, re.DOTALL):
            yield Shortfall(f"log line {index + 1}", wanted, line)
            return
    if len(bare) != len(expected):
        yield Shortfall("log", f"{len(expected)} lines", f"{len(bare)} lines")
    for line in got[1:-1]:
        if not _STAMP.match(line):
            yield Shortfall("log", "a time before each line", line)
