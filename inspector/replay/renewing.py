"""A request made good again before it is replayed: signed anew, or with its token made anew."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from inspector.message import Request
from inspector.replay.signing import (
    Credentials,
    NotSignedError,
    Purpose,
    access_key_of,
    purpose_of,
    signed,
)
from inspector.runtime.keyring import Key
from inspector.runtime.local_issuer import LocalIssuer, LocalIssuerError

#: Seconds that a token lives which did not say for how long.
_LIFETIME = 3_600


class NotRenewedError(Exception):
    """The text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Renewer:
    """What can be renewed here. `keys` is asked when needed; `issuers` are files of `inspector token`."""

    keys: Callable[[], Sequence[Key]]
    issuers: tuple[Path, ...] = ()

    def renew(self, request: Request) -> Request:
        """The request as of now. May take a third of a second. Raises `NotRenewedError`."""
        access_key = access_key_of(request)
        if access_key is not None:
            return self._signed(request, access_key)
        for index, (name, value) in enumerate(request.headers):
            scheme, blank, token = value.rpartition(" ")
            parts = _token(token)
            if parts is not None:
                fresh = f"{scheme}{blank}{self._token(*parts)}"
                fields = list(request.headers.fields)
                fields[index] = (name, fresh)
                return replace(request, headers=replace(request.headers, fields=tuple(fields)))
        raise NotRenewedError("It has neither a signature nor a token: there is nothing to renew.")

    def sign(self, request: Request, region: str) -> Request:
        """The request signed for `region`: by the key it names where that is known, else the first.

        Raises `NotRenewedError`.
        """
        keys = self.keys()
        if not keys:
            raise NotRenewedError(
                "There is no key to sign with: start with --keys FILE, or export one."
            )
        named = access_key_of(request)
        key = next((each for each in keys if each.identity.access_key == named), keys[0])
        return _signed_by(key, request, Purpose(region))

    def _signed(self, request: Request, access_key: str) -> Request:
        key = next((each for each in self.keys() if each.identity.access_key == access_key), None)
        purpose = purpose_of(request)
        if key is None or purpose is None:
            raise NotRenewedError(
                f"Nobody here has the secret of {access_key}: start with --keys FILE, or export it."
            )
        return _signed_by(key, request, purpose)

    def _token(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        """The same claims, from now on."""
        for path in self.issuers:
            if not path.exists():
                continue
            try:
                issuer = LocalIssuer.open(path)
            except LocalIssuerError as error:
                raise NotRenewedError(str(error)) from error
            if str(header.get("kid")) in issuer.keys:
                return issuer.sign(_from_now(claims, int(time.time())), header)
        issuer_name = claims.get("iss", "unknown")
        raise NotRenewedError(
            f"The token is of another issuer ({issuer_name}): only those of `inspector token` can "
            "be made anew here."
        )


def _signed_by(key: Key, request: Request, purpose: Purpose) -> Request:
    credentials = Credentials(key.identity.access_key, key.secret, key.token)
    try:
        return signed(request, credentials, purpose)
    except NotSignedError as error:
        raise NotRenewedError(str(error)) from error


def _from_now(claims: dict[str, Any], now: int) -> dict[str, Any]:
    began, ends = claims.get("iat", claims.get("auth_time")), claims.get("exp")
    lifetime = ends - began if isinstance(began, int) and isinstance(ends, int) else _LIFETIME
    fresh = {"iat": now, "exp": now + max(lifetime, 1)}
    if "nbf" in claims:
        fresh["nbf"] = now
    return {**claims, **fresh}


def _token(text: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Header and claims of a JWT; None for any other text."""
    parts = text.split(".")
    if len(parts) != 3 or not text.startswith("eyJ"):
        return None
    try:
        header, claims = (json.loads(urlsafe_b64decode(part + "==")) for part in parts[:2])
    except ValueError:
        return None
    return (header, claims) if isinstance(header, dict) and isinstance(claims, dict) else None
