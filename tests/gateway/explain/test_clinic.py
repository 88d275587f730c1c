"""Each question of the clinic is answered with its true cause, by the line that decides.

The demos run the same requests with the real functions; here they are called in this process.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

import sample_apis
from inspector.cli.demo_credentials import credentials_of
from inspector.gateway.explain import Explanation
from inspector.message import Headers, Request
from inspector.runtime import keyring
from inspector.testing import ENVIRONMENT, Gateway

REST, HTTP = "auth-clinic", "auth-clinic-http"
FUNCTIONS = sample_apis.FOLDER / REST / "functions"


def _handler(name: str) -> Callable[[Any, object], Any]:
    spec = spec_from_file_location(name, FUNCTIONS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[Any, object], Any] = module.handler
    return found


GATE, SHOP = _handler("gate"), _handler("shop")


def _function(event: Any) -> Any:
    asked = "methodArn" in event or "routeArn" in event
    return (GATE if asked else SHOP)(event, None)


ISSUERS = (
    "https://issuer.example/",
    "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Clinic001",
)


def clinic(name: str, **options: Any) -> tuple[Gateway, list[str]]:
    path = sample_apis.load(name).definitions[0]
    gateway = Gateway(path, function=_function, **options)
    return gateway, path.read_text("utf-8").splitlines()


def _told(name: str) -> dict[str, tuple[Explanation, list[str]]]:
    """Every request of a sample in order, explained."""
    sample = sample_apis.load(name)
    with credentials_of(sample, "us-east-1") as credentials:
        assert credentials.issuer is not None
        assert credentials.keys is not None
        gateway, lines = clinic(
            name,
            issuers=dict.fromkeys(ISSUERS, credentials.issuer.public()),
            keys=keyring.read(credentials.keys).keys,
        )
        found = {}
        for each in sample.requests:
            headers = Headers.of([("Host", gateway.api.host), *each.headers])
            if "Host" in dict(each.headers):
                headers = Headers.of(each.headers)
            asked = Request(each.method, f"/dev{each.path}", headers, each.body)
            asked = credentials.complete(each, asked)
            # Tokens and signatures are of now, so the gateway's clock must not be behind.
            gateway.environment = replace(ENVIRONMENT, time_ms=time.time_ns() // 1_000_000)
            result = gateway.request(
                asked.method, headers=asked.headers, body=asked.body, raw_target=asked.target,
                host=dict(each.headers).get("Host"),
            )  # fmt: skip
            assert result.status == each.expect, (each.name, result.story)
            found[each.name] = (gateway.explain(result), lines)
    return found


TOLD = {name: _told(name) for name in (REST, HTTP)}

#: Question, sample, rule, what the deciding line holds.
ANSWERS = [
    ("1 a path spelt", REST, "route.no-match", "/public/prices:"),
    ("2 the stage again", REST, "route.no-match", "/public/prices:"),
    ("3 nothing behind", REST, "route.no-match", "/app/{proxy+}:"),
    ("6 the stage twice", REST, "route.no-match", "/public/prices:"),
    ("11 another method", REST, "route.no-match", "get:"),
    ("13 no token", REST, "authorize.identity-missing", "identitySource: method.request.header.A"),
    ("13 a token that", REST, "authorize.identity-invalid", "identityValidationExpression"),
    ("14 a guest, where an", REST, "authorize.identity-missing", "identitySource: method.request.header.X-Token"),
    ("15 the token in", REST, "authorize.identity-missing", "identitySource: method.request.header.X-Token"),
    ("17 the same policy", REST, "authorize.not-allowed", "authorizerResultTtlInSeconds: 300"),
    ("18 a refusal", REST, "authorize.denied", "authorizerUri"),
    ("18 the cached", REST, "authorize.denied", "authorizerResultTtlInSeconds: 300"),
    ("19 an authorizer that crashes", REST, "authorize.function-error", "authorizerUri"),
    ("19 an authorizer that answers n", REST, "authorize.invalid-answer", "authorizerUri"),
    ("19 an authorizer that answers a", REST, "authorize.invalid-answer", "authorizerUri"),
    ("20 a list", REST, "authorize.invalid-answer", "authorizerUri"),
    ("21 a policy", HTTP, "authorize.invalid-http-answer", "EnableSimpleResponses"),
    ("22 the exact", REST, "authorize.said-unauthorized", "authorizerUri"),
    ("22 an explicit", REST, "authorize.denied", "authorizerUri"),
    ("22 no statement", REST, "authorize.not-allowed", "authorizerUri"),
    ("23 no token", HTTP, "authorize.jwt-refused", "- $request.header.Authorization"),
    ("23 what is", HTTP, "authorize.jwt-refused", "- $request.header.Authorization"),
    ("23 a token that has", HTTP, "authorize.jwt-refused", "AuthorizerId: "),
    ("24 an issuer", HTTP, "authorize.jwt-refused", "Issuer: https://issuer.example/"),
    ("25 a token", HTTP, "authorize.jwt-refused", "- clinic"),
    ("26 the access token, where the", REST, None, "- pool: []"),
    ("26 the ID token, where", REST, None, "- pool: [orders/read]"),
    ("27 a token without", HTTP, "authorize.jwt-scopes", "- clinic/read"),
    ("29 a bearer", REST, "authorize.signature-no-equal-sign", "type: AWS_IAM"),
    ("30 a signature", REST, None, "type: AWS_IAM"),
    ("30 the secret", REST, None, "type: AWS_IAM"),
    ("32 from outside", REST, "admit.denied", "aws:SourceIp"),
    ("33 a signer whose", HTTP, "authorize.not-allowed", "AuthorizationType: AWS_IAM"),
    ("33 no signature", HTTP, "authorize.signature-missing-token", "AuthorizationType: AWS_IAM"),
    ("34 no API key", REST, "meter.no-key", "- api_key: []"),
    ("34 a key that nobody", REST, "meter.unknown-key", "Value: good-key"),
    ("34 a key that is dis", REST, "meter.disabled-key", "Enabled: false"),
    ("34 a key in no", REST, "meter.no-plan", "LonelyKey:"),
    ("34 a key whose", REST, "meter.no-plan", "Stage: prod"),
    ("a busy key, its quota", REST, "meter.quota", "Limit: 1"),
    ("35 a preflight", REST, "authorize.identity-missing", "- token: []"),
    ("36 a refusal", REST, "authorize.identity-missing", "identitySource: method.request.header.A"),
    ("38 a preflight", HTTP, "cors.preflight-not-allowed", "- https://shop.example"),
    ("1 a path spelt", HTTP, "route.no-route", "RouteKey: GET /open"),
    ("7 a slash", HTTP, "route.no-route", "RouteKey: GET /open"),
]  # fmt: skip


def named(sample: str, start: str) -> tuple[Explanation, list[str]]:
    [found] = [each for name, each in TOLD[sample].items() if name.startswith(start)]
    return found


@pytest.mark.parametrize(("question", "sample", "rule", "line"), ANSWERS)
def test_the_cause_is_named_with_its_line(
    question: str, sample: str, rule: str | None, line: str
) -> None:
    found, lines = named(sample, question)
    assert rule is None or found.rule == rule
    assert found.source is not None
    assert line in lines[found.source.line - 1]
    assert found.remedy
    assert found.evidence
    failed = [each.state for each in found.checks if each.stage == found.stage]
    assert "failed" in failed


@pytest.mark.parametrize(
    ("question", "sample", "note", "line"),
    [
        ("7 a slash", REST, "route.trailing-slash", "get:"),
        ("8 an encoded", REST, "route.encoded", "get:"),
        ("9 a semicolon", REST, "query.characters", None),
        ("10 ping", REST, "route.reserved", None),
        ("11 another", REST, "route.method-override", None),
        ("31 a signed", REST, "authorize.header-dropped", "get:"),
        ("36 a refusal", REST, "cors.gateway-response", None),
        ("38 an HTTP API", HTTP, "cors.replaced", "CorsConfiguration:"),
        ("39 a function", REST, "cors.proxy", "uri: !Sub"),
    ],
)
def test_what_surprises_is_noted(question: str, sample: str, note: str, line: str | None) -> None:
    found, lines = named(sample, question)
    [told] = [each for each in found.notes if each.rule == note]
    if line is not None:
        assert told.source is not None
        assert line in lines[told.source.line - 1]


def test_behind_a_domain_the_mapping_s_stage_is_shown() -> None:
    found, lines = named(REST, "2 the stage again")
    assert "clinic.example" in found.sentence
    assert any("Stage: !Ref Dev" in lines[each.line - 1] for each in found.lines)


def test_a_cached_policy_says_by_whom_and_can_be_forgotten() -> None:
    found, _ = named(REST, "17 the same policy")
    assert "cache" in found.sentence
    [forget] = [each for each in found.tries if each.kind == "forget"]
    assert forget.cache is not None
    assert forget.cache.endswith(" cached")


def test_a_good_key_is_offered() -> None:
    found, _ = named(REST, "34 no API key")
    [request] = [each.request for each in found.tries if each.request is not None]
    assert request.headers.get("x-api-key") == "good-key-0123456789abcdef"


def test_what_an_authorizer_raised_is_evidence() -> None:
    found, _ = named(REST, "19 an authorizer that crashes")
    assert "the table of users is gone" in found.sentence


def _token(claims: dict[str, object], header: dict[str, object]) -> str:
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), b"signature")
    return ".".join(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in parts)


@pytest.mark.parametrize(
    ("header", "check"),
    [({"alg": "none"}, "algorithm"), ({"alg": "HS256", "kid": "k"}, "algorithm")],
)
def test_a_token_s_checks_are_listed_first_failure_first(
    header: dict[str, object], check: str
) -> None:
    gateway, _ = clinic(HTTP)
    token = _token({"iss": "https://issuer.example", "aud": "other", "exp": 1}, header)
    told = gateway.explain(gateway.get("/token", headers={"Authorization": f"Bearer {token}"}))
    rows = [each for each in told.checks if each.stage == "authorize"][1:]
    assert [each.name for each in rows if each.state == "failed"] == [check]
    also = {each.name for each in rows if each.state == "noted"}
    assert {"issuer", "audience"} <= also
    sent = next(each for each in rows if each.name == "token")
    assert (sent.state, sent.actual) == ("passed", None)  # it was there: not "nothing"
    assert [each.kind for each in told.tries] == ["token"]


@pytest.mark.slow
@pytest.mark.parametrize("sample", [REST, HTTP])
def test_the_demo_runs_with_the_real_functions(
    sample: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from inspector.cli.app import main  # noqa: PLC0415

    db = tmp_path / "clinic.db"
    assert main(["demo", sample, "--json", "--db", str(db)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(sample_apis.load(sample).requests)
    assert main(["explain", str(db), "last", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rule"] is not None
