"""The checks of a signed request, in Amazon's order; asks who holds the secrets, and decides.

Sources: access-control facts, section 3 (sentences as pasted by callers). Amazon names the first
fault only: form, moment, Host among the signed headers, algorithm, credential and its scope, key
and token, then the signature itself. That is the order of the framework that speaks so, as others
found it at another service of Amazon's (mhart/dynalite); at execute-api nobody recorded it.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from inspector.gateway.access_effects import CheckSignature, SignatureChecked, SignedText
from inspector.gateway.identity import Identity
from inspector.gateway.sigv4 import moment as moments
from inspector.gateway.sigv4.attempts import attempts
from inspector.gateway.sigv4.canonical import Canonical, canonical, string_to_sign
from inspector.gateway.sigv4.claim import TERMINATOR, Claim, Incomplete, Parts, claim_of, parts
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
    said = parts(request)
    if isinstance(said, Incomplete):
        return _rejected(said)
    fault = moments.check(said, signing.now_ms) or _without_host(said)
    claim = claim_of(said)
    if isinstance(claim, Incomplete):
        return _rejected(fault or claim)
    fault = fault or _scope(claim, signing)
    right = canonical(request, claim)
    text = string_to_sign(right, moments.in_basic_form(claim.moment), claim.scope)
    if fault is not None:
        return Rejected(fault.error_type, fault.message, fault.code, claim, right, text)
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


def _rejected(fault: Incomplete) -> Rejected:
    return Rejected(fault.error_type, fault.message, fault.code)


def _without_host(said: Parts) -> Incomplete | None:
    if "host" in (name.lower() for name in said.signed_headers):
        return None
    message = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
    return Incomplete("InvalidSignatureException", message, "host-not-signed")


def _scope(claim: Claim, signing: Signing) -> Incomplete | None:
    """All that is wrong with the scope, in one message; the code is that of the first."""
    scope, faults = claim.scope, []
    if scope.region != signing.region:
        faults.append(
            ("scope", f"Credential should be scoped to a valid region, not '{scope.region}'. ")
        )
    if scope.service != signing.service:
        faults.append(
            ("scope", f"Credential should be scoped to correct service: '{signing.service}'. ")
        )
    if scope.terminator != TERMINATOR:
        message = (
            f"Credential should be scoped with a valid terminator: '{TERMINATOR}', "
            f"not '{scope.terminator}'. "
        )
        faults.append(("terminator", message))
    moment = moments.in_basic_form(claim.moment)
    if scope.date != moment[:8]:
        message = (
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            f"HTTP: '{scope.date}' != '{moment[:8]}', from '{moment}'."
        )
        faults.append(("scope-date", message))
    if not faults:
        return None
    said = "".join(message for _, message in faults)
    return Incomplete("InvalidSignatureException", said, faults[0][0])


def _mismatch(right: Canonical, text: str) -> str:
    return (
        "The request signature we calculated does not match the signature you provided. Check "
        "your AWS Secret Access Key and signing method. Consult the service documentation for "
        f"details.\n\nThe Canonical String for this request should have been\n'{right.shown}'\n\n"
        f"The String-to-Sign should have been\n'{text}'\n"
    )
