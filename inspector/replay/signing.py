"""Signs a request anew as an AWS client would: by botocore, for execute-api.

Host, Content-Type and the X-Amz headers are signed and nothing else, so that what a client or a
proxy adds on the way does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from inspector.gateway.sigv4.claim import Claim
from inspector.gateway.sigv4.claim import read as claim_of
from inspector.message import Headers, Request

_OLD_HEADERS = ("Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256")
_OLD_PARAMETERS = ("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires",
                   "x-amz-security-token", "x-amz-signature", "x-amz-signedheaders")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key with its secret; `token` of temporary ones."""

    access_key: str
    secret: str
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a signature is made for. `expires` in seconds puts it into the query."""

    region: str
    service: str = "execute-api"
    expires: int | None = None


class NotSignedError(Exception):
    """The text says why."""


def signed(request: Request, credentials: Credentials, purpose: Purpose) -> Request:
    """The request, an older signature taken off, with one of now.

    The Host header, or a target in absolute form, says for which host. Raises `NotSignedError`.
    """
    from botocore.auth import SigV4Auth, SigV4QueryAuth  # noqa: PLC0415  a third of a second
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415
    from botocore.credentials import Credentials as BotoCredentials  # noqa: PLC0415

    bare = unsigned(request)
    scheme, host, target = _place(bare)
    given = {
        name: value
        for name, value in bare.headers
        if name.lower() == "content-type" or name.lower().startswith("x-amz-")
    }
    if purpose.expires is not None:
        given = {}
        if bare.body:
            raise NotSignedError("A signature in the query cannot cover a body.")
    aws = AWSRequest(bare.method, f"{scheme}://{host}{target}", given, bare.body)
    held = BotoCredentials(credentials.access_key, credentials.secret, credentials.token)
    if purpose.expires is None:
        SigV4Auth(held, purpose.service, purpose.region).add_auth(aws)
        added = [(name, str(value)) for name, value in aws.headers.items() if name not in given]
        return replace(bare, headers=Headers((*bare.headers.fields, *added)))
    SigV4QueryAuth(held, purpose.service, purpose.region, purpose.expires).add_auth(aws)
    url = aws.prepare().url
    start = f"{scheme}://{host}"
    absolute = bare.target.startswith(("http://", "https://"))
    return replace(bare, target=url if absolute else url.removeprefix(start))


def unsigned(request: Request) -> Request:
    """The request without its signature, in headers and query."""
    path, mark, query = request.target.partition("?")
    kept = [
        part for part in query.split("&")
        if part.partition("=")[0].lower() not in _OLD_PARAMETERS
    ]  # fmt: skip
    target = f"{path}?{'&'.join(kept)}" if mark and any(kept) else path
    if len(kept) == len(query.split("&")):
        target = request.target
    return replace(request, target=target, headers=request.headers.without(*_OLD_HEADERS))


def purpose_of(request: Request) -> Purpose | None:
    """What an older signature was made for; None where there is none."""
    claim = claim_of(request)
    if not isinstance(claim, Claim):
        return None
    return Purpose(claim.scope.region, claim.scope.service, claim.expires)


def access_key_of(request: Request) -> str | None:
    """Whose key an older signature names."""
    claim = claim_of(request)
    return claim.access_key if isinstance(claim, Claim) else None


def _place(request: Request) -> tuple[str, str, str]:
    if request.target.startswith(("http://", "https://")):
        parts = urlsplit(request.target)
        host = request.host or parts.netloc.rpartition("@")[2]
        query = f"?{parts.query}" if parts.query else ""
        return parts.scheme, host, (parts.path or "/") + query
    if not request.host:
        raise NotSignedError("There is no Host to sign for.")
    return "https", request.host, request.target
