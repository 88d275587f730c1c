"""A user pool at moto: its real tokens, its JWKS, and what the gateway says of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from inspector.cli.app import main
from tests import moto_server

pytestmark = pytest.mark.slow
SCOPE = "aws.cognito.signin.user.admin"


@dataclass(frozen=True)
class Pool:
    url: str
    id: str
    access: str
    identity: str


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pytest.importorskip("moto.server", reason="needs moto[server]")
    with moto_server.running() as url:
        client = moto_server.client("cognito-idp", url)
        made = client.create_user_pool(PoolName="users")["UserPool"]["Id"]
        app = client.create_user_pool_client(
            UserPoolId=made, ClientName="app",
            ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        )["UserPoolClient"]["ClientId"]  # fmt: skip
        client.admin_create_user(UserPoolId=made, Username="ann")
        client.admin_set_user_password(
            UserPoolId=made, Username="ann", Password="Ann-12345678", Permanent=True
        )
        tokens = client.admin_initiate_auth(
            UserPoolId=made, ClientId=app, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ann", "PASSWORD": "Ann-12345678"},
        )["AuthenticationResult"]  # fmt: skip
        yield Pool(url, made, tokens["AccessToken"], tokens["IdToken"])


Ask = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def ask(pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd) -> Ask:
    monkeypatch.chdir(tmp_path)

    def run(
        path: str, *headers: str, pools: str | None = None, place: str | None = None
    ) -> tuple[int, dict[str, Any]]:
        Path("api.json").write_text(json.dumps(_document(pools or pool.id)), "utf-8")
        options = [f"--endpoint=cognito-idp={place or pool.url}"]
        for header in headers:
            options += ["-H", header]
        main(["invoke", "api.json", "GET", path, "--json", *options])
        exchange = json.loads(capfd.readouterr().out)
        return exchange["response"]["status"], exchange

    return run


def _document(pool_id: str) -> dict[str, Any]:
    template = '{"sub": "$context.authorizer.claims.sub", "exp": "$context.authorizer.claims.exp"}'
    mock = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200",
                                  "responseTemplates": {"application/json": template}}},
    }  # fmt: skip

    def method(*scopes: str) -> dict[str, Any]:
        return {"get": {"security": [{"pool": list(scopes)}], "responses": {"200": {}},
                        "x-amazon-apigateway-integration": mock}}  # fmt: skip

    arn = f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool_id}"
    scheme = {
        "type": "apiKey", "name": "Authorization", "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [arn]},
    }  # fmt: skip
    return {
        "openapi": "3.0.1", "info": {"title": "pool", "version": "1"},
        "paths": {"/plain": method(), "/scoped": method("other", SCOPE), "/other": method("other")},
        "components": {"securitySchemes": {"pool": scheme}},
    }  # fmt: skip


def checks(exchange: dict[str, Any]) -> dict[str, str]:
    [step] = [step for step in exchange["steps"] if step["stage"] == "authorize"]
    return {name: verdict for name, verdict, *_ in map(json.loads, step["facts"]["checks"])}


def test_each_method_wants_its_kind_of_token(ask: Ask, pool: Pool) -> None:
    """Captures-2026, section 1: recorded."""
    status, exchange = ask("/plain", f"Authorization: Bearer {pool.identity}")
    assert status == 200, exchange
    assert exchange["response"]["body"].startswith('{"sub": "')
    assert " UTC 20" in exchange["response"]["body"]
    assert ask("/plain", f"Authorization: {pool.identity}")[0] == 200
    status, exchange = ask("/plain", f"Authorization: Bearer {pool.access}")
    assert (status, checks(exchange)["token_use"]) == (401, "failed")
    assert ask("/scoped", f"Authorization: Bearer {pool.access}")[0] == 200
    status, exchange = ask("/scoped", f"Authorization: Bearer {pool.identity}")
    assert (status, checks(exchange)["token_use"]) == (401, "failed")
    status, exchange = ask("/other", f"Authorization: Bearer {pool.access}")
    assert (status, checks(exchange)["scopes"]) == (401, "failed")


def test_a_token_of_another_pool(ask: Ask, pool: Pool) -> None:
    status, exchange = ask("/plain", f"Authorization: {pool.identity}", pools="us-east-1_other")
    assert (status, checks(exchange)["issuer"]) == (401, "failed")


def test_a_pool_that_cannot_be_reached(ask: Ask, pool: Pool) -> None:
    place = "http://127.0.0.1:1"
    status, exchange = ask("/plain", f"Authorization: {pool.identity}", place=place)
    assert (status, exchange["response"]["body"]) == (500, '{"message":null}')
    assert checks(exchange)["key"] == "failed"


@pytest.mark.parametrize("headers", [(), ("Authorization: Bearer invalid-jwt",)])
def test_no_token(ask: Ask, headers: tuple[str, ...]) -> None:
    status, exchange = ask("/plain", *headers)
    assert (status, exchange["response"]["body"]) == (401, '{"message":"Unauthorized"}')
