"""Tokens of cases: claims signed by a key that the gateway under test is given as the issuer's."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from inspector.gateway.environment import Environment
from inspector.runtime.local_issuer import sign_with_secret
from inspector.testing import ENVIRONMENT

#: Members of `given` that are about tokens.
GIVEN = {"token", "claims", "alg", "kid", "now", "prefix", "signature", "revoked", "discovery",
         "jwks"}  # fmt: skip
#: Seconds behind `iat` at which a token without a `now` is used.
_LATER = 21


_CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}


@cache
def _key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid})


def keys_of(*issuers: str) -> dict[str, dict[str, Any]]:
    """The one key set of all of them."""
    return {issuer: {"keys": [_key("known").as_dict(private=False)]} for issuer in issuers}


def issuers_of(given: Mapping[str, Any], *issuers: str) -> dict[str, dict[str, Any]]:
    """The same, but for what the case says is down."""
    well = ("ok", "up", True, None)
    if given.get("discovery") not in well:
        return {}
    return {each: {} for each in issuers} if given.get("jwks") not in well else keys_of(*issuers)


def sent(given: Mapping[str, Any]) -> str | None:
    """The value of the identity source, None where nothing is sent."""
    token = given.get("claims", given.get("token"))
    if isinstance(token, Mapping):
        token = _signed(token, given)
    return None if token is None else f"{given.get('prefix', 'Bearer ')}{token}"


def environment(given: Mapping[str, Any]) -> Environment:
    """The moment of the case."""
    claims = given.get("claims", given.get("token"))
    issued = claims.get("iat") if isinstance(claims, Mapping) else None
    now = given.get("now", None if issued is None else issued + _LATER)
    return ENVIRONMENT if now is None else replace(ENVIRONMENT, time_ms=int(now * 1000))


def _signed(claims: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """`signature`: `bad`, `invalid`, `other key` and the like are all another key's."""
    algorithm, kid = given.get("alg", "RS256"), given.get("kid", "known")
    header = {"alg": algorithm, "typ": "JWT"} | ({} if kid is None else {"kid": kid})
    if algorithm == "none":
        return f"{_unsigned(header, claims)}."
    if algorithm.startswith("HS"):  # a public key as a secret: that is the case
        return sign_with_secret(claims, header, _key("known").as_pem(private=False))
    if algorithm.startswith("ES"):
        elliptic = ECKey.generate_key(_CURVES[algorithm], {"kid": kid or "known"})
        return str(jws.serialize_compact(header, json.dumps(dict(claims)), elliptic, [algorithm]))
    key: Any = _key("other" if given.get("signature", "good") not in ("good", "valid") else "known")
    made: str = jws.serialize_compact(header, json.dumps(dict(claims)), key, [algorithm])
    return made


def _unsigned(header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    parts = (urlsafe_b64encode(json.dumps(dict(each)).encode()) for each in (header, claims))
    return ".".join(part.rstrip(b"=").decode() for part in parts)
