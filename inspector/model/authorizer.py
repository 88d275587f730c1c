"""Who may call: the authorizers an API declares, one class for each type.

Field names follow the API Gateway API reference (Authorizer) and `x-amazon-apigateway-authorizer`.
"""

from __future__ import annotations

from dataclasses import dataclass

from inspector.model.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseAuthorizer:
    """What all types declare.

    `auth_type` is the document's `x-amazon-apigateway-authtype` (`custom`,
    `cognito_user_pools` …). `identity_source` as written, such as
    `method.request.header.Authorization`, several joined by commas; None where none is given.
    `ttl_seconds` None: not given (Amazon then caches for 300 s).
    """

    name: str
    source: Source
    auth_type: str | None = None
    identity_source: str | None = None
    ttl_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAuthorizer(BaseAuthorizer):
    """`type: token`: a function that is given one header's value."""

    uri: str
    credentials: str | None = None
    identity_validation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAuthorizer(BaseAuthorizer):
    """`type: request`: a function that is given the request's headers, query and context."""

    uri: str
    credentials: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CognitoAuthorizer(BaseAuthorizer):
    """`type: cognito_user_pools`: tokens of the named user pools.

    `identity_validation` is an expression that the token's `aud` has to fit.
    """

    provider_arns: tuple[str, ...] = ()
    identity_validation: str | None = None


Authorizer = TokenAuthorizer | RequestAuthorizer | CognitoAuthorizer
