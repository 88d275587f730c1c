"""Signatures for a custom domain: over the path that the client sends, which names no stage."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from inspector.gateway.identity import Identity
from inspector.gateway.narration import describe
from inspector.message import Headers
from inspector.runtime.keyring import Key
from inspector.testing import Gateway, Result
from tests.gateway.shop_template import template
from tests.gateway.sigv4.clients import SECRET, Sent

ANN = Identity(
    "AKIDEXAMPLE", "arn:aws:iam::123456789012:user/ann", "123456789012", "AIDAANN",
    policies=('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", '
              '"Resource": "*"}]}',),
)  # fmt: skip
DOMAIN = "api.example.com"


def gateway() -> Gateway:
    document: dict[str, Any] = template()
    document["Resources"]["Any"]["Properties"]["AuthorizationType"] = "AWS_IAM"
    document["Resources"]["Route"]["Properties"]["AuthorizationType"] = "AWS_IAM"
    served = Gateway(document, keys=[Key(ANN, SECRET)])
    now = int(datetime.now(UTC).timestamp() * 1000)
    served.environment = replace(served.environment, time_ms=now)
    return served


def call(path: str, signed_path: str, host: str = DOMAIN, signed_host: str = DOMAIN) -> Result:
    served = gateway()
    signed = Sent("GET", signed_path, "b=1&a=2", (), b"", signed_host).signed()
    headers = Headers.of([("Host", host), *signed.headers.without("Host").fields])
    return served.get(f"{path}?b=1&a=2", headers=headers.fields)


@pytest.mark.parametrize("path", ["/orders/7", "/v2/carts/7"])
def test_the_clients_own_path_is_signed(path: str) -> None:
    assert call(path, path).status == 200
    refused = call(path, path.rpartition("/")[0])
    assert refused.status == 403


@pytest.mark.parametrize("signed", ["/7", "/prod/7"])
def test_the_base_path_left_out_is_proven(signed: str) -> None:
    step = next(s for s in call("/orders/7", signed).answer.trace if s.stage == "authorize")
    assert step.facts["mistake"] == "base-path-left-out"
    assert "left the domain's base path out" in describe(step)


def test_the_wrong_host_is_proven() -> None:
    served = gateway()
    result = call("/orders/7", "/orders/7", signed_host=served.api.host)
    assert result.status == 403
    step = next(step for step in result.answer.trace if step.stage == "authorize")
    assert step.facts["mistake"] == "other-host"
    assert "another host name" in describe(step)
