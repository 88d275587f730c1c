from __future__ import annotations

import pytest

from tests.definitions.openapi.reading import said, with_integration

SQS = "type: aws\nhttpMethod: POST\nuri: arn:aws:apigateway:us-east-1:sqs:path/1/q\n"
HTTP = "type: http\nhttpMethod: GET\nuri: http://x/\n"
CODES = {"no-credentials", "credentials", "caller-credentials"}


@pytest.mark.parametrize(
    ("integration", "code"),
    [
        (SQS, "no-credentials"),
        (SQS + "credentials: arn:aws:iam::123456789012:role/r", None),
        (SQS + "credentials: my-role", "credentials"),
        (SQS + "credentials: 'arn:aws:iam::*:user/*'", "caller-credentials"),
        (HTTP, None),
        (HTTP + "credentials: NONE", "credentials"),
    ],
)
def test_credentials_that_amazon_would_not_take(integration: str, code: str | None) -> None:
    found = {each for each, _ in said(with_integration(integration))} & CODES
    assert found == ({code} if code else set())


def test_firehose_behind_aws_proxy_is_said_to_be_run_otherwise() -> None:
    uri = "arn:aws:apigateway:us-east-1:firehose:action/PutRecord"
    found = with_integration(f"type: aws_proxy\nhttpMethod: POST\nuri: {uri}")
    assert "firehose-proxy" in {code for code, _ in said(found)}


def test_aws_proxy_of_another_service_is_refused() -> None:
    uri = "arn:aws:apigateway:us-east-1:sqs:path/1/q"
    found = with_integration(f"type: aws_proxy\nhttpMethod: POST\nuri: {uri}")
    [wrong] = [each for each in found.diagnostics if each.code == "integration-uri"]
    assert "only supports Lambda function and Firehose stream invocations" in wrong.message
