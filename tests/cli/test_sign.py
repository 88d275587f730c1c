"""`inspector sign`: what it prints gets by the gateway's own check; and a client's log compared."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.cli.app import main

HOST = "abcdef1234.execute-api.us-east-1.amazonaws.com"
URL = f"https://{HOST}/dev/pets/a%20b%2A?z=1&a=%C3%A4"
KEYS = """
- access_key: AKIDEXAMPLE
  secret_key: wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
- access_key: AKIDOTHER
  secret_key: another
  session_token: a/session+token
"""
DEFINITION = """openapi: 3.0.0
info: {title: signed, version: "1"}
paths:
  /pets/{id}:
    x-amazon-apigateway-any-method:
      responses: {"200": {description: fine}}
      security: [{iam: []}]
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses: {default: {statusCode: "200"}}
components:
  securitySchemes:
    iam: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    Path("keys.yaml").write_text(KEYS)
    Path("api.yaml").write_text(DEFINITION)

    def call(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = main(list(arguments))
        out, err = capfd.readouterr()
        return int(code), out, err

    return call


def invoke(run: Run, document: dict[str, object], *more: str) -> tuple[int, str, str]:
    """Send what was signed through the definition."""
    url = str(document["url"])
    path = url.removeprefix(f"https://{HOST}/dev")
    headers = [word for name, value in document["headers"] for word in ("-H", f"{name}: {value}")]  # type: ignore[attr-defined]
    body = ["-d", str(document["body"])] if document["body"] else []
    return run("invoke", "api.yaml", str(document["method"]), path, *headers, *body,
               "--keys", "keys.yaml", *more)  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [
        ["--keys", "keys.yaml"],
        ["--keys", "keys.yaml", "--access-key", "AKIDOTHER"],
        ["--keys", "keys.yaml", "-d", '{"a": 1}', "-H", "Content-Type: application/json"],
        ["--keys", "keys.yaml", "--query"],
        ["--keys", "keys.yaml", "--query", "--access-key", "AKIDOTHER", "--expires", "900"],
    ],
)
def test_what_is_signed_gets_in(run: Run, options: list[str]) -> None:
    code, out, _ = run("sign", "POST", URL, *options, "--json")
    assert code == 0
    assert invoke(run, json.loads(out))[0] == 0


def test_curl(run: Run) -> None:
    code, out, err = run("sign", "GET", URL, "--keys", "keys.yaml", "--to", "http://127.0.0.1:8080")
    words = shlex.split(out.replace("\\\n", ""))
    assert (code, err) == (0, "")
    assert words[:2] == ["curl", "http://127.0.0.1:8080/dev/pets/a%20b%2A?z=1&a=%C3%A4"]
    assert f"Host: {HOST}" in words
    assert any(word.startswith("Authorization: AWS4-HMAC-SHA256 Credential=") for word in words)


def test_a_handshake(run: Run) -> None:
    options = ("--keys", "keys.yaml", "--to", "http://127.0.0.1:8080")
    code, out, err = run("sign", "GET", f"wss://{HOST}/dev?a=b", *options)
    words = shlex.split(out)
    assert (code, err) == (0, "")
    assert words[:5] == ["wscat", "-H", f"Host: {HOST}", "-c", "ws://127.0.0.1:8080/dev?a=b"]
    assert any(word.startswith("Authorization: AWS4-HMAC-SHA256 Credential=") for word in words)
    url = f"wss://{HOST}/dev"
    made = json.loads(run("sign", "GET", url, "--keys", "keys.yaml", "--query", "--json")[1])
    assert made["url"].startswith(f"{url}?X-Amz-Algorithm=")


def test_the_shells_key_and_a_profile(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("credentials").write_text(
        "[dev]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = x\n"
    )
    assert "Credential=AKIDPROFILE/" in run("sign", "GET", URL, "--profile", "dev")[1]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDSHELL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    assert "Credential=AKIDSHELL/" in run("sign", "GET", URL)[1]


def test_the_region(run: Run) -> None:
    options = ("--keys", "keys.yaml")
    eu = URL.replace("us-east-1", "eu-west-1")
    assert "/eu-west-1/execute-api/" in run("sign", "GET", eu, *options)[1]
    assert "/us-west-2/" in run("sign", "GET", eu, *options, "--region", "us-west-2")[1]
    _, out, err = run("sign", "GET", "https://api.example/pets", *options, "--service", "lambda")
    assert "/us-east-1/lambda/" in out
    assert "--region" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["GET", "/pets"], "no whole URL"),
        (["GET", URL], "no access key"),
        (["GET", URL, "--profile", "none"], "none"),
        (["GET", URL, "--keys", "missing.yaml"], "missing.yaml"),
        (["GET", URL, "--keys", "keys.yaml", "--access-key", "X"], "AKIDEXAMPLE, AKIDOTHER"),
        (["GET", URL, "--keys", "keys.yaml", "-H", "x"], "NAME: VALUE"),
        (["POST", URL, "--keys", "keys.yaml", "--query", "-d", "x"], "cannot cover a body"),
        (["POST", f"wss://{HOST}/dev", "--keys", "keys.yaml"], "a WebSocket is a GET"),
        (["GET", f"wss://{HOST}/dev", "--keys", "keys.yaml", "--send"], "opens no WebSocket"),
    ],
)
def test_what_makes_no_sense(run: Run, arguments: list[str], words: str) -> None:
    code, out, err = run("sign", *arguments)
    assert (code, out) == (2, "")
    assert words in err


def test_a_clients_log_beside_ours(run: Run) -> None:
    document = json.loads(run("sign", "GET", URL, "--keys", "keys.yaml", "--json")[1])
    document["url"] = str(document["url"]).replace("z=1", "z=2")
    code, out, _ = invoke(run, document, "--json")
    assert code == 1
    steps = json.loads(out)["steps"]
    canonical = next(step["facts"]["canonical"] for step in steps if "canonical" in step["facts"])
    Path("debug.log").write_text(
        f"x [DEBUG] CanonicalRequest:\n{canonical.replace('z=2', 'z=1')}\n"
    )
    _, out, _ = invoke(run, document, "--client-canonical", "debug.log")
    assert "≠ query, from byte" in out
    assert "client  a=%C3%A4&z=1" in out
    assert "  = path" in out
    _, out, _ = invoke(run, document, "--client-canonical", "debug.log", "--json")
    [differing] = [each for each in json.loads(out)["client_canonical"] if not each["same"]]
    assert (differing["part"], differing["at"]) == ("query", len("a=%C3%A4&z="))
    url = str(document["url"]).removeprefix(f"https://{HOST}/dev")
    headers = [word for name, value in document["headers"] for word in ("-H", f"{name}: {value}")]
    explained = ("explain", "api.yaml", "GET", url, *headers, "--keys", "keys.yaml")
    _, out, _ = run(*explained, "--client-canonical", "debug.log")
    assert "≠ query, from byte" in out
    _, out, _ = run(*explained, "--client-canonical", "debug.log", "--json")
    assert [each["part"] for each in json.loads(out)["client_canonical"] if not each["same"]] == [
        "query"
    ]
    good = json.loads(run("sign", "GET", URL, "--keys", "keys.yaml", "--json")[1])
    code, out, _ = invoke(run, good, "--client-canonical", "debug.log")
    assert (code, "nothing to compare" in out) == (0, True)
    Path("debug.log").write_text("nothing here")
    code, _, err = invoke(run, document, "--client-canonical", "debug.log")
    assert (code, "no canonical request" in err) == (2, True)
