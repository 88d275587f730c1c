"""The truststores of custom domains with mutual TLS, from files of this machine.

A definition names an object in S3; the user says which file stands for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from inspector.gateway.access_effects import CertificateChecked, CheckCertificate
from inspector.runtime.certificates import blocks, doubts, read, verify


class TruststoreError(Exception):
    """A file that is no truststore; the message says why."""


class Truststores:
    """Performs `CheckCertificate`. By domain, in lower case."""

    def __init__(self, stores: Mapping[str, tuple[x509.Certificate, ...]] | None = None) -> None:
        self._stores = dict(stores or {})

    @classmethod
    def of_files(cls, files: Mapping[str, Path]) -> Truststores:
        """Read all files. Raises `TruststoreError`."""
        return cls({domain.lower(): certificates_in(file) for domain, file in files.items()})

    @property
    def domains(self) -> frozenset[str]:
        """Those that are known."""
        return frozenset(self._stores)

    def check(self, effect: CheckCertificate) -> CertificateChecked:
        """Trusted, or why not; `known` says whether there is a truststore at all."""
        store = self._stores.get(effect.domain)
        if store is None:
            return CertificateChecked(known=False)
        now = datetime.fromtimestamp(effect.now_ms / 1000, UTC)
        refused = verify(effect.pems, store, now)
        if refused is None:
            return CertificateChecked()
        return CertificateChecked(fault=refused.fault, detail=refused.detail)

    def warnings(self, now: datetime) -> Iterator[str]:
        """What Amazon would warn of when it is given these truststores."""
        for domain, store in self._stores.items():
            for certificate in store:
                doubt = doubts(certificate, now)
                if doubt is not None:
                    yield f"the truststore of {domain}: {doubt.detail}"


def certificates_in(file: Path) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM file. Raises `TruststoreError`."""
    try:
        text = file.read_text("utf-8")
    except OSError as error:
        raise TruststoreError(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TruststoreError(f"{file}: not text in PEM form") from error
    return certificates_of(text, str(file))


def certificates_of(text: str, name: str) -> tuple[x509.Certificate, ...]:
    """The certificates in PEM text. Raises `TruststoreError`."""
    found = []
    for number, pem in enumerate(blocks(text), 1):
        try:
            found.append(read(pem))
        except ValueError as error:
            raise TruststoreError(f"{name}: certificate {number}: {error}") from error
    if not found:
        raise TruststoreError(f"{name}: no certificate in PEM form")
    return tuple(found)
