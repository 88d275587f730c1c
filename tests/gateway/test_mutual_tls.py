"""Custom domains with mutual TLS: who gets in, what functions are told, what the trace says."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from inspector.gateway.environment import Caller
from inspector.gateway.narration import describe, remedy
from inspector.runtime.callers import caller_from
from inspector.testing import Gateway, Result
from tests.certificates import NOW, chain, make
from tests.gateway.shop_template import template

ROOT, CLIENT = chain("root", "ann")
STRANGER = make("stranger")
DOMAIN = {
    "Type": "AWS::ApiGateway::DomainName",
    "Properties": {
        "DomainName": "api.example.com",
        "MutualTlsAuthentication": {"TruststoreUri": "s3://bucket/trust.pem"},
    },
}


def gateway(truststore: str | None = ROOT.pem) -> Gateway:
    served = Gateway(
        template(Domain=DOMAIN),
        function=lambda event: {"statusCode": 200, "body": json.dumps(event)},
        truststores={} if truststore is None else {"api.example.com": truststore},
    )
    moment = int(NOW.timestamp() * 1000)
    served.environment = replace(served.environment, time_ms=moment)
    return served


def with_certificate(*pems: str) -> Caller:
    return caller_from({"certificate": "".join(pems)})


def call(path: str = "/orders/7", caller: Caller | None = None, **options: Any) -> Result:
    return gateway(**options).get(path, host="api.example.com", caller=caller)


def test_a_trusted_client_gets_in_and_functions_are_told_who_it_is() -> None:
    result = call(caller=with_certificate(CLIENT.pem))
    assert result.status == 200, result.story
    shown = result.json()["requestContext"]["identity"]["clientCert"]
    assert shown["clientCertPem"] == CLIENT.pem
    assert (shown["subjectDN"], shown["issuerDN"]) == ("CN=ann", "CN=root")
    assert set(shown["validity"]) == {"notBefore", "notAfter"}
    assert list(shown) == [
        "clientCertPem", "subjectDN", "issuerDN", "serialNumber", "validity"
    ]  # fmt: skip
    assert result.answer.trace[0].code == "mutual-tls.trusted"


def test_an_http_api_tells_it_too() -> None:
    result = call("/v2/carts/7", with_certificate(CLIENT.pem))
    context = result.json()["requestContext"]
    assert context["authentication"]["clientCert"]["subjectDN"] == "CN=ann"


@pytest.mark.parametrize(
    ("caller", "code"),
    [
        (None, "mutual-tls.missing"),
        (with_certificate(STRANGER.pem), "mutual-tls.untrusted"),
        (with_certificate(make("late", ROOT, days=(-9, -1)).pem), "mutual-tls.expired"),
    ],
)
@pytest.mark.parametrize("path", ["/orders/7", "/v2/carts/7", "/nowhere"])
def test_who_is_kept_out(path: str, caller: Caller | None, code: str) -> None:
    """Before anything else: an unknown path is not told of either."""
    result = call(path, caller)
    assert (result.status, result.text) == (403, '{"message":"Forbidden"}')
    if path != "/v2/carts/7":
        assert result.headers.get("x-amzn-ErrorType") == "ForbiddenException"
    step = result.answer.trace[0]
    assert (result.answer.stopped_at, step.code) == ("mutual-tls", code)
    assert step.source is not None
    assert step.source.pointer.endswith("/Domain")
    assert describe(step)
    assert remedy(step)


def test_the_default_endpoint_asks_for_nothing() -> None:
    assert gateway().get("/7").status == 200


def test_a_domain_whose_truststore_nobody_named_is_not_checked_and_says_so() -> None:
    result = call(truststore=None)
    assert result.status == 200
    step = result.answer.trace[0]
    assert (step.outcome, step.code) == ("passed", "mutual-tls.not-checked")
    assert "--truststore api.example.com=FILE" in (remedy(step) or "")


def test_a_mapping_template_sees_it() -> None:
    served = Gateway(
        {
            "openapi": "3.0.1",
            "info": {"title": "x", "version": "1"},
            "paths": {"/who": {"get": {
                "responses": {"200": {"description": "x"}},
                "x-amazon-apigateway-integration": {
                    "type": "mock",
                    "requestTemplates": {"application/json": '{"statusCode": 200}'},
                    "responses": {"default": {"statusCode": "200", "responseTemplates": {
                        "application/json": "$context.identity.clientCert.subjectDN "
                        "$context.identity.clientCert.validity.notAfter",
                    }}},
                },
            }}},
        }
    )  # fmt: skip
    caller = with_certificate(CLIENT.pem)
    assert caller.certificate is not None
    assert served.get("/who", caller=caller).text == f"CN=ann {caller.certificate.not_after}"


def test_the_explanation_names_the_setting_and_comes_first() -> None:
    served = gateway()
    result = served.get("/orders/7", host="api.example.com", caller=with_certificate(STRANGER.pem))
    found = served.explain(result)
    assert found.rule == "mutual-tls.untrusted"
    assert found.source is not None
    assert found.source.pointer.endswith("/Domain/Properties/MutualTlsAuthentication")
    states = [(check.stage, check.state) for check in found.checks]
    assert states[0] == ("mutual-tls", "failed")
    assert ("route", "unreached") in states
