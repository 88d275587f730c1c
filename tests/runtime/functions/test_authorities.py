"""Whom functions trust that post to their own WebSockets."""

from __future__ import annotations

from pathlib import Path

import certifi
import pytest

from inspector.runtime.functions.authorities import HOSTS, Authorities
from inspector.runtime.functions.spec import FunctionSpec
from inspector.runtime.functions.surroundings import surrounded

OURS = "-----BEGIN CERTIFICATE-----\nours\n-----END CERTIFICATE-----\n"


@pytest.fixture
def confdir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "mitmproxy-ca-cert.pem").write_text(OURS, "utf-8")
    return tmp_path


def test_the_usual_authorities_the_users_and_ours(
    confdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (confdir / "company.pem").write_text("company's", "utf-8")
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", str(confdir / "company.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(confdir / "not there"))
    authorities = Authorities(confdir)
    found = authorities.variables()
    bundle = Path(found["AWS_CA_BUNDLE"])
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        assert found[name] == str(bundle)
    text = bundle.read_text("utf-8")
    assert text.startswith(Path(certifi.where()).read_text("utf-8"))
    assert "company's" in text
    assert text.endswith(OURS)
    assert found["AWS_ACCESS_KEY_ID"] == "inspector"


def test_nothing_where_it_is_not_wanted_or_not_there(confdir: Path) -> None:
    wanted = False
    authorities = Authorities(confdir)
    spec = FunctionSpec(name="f", runtime="python3.12", handler="a.b", root=confdir,
                        environment={"SSL_CERT_FILE": "its own"})  # fmt: skip
    find = surrounded(lambda _: spec, {"A": "1"}, authorities.around(lambda: wanted))
    first = find("f")
    assert first is not None
    assert first.environment == {"A": "1", "SSL_CERT_FILE": "its own"}
    assert find("f") is first
    wanted = True
    trusting = find("f")
    assert trusting is not None
    assert trusting.environment["SSL_CERT_FILE"] == "its own"
    assert Path(trusting.environment["NODE_EXTRA_CA_CERTS"]).is_file()
    assert find("f") is trusting
    assert Authorities(confdir / "elsewhere").variables() == {}


def test_names_that_lead_here(confdir: Path) -> None:
    named = ""
    around = Authorities(confdir).around(lambda: True, lambda: named)
    assert HOSTS not in around()
    named = '{"api.example": ["127.0.0.1", 1]}'
    found = around()
    assert found[HOSTS] == named
    assert around() is found, "functions start anew only where something has changed"
