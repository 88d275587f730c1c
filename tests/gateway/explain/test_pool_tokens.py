"""User pools: which kind of token a method wants (pain 26)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.runtime.local_issuer import LocalIssuer
from inspector.testing import ENVIRONMENT, Gateway

NOW = ENVIRONMENT.time_ms // 1000
POOL = "us-east-1_Clinic001"
ISSUER = f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}"
MOCK = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": {"default": {"statusCode": "200"}},
}
CLAIMS = {"iss": ISSUER, "sub": "rex", "iat": NOW, "auth_time": NOW, "exp": NOW + 600}
ID = {**CLAIMS, "token_use": "id", "aud": "client"}
ACCESS = {**CLAIMS, "token_use": "access", "client_id": "client", "scope": "pets/read"}


def _document() -> dict[str, object]:
    def method(*scopes: str) -> dict[str, object]:
        return {"security": [{"pool": list(scopes)}], "x-amazon-apigateway-integration": MOCK}

    arn = f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{POOL}"
    authorizer = {"type": "cognito_user_pools", "providerARNs": [arn]}
    scheme = {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": authorizer,
    }
    return {
        "openapi": "3.0.1",
        "info": {"title": "pool", "version": "1"},
        "paths": {"/plain": {"get": method()}, "/scoped": {"get": method("pets/read")}},
        "components": {"securitySchemes": {"pool": scheme}},
    }


@pytest.mark.parametrize(
    ("path", "claims", "status"),
    [("/plain", ID, 200), ("/plain", ACCESS, 401), ("/scoped", ACCESS, 200), ("/scoped", ID, 401)],
)
def test_the_kind_of_token_that_the_method_wants_is_named(
    path: str, claims: dict[str, object], status: int, tmp_path: Path
) -> None:
    issuer = LocalIssuer.open(tmp_path / "keys.json")
    file = tmp_path / "api.json"
    file.write_text(json.dumps(_document(), indent=1))
    gateway = Gateway(file, issuers={ISSUER: issuer.public()})
    token = issuer.sign(claims, {"alg": "RS256", "kid": issuer.signing})
    result = gateway.get(path, headers={"Authorization": f"Bearer {token}"})
    assert result.status == status
    if status == 401:
        found = gateway.explain(result)
        assert found.sentence.startswith("The token is of the wrong kind")
        assert found.source is not None
        assert '"pool": [' in file.read_text("utf-8").splitlines()[found.source.line - 1]
        [failed] = [each for each in found.checks if each.name.startswith("token_use")]
        assert failed.actual == claims["token_use"]
        assert failed.expected != claims["token_use"]
