"""The checks of a signed request, in Amazon's order; asks who holds the secrets, and decides.

Sources: access-control facts, section 3 (sentences as pasted by callers). Amazon names the first
fault only: form, scope, moment, key and token, then the signature itself.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from inspector.gateway.access_effects import CheckSignature, SignatureChecked, SignedText
from inspector.gateway.identity import Identity
from inspector.gateway.sigv4 import moment as moments
from inspector.gateway.sigv4.attempts import attempts
from inspector.gateway.sigv4.canonical import Canonical, canonical, string_to_sign
from inspector.gateway.sigv4.claim import Claim, Incomplete, read
from inspector.message import Request

Check = Generator[CheckSignature, SignatureChecked, "Verified | Rejected"]


@dataclass(frozen=True, slots=True)
class Signing:
    """What a signature has to be made for. `names`: other hosts that clients may have meant.

    `inner_path` is what the API sees behind a custom domain, None where there is none.
    """

    region: str
    service: str
    stage: str
    now_ms: int
    names: tuple[str, ...] = ()
    inner_path: str | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """A good signature."""

    identity: Identity
    claim: Claim


@dataclass(frozen=True, slots=True)
class Mistake:
    """What the client did instead, proven by its own signature. `detail` as in `Attempt`."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why not, with Amazon's error type and sentence. `code` for the trace.

    For a signature that does not match: what should have been signed, and the mistake where one
    of those that are known gives the client's signature.
    """

    error_type: str
    message: str
    code: str
    claim: Claim | None = None
    canonical: Canonical | None = None
    text: str | None = None
    mistake: Mistake | None = None


def check(request: Request, signing: Signing) -> Check:
    """Verify one request."""
    claim = read(request)
    if isinstance(claim, Incomplete):
        return Rejected(claim.error_type, claim.message, claim.code)
    fault = _scope(claim, signing) or moments.check(claim, signing.now_ms)
    right = canonical(request, claim)
    text = string_to_sign(right, moments.in_basic_form(claim.moment), claim.scope)
    if fault is not None:
        return Rejected(fault.error_type, fault.message, fault.code, claim, right, text)
    if "host" not in claim.signed_headers:
        message = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
        return Rejected("InvalidSignatureException", message, "host-not-signed", claim, right, text)
    checked = yield CheckSignature(
        claim.access_key, claim.token, claim.signature, (SignedText(text, str(claim.scope)),)
    )
    if checked.identity is None or checked.session == "wrong":
        message = "The security token included in the request is invalid."
        code = "unknown-key" if checked.identity is None else "wrong-token"
        return Rejected("UnrecognizedClientException", message, code, claim, right, text)
    if checked.session == "expired":
        message = "The security token included in the request is expired"
        return Rejected("ExpiredTokenException", message, "expired-token", claim, right, text)
    if checked.matched is not None:
        return Verified(checked.identity, claim)
    mistake = yield from _find_mistake(request, claim, right, text, signing)
    sentence = _mismatch(right, text)
    return Rejected("InvalidSignatureException", sentence, "mismatch", claim, right, text, mistake)


def _find_mistake(
    request: Request, claim: Claim, right: Canonical, text: str, signing: Signing
) -> Generator[CheckSignature, SignatureChecked, Mistake | None]:
    """All mistakes at once, the right text among them: under another key it may be that one."""
    tried = list(attempts(right, request, claim, signing.stage, signing.names, signing.inner_path))
    texts = (
        SignedText(text, str(claim.scope)),
        *(SignedText(each.text, str(each.scope)) for each in tried),
    )
    found = yield CheckSignature(
        claim.access_key, claim.token, claim.signature, texts, any_key=True
    )
    if found.matched is None:
        return None
    if found.other_key is not None:
        return Mistake("other-key", found.other_key)
    attempt = tried[found.matched - 1]
    return Mistake(attempt.mistake, attempt.detail)


def _scope(claim: Claim, signing: Signing) -> Incomplete | None:
    message = ""
    if claim.scope.region != signing.region:
        message += f"Credential should be scoped to a valid region, not '{claim.scope.region}'. "
    if claim.scope.service != signing.service:
        message += f"Credential should be scoped to correct service: '{signing.service}'. "
    return Incomplete("InvalidSignatureException", message, "scope") if message else None


def _mismatch(right: Canonical, text: str) -> str:
    return (
        "The request signature we calculated does not match the signature you provided. Check "
        "your AWS Secret Access Key and signing method. Consult the service documentation for "
        f"details.\n\nThe Canonical String for this request should have been\n'{right.shown}'\n\n"
        f"The String-to-Sign should have been\n'{text}'\n"
    )
