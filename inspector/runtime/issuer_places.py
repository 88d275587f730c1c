"""Where issuers are to be found: at their own URL, or where the user says.

`--issuer https://issuer.example=http://127.0.0.1:9000` puts a local server in an issuer's place,
`--issuer all=URL` in the place of every one, `--issuer local` trusts the keys of `inspector token`
(`local:FILE`: those in another file).
A user pool is found where `--endpoint cognito-idp=URL` says, as its other calls are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from inspector.runtime.jose import KeySet
from inspector.runtime.local_issuer import LocalIssuerError

DISCOVERY = "/.well-known/openid-configuration"
#: Stands for every issuer that is not named; and the place that is no URL.
ALL, LOCAL = "all", "local"
_USER_POOL = re.compile(r"https://cognito-idp\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/([^/]+)/?")


class IssuerPlaceError(Exception):
    """A place that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an issuer's documents are: below `base`. `refused`: why nothing is fetched at all."""

    base: str
    declared: str
    refused: str = ""

    def keys_at(self, jwks_uri: str) -> str | None:
        """Where the keys are that the issuer's document names; None where that is not allowed."""
        own = self.declared.rstrip("/")
        if self.base.rstrip("/") != own and (jwks_uri + "/").startswith(own + "/"):
            return self.base.rstrip("/") + jwks_uri[len(own) :]
        if jwks_uri.startswith("https://"):
            return jwks_uri
        return jwks_uri if _origin(jwks_uri) == _origin(self.base) else None


class IssuerPlaces:
    """`places` by issuer; `pools` is the endpoint of user pools.

    `local` gives the local keys, of the file named or ("") the user's own.
    """

    def __init__(
        self,
        places: Mapping[str, str] | None = None,
        pools: str | None = None,
        local: Callable[[str], KeySet] | None = None,
    ) -> None:
        self._places = {name.rstrip("/"): place for name, place in (places or {}).items()}
        self._pools = pools if pools and pools.startswith("http") else None
        self._local = local

    def place_of(self, issuer: str) -> Place | KeySet:
        """Where its documents are, or its keys themselves."""
        own = issuer.rstrip("/")
        place = self._places.get(own)
        pool = _USER_POOL.fullmatch(own)
        if place is None and pool and self._pools is not None:
            place = f"{self._pools.rstrip('/')}/{pool[1]}"
        if place is None:
            place = self._places.get(ALL)
        if place is not None and self._local is not None and is_local(place):
            try:
                return self._local(place.removeprefix(LOCAL).removeprefix(":"))
            except LocalIssuerError as error:
                return Place(place, issuer, str(error))
        if place is not None:
            return Place(place, issuer)
        refused = "" if issuer.startswith("https://") else "an issuer is asked over https only"
        return Place(issuer, issuer, refused)


def is_local(place: str) -> bool:
    """Whether it is a file of local keys."""
    return place == LOCAL or place.startswith(f"{LOCAL}:")


def check(place: str) -> None:
    """Raises `IssuerPlaceError` for what is no place."""
    parts = urlsplit(place)
    if not is_local(place) and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise IssuerPlaceError(
            f"{place!r} is neither http://HOST:PORT nor {LOCAL} nor {LOCAL}:FILE"
        )


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
