"""The claims of a token that an authorizer would take: for tests, and for "mint a token"."""

from __future__ import annotations

from inspector.gateway.stages.user_pool import issuer_of
from inspector.model import CognitoAuthorizer, JwtAuthorizer

#: Who calls, and as which client, unless said otherwise.
SUBJECT, CLIENT = "local-user", "local-client"


def claims_for(
    authorizer: JwtAuthorizer | CognitoAuthorizer,
    scopes: tuple[str, ...],
    now: int,
    lifetime: int = 3600,
) -> dict[str, object]:
    """Claims that are good from `now` on for `lifetime`, both in seconds.

    `scopes` are those of the route or method; the first is enough. A user pool's token is of the
    kind that the method wants (captures-2026, section 1).
    """
    times: dict[str, object] = {"iat": now, "exp": now + lifetime}
    if isinstance(authorizer, JwtAuthorizer):
        claims: dict[str, object] = {"iss": authorizer.issuer, "sub": SUBJECT}
        if authorizer.audience:
            claims["aud"] = authorizer.audience[0]
        return claims | times | ({"scope": scopes[0]} if scopes else {})
    pools = [issuer for issuer in map(issuer_of, authorizer.provider_arns) if issuer]
    claims = {"iss": pools[0] if pools else "", "sub": SUBJECT, "auth_time": now}
    if scopes:
        return claims | {"token_use": "access", "client_id": CLIENT, "scope": scopes[0],
                         "username": SUBJECT} | times  # fmt: skip
    return claims | {"token_use": "id", "aud": CLIENT, "cognito:username": SUBJECT} | times
