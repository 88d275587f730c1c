"""Templates and responses of a proxy, which never uses them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gateway.explain.asking import Asked

API = """\
openapi: 3.0.1
info: {title: shop, version: '1'}
paths:
  /:
    get:
      responses: {'200': {description: fine}}
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:pets/invocations
        responses: RESPONSES
"""


@pytest.mark.parametrize(
    ("responses", "told"),
    [
        ("{default: {statusCode: '200'}}", False),  # on every export of what the console made
        ("{default: {statusCode: '201'}}", True),
        ("{'.*no.*': {statusCode: '200'}}", True),
        ("{default: {statusCode: '200', responseTemplates: {application/json: '{}'}}}", True),
    ],
)
def test_only_what_was_meant_to_work_is_told(responses: str, told: bool, tmp_path: Path) -> None:
    asked = Asked(tmp_path, API.replace("RESPONSES", responses))
    rules = [each.rule for each in asked.why("GET", "/").notes]
    assert rules == (["map-request.unused"] if told else [])
