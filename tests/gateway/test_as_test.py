"""A method by itself, as the console's test runs it."""

from __future__ import annotations

import pytest

from inspector.gateway.as_test import converse_as_test
from inspector.message import Headers, Request
from inspector.runtime.drive import drive
from inspector.testing import ENVIRONMENT, Gateway

DOCUMENT = {
    "openapi": "3.0.1",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/x": {
            "post": {
                "x-amazon-apigateway-integration": {
                    "type": "mock",
                    "requestTemplates": {
                        "application/json": '{"statusCode": 200}',
                        "text/plain": '{"statusCode": 202}',
                    },
                    "responses": {
                        "default": {"statusCode": "200"},
                        "202": {"statusCode": "202"},
                    },
                }
            }
        }
    },
}


@pytest.mark.parametrize(
    "fields", [[], [("Content-Type", "application/json")], [("Content-Type", "text/plain")]]
)
def test_a_body_is_json_whatever_it_says(fields: list[tuple[str, str]]) -> None:
    """The guide: a test ignores other content types; a deployed method does not."""
    gateway = Gateway(DOCUMENT, api_type="rest")
    conversation = converse_as_test(
        gateway._served, gateway.stage, "/x", "POST", path="/x",
        request=Request("POST", "/x", Headers.of(fields), b"{}"), environment=ENVIRONMENT,
    )  # fmt: skip
    answer = drive(conversation, lambda effect: pytest.fail(f"nothing is called: {effect}"))
    assert answer.response.status == 200
    plain = gateway.post("/x", body="{}", headers={"Content-Type": "text/plain"})
    assert plain.status == 202
