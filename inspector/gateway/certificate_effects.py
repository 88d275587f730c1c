"""Asking about a client's certificate, and the answer; two of the core's effects and replies."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b


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
