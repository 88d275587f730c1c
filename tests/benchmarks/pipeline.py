"""What the pipeline costs in process, trace on: microseconds a request.

`python -m tests.benchmarks pipeline [--json FILE]`
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from inspector.definitions import Bundle, read
from inspector.gateway.deploy import deploy
from inspector.gateway.effects import BackendAnswer, CallBackend, Effect, FunctionAnswer, Reply
from inspector.gateway.pipeline import converse
from inspector.message import Headers
from inspector.runtime.drive import drive
from tests.gateway.build import (
    ENVIRONMENT,
    Backend,
    ask,
    http,
    http_proxy,
    mappings,
    mock,
    request,
    serve,
)

ROUNDS, CALLS = 15, 1_000
HEADERS = {"User_Agent": "curl/8.5.0", "Accept": "*/*", "X_Request": "1", "Cookie": "a=b"}


def cases() -> dict[str, Callable[[], object]]:
    """One call of each kind, ready to be repeated."""
    proxied = http_proxy(
        "http://backend.example/{proxy}",
        request_parameters=mappings(integration__request__path__proxy="method.request.path.proxy"),
    )
    served = serve(
        {
            "GET /mock": mock('{"hello": "$input.params(\'name\')", "id": "$context.requestId"}'),
            "POST /http": http("http://backend.example/"),
            "ANY /{proxy+}": proxied,
        }
    )
    answer = Backend(
        BackendAnswer(
            200,
            Headers.of([("Content-Type", "application/json"), ("Content-Length", "2"),
                        ("Server", "x"), ("Date", "Mon, 01 Jan 2024 00:00:00 GMT")]),
            b"{}",
        )
    )  # fmt: skip

    def call(method: str, target: str, body: bytes = b"") -> Callable[[], object]:
        asked = request(method, target, body, **HEADERS)

        def run() -> object:
            answer.calls.clear()
            return ask(served, asked, answer)

        return run

    return {
        "http_proxy": call("GET", "/dev/pets/7?color=red"),
        "http": call("POST", "/dev/http", b'{"name": "rex"}'),
        "mock with a small template": call("GET", "/dev/mock?name=ann"),
        "unknown stage": call("GET", "/other/x"),
        "HTTP API: http_proxy": _of_http_api("/pets/7?color=red", answer),
        "HTTP API: function, payload 2.0": _of_http_api("/function?color=red", answer),
    }


def _of_http_api(target: str, answer: Backend) -> Callable[[], object]:
    """The same two kinds of calls to an HTTP API."""

    def route(**integration: object) -> dict[str, object]:
        made = {"httpMethod": "ANY", **integration}
        return {"x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": made}}

    document = {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/{proxy+}": route(type="HTTP_PROXY", uri="http://backend.example/{proxy}",
                               payloadFormatVersion="1.0"),
            "/function": route(type="AWS_PROXY", uri="arn:aws:lambda:us-east-1:1:function:f",
                               payloadFormatVersion="2.0"),
        },
    }  # fmt: skip
    [api] = read(Bundle({"api.json": json.dumps(document)})).apis
    served = deploy([api]).apis[0]
    asked = request("GET", target, **HEADERS)
    result = FunctionAnswer(b'{"statusCode": 200, "body": "{}"}')

    def perform(effect: Effect) -> Reply:
        return answer.reply if isinstance(effect, CallBackend) else result

    return lambda: drive(converse(served, asked, ENVIRONMENT), perform)


def main(argv: list[str]) -> int:
    """Time each case in interleaved rounds and print the medians."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks pipeline")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    options = parser.parse_args(argv)
    runs = cases()
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            started = time.perf_counter()
            for _ in range(CALLS):
                run()
            times[name].append((time.perf_counter() - started) / CALLS * 1e6)
    figures = {name: round(statistics.median(each), 1) for name, each in times.items()}
    for name, figure in figures.items():
        print(f"{name:32} {figure:8.1f} µs   best {min(times[name]):.1f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    return 0
