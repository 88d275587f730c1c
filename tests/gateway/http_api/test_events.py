"""Events of functions, both formats, and what their answers become."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from inspector.gateway.effects import FunctionAnswer
from inspector.testing import Gateway, Result

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"


def gateway(version: str = "2.0", function: Any = None, **options: Any) -> Gateway:
    operation = {
        "x-amazon-apigateway-integration": {
            "type": "AWS_PROXY", "uri": FUNCTION, "payloadFormatVersion": version,
        }
    }  # fmt: skip
    document = {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {"/p/{id}": {"x-amazon-apigateway-any-method": operation}},
    }
    return Gateway(document, function=function, **options)


def event(result: Result) -> dict[str, Any]:
    [call] = result.invocations
    found: dict[str, Any] = json.loads(call.payload)
    return found


def test_what_is_not_there_is_absent_in_2_and_null_in_1() -> None:
    two = event(gateway().get("/p/1"))
    for name in ("cookies", "queryStringParameters", "stageVariables", "body"):
        assert name not in two
    assert "authorizer" not in two["requestContext"]
    one = event(gateway("1.0").get("/p/1"))
    for name in (
        "queryStringParameters",
        "multiValueQueryStringParameters",
        "stageVariables",
        "body",
    ):
        assert one[name] is None
    assert one["pathParameters"] == {"id": "1"}


def test_repeated_headers_and_cookies() -> None:
    fields = [
        ("X-A", "1"),
        ("x-a", "2"),
        ("Cookie", "a=1; b=2"),
        ("cookie", "c=3"),
        ("Accept", "x"),
    ]
    two = event(gateway().get("/p/1", headers=fields))
    assert two["headers"]["x-a"] == "1,2"
    assert two["cookies"] == ["a=1", "b=2", "c=3"]
    assert "cookie" not in two["headers"]
    assert list(two["headers"]) == sorted(two["headers"])
    one = event(gateway("1.0").get("/p/1", headers=fields))
    assert (one["headers"]["X-A"], one["multiValueHeaders"]["X-A"]) == ("2", ["1", "2"])
    assert one["headers"]["accept"] == "x"


def test_a_path_is_decoded_in_2_and_as_sent_in_1() -> None:
    path = "/p/%E2%98%95%20x%2By"
    two = event(gateway(stage="dev").get(path))
    assert two["rawPath"] == two["requestContext"]["http"]["path"] == "/dev/p/☕ x+y"
    assert two["pathParameters"] == {"id": "☕ x+y"}
    one = event(gateway("1.0", stage="dev").get(path))
    assert one["path"] == one["requestContext"]["path"] == f"/dev{path}"
    assert one["pathParameters"] == {"id": "☕ x+y"}


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        ("application/json", True), ("text/csv; charset=utf-8", True), ("application/xml", True),
        ("application/javascript", True), ("application/vnd.api+json", True),
        ("application/x-www-form-urlencoded", False), ("application/octet-stream", False),
        ("multipart/form-data; boundary=x", False), (None, False),
    ],
)  # fmt: skip
def test_which_bodies_are_text(content_type: str | None, *, text: bool) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    found = event(gateway().post("/p/1", headers=headers, body="ü=1"))
    assert found["isBase64Encoded"] is not text
    assert found["body"] == ("ü=1" if text else base64.b64encode("ü=1".encode()).decode())


def test_bytes_that_are_no_text_are_base64_whatever_they_are_called() -> None:
    found = event(gateway().post("/p/1", headers={"Content-Type": "text/plain"}, body=b"\xff"))
    assert (found["body"], found["isBase64Encoded"]) == ("/w==", True)


def answered(payload: str, version: str = "2.0") -> Result:
    return gateway(version, lambda _: FunctionAnswer(payload.encode())).get("/p/1")


@pytest.mark.parametrize(
    ("payload", "body"),
    [
        ('{"a" : [1, "b  c"]}', '{"a":[1,"b  c"]}'),
        ('"text"', "text"),
        ('"Special \\"quoted\\" text"', 'Special "quoted" text'),
        ('""', ""),
        ("42", "42"),
        ("true", "true"),
        ("null", "null"),
        ('{"name": "John", "age":', '{"name": "John", "age":'),
        ('{"body": "x"}', '{"body":"x"}'),
    ],
)
def test_what_has_no_status_is_the_body_of_a_200(payload: str, body: str) -> None:
    result = answered(payload)
    assert (result.status, result.text) == (200, body)
    assert result.headers.get("content-type") == "application/json"


@pytest.mark.parametrize(
    ("version", "payload"),
    [
        ("2.0", '{"statusCode": 200.5}'),
        ("2.0", '{"statusCode": null}'),
        ("2.0", '{"statusCode": "many"}'),
        ("2.0", '{"statusCode": 200, "headers": "none"}'),
        ("2.0", '{"statusCode": 200, "body": {}}'),
        ("2.0", '{"statusCode": 200, "body": "*", "isBase64Encoded": true}'),
        ("2.0", '{"statusCode": 200, "cookies": "a=b"}'),
        ("1.0", "{}"),
        ("1.0", '"text"'),
        ("1.0", "not json"),
        ("1.0", '{"body": "x"}'),
    ],
)
def test_malformed_answers_are_a_500_that_names_the_key(version: str, payload: str) -> None:
    result = answered(payload, version)
    assert (result.status, result.body) == (500, b'{"message":"Internal Server Error"}')
    assert result.headers.fields[-1][0] == "Apigw-Requestid"
    assert any("no answer of format" in sentence for sentence in result.story)


def test_the_form_with_all_its_members() -> None:
    result = answered(json.dumps({
        "statusCode": "201", "headers": {"x-probe": True, "Content-Type": "image/png"},
        "body": base64.b64encode(b"\x89PNG").decode(), "isBase64Encoded": True,
        "cookies": ["a=1", "b=2"], "multiValueHeaders": {"x-not-read": ["1"]}, "other": 1,
    }))  # fmt: skip
    assert (result.status, result.body) == (201, b"\x89PNG")
    assert result.headers.all("set-cookie") == ("a=1", "b=2")
    assert [name for name, _ in result.headers] == [
        "Date", "Content-Type", "Content-Length", "Connection", "X-Probe", "Set-Cookie", "Set-Cookie",
        "Apigw-Requestid",
    ]  # fmt: skip
    one = answered(json.dumps({"statusCode": 200, "multiValueHeaders": {"set-cookie": ["a=1", "b=2"]},
                               "body": "x"}), "1.0")  # fmt: skip
    assert one.headers.all("set-cookie") == ("a=1", "b=2")
    assert one.headers.get("content-type") == "text/plain; charset=utf-8"
    none = answered(json.dumps({"statusCode": 200, "headers": {"x-a": "1"},
                                "multiValueHeaders": {"X-A": []}}), "1.0")  # fmt: skip
    assert (none.status, none.headers.all("x-a")) == (200, ("1",))
