"""Cases of kind `test_invoke`: one method by itself, its answer, and the execution log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from inspector.gateway.as_test import converse_as_test
from inspector.gateway.effects import (
    CallBackend,
    CallService,
    Effect,
    FunctionAnswer,
    InvokeFunction,
    Reply,
)
from inspector.gateway.execution_log import Told, lines
from inspector.message import Headers, Request
from inspector.runtime.drive import drive
from inspector.testing import ENVIRONMENT, Gateway
from tests.facts.backend import HttpBackend, bytes_of, fields_of
from tests.facts.compare import body_checks, checks, differs
from tests.facts.deployed import KNOWN, backend_of
from tests.facts.function import Function
from tests.facts.shortfall import Shortfall, unknown

_STAMP = re.compile(r"^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC \d{4} : ")
_OWN = {"resourcePath", "method", "pathWithQueryString", "headers", "body"}
#: Milliseconds that every call takes.
_TAKEN = 12


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Run the method, and compare answer and log."""
    yield from (unknown(key) for key in case.keys() - KNOWN - _OWN)
    backend = backend_of(case)
    yield from backend.unknown_keys()
    gateway = Gateway(
        case["api"], stage=case.get("stage"), variables=case.get("stageVariables"), api_type="rest"
    )
    performed: list[tuple[Effect, Reply, int]] = []

    def perform(effect: Effect) -> Reply:
        reply = _reply(gateway, backend, effect)
        performed.append((effect, reply, _TAKEN))
        return reply

    request = Request(
        case["method"], "/", Headers.of(fields_of(case.get("headers"))), bytes_of(case)
    )
    conversation = converse_as_test(
        gateway._served, gateway.stage, case["resourcePath"], case["method"],
        path=case.get("pathWithQueryString"), request=request, environment=ENVIRONMENT,
    )  # fmt: skip
    answer = drive(conversation, perform)
    fields = answer.response.headers

    def headers(wanted: Mapping[str, str]) -> Iterator[Shortfall]:
        yield from differs("headers", wanted, {name: fields.get(name) for name in wanted})

    def multiple(wanted: Mapping[str, list[str]]) -> Iterator[Shortfall]:
        got = {name: list(fields.all(name)) for name in wanted}
        yield from differs("multiValueHeaders", wanted, got)

    yield from checks(
        case["expect"],
        {
            "status": lambda wanted: differs("status", wanted, answer.response.status),
            "headers": headers,
            "multiValueHeaders": multiple,
            "log": lambda wanted: _judge_log(
                wanted, lines(Told(request, ENVIRONMENT, answer, performed), as_test=True)
            ),
            **body_checks(answer.response.body),
        },
    )


def _reply(gateway: Gateway, backend: HttpBackend | Function, effect: Effect) -> Reply:
    """What the case's backend says; a function is asked as it would be in process."""
    if isinstance(effect, CallBackend | CallService) and isinstance(backend, HttpBackend):
        return backend(effect.request)
    if isinstance(effect, InvokeFunction) and isinstance(backend, Function):
        gateway.function = backend
    reply = gateway._perform(effect)
    return replace(reply, request_id="r-1") if isinstance(reply, FunctionAnswer) else reply


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
