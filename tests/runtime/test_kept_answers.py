"""Results of authorizers and keys of issuers, looked at and forgotten."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from inspector.definitions import Bundle, Options, read
from inspector.gateway.deploy import Gateway, deploy
from inspector.gateway.effects import CheckToken, Store
from inspector.runtime.caches import Caches
from inspector.runtime.issuer_places import IssuerPlaces
from inspector.runtime.issuers import Issuers
from inspector.runtime.jose import KeySet
from inspector.runtime.meters import Meters
from inspector.runtime.state import State
from inspector.runtime.state_words import level, title
from tests.gateway.jwt.minting import ISSUER, jwks, token

NOW = 1_700_000_000_000
URI = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/guard/invocations"
API = "arn:aws:execute-api:us-east-1:123456789012:api1"


def gateway(verb: str | None = None) -> Gateway:
    """With methods of their own, or with one `/any` for this one."""
    scheme = {"type": "apiKey", "name": "Authorization", "in": "header",
              "x-amazon-apigateway-authtype": "custom",
              "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": URI}}  # fmt: skip
    method = {"responses": {}, "security": [{"auth": []}],
              "x-amazon-apigateway-integration": {"type": "mock"}}  # fmt: skip
    paths = {"/pets": {"get": method, "post": method}, "/pets/{id}": {"get": method},
             "/open": {"get": {**method, "security": []}}}  # fmt: skip
    document = {
        "openapi": "3.0.1", "info": {"title": "t", "version": "1"},
        "paths": paths if verb is None else {"/any": {verb: method}},
        "components": {"securitySchemes": {"auth": scheme}},
    }  # fmt: skip
    return deploy(read(Bundle({"a.json": json.dumps(document)}, Options(api_id="api1"))).apis)


def line(answer: Any, *, of: Gateway | None = None, cache: str = "authorizer api1/dev auth") -> str:
    caches = Caches()
    value = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    caches.store(Store(cache, '["secret-token"]', value, NOW, 300_000, "request-1"))
    [item] = State(caches, Meters(), gateway=None if of is None else lambda: of).items(NOW + 5_000)
    return level(item.as_data())


def policy(*statements: tuple[str, str]) -> dict[str, Any]:
    listed = [{"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource}
              for effect, resource in statements]  # fmt: skip
    return {"principalId": "ann", "policyDocument": {"Version": "2012-10-17", "Statement": listed}}


AGE = "5 s old, fresh for 4 min 55 s more; filled by request request-1"


def test_a_narrow_policy_tells_which_methods_it_refuses() -> None:
    assert line(policy(("Allow", f"{API}/dev/GET/pets")), of=gateway()) == (
        "policy for ann, refuses POST /pets (statement 0 has a Resource that does not cover it), "
        f"GET /pets/{{id}} (statement 0 has a Resource that does not cover it); {AGE}"
    )


def test_of_any_method_each_is_judged() -> None:
    """The trap: the policy names the method that was called first, and is kept for the others."""

    def said(*statements: tuple[str, str]) -> str:
        return line(policy(*statements), of=gateway("x-amazon-apigateway-any-method"))

    assert said(("Allow", f"{API}/dev/GET/*")) == (
        "policy for ann, refuses DELETE, HEAD, OPTIONS, PATCH, POST, PUT /any (statement 0 has a "
        f"Resource that does not cover it); {AGE}"
    )
    assert said(("Allow", f"{API}/*")) == f"policy for ann, refuses nothing; {AGE}"
    why = "statement 0 has a Resource that does not cover it"
    assert (
        said(("Allow", f"{API}/dev/GET/no")) == f"policy for ann, refuses ANY /any ({why}); {AGE}"
    )


def test_a_wide_policy_refuses_nothing_and_a_deny_is_named() -> None:
    wide = ("Allow", f"{API}/*")
    assert line(policy(wide), of=gateway()) == f"policy for ann, refuses nothing; {AGE}"
    said = line(policy(wide, ("Deny", f"{API}/dev/POST/*")), of=gateway())
    assert said == f"policy for ann, refuses POST /pets (statement 1 denies it); {AGE}"


def test_other_answers_and_apis_that_are_gone() -> None:
    assert line({"isAuthorized": True}) == f"lets in; {AGE}"
    assert line({"isAuthorized": "false"}) == f"keeps out; {AGE}"
    assert line(b"nonsense") == f"cannot be read; {AGE}"
    assert line({"policyDocument": 7}) == f"cannot be read; {AGE}"
    gone = line(policy(("Allow", "*")), of=gateway(), cache="authorizer other/dev auth")
    assert gone == f"policy for ann; {AGE}"


def test_the_keys_of_an_issuer_are_seen_and_forgotten() -> None:
    async def main() -> None:
        asked = []

        def local(_: str) -> KeySet:
            asked.append(1)
            return KeySet.read(jwks(), "keys.json", NOW)

        issuers = Issuers(IssuerPlaces({ISSUER: "local"}, local=local), clock=lambda: 100.0)
        state = State(Caches(), Meters(), issuers)
        for _ in range(2):
            await issuers.check(CheckToken(ISSUER, token().encode()))
        [item] = state.items(NOW)
        assert (item.kind, title(item.as_data())) == ("issuer", ISSUER)
        assert level(item.as_data()) == (
            "one from keys.json; 0 ms old, asked for again in 2 h; 1 good token"
        )
        assert state.reset([item.id], NOW) == [item]
        assert state.items(NOW) == []
        await issuers.check(CheckToken(ISSUER, token().encode()))
        assert len(asked) == 2
        await issuers.close()

    asyncio.run(main())
