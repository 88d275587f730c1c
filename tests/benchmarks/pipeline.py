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

from inspector.gateway.effects import BackendAnswer
from inspector.message import Headers
from tests.gateway.build import Backend, ask, http, http_proxy, mappings, mock, request, serve

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
    }


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
