"""Authorities and certificates made for a test, good and bad ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Made:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Any

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()  # fmt: skip


def make(
    name: str,
    issuer: Made | None = None,
    *,
    authority: bool | None = None,
    key: Any = None,
    days: tuple[float, float] = (-1, 30),
    digest: Any = None,
) -> Made:
    """Self-signed without an issuer. `authority` None: without the extension that says so."""
    own = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer = own if issuer is None else issuer.key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.certificate.subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + days[0] * DAY)
        .not_valid_after(NOW + days[1] * DAY)
    )
    if authority is not None:
        constraints = x509.BasicConstraints(ca=authority, path_length=None)
        builder = builder.add_extension(constraints, critical=True)
    edwards = isinstance(signer, ed25519.Ed25519PrivateKey)
    algorithm = None if edwards else digest or hashes.SHA256()
    return Made(builder.sign(signer, algorithm), own)


def chain(*names: str) -> list[Made]:
    """An authority, the authorities below it, and a client's certificate at the end."""
    made: list[Made] = []
    for index, name in enumerate(names):
        last = index == len(names) - 1
        made.append(make(name, made[-1] if made else None, authority=not last))
    return made


def weak_rsa() -> Any:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)
