"""A policy's statements as an explanation lists them."""

from __future__ import annotations

from pathlib import Path

from tests.gateway.explain.asking import Asked
from tests.gateway.explain.test_failed_functions import REST

GUARDED = (
    REST.replace(
        "AuthorizationType: NONE", "AuthorizationType: CUSTOM\n      AuthorizerId: !Ref Guard"
    )
    + """\
  Guard:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      Name: guard
      RestApiId: !Ref Api
      Type: TOKEN
      IdentitySource: method.request.header.Authorization
      AuthorizerUri: !Sub arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${Orders.Arn}/invocations
"""
)


def test_a_statement_for_another_resource_says_which(tmp_path: Path) -> None:
    """There is nothing that the call "got" in its place: its own ARN stands above."""
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "arn:other"}
    answer = {"principalId": "ann",
              "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}  # fmt: skip
    asked = Asked(tmp_path, GUARDED, name="template.yaml", function=lambda _: answer)
    found = asked.why("GET", "/", headers={"Authorization": "t"})
    assert found.rule == "authorize.not-allowed"
    [row] = [each for each in found.checks if each.name == "statement 0"]
    assert row.text == "Allow does not fit: resource, which is arn:other"
    assert (row.expected, row.actual) == (None, None)
