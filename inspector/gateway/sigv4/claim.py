"""What a request says about its signature, in the Authorization header or in the query.

Source: IAM user guide, "AWS Signature Version 4 for API requests"; the sentences are those that
callers paste (access-control facts, section 3).
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256

from inspector.gateway.sigv4.query import Pair, octets, pairs
from inspector.message import Request

ALGORITHM = "AWS4-HMAC-SHA256"
ASYMMETRIC = "AWS4-ECDSA-P256-SHA256"
_PART = re.compile(r"\s*([^=,\s]+)=([^,]*?)\s*(?:,|$)")
_SCOPE_PARTS = 5
#: Digits of X-Amz-Expires that are read: a week is six.
_LONGEST = 8


@dataclass(frozen=True, slots=True)
class Scope:
    """Date (`20261124`), region and service that the signing key was made for."""

    date: str
    region: str
    service: str

    def __str__(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


@dataclass(frozen=True, slots=True)
class Claim:
    """A signature with everything that belongs to it. `moment` such as `20261124T101500Z`.

    `expires` in seconds and `presigned` for a signature in the query.
    """

    access_key: str
    scope: Scope
    signed_headers: tuple[str, ...]
    signature: str
    moment: str
    token: str | None
    presigned: bool = False
    expires: int | None = None


@dataclass(frozen=True, slots=True)
class Incomplete:
    """No signature that could be looked at: Amazon's error type, and its sentence."""

    error_type: str
    message: str
    code: str


MISSING = Incomplete(
    "MissingAuthenticationTokenException", "Missing Authentication Token", "missing-token"
)


#: execute-api is signed for one region; Amazon's own sentence is not known.
_SIGV4A = Incomplete(
    "IncompleteSignatureException", f"Unsupported AWS 'algorithm': '{ASYMMETRIC}'.", "sigv4a"
)


def read(request: Request) -> Claim | Incomplete:
    """The claim of a request, or why there is none."""
    found = pairs(request.target.partition("?")[2])
    given = {name.lower(): value for name, value in found}
    if "x-amz-algorithm" in given or "x-amz-signature" in given:
        return _in_query(found)
    authorization = request.headers.get("Authorization")
    if not authorization:
        return MISSING
    return _in_header(request, authorization)


def _in_header(request: Request, authorization: str) -> Claim | Incomplete:
    algorithm, _, rest = authorization.strip().partition(" ")
    if "=" not in authorization:
        digest = b64encode(sha256(octets(authorization)).digest())
        return _incomplete(
            "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with "
            f"SHA-256 and encoded with Base64): '{digest.decode()}'.",
            "no-equal-sign",
        )
    if algorithm == ASYMMETRIC:
        return _SIGV4A
    if "=" in algorithm:
        return _incomplete(
            "Authorization header must begin with the algorithm name, which cannot include an "
            f"equal-sign. Authorization={authorization}",
            "no-algorithm",
        )
    parts = dict(_PART.findall(rest))
    moment = request.headers.get("X-Amz-Date") or request.headers.get("Date")
    lacking = [
        f"Authorization header requires '{name}' parameter."
        for name in ("Credential", "Signature", "SignedHeaders")
        if not parts.get(name)
    ]
    if not moment:
        lacking.append(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        )
    if lacking or moment is None:
        return _incomplete(f"{' '.join(lacking)} Authorization={authorization}", "lacks-parts")
    if algorithm != ALGORITHM:
        return _unsupported(algorithm)
    credential = _credential(parts["Credential"])
    if isinstance(credential, Incomplete):
        return credential
    access_key, scope = credential
    signed = tuple(parts["SignedHeaders"].split(";"))
    token = request.headers.get("X-Amz-Security-Token")
    return Claim(access_key, scope, signed, parts["Signature"], moment.strip(), token)


def _in_query(found: list[Pair]) -> Claim | Incomplete:
    given = dict(found)
    if given.get("X-Amz-Algorithm") == ASYMMETRIC:
        return _SIGV4A
    lacking = [
        f"AWS query-string parameters must include '{name}'."
        for name in ("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature",
                     "X-Amz-SignedHeaders", "X-Amz-Date")
        if not given.get(name)
    ]  # fmt: skip
    if lacking:
        return _incomplete(f"{' '.join(lacking)} Re-examine the query-string parameters.",
                           "lacks-parts")  # fmt: skip
    if given["X-Amz-Algorithm"] != ALGORITHM:
        return _unsupported(given["X-Amz-Algorithm"])
    credential = _credential(given["X-Amz-Credential"])
    if isinstance(credential, Incomplete):
        return credential
    access_key, scope = credential
    expires = given.get("X-Amz-Expires", "")
    return Claim(
        access_key,
        scope,
        tuple(given["X-Amz-SignedHeaders"].split(";")),
        given["X-Amz-Signature"],
        given["X-Amz-Date"],
        given.get("X-Amz-Security-Token"),
        presigned=True,
        expires=int(expires) if expires.isdecimal() and len(expires) < _LONGEST else None,
    )


def _credential(text: str) -> tuple[str, Scope] | Incomplete:
    parts = text.rsplit("/", _SCOPE_PARTS - 1)
    if len(parts) != _SCOPE_PARTS:
        return _incomplete(
            "Credential must have exactly 5 slash-delimited elements, e.g. "
            f"keyid/date/region/service/term, got '{text}'",
            "credential-parts",
        )
    access_key, date, region, service, end = parts
    if end != "aws4_request":
        message = (
            f"Credential should be scoped with a valid terminator: 'aws4_request', not '{end}'. "
        )
        return Incomplete("InvalidSignatureException", message, "terminator")
    return access_key, Scope(date, region, service)


def _unsupported(algorithm: str) -> Incomplete:
    return _incomplete(f"Unsupported AWS 'algorithm': '{algorithm}'.", "algorithm")


def _incomplete(message: str, code: str) -> Incomplete:
    return Incomplete("IncompleteSignatureException", message, code)
