"""`--caller FILE`: who calls, where all local traffic would come from 127.0.0.1."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Any

import yaml
from cryptography import x509

from inspector.cli.exit import CommandError, Exit
from inspector.gateway.environment import Caller, ClientCertificate

TEXTS = ("source_ip", "vpc_id", "vpc_endpoint", "principal")
KEYS = (*TEXTS, "certificate")
EXAMPLE = "Expected, each optional: " + ", ".join(KEYS) + " (a PEM file)."


def read_caller(path: Path) -> Caller:
    """The caller that this YAML or JSON file describes."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CommandError(Exit.USAGE, f"--caller {path}: {reason}.", EXAMPLE) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = f":{mark.line + 1}" if (mark := getattr(error, "problem_mark", None)) else ""
        problem = getattr(error, "problem", None) or "not text in UTF-8"
        message = f"--caller {path}{where}: not YAML or JSON: {problem}."
        raise CommandError(Exit.USAGE, message, EXAMPLE) from error
    return _caller(path, content)


def _caller(path: Path, content: Any) -> Caller:
    if not isinstance(content, dict):
        raise _refusal(path, "holds no mapping of names to values")
    for key, value in content.items():
        if key not in KEYS:
            raise _refusal(path, f"{key!r} is not understood")
        if not isinstance(value, str):
            raise _refusal(path, f"{key} must be a text, not {value!r}")
    _check_address(path, content.get("source_ip", "127.0.0.1"))
    texts = {key: content[key] for key in TEXTS if key in content}
    certificate = content.get("certificate")
    return Caller(**texts, certificate=certificate and _certificate(path, certificate))


def _check_address(path: Path, text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError as error:
        raise _refusal(path, f"source_ip: {text!r} is no IP address") from error


def _certificate(path: Path, value: str) -> ClientCertificate:
    """From PEM text, or from the name of a PEM file beside the caller's file."""
    pem = value
    if "-----BEGIN" not in value:
        file = path.parent / Path(value).expanduser()
        try:
            pem = file.read_text("ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise _refusal(path, f"certificate: {file} cannot be read as PEM") from error
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode("ascii"))
    except ValueError as error:
        raise _refusal(path, "certificate: not a certificate in PEM form") from error
    return ClientCertificate(
        pem=pem,
        subject=_distinguished(certificate.subject),
        issuer=_distinguished(certificate.issuer),
        serial=":".join(re.findall("..", f"{certificate.serial_number:032x}")),
        not_before=_date(certificate.not_valid_before_utc),
        not_after=_date(certificate.not_valid_after_utc),
    )


def _distinguished(name: x509.Name) -> str:
    return name.rfc4514_string()


def _date(moment: Any) -> str:
    """As OpenSSL and `$context.identity.clientCert.validity` write it."""
    return f"{moment:%b} {moment.day:2d} {moment:%H:%M:%S %Y} GMT"


def _refusal(path: Path, problem: str) -> CommandError:
    return CommandError(Exit.USAGE, f"--caller {path}: {problem}.", EXAMPLE)
