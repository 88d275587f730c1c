"""Tokens that are refused: the first check that failed, and the line that wanted otherwise (23-27)."""

from __future__ import annotations

from pathlib import Path

import pytest

import sample_apis
from inspector.runtime.local_issuer import LocalIssuer
from inspector.testing import ENVIRONMENT, Gateway

NOW = ENVIRONMENT.time_ms // 1000
ISSUER = "https://issuer.example/"
GOOD: dict[str, object] = {
    "iss": ISSUER, "aud": "clinic", "iat": NOW, "exp": NOW + 600, "scope": "clinic/read",
}  # fmt: skip


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> LocalIssuer:
    return LocalIssuer.open(tmp_path_factory.mktemp("issuer") / "keys.json")


@pytest.mark.parametrize(
    ("path", "claims", "old", "new", "rule", "line"),
    [
        ("/token", {}, ISSUER + "\n", ISSUER[:-1] + "\n", "authorize.jwt-refused", "Issuer: "),
        ("/token", {}, "- clinic\n", "- klinic\n", "authorize.jwt-refused", "- klinic"),
        ("/token", {"aud": "other"}, "", "", "authorize.jwt-refused", "- clinic"),
        ("/scoped", {}, "- clinic/read", "- clinic/write", "authorize.jwt-scopes", "- clinic/write"),
        ("/scoped", {"scope": "x"}, "", "", "authorize.jwt-scopes", "- clinic/read"),
        ("/token", {"exp": NOW - 5}, "", "", "authorize.jwt-refused", "AuthorizerId: "),
        ("/token", {}, "header.Authorization\n", "header.Auth\n", "authorize.jwt-refused", "- $request.header.Auth"),
    ],
)  # fmt: skip
def test_the_wanted_value_s_line_is_named(
    path: str, claims: dict[str, object], old: str, new: str, rule: str, line: str,
    issuer: LocalIssuer, tmp_path: Path,
) -> None:  # fmt: skip
    text = sample_apis.load("auth-clinic-http").definitions[0].read_text("utf-8")
    assert old in text
    file = tmp_path / "api.yaml"
    file.write_text(text.replace(old, new, 1) if old else text)
    keys = {each: issuer.public() for each in (ISSUER, ISSUER[:-1])}
    gateway = Gateway(file, issuers=keys, function=lambda event: {"statusCode": 200, "body": ""})
    token = issuer.sign({**GOOD, **claims}, {"alg": "RS256", "kid": issuer.signing})
    result = gateway.get(path, headers={"Authorization": f"Bearer {token}"})
    found = gateway.explain(result)
    assert found.rule == rule
    assert found.source is not None
    assert line in file.read_text("utf-8").splitlines()[found.source.line - 1]
    assert [each.kind for each in found.tries] == ["token"]
