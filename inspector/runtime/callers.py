"""A simulated caller, as people write it, made into the `Caller` that the core knows."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from cryptography import x509

from inspector.gateway.environment import Caller, ClientCertificate
from inspector.runtime.certificates import blocks

TEXTS = ("source_ip", "vpc_id", "vpc_endpoint", "principal")
KEYS = (*TEXTS, "certificate")


class CallerError(ValueError):
    """What was written makes no caller; the text says what is wrong."""


def caller_from(content: Mapping[str, Any]) -> Caller:
    """From texts under `KEYS`, each optional; `certificate` holds PEM text. Raises `CallerError`."""
    for key, value in content.items():
        if key not in KEYS:
            raise CallerError(f"{key!r} is not understood")
        if not isinstance(value, str):
            raise CallerError(f"{key} must be a text, not {value!r}")
    _check_address(content.get("source_ip", "127.0.0.1"))
    texts = {key: content[key] for key in TEXTS if key in content}
    pem = content.get("certificate")
    return Caller(**texts, certificate=certificate_from(pem) if pem else None)


def certificate_from(pem: str) -> ClientCertificate:
    """A client's certificate from PEM text, its authorities behind it. Raises `CallerError`."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode("ascii"))
    except ValueError as error:
        raise CallerError("certificate: not a certificate in PEM form") from error
    first, *chain = blocks(pem) or [pem]
    return ClientCertificate(
        pem=first,
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        serial=":".join(re.findall("..", f"{certificate.serial_number:032x}")),
        not_before=_date(certificate.not_valid_before_utc),
        not_after=_date(certificate.not_valid_after_utc),
        chain=tuple(chain),
    )


def content_of(caller: Caller) -> dict[str, str]:
    """What `caller_from` would make this caller of; empty for the caller that all requests have."""
    found = {key: value for key in TEXTS if (value := getattr(caller, key))}
    if caller.certificate is not None:
        found["certificate"] = "".join((caller.certificate.pem, *caller.certificate.chain))
    return {} if caller == Caller() else found


def summary(caller: Caller) -> str:
    """`203.0.113.7 vpce-0a1b CN=ann`: what is simulated, in a few words."""
    usual = Caller()
    parts = [
        caller.source_ip if caller.source_ip != usual.source_ip else "",
        caller.vpc_endpoint or caller.vpc_id or "",
        caller.principal or "",
        caller.certificate.subject if caller.certificate else "",
    ]
    return " ".join(part for part in parts if part)


def _check_address(text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError as error:
        raise CallerError(f"source_ip: {text!r} is no IP address") from error


def _date(moment: Any) -> str:
    """As OpenSSL and `$context.identity.clientCert.validity` write it."""
    return f"{moment:%b} {moment.day:2d} {moment:%H:%M:%S %Y} GMT"
