"""Which line of a policy's statement is named where a Deny covers more than its Sid says."""

from __future__ import annotations

from pathlib import Path

from tests.gateway.explain.asking import Asked, line_of

API = """\
openapi: 3.0.1
info: {title: toys, version: '1'}
x-amazon-apigateway-policy:
  Version: '2012-10-17'
  Statement:
    - Effect: Allow
      Principal: '*'
      Action: execute-api:Invoke
      Resource: execute-api:/*/GET/toys
    - Sid: CellarOnly
      Effect: Deny
      Principal: '*'
      Action: execute-api:Invoke
      Resource: execute-api:/*/GET/cellar
      Condition:
        NotIpAddress:
          aws:SourceIp: 203.0.113.0/24
paths:
  /toys: &path
    get:
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses: {default: {statusCode: '200'}}
  /cellar: *path
"""


def test_a_statement_that_is_about_everything(tmp_path: Path) -> None:
    asked = Asked(tmp_path, API.replace("execute-api:/*/GET/cellar", "execute-api:/*"))
    assert line_of(asked.why("GET", "/toys")) == next(
        n for n, text in enumerate(asked.text.splitlines(), 1) if text.endswith("execute-api:/*")
    )


def test_a_statement_that_is_about_what_it_is_called(tmp_path: Path) -> None:
    asked = Asked(tmp_path, API)
    found = asked.why("GET", "/cellar")
    assert line_of(found) == asked.line("aws:SourceIp")
    # Operator and resource took part, too.
    assert asked.line("NotIpAddress") in [each.line for each in found.lines]
    assert asked.line("GET/cellar") in [each.line for each in found.lines]


def test_what_no_statement_allows_and_no_authorizer_guards(tmp_path: Path) -> None:
    asked = Asked(tmp_path, API.replace("execute-api:/*/GET/toys", "execute-api:/*/PUT/toys"))
    found = asked.why("GET", "/toys")
    assert found.rule == "admit.not-allowed"
    assert "asks for no authorization: the policy alone decides" in found.sentence


def test_an_operator_that_there_is_not_is_said_where_its_statement_let_somebody_in(
    tmp_path: Path,
) -> None:
    text = API.replace("NotIpAddress", "NotIPAddresses").replace("GET/toys", "GET/*")
    asked = Asked(tmp_path, text)
    found = asked.why("GET", "/cellar")
    assert found.status == 200
    [note] = [each for each in found.notes if each.rule == "definition.resource-policy"]
    assert note.text == "'NotIPAddresses' is no condition operator; it is never met"
    assert note.source is not None
    assert note.source.line in (asked.line("NotIPAddresses"), asked.line("aws:SourceIp"))
