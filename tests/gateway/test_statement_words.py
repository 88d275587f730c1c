"""A policy's statements in words, one row for each."""

from __future__ import annotations

import json

from inspector.gateway.narration import Evidence, evidence
from inspector.gateway.trace import Fact, Step
from inspector.testing import Gateway

MOCK = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": {"default": {"statusCode": "200"}},
}


def test_each_statement_says_whether_it_covers_the_call_and_why_not() -> None:
    document = {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"x-amazon-apigateway-integration": MOCK}}},
        "x-amazon-apigateway-policy": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "All",
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "execute-api:Invoke",
                    "Resource": "execute-api:/*",
                },
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "execute-api:Invoke",
                    "Resource": "execute-api:/*",
                    "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
                },
            ],
        },
    }
    result = Gateway(document).get("/a")
    admitted = next(step for step in result.answer.trace if step.stage == "admit")
    first, second = (row for row in evidence(admitted) if row.label.startswith("statement"))
    assert (first.label, first.ok) == ("statement 0", True)
    assert first.value.startswith("Allow All covers this call")
    assert (second.label, second.ok) == ("statement 1", None)
    assert "does not cover it" in second.value
    assert second.value.endswith("IpAddress aws:SourceIp 10.0.0.0/8, here 127.0.0.1")


def test_what_another_release_recorded_is_shown_as_it_is() -> None:
    odd: list[str] = ["no JSON", json.dumps({"effect": "Allow"})]
    facts: dict[str, Fact] = {"statements": odd}
    rows = evidence(Step("admit", "ok", "admit.allowed", facts))
    assert rows == [Evidence("statement", text) for text in odd]
