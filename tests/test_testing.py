"""The gateway of other people's tests: its functions, its parameters, what a failure shows."""

from __future__ import annotations

from inspector.testing import Gateway

_URI = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:{}/invocations"
)


def _proxy(name: str) -> dict[str, object]:
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": _URI.format(name)}
    return {"get": {"responses": {}, "x-amazon-apigateway-integration": integration}}


DEFINITION = {
    "openapi": "3.0.1",
    "info": {"title": "shop", "version": "1"},
    "paths": {"/a": _proxy("one:live"), "/b": _proxy("other")},
}
TEMPLATE = {
    "Parameters": {"Name": {"Type": "String"}},
    "Resources": {
        "Api": {"Type": "AWS::ApiGatewayV2::Api",
                "Properties": {"Name": "shop", "ProtocolType": "HTTP"}},
        "Stage": {"Type": "AWS::ApiGatewayV2::Stage",
                  "Properties": {"ApiId": {"Ref": "Api"}, "StageName": {"Ref": "Name"}}},
    },
}  # fmt: skip


def test_a_stand_in_for_each_function() -> None:
    gateway = Gateway(
        DEFINITION,
        function={"one": lambda event: {"statusCode": 200, "body": event["path"]}},
    )
    assert gateway.get("/a").text == "/a"
    failed = gateway.get("/b")
    assert failed.status == 500
    assert "no stand-in for other (there are: one)" in gateway.explain(failed).sentence


def test_one_stand_in_for_all_of_them() -> None:
    gateway = Gateway(DEFINITION, function=lambda event: {"statusCode": 200, "body": event["path"]})
    assert [gateway.get(path).text for path in ("/a", "/b")] == ["/a", "/b"]


def test_what_is_no_json_is_the_functions_error() -> None:
    result = Gateway(DEFINITION, function=lambda event: {"statusCode": {1}}).get("/a")
    assert result.status == 502
    assert any("Unable to marshal response" in line for line in result.story)


def test_the_parameters_of_a_template() -> None:
    assert Gateway(TEMPLATE, parameters={"Name": "blue"}).stage == "blue"


def test_a_result_is_shown_in_short() -> None:
    assert repr(Gateway(DEFINITION).get("/a?x=1")) == "<Result GET /dev/a?x=1 → 200>"
