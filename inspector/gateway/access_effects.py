"""Asking who holds the secrets: about signatures and certificates of callers; effects and replies."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from inspector.gateway.identity import Identity


@dataclass(frozen=True, slots=True)
class CheckCertificate:
    """Does the truststore of this domain trust the client's certificate?

    `pems`: it and what was sent with it, in PEM form; none: the client showed none. Reply:
    `CertificateChecked`.
    """

    domain: str
    pems: tuple[str, ...]
    now_ms: int

    @property
    def key(self) -> str:
        """The same for the same certificates, whenever they are shown."""
        digest = blake2b("".join(self.pems).encode("utf-8", "replace"), digest_size=12).hexdigest()
        return f"certificate {self.domain} {digest}"


@dataclass(frozen=True, slots=True)
class CertificateChecked:
    """`known`: there is a truststore. `fault` why the certificate is not trusted, in a word."""

    known: bool = True
    fault: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SignedText:
    """A text that may have been signed, and the scope of the key (`date/region/service/…`)."""

    text: str
    scope: str


@dataclass(frozen=True, slots=True)
class CheckSignature:
    """Is `signature` that of one of these texts, under the secret of `access_key`?

    Who holds the secrets answers; none ever comes here. With `any_key` the secrets of all other
    keys are tried, too. Reply: `SignatureChecked`.
    """

    access_key: str
    token: str | None
    signature: str
    texts: tuple[SignedText, ...]
    any_key: bool = False

    @property
    def key(self) -> str:
        """The same for the same signature over the same texts."""
        digest = blake2b(digest_size=12)
        for each in self.texts:
            digest.update(f"{each.scope}\n{each.text}\n".encode("utf-8", "surrogateescape"))
        return f"signature {self.access_key} {self.signature} {digest.hexdigest()}"


@dataclass(frozen=True, slots=True)
class SignatureChecked:
    """`identity` None: nobody has this access key. `matched`: the text that was signed, if any.

    `session`: what is wrong with the session token. `other_key`: the access key whose secret made
    the signature, where that is not the one it claims.
    """

    identity: Identity | None
    matched: int | None = None
    session: Literal["wrong", "expired"] | None = None
    other_key: str | None = None
