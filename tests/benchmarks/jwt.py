"""What a JWT authorizer costs: a guarded route against the same route left open, in one run.

`python -m tests.benchmarks jwt [--json FILE]`: microseconds a request for a token seen before, with
the real cache of keys and verdicts, and for tokens never seen (decoded, verified by RSA).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from inspector.definitions import Bundle, Options, read
from inspector.gateway.deploy import Served, deploy
from inspector.gateway.effects import BackendAnswer, CheckToken, Effect, Reply
from inspector.gateway.pipeline import converse
from inspector.message import Headers, Request
from inspector.runtime.drive import drive_async
from inspector.runtime.issuer_places import IssuerPlaces
from inspector.runtime.issuers import Issuers
from inspector.runtime.jose import KeySet
from inspector.testing import ENVIRONMENT
from tests.gateway.jwt.minting import CLAIMS, ISSUER, jwks, token

ROUNDS, CALLS, NEW = 15, 500, 40
TARGET_US = 150.0


def _served() -> Served:
    integration = {"type": "HTTP_PROXY", "httpMethod": "ANY", "uri": "http://backend.example/",
                   "payloadFormatVersion": "1.0"}  # fmt: skip
    authorizer = {"type": "jwt", "identitySource": "$request.header.Authorization",
                  "jwtConfiguration": {"issuer": ISSUER, "audience": ["aud1"]}}  # fmt: skip
    route = {"x-amazon-apigateway-integration": integration}
    scheme = {"type": "oauth2", "x-amazon-apigateway-authorizer": authorizer}
    document = {
        "openapi": "3.0.1", "info": {"title": "t", "version": "1"},
        "paths": {"/open": {"get": route}, "/guarded": {"get": {**route, "security": [{"a": ["s"]}]}}},
        "components": {"securitySchemes": {"a": scheme}},
    }  # fmt: skip
    return deploy(read(Bundle({"api.json": json.dumps(document)}, Options())).apis).apis[0]


def _request(path: str, value: str) -> Request:
    fields = [("Host", "api.test"), ("User-Agent", "curl/8.5.0"), ("Authorization", value)]
    return Request("GET", path, Headers.of(fields), b"")


async def _measure() -> dict[str, float]:
    served = _served()
    keys = KeySet.read(jwks(), "local", 0)
    issuers = Issuers(IssuerPlaces({ISSUER: "local"}, local=lambda _: keys))
    answer = BackendAnswer(200, Headers.of([("Content-Type", "application/json")]), b"{}")

    async def perform(effect: Effect) -> Reply:
        return await issuers.check(effect) if isinstance(effect, CheckToken) else answer

    async def ask(request: Request) -> None:
        result = await drive_async(converse(served, request, ENVIRONMENT), perform)
        assert result.response.status == 200

    claims = {**CLAIMS, "scope": "s t", "email": "ann@example.com", "groups": ["a", "b"]}
    seen = token(claims)
    unguarded, guarded = _request("/open", seen), _request("/guarded", seen)
    runs: dict[str, tuple[int, Callable[[int], Request]]] = {
        "open route": (CALLS, lambda _: unguarded),
        "token seen before": (CALLS, lambda _: guarded),
        "token never seen": (NEW, lambda at: fresh[at]),
    }
    times: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(ROUNDS):
        fresh = [
            _request("/guarded", token({**claims, "jti": f"{number}-{at}"})) for at in range(NEW)
        ]
        for name, (calls, make) in runs.items():
            started = time.perf_counter()
            for at in range(calls):
                await ask(make(at))
            times[name].append((time.perf_counter() - started) / calls * 1e6)
    await issuers.close()
    return {name: statistics.median(each) for name, each in times.items()}


def main(argv: list[str]) -> int:
    """Time each case in interleaved rounds and print the medians and what the authorizer adds."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks jwt")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    options = parser.parse_args(argv)
    figures: dict[str, Any] = {name: round(us, 1) for name, us in asyncio.run(_measure()).items()}
    for name in ("token seen before", "token never seen"):
        figures[f"{name}, added"] = round(figures[name] - figures["open route"], 1)
    for name, figure in figures.items():
        print(f"{name:32} {figure:8.1f} µs")
    print(f"{'the mark for a token seen before':32} {TARGET_US:8.1f} µs")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    return 0
