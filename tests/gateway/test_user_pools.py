"""User pools of REST APIs: what the developer guide says and no case has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inspector.runtime.local_issuer import LocalIssuer
from inspector.testing import ENVIRONMENT, Gateway

NOW = ENVIRONMENT.time_ms // 1000
ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Pool00001"
CLAIMS = {"iss": ISSUER, "sub": "rex", "iat": NOW, "auth_time": NOW, "exp": NOW + 600}
ID = {**CLAIMS, "token_use": "id", "aud": "client"}
ACCESS = {**CLAIMS, "token_use": "access", "client_id": "client", "scope": "pets/read"}


def document(**authorizer: Any) -> dict[str, Any]:
    mock = {"type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "responses": {"default": {"statusCode": "200"}}}  # fmt: skip
    arn = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Pool00001"
    scheme = {
        "type": "apiKey", "name": "Authorization", "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
            "type": "cognito_user_pools", "providerARNs": [arn], **authorizer,
        },
    }  # fmt: skip

    def method(*scopes: str) -> dict[str, Any]:
        return {"security": [{"pool": list(scopes)}], "x-amazon-apigateway-integration": mock}

    return {
        "openapi": "3.0.1",
        "info": {"title": "pool", "version": "1"},
        "paths": {"/plain": {"get": method()}, "/scoped": {"get": method("pets/read")}},
        "components": {"securitySchemes": {"pool": scheme}},
    }


@pytest.mark.parametrize(
    ("path", "claims", "status"),
    [
        ("/plain", ID, 200),
        ("/plain", {**ID, "aud": "other"}, 401),
        # "this validation rejects the request due to the access token not containing the aud field"
        ("/scoped", ACCESS, 401),
    ],
)
def test_the_expression_is_for_the_audience(
    path: str, claims: dict[str, Any], status: int, tmp_path: Path
) -> None:
    """Source: developer guide, "Integrate a REST API with an Amazon Cognito user pool"."""
    issuer = LocalIssuer.open(tmp_path / "keys.json")
    gateway = Gateway(
        document(identityValidationExpression="cli.*"), issuers={ISSUER: issuer.public()}
    )
    token = issuer.sign(claims, {"alg": "RS256", "kid": issuer.signing})
    result = gateway.get(path, headers={"Authorization": token})
    assert result.status == status, result.story
