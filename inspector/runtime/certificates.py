"""A client's certificate against a truststore, by what API Gateway says that it looks at.

Sources: developer guide, "Configuring mutual TLS authentication" (REST and HTTP APIs): X.509
syntax, integrity, validity, unbroken names and keys, at most four certificates to a chain, SHA-256,
RSA-2048 and ECDSA-256 at least, self-signed certificates allowed, any authority of the truststore
trusted; revocation is not looked at. Not said, so inferred: an authority need not have its own
authorities in the truststore; extensions (key usage, names) are not looked at, but for an issuer
that says it is no authority.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa

#: Certificates from the client's to the last authority.
LONGEST_CHAIN = 4
_RSA_BITS, _EC_BITS, _HASH_BYTES = 2048, 256, 32
_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?", re.DOTALL)

Fault = Literal["syntax", "untrusted", "expired", "not-yet", "weak", "too-long"]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a certificate is not trusted. `detail` names the certificate and what is wrong."""

    fault: Fault
    detail: str


def blocks(text: str) -> list[str]:
    """The certificates of a PEM file, each as its own PEM text."""
    return _BLOCK.findall(text)


def read(pem: str) -> x509.Certificate:
    """A certificate. Raises ValueError."""
    return x509.load_pem_x509_certificate(pem.encode("ascii", "replace"))


def verify(
    pems: Sequence[str], truststore: Sequence[x509.Certificate], now: datetime
) -> Refused | None:
    """The client's certificate, first in `pems`, and what it sent with it. None: it is trusted."""
    try:
        leaf, *sent = [read(pem) for pem in pems]
    except ValueError as error:
        return Refused("syntax", str(error))
    path = _path(leaf, sent, truststore)
    if path is None:
        issuer = leaf.issuer.rfc4514_string()
        return Refused("untrusted", f"no certificate of the truststore issued it (issuer {issuer})")
    for certificate in path:
        fault = _out_of_date(certificate, now) or _too_weak(certificate)
        if fault is not None:
            return fault
    if len(path) > LONGEST_CHAIN:
        return Refused("too-long", f"{len(path)} certificates, {LONGEST_CHAIN} are allowed")
    return None


def doubts(certificate: x509.Certificate, now: datetime) -> Refused | None:
    """What Amazon would warn of when a truststore has this certificate."""
    return _out_of_date(certificate, now) or _too_weak(certificate)


def _path(
    leaf: x509.Certificate,
    sent: Sequence[x509.Certificate],
    truststore: Sequence[x509.Certificate],
) -> list[x509.Certificate] | None:
    """From the client's certificate to one that is trusted, and on as far as issuers are known."""
    trusted = set(truststore)
    path, reached = [leaf], leaf in trusted
    while path[-1].issuer != path[-1].subject and len(path) <= LONGEST_CHAIN + len(sent):
        issuer = next(_issuers(path[-1], [*truststore, *sent]), None)
        if issuer is None or issuer in path:
            break
        path.append(issuer)
        reached = reached or issuer in trusted
    return path if reached else None


def _issuers(
    certificate: x509.Certificate, known: Sequence[x509.Certificate]
) -> Iterator[x509.Certificate]:
    for each in known:
        if (
            each.subject == certificate.issuer
            and _is_authority(each)
            and _issued(each, certificate)
        ):
            yield each


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return True  # old authorities have no such extension


def _out_of_date(certificate: x509.Certificate, now: datetime) -> Refused | None:
    name = certificate.subject.rfc4514_string()
    if now > certificate.not_valid_after_utc:
        return Refused("expired", f"{name} was valid until {certificate.not_valid_after_utc}")
    if now < certificate.not_valid_before_utc:
        return Refused("not-yet", f"{name} is valid from {certificate.not_valid_before_utc}")
    return None


def _too_weak(certificate: x509.Certificate) -> Refused | None:
    name, key = certificate.subject.rfc4514_string(), certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < _RSA_BITS:
        return Refused("weak", f"{name} has a key of RSA-{key.key_size}")
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size < _EC_BITS:
        return Refused("weak", f"{name} has a key of {key.curve.name}")
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return Refused("weak", f"{name} has a key that is neither RSA nor ECDSA")
    try:
        algorithm = certificate.signature_hash_algorithm
    except ValueError:  # one that is not known
        algorithm = None
    if algorithm is None or algorithm.digest_size < _HASH_BYTES:
        return Refused("weak", f"{name} is signed with {algorithm.name if algorithm else '?'}")
    return None
