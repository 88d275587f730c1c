"""What a caller without a good token is told in `www-authenticate`.

Source: access-control facts, section 6, and captures-2026, section 1. Recorded are: no token, the
number of segments, the audience, the expiry, the scopes; by others' code and logs: discovery, keys
and the algorithm. The sentence for a signature is the Go library's; those for issuer, key, `nbf`
and `iat` are not known and follow the pattern.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

#: Failure → the sentence of the client.
SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "segments": "token contains an invalid number of segments",
        "audience": "the token does not have a valid audience",
        "expiry": "the token has expired",
        "scopes": "expected scopes within the token",
        "discovery": "OIDC discovery endpoint communication error",
        "jwks": "JWKS communication error",
        "algorithm": "signing method (alg) is unspecified.",
        # From here on by the pattern, not from a recording.
        "key": "the token does not have a valid key id",
        "signature": "crypto/rsa: verification error",
        "issuer": "the token does not have a valid issuer",
        "not before": "the token is not valid yet",
        "issued at": "the token was issued in the future",
    }
)
#: What was seen at Amazon, so that an explanation can say which wording is ours.
KNOWN = frozenset(
    {"token", "segments", "algorithm", "audience", "expiry", "scopes", "discovery", "jwks"}
)


def challenge(failure: str, sentence: str | None, scopes: Sequence[str]) -> str:
    """The header's value. `failure` `token`: none was sent, which is told by the scheme alone."""
    if failure == "token":
        return "Bearer"
    return (
        f'Bearer scope="{" ".join(scopes)}" error="{error_of(failure)}" '
        f'error_description="{sentence or SENTENCES[failure]}"'
    )


def error_of(failure: str) -> str:
    """The error code of RFC 6750."""
    return "insufficient_scope" if failure == "scopes" else "invalid_token"
