"""`--truststore DOMAIN=FILE`: what a custom domain with mutual TLS trusts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.cli.app import main
from tests.certificates import chain, make
from tests.gateway.shop_template import template
from tests.gateway.test_mutual_tls import DOMAIN

ROOT, CLIENT = chain("root", "ann")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    document = template(Domain=DOMAIN)
    document["Resources"]["Any"]["Properties"]["Integration"] = {"Type": "MOCK"}
    Path("api.json").write_text(json.dumps(document))
    Path("trust.pem").write_text(ROOT.pem)
    Path("old.pem").write_text(make("old", authority=True, days=(-9, -1)).pem)
    Path("client.pem").write_text(CLIENT.pem)
    Path("ann.yaml").write_text("certificate: client.pem\n")

    def call(*options: str) -> tuple[int, str, str]:
        capfd.readouterr()
        arguments = ["invoke", "api.json", "GET", "/orders/7", "--host", "api.example.com"]
        code = int(main([*arguments, *options]))
        out, err = capfd.readouterr()
        return code, out, err

    return call


def test_who_gets_in(run: Run) -> None:
    trusting = ("--truststore", "api.example.com=trust.pem")
    _, out, err = run(*trusting, "--caller", "ann.yaml")
    assert "The truststore of api.example.com trusts CN=ann." in out
    assert "--truststore" not in err
    code, out, _ = run(*trusting)
    assert (code, "none was shown" in out) == (1, True)
    _, out, err = run("--truststore", "api.example.com=old.pem", "--caller", "ann.yaml")
    assert "CN=old was valid until" in err
    assert "is not trusted" in out


def test_what_is_not_checked_is_said_and_refused_by_strict(run: Run) -> None:
    _, out, err = run()
    assert "Say what s3://bucket/trust.pem is: --truststore api.example.com=FILE" in err
    assert "not checked" in out
    code, _, err = run("--strict")
    assert code == 3


@pytest.mark.parametrize("option", ["api.example.com=missing.pem", "api.example.com=ann.yaml", "x"])
def test_what_is_no_truststore(run: Run, option: str) -> None:
    code, out, err = run("--truststore", option)
    assert (code, out) == (2, "")
    assert option.rpartition("=")[2] in err
