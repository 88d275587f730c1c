"""Security schemes and requirements become authorization of methods."""

from __future__ import annotations

import pytest

from inspector.definitions import Loaded
from inspector.model import CognitoAuthorizer, RequestAuthorizer, TokenAuthorizer
from tests.definitions.openapi.reading import MOCK, api, method, said, with_head

POOLS = "COGNITO_USER_POOLS"
SCHEMES = """\
components:
  securitySchemes:
    token:
      type: apiKey
      name: Auth
      in: header
      x-amazon-apigateway-authtype: custom
      x-amazon-apigateway-authorizer:
        type: token
        authorizerUri: u
        identityValidationExpression: "^x"
        authorizerResultTtlInSeconds: 60
    request:
      type: apiKey
      name: X-Api-Key
      in: header
      x-amazon-apigateway-authorizer:
        {type: request, identitySource: method.request.header.A, authorizerUri: u}
    pool:
      type: apiKey
      name: Authorization
      in: header
      x-amazon-apigateway-authtype: cognito_user_pools
      x-amazon-apigateway-authorizer: {type: COGNITO_USER_POOLS, providerARNs: [arn:a, arn:b]}
    key: {type: apiKey, name: X-API-KEY, in: header}
    iam: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
    open: {type: http, scheme: bearer}
    broken:
      {type: apiKey, name: A, x-amazon-apigateway-authorizer: {type: jwt, authorizerUri: u}}
"""


def secured(security: str, extra: str = "summary: s", *, document: str = "[]") -> Loaded:
    schemes = SCHEMES if "broken" in security else SCHEMES[: SCHEMES.index("    broken")]
    return with_head(
        f"{schemes}security: {document}\npaths:\n  /a:\n    get:\n      {security}\n      {extra}\n"
        f"      x-amazon-apigateway-integration: {MOCK}\n"
    )


def test_authorizers_are_read_whether_used_or_not() -> None:
    """Facts 278, 295."""
    token, request, pool = api(secured("description: d")).authorizers.values()
    assert isinstance(token, TokenAuthorizer)
    assert (token.identity_source, token.identity_validation) == (
        "method.request.header.Auth",
        "^x",
    )
    assert (token.ttl_seconds, token.auth_type) == (60, "custom")
    assert isinstance(request, RequestAuthorizer)
    assert (request.identity_source, request.ttl_seconds) == ("method.request.header.A", None)
    assert isinstance(pool, CognitoAuthorizer)
    assert pool.provider_arns == ("arn:a", "arn:b")


@pytest.mark.parametrize(
    ("security", "kind", "authorizer", "scopes", "key", "codes"),
    [
        ("[{token: []}]", "CUSTOM", "token", (), False, []),
        ("[{request: []}]", "CUSTOM", "request", (), False, []),
        ("[{pool: [a/r, a/w]}]", POOLS, "pool", ("a/r", "a/w"), False, []),
        ("[{key: []}]", "NONE", None, (), True, []),
        ("[{token: [], key: []}]", "CUSTOM", "token", (), True, []),
        ("[{iam: []}]", "AWS_IAM", None, (), False, []),
        ("[{open: []}]", "NONE", None, (), False, ["open-scheme"]),
        ("[{nope: []}]", "NONE", None, (), False, ["missing-scheme"]),
        ("[]", "NONE", None, (), False, []),
    ],
)  # fmt: skip
def test_a_requirement_becomes_authorization(
    security: str, kind: str, authorizer: str | None, scopes: tuple[str, ...], key: bool,
    codes: list[str],
) -> None:  # fmt: skip
    found = secured(f"security: {security}", document="[{iam: []}]")
    got = method(found)
    assert (got.authorization_type, got.authorizer) == (kind, authorizer)
    assert (got.authorization_scopes, got.api_key_required) == (scopes, key)
    assert [code for code, _ in said(found)] == codes


def test_the_document_s_security_holds_for_every_method() -> None:
    """Fact 277."""
    found = secured("description: d", document="[{token: []}]")
    assert method(found).authorization_type == "CUSTOM"
    assert found.diagnostics == ()


def test_iam_by_extension() -> None:
    found = secured("description: d", "x-amazon-apigateway-auth: {type: aws_iam}")
    assert method(found).authorization_type == "AWS_IAM"
    assert (
        method(secured("security: [{token: []}]", "x-amazon-apigateway-auth: {type: none}"))
        is not None
    )


def test_an_authorizer_that_cannot_be_used_refuses_the_methods_that_want_it() -> None:
    """Fact 290."""
    found = secured("security: [{broken: []}]")
    assert [code for code, _ in said(found, "error")] == ["authorizer", "invalid-authorizer"]
    assert found.diagnostics[1].message.endswith(
        "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or "
        "COGNITO_USER_POOLS requires a valid authorizer."
    )


def test_resource_policy_and_key_source() -> None:
    found = with_head(
        "x-amazon-apigateway-policy: {Version: '2012-10-17', Statement: []}\n"
        "x-amazon-apigateway-api-key-source: authorizer\n"
    )
    policy = api(found).policy
    assert policy is not None
    assert policy.document == {"Version": "2012-10-17", "Statement": []}
    assert api(found).api_key_source == "AUTHORIZER"
    assert found.diagnostics == ()


@pytest.mark.parametrize("auth", ["{type: AWS_IBM}", "{tyye: AWS_IAM}", "{}"])
def test_an_unknown_type_of_authorization_opens_no_door(auth: str) -> None:
    found = secured("security: []", f"x-amazon-apigateway-auth: {auth}")
    line = next(each.source.line for each in found.diagnostics if each.code == "auth-type")
    assert found.broken
    assert line == method(secured("security: []")).source.line + 2


@pytest.mark.parametrize(
    ("authorizer", "said_of_it"),
    [
        ("{type: cognito_pools, providerARNs: [arn:a]}", "the type 'cognito_pools' is none"),
        ("{type: token}", "authorizerUri is missing"),
    ],
)
def test_an_authorizer_says_what_it_lacks(authorizer: str, said_of_it: str) -> None:
    found = with_head(
        "components: {securitySchemes: {guard: {type: apiKey, name: A, in: header,\n"
        f"  x-amazon-apigateway-authorizer: {authorizer}}}}}}}\n"
        f"paths: {{/a: {{get: {{x-amazon-apigateway-integration: {MOCK}}}}}}}\n"
    )
    [told] = [each for each in found.diagnostics if each.code == "authorizer"]
    assert said_of_it in told.message


@pytest.mark.parametrize("kind", ["http", "oauth2", "openIdConnect"])
def test_schemes_that_amazon_does_not_know_are_said_in_its_words(kind: str) -> None:
    found = with_head(
        f"components: {{securitySchemes: {{other: {{type: {kind}}}}}}}\nsecurity: [{{other: []}}]\n"
    )
    message = f"Unsupported security definition type '{kind}' for 'other'. Ignoring."
    assert [each.message for each in found.diagnostics] == [message]
