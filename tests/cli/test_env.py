from __future__ import annotations

import shutil
import subprocess

import pytest

from inspector.cli.exit import Exit


@pytest.fixture
def authority(tmp_path):
    file = tmp_path / "it's a home" / "mitmproxy-ca-cert.pem"
    file.parent.mkdir()
    file.write_text("-----BEGIN CERTIFICATE-----\n")
    return file


def _exported(script: str, name: str) -> str:
    done = subprocess.run(
        ["bash", "-c", f'{script}\nprintf %s "${name}"'], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_shell_gets_proxy_authority_and_exceptions(inspector, authority):
    done = inspector("env", "--confdir", authority.parent, "--listen", "127.0.0.1:9123")
    assert done.returncode == 0, done.stderr
    for name in ("HTTP_PROXY", "https_proxy"):
        assert _exported(done.stdout, name) == "http://127.0.0.1:9123"
    for name in ("SSL_CERT_FILE", "AWS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        assert _exported(done.stdout, name) == str(authority)
    assert "127.0.0.1" in _exported(done.stdout, "NO_PROXY").split(",")


def test_a_wildcard_address_is_reached_by_loopback(inspector, authority):
    done = inspector("env", "--confdir", authority.parent, "--listen", "0.0.0.0:8080")
    assert _exported(done.stdout, "HTTPS_PROXY") == "http://127.0.0.1:8080"


@pytest.mark.parametrize("how", [{"SHELL": "/usr/bin/fish"}, {"--shell": "fish"}])
def test_fish_has_a_syntax_of_its_own(inspector, authority, how):
    option = [word for pair in how.items() if pair[0].startswith("--") for word in pair]
    environment = {name: value for name, value in how.items() if not name.startswith("--")}
    done = inspector("env", "--confdir", authority.parent, *option, **environment)
    assert "set -gx HTTP_PROXY http://127.0.0.1:8080" in done.stdout.splitlines()
    # An apostrophe within single quotes is written \' in fish.
    assert "set -gx SSL_CERT_FILE '" in done.stdout
    assert r"it\'s a home" in done.stdout
    if shutil.which("fish"):
        subprocess.run(["fish", "-n"], input=done.stdout, text=True, check=True)


def test_without_an_authority_it_says_how_to_get_one(inspector, tmp_path):
    done = inspector("env", "--confdir", tmp_path / "empty")
    assert (done.returncode, done.stdout) == (Exit.FAILED, "")
    assert "mitmproxy-ca-cert.pem does not exist" in done.stderr
    assert "inspector up" in done.stderr
