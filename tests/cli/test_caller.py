from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from inspector.cli.caller import read_caller
from inspector.cli.exit import CommandError, Exit
from inspector.gateway.environment import Caller


@pytest.fixture(scope="module")
def pem() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ann")])
    start = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 0x0A0B)
    builder = builder.not_valid_before(start).not_valid_after(start + timedelta(days=30))
    certificate = builder.sign(key, hashes.SHA256())
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def _read(tmp_path, content: str) -> Caller:
    file = tmp_path / "caller.yaml"
    file.write_text(content, "utf-8")
    return read_caller(file)


def test_yaml_and_json(tmp_path):
    expected = Caller(source_ip="2001:db8::1", vpc_endpoint="vpce-1", principal="ann")
    text = "source_ip: 2001:db8::1\nvpc_endpoint: vpce-1\nprincipal: ann\n"
    assert _read(tmp_path, text) == expected
    data = {"source_ip": "2001:db8::1", "vpc_endpoint": "vpce-1", "principal": "ann"}
    assert _read(tmp_path, json.dumps(data)) == expected


@pytest.mark.parametrize("inline", [True, False])
def test_a_certificate_inline_or_beside_the_file(tmp_path, pem, inline):
    (tmp_path / "ann.pem").write_text(pem)
    caller = _read(tmp_path, json.dumps({"certificate": pem if inline else "ann.pem"}))
    certificate = caller.certificate
    assert certificate is not None
    assert (certificate.subject, certificate.issuer) == ("CN=ann", "CN=ann")
    assert certificate.serial.endswith(":0a:0b")
    assert certificate.not_before == "Mar  4 05:06:07 2026 GMT"
    assert certificate.not_after == "Apr  3 05:06:07 2026 GMT"
    assert certificate.pem == pem


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a: [", r"caller.yaml:1: not YAML or JSON"),
        ("- a", "holds no mapping"),
        ("", "holds no mapping"),
        ("ip: 10.0.0.1", "'ip' is not understood"),
        ("principal: 7", "principal must be a text, not 7"),
        ("source_ip: somewhere", "source_ip: 'somewhere' is no IP address"),
        ("certificate: nowhere.pem", "nowhere.pem cannot be read as PEM"),
        ("certificate: '-----BEGIN CERTIFICATE-----'", "not a certificate in PEM form"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, content, sentence):
    with pytest.raises(CommandError, match=sentence) as caught:
        _read(tmp_path, content)
    assert caught.value.exit_code is Exit.USAGE
    assert "source_ip" in caught.value.hint


def test_a_missing_file(tmp_path):
    with pytest.raises(CommandError, match="no such file"):
        read_caller(tmp_path / "nowhere.yaml")
