"""Tokens for tests, good and bad, and the key sets that go with them."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from functools import cache
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from inspector.runtime.local_issuer import sign_with_secret

NOW = 1_700_000_000
ISSUER = "https://issuer.example"
CLAIMS: dict[str, Any] = {"iss": ISSUER, "aud": "aud1", "sub": "ann", "exp": NOW + 3600,
                          "iat": NOW - 10}  # fmt: skip


@cache
def rsa(kid: str = "one") -> RSAKey:
    """The same key for the same id."""
    return RSAKey.generate_key(2048, {"kid": kid})


def jwks(*kids: str) -> dict[str, Any]:
    """The public keys."""
    return {"keys": [rsa(kid).as_dict(private=False) for kid in kids or ("one",)]}


def token(
    claims: Any = CLAIMS, kid: str | None = "one", alg: str = "RS256", key: Any = None
) -> str:
    """A signed token; `kid` None leaves it out of the header."""
    header = {"alg": alg, "typ": "JWT"} | ({} if kid is None else {"kid": kid})
    content = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    made: str = jws.serialize_compact(header, content, key or rsa(kid or "one"), algorithms=[alg])
    return made


def unsigned(header: dict[str, Any], claims: dict[str, Any] = CLAIMS, signature: str = "") -> str:
    """Header and claims with any signature, `alg: none` among them."""
    return f"{_segment(header)}.{_segment(claims)}.{signature}"


def hmac_with_public_key(claims: dict[str, Any] = CLAIMS) -> str:
    """The classic confusion: an HMAC whose secret is the issuer's public key."""
    pem = rsa().as_pem(private=False)
    header = {"alg": "HS256", "kid": "one"}
    return sign_with_secret(claims, header, pem)


def elliptic(claims: dict[str, Any] = CLAIMS) -> str:
    """A good signature of a kind that is not taken."""
    return token(claims, alg="ES256", key=ECKey.generate_key("P-256", {"kid": "one"}))


def _segment(value: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
