"""The canonical request: what both sides put under the signature.

Source: IAM user guide, "Create a signed AWS API request"; Amazon's public test suite is in the
cases. For execute-api the path as it was sent is encoded once more (access-control facts, 3).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from inspector.gateway.sigv4.claim import ALGORITHM, Claim, Scope
from inspector.gateway.sigv4.query import canonical_query, encoded, normalized, octets
from inspector.message import Request

#: A folded header (RFC 9112, 5.2) counts as one line, as in the public test suite.
_BLANKS = re.compile("[ \r\n]+")
EMPTY = sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Canonical:
    """The six parts, in order. `headers` are lines `name:value`."""

    method: str
    path: str
    query: str
    headers: tuple[str, ...]
    signed: tuple[str, ...]
    payload: str

    def __str__(self) -> str:
        lines = (self.method, self.path, self.query, *self.headers, "", ";".join(self.signed))
        return "\n".join((*lines, self.payload))

    @property
    def shown(self) -> str:
        """The same for people: bytes above ASCII as the UTF-8 that they most likely are."""
        return octets(str(self)).decode("utf-8", "replace")


def canonical(request: Request, claim: Claim) -> Canonical:
    """What this request should have been signed as."""
    path, _, query = request.target.partition("?")
    return Canonical(
        request.method,
        encoded(normalized(path), "/"),
        canonical_query(query),
        tuple(header_lines(request, claim.signed_headers)),
        claim.signed_headers,
        sha256(request.body).hexdigest(),
    )


def header_lines(request: Request, names: Iterable[str]) -> list[str]:
    """The signed headers' lines: values of one name joined by commas, blanks collapsed."""
    lines = []
    for name in names:
        values = [_BLANKS.sub(" ", value.strip()) for value in request.headers.all(name)]
        lines.append(f"{name}:{','.join(values)}")
    return lines


def string_to_sign(canonical_request: Canonical, moment: str, scope: Scope) -> str:
    """The text whose HMAC is the signature."""
    digest = sha256(octets(str(canonical_request))).hexdigest()
    return f"{ALGORITHM}\n{moment}\n{scope}\n{digest}"


def signing_key(secret: str, scope: Scope) -> bytes:
    """The key of one day, region and service."""
    key = f"AWS4{secret}".encode()
    for part in (scope.date, scope.region, scope.service, "aws4_request"):
        key = hmac.digest(key, octets(part), "sha256")
    return key


def signature(key: bytes, text: str) -> str:
    """The signature of a text, as lower-case hexadecimal."""
    return hmac.digest(key, octets(text), "sha256").hex()
