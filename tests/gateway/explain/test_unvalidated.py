"""A body that its model would have refused, had anybody validated it; and who did not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gateway.explain.asking import Asked, line_of

API = """\
openapi: 3.0.1
info: {title: toys, version: '1'}
x-amazon-apigateway-request-validators:
  all:
    validateRequestBody: true
    validateRequestParameters: true
components:
  schemas:
    Toy: {type: object, required: [name], properties: {name: {type: string}}}
paths:
  /toys:
    post:
      x-amazon-apigateway-request-validator: all
      parameters: [{name: X-Who, in: header, required: true, schema: {type: string}}]
      requestBody:
        content:
          application/json: {schema: {$ref: '#/components/schemas/Toy'}}
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration:
        type: http_proxy
        httpMethod: POST
        uri: https://toys.example.com/toys
  /others:
    post:
      x-amazon-apigateway-request-validator: all
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration:
        type: http_proxy
        httpMethod: POST
        uri: https://toys.example.com/others
"""


@pytest.mark.parametrize(
    ("old", "new", "body", "headers", "held"),
    [
        ("validateRequestBody: true", "validateRequestBody: false", "{}", {"X-Who": "a"}, None),
        ("validateRequestParameters: true", "validateRequestParameters: false",
         '{"name": "a"}', {}, None),
        ("application/json: {", "application/xml: {", "{}", {"X-Who": "a"}, None),
        ("      x-amazon-apigateway-request-validator: all\n      parameters", "      parameters", "{}", {"X-Who": "a"},
         "requestBody:"),
        ("  all:\n", "  every:\n", "{}", {"X-Who": "a"}, None),
    ],
)  # fmt: skip
def test_what_let_it_pass_is_named(
    old: str, new: str, body: str, headers: dict[str, str], held: str | None, tmp_path: Path
) -> None:
    assert API.count(old) == 1
    asked = Asked(tmp_path, API.replace(old, new), backend=lambda _: {"ok": True})
    sent = {**headers, "Content-Type": "application/json"}
    found = asked.why("POST", "/toys", headers=sent, body=body)
    assert not found.wrong
    text = asked.text.splitlines()[line_of(found) - 1]
    assert (held or new.strip()) in text, found.sentence
    assert "nobody validated" in found.sentence or "nothing is validated" in found.sentence


def test_nothing_is_said_of_a_body_that_fits(tmp_path: Path) -> None:
    text = API.replace("validateRequestBody: true", "validateRequestBody: false")
    asked = Asked(tmp_path, text, backend=lambda _: {"ok": True})
    sent = {"Content-Type": "application/json", "X-Who": "a"}
    found = asked.why("POST", "/toys", headers=sent, body='{"name": "a"}')
    assert found.source is None


def test_a_model_that_was_renamed_where_it_is_declared(tmp_path: Path) -> None:
    # The word stands elsewhere, too: what stands nowhere else is the slip.
    text = API.replace("    Toy: {", "    Toi: {").replace("title: toys", "title: Toy shop")
    asked = Asked(tmp_path, text, backend=lambda _: {"ok": True})
    sent = {"Content-Type": "application/json", "X-Who": "a"}
    found = asked.why("POST", "/toys", headers=sent, body="{}")
    assert line_of(found) == asked.line("    Toi: {")
