"""What a request says about its signature, in the Authorization header or in the query.

Source: IAM user guide, "AWS Signature Version 4 for API requests"; the sentences are those that
callers paste (access-control facts, section 3). A header is shown as the hash of all of it (checked
against a pasted one); callers paste "Missing Authentication Token" for schemes other than AWS4-.
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
TERMINATOR = "aws4_request"
_PART = re.compile(r"\s*([^=,\s]+)=([^,]*?)\s*(?:,|$)")
_SCOPE_PARTS = 5
_AWS4 = "AWS4-"
#: Digits of X-Amz-Expires that are read: a week is six.
_LONGEST = 8


@dataclass(frozen=True, slots=True)
class Scope:
    """Date (`20261124`), region and service that the signing key was made for."""

    date: str
    region: str
    service: str
    terminator: str = TERMINATOR

    def __str__(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/{self.terminator}"


@dataclass(frozen=True, slots=True)
class Parts:
    """What belongs to a signature, as it was sent: the credential not yet taken apart."""

    algorithm: str
    credential: str
    signed_headers: tuple[str, ...]
    signature: str
    moment: str
    token: str | None
    presigned: bool = False
    expires: int | None = None


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
_NO_AWS4 = Incomplete(MISSING.error_type, MISSING.message, "algorithm")


#: execute-api is signed for one region; Amazon's own sentence is not known.
_SIGV4A = Incomplete(
    "IncompleteSignatureException", f"Unsupported AWS 'algorithm': '{ASYMMETRIC}'.", "sigv4a"
)


def read(request: Request) -> Claim | Incomplete:
    """The claim of a request, or why there is none."""
    found = parts(request)
    return found if isinstance(found, Incomplete) else claim_of(found)


def parts(request: Request) -> Parts | Incomplete:
    """The parts of a request's signature, or which are missing."""
    found = pairs(request.target.partition("?")[2])
    given = {name.lower(): value for name, value in found}
    if "x-amz-algorithm" in given or "x-amz-signature" in given:
        return _in_query(found)
    authorization = request.headers.get("Authorization")
    if not authorization:
        return MISSING
    return _in_header(request, authorization)


def claim_of(said: Parts) -> Claim | Incomplete:
    """The parts understood: the algorithm, then the five elements of the credential."""
    if said.algorithm != ALGORITHM:
        return _incomplete(f"Unsupported AWS 'algorithm': '{said.algorithm}'.", "algorithm")
    elements = said.credential.rsplit("/", _SCOPE_PARTS - 1)
    if len(elements) != _SCOPE_PARTS:
        return _incomplete(
            "Credential must have exactly 5 slash-delimited elements, e.g. "
            f"keyid/date/region/service/term, got '{said.credential}'",
            "credential-parts",
        )
    access_key, *scope = elements
    return Claim(
        access_key, Scope(*scope), said.signed_headers, said.signature, said.moment, said.token,
        said.presigned, said.expires,
    )  # fmt: skip


def _in_header(request: Request, authorization: str) -> Parts | Incomplete:
    algorithm, _, rest = authorization.strip().partition(" ")
    digest = b64encode(sha256(octets(authorization)).digest()).decode()
    shown = f"(Hashed with SHA-256 and encoded with Base64) Authorization={digest}"
    if "=" in algorithm:
        return _incomplete(
            "Authorization header must begin with the algorithm name, which cannot include an "
            f"equal-sign. {shown}",
            "no-algorithm",
        )
    if any(piece and "=" not in piece for piece in map(str.strip, rest.split(","))):
        return _incomplete(
            "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with "
            f"SHA-256 and encoded with Base64): '{digest}'.",
            "no-equal-sign",
        )
    if algorithm == ASYMMETRIC:
        return _SIGV4A
    found = dict(_PART.findall(rest))
    moment = request.headers.get("X-Amz-Date") or request.headers.get("Date")
    lacking = [
        f"Authorization header requires '{name}' parameter."
        for name in ("Credential", "Signature", "SignedHeaders")
        # An empty list of headers is complained of later, as one without Host.
        if not found.get(name) and (name != "SignedHeaders" or name not in found)
    ]
    if not moment:
        lacking.append(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        )
    if lacking or moment is None:
        return _incomplete(f"{' '.join(lacking)} {shown}", "lacks-parts")
    if not algorithm.startswith(_AWS4):
        return _NO_AWS4
    signed = tuple(found["SignedHeaders"].split(";"))
    token = request.headers.get("X-Amz-Security-Token")
    return Parts(algorithm, found["Credential"], signed, found["Signature"], moment.strip(), token)


def _in_query(found: list[Pair]) -> Parts | Incomplete:
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
    if not given["X-Amz-Algorithm"].startswith(_AWS4):
        return _NO_AWS4
    expires = given.get("X-Amz-Expires", "")
    return Parts(
        given["X-Amz-Algorithm"],
        given["X-Amz-Credential"],
        tuple(given["X-Amz-SignedHeaders"].split(";")),
        given["X-Amz-Signature"],
        given["X-Amz-Date"],
        given.get("X-Amz-Security-Token"),
        presigned=True,
        expires=int(expires) if expires.isdecimal() and len(expires) < _LONGEST else None,
    )


def _incomplete(message: str, code: str) -> Incomplete:
    return Incomplete("IncompleteSignatureException", message, code)
