"""`inspector token`: what it makes, who takes it, and where the keys are."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from inspector.cli.app import main
from inspector.runtime.python_process import module_command

API = """openapi: 3.0.1
info: {title: guarded, version: "1"}
components:
  securitySchemes:
    jwt:
      type: oauth2
      x-amazon-apigateway-authorizer:
        type: jwt
        identitySource: $request.header.Authorization
        jwtConfiguration: {issuer: "https://login.example/", audience: [orders]}
paths:
  /orders/{id}:
    get:
      security: [{jwt: [read, write]}]
      x-amazon-apigateway-integration:
        {type: HTTP_PROXY, httpMethod: GET, uri: "http://127.0.0.1:1/", payloadFormatVersion: "1.0"}
  /open:
    get:
      x-amazon-apigateway-integration:
        {type: HTTP_PROXY, httpMethod: GET, uri: "http://127.0.0.1:1/", payloadFormatVersion: "1.0"}
"""
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> Command:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    Path("api.yaml").write_text(API, "utf-8")

    def run(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = main(list(arguments))
        out, err = capfd.readouterr()
        return int(code), out.strip(), err

    return run


def ask(command: Command, *arguments: str, issuer: str = "local") -> dict[str, Any]:
    """What the gateway says to a token made so: status, and the failure of its check."""
    token = command("token", "api.yaml", "GET", "/orders/7", *arguments)[1]
    out = command("invoke", "api.yaml", "GET", "/orders/7", "--json", "--issuer", issuer,
                  "-H", f"Authorization: Bearer {token}")[1]  # fmt: skip
    exchange = json.loads(out)
    [step] = [step for step in exchange["steps"] if step["stage"] == "authorize"]
    return {"status": exchange["response"]["status"], "failure": step["facts"].get("failure")}


@pytest.mark.slow
def test_a_token_for_a_route_is_taken_and_broken_ones_are_not(command: Command) -> None:
    assert ask(command) == {"status": 503, "failure": None}  # past the authorizer, no backend
    for option, failure in (
        ("--expired", "expiry"), ("--not-yet", "not before"), ("--wrong-key", "signature"),
        ("--unsigned", "algorithm"), ("--shared-secret", "algorithm"), ("--kid=x", "key"),
        ("--aud=other", "audience"), ("--iss=https://login.example", "issuer"),
        ("--without=exp", "expiry"),
    ):  # fmt: skip
        assert ask(command, option) == {"status": 401, "failure": failure}, option
    assert ask(command, "--scope=other") == {"status": 403, "failure": "scopes"}
    assert ask(command, "--alg=PS512")["failure"] is None
    assert ask(command, "--rotate")["failure"] is None


POOL = """openapi: 3.0.1
info: {title: pool, version: "1"}
components:
  securitySchemes:
    pool:
      type: apiKey
      name: Authorization
      in: header
      x-amazon-apigateway-authtype: cognito_user_pools
      x-amazon-apigateway-authorizer:
        type: cognito_user_pools
        providerARNs: ["arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc"]
paths:
  /plain: {get: &plain {security: [{pool: []}], responses: {}, x-amazon-apigateway-integration:
    {type: mock, requestTemplates: {application/json: '{"statusCode": 200}'}, responses: {default: {statusCode: "200"}}}}}
  /scoped: {get: {<<: *plain, security: [{pool: [read]}]}}
"""


@pytest.mark.parametrize("path", ["/plain", "/scoped"])
def test_a_user_pools_token_is_of_the_kind_that_the_method_wants(
    command: Command, path: str
) -> None:
    Path("pool.yaml").write_text(POOL, "utf-8")
    token = json.loads(command("token", "pool.yaml", "GET", path, "--json")[1])
    assert token["claims"]["token_use"] == ("id" if path == "/plain" else "access")
    assert token["claims"]["iss"] == "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc"
    header = f"Authorization: {token['token']}"
    out = command("invoke", "pool.yaml", "GET", path, "--json", "--issuer=local", "-H", header)[1]
    assert json.loads(out)["response"]["status"] == 200
    other = "/scoped" if path == "/plain" else "/plain"
    out = command("invoke", "pool.yaml", "GET", other, "--json", "--issuer=local", "-H", header)[1]
    assert json.loads(out)["response"]["status"] == 401


def test_claims_as_they_are_asked_for(command: Command) -> None:
    code, out, _ = command("token", "--json", "--iss", "https://x.example", "--aud=a", "--aud=b",
                           "--claim", 'groups=["x"]', "--claim=n=7", "--claim=t=seven",
                           "--expires=10m", "--without=sub")  # fmt: skip
    claims = json.loads(out)["claims"]
    assert code == 0
    assert (claims["aud"], claims["groups"], claims["n"]) == (["a", "b"], ["x"], 7)
    assert (claims["t"], claims["exp"] - claims["iat"], "sub" in claims) == ("seven", 600, False)
    assert command("token", "--header")[1].startswith("Authorization: Bearer ey")


def test_the_keys_are_for_their_owner_alone(command: Command, tmp_path: Path) -> None:
    keys = tmp_path / "keys" / "mine.json"
    assert command("token", "--key-file", str(keys))[0] == 0
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert ask(command, "--key-file", str(keys))["failure"] == "key"
    assert ask(command, "--key-file", str(keys), issuer=f"local:{keys}")["failure"] is None
    keys.chmod(0o644)
    code, _, err = command("token", "--key-file", str(keys))
    assert (code, "chmod 600" in err) == (2, True)
    keys.chmod(0o600)
    keys.write_text("{}")
    code, _, err = command("token", "--key-file", str(keys))
    assert (code, "no file of `inspector token`" in err) == (2, True)


def test_keys_in_a_work_tree_are_warned_of(command: Command, tmp_path: Path) -> None:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    inside = command("token", "--key-file", str(tmp_path / "repo" / "keys.json"))
    assert "never commit these private keys" in inside[2]
    assert "never commit" not in command("token")[2]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("api.yaml",), 2, "METHOD and PATH are wanted"),
        (("api.yaml", "GET", "/open"), 2, "everybody may call it"),
        (("api.yaml", "GET", "/nowhere"), 2, "has no GET /nowhere"),
        (("--alg", "HS256"), 2, "invalid choice"),
    ],
)
def test_what_makes_no_sense(
    command: Command, arguments: tuple[str, ...], code: int, said: str
) -> None:
    got, out, err = command("token", *arguments)
    assert (got, out) == (code, "")
    assert said in err


@pytest.mark.slow
def test_keys_are_served_until_interrupted(command: Command, tmp_path: Path) -> None:
    served = subprocess.Popen(
        module_command("inspector", "token", "--serve", "127.0.0.1:0"),
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert served.stdout is not None
        url = served.stdout.readline().strip()
        with httpx.Client(trust_env=False) as client:
            found = client.get(f"{url}/pool/.well-known/openid-configuration").json()
            assert found["jwks_uri"] == f"{url}/pool/.well-known/jwks.json"
            [key] = client.get(found["jwks_uri"]).json()["keys"]
            assert (key["kty"], "d" in key, key["use"]) == ("RSA", False, "sig")
            assert client.get(f"{url}/other").status_code == 404
        assert ask(command, issuer=f"https://login.example/={url}")["failure"] is None
        served.send_signal(signal.SIGINT)
        _, err = served.communicate(timeout=10)
        assert (served.returncode, "Stopped." in err) == (0, True)
        assert f"--issuer all={url}" in err
    finally:
        served.kill()
        served.wait()
