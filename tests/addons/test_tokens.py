"""A JWT authorizer in the running gateway: a real issuer on loopback, and re-runs without it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from inspector.gateway.checklist import from_fact
from inspector.recording.reader import Reader
from inspector.replay.rerun import gateway_of, rerun
from tests.addons.live import live
from tests.gateway.jwt.minting import jwks, token
from tests.runtime import issuer_server

pytestmark = pytest.mark.slow
ISSUER = "https://login.example/"


def document() -> dict[str, Any]:
    authorizer = {"type": "jwt", "identitySource": "$request.header.Authorization",
                  "jwtConfiguration": {"issuer": ISSUER, "audience": ["orders"]}}  # fmt: skip
    integration = {"type": "HTTP_PROXY", "httpMethod": "GET", "uri": "http://127.0.0.1:1/",
                   "payloadFormatVersion": "1.0"}  # fmt: skip
    route = {"security": [{"jwt": []}], "x-amazon-apigateway-integration": integration}
    scheme = {"type": "oauth2", "x-amazon-apigateway-authorizer": authorizer}
    return {
        "openapi": "3.0.1", "info": {"title": "t", "version": "1"},
        "paths": {"/orders": {"get": route}}, "components": {"securitySchemes": {"jwt": scheme}},
    }  # fmt: skip


def test_tokens_through_the_gateway_and_again_from_the_recording(tmp_path: Path) -> None:
    now = int(time.time())
    good = {"iss": ISSUER, "aud": "orders", "exp": now + 60, "iat": now - 1}
    with issuer_server.running() as issuer:
        issuer.serve(jwks("one"), at=f"{ISSUER}keys")
        with live(tmp_path, document(), {}, {ISSUER: issuer.url}) as gateway:
            with httpx.Client(trust_env=False, base_url=gateway.url) as client:

                def ask(made: str) -> httpx.Response:
                    return client.get("/orders", headers={"Authorization": f"Bearer {made}"})

                assert ask(token(good)).status_code == 503  # let in; nobody is behind
                assert ask(token(good)).status_code == 503
                refused = ask(token({**good, "iss": ISSUER.rstrip("/")}))
                assert refused.status_code == 401
                assert 'error="invalid_token"' in refused.headers["www-authenticate"]
                issuer.serve(jwks("two"), at=f"{ISSUER}keys")
                until = time.monotonic() + 10  # they are asked for again once a second at most
                while (last := ask(token(good, kid="two"))).status_code == 401:
                    assert time.monotonic() < until
                assert last.status_code == 503
            exchanges = gateway.exchanges()
        assert issuer.asked.count("/keys") == 2
    with Reader(gateway.db) as reader:
        bundle = reader.definition(str(exchanges[0].definition))
    again = [rerun(exchange, gateway_of(str(bundle))) for exchange in exchanges]
    for exchange, run in zip(exchanges, again, strict=True):
        assert run.unknown is None
        assert run.answer is not None
        assert (run.answer.response, run.answer.trace) == (exchange.response, exchange.trace)
    sent = refused.request.headers["authorization"]
    [other] = [each for each in exchanges if each.request.headers.get("authorization") == sent]
    [step] = [step for step in other.trace if step.stage == "authorize"]
    failing = next(check for check in from_fact(step.facts["checks"]) if check.verdict == "failed")
    assert failing.note == "the authorizer has a slash at the end, the token has none"
