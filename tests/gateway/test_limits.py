"""Amazon's limits: what they answer, at which byte, and that each can be switched off by its name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.definitions import Bundle, Options, read
from inspector.gateway.effects import BackendFailure, CallBackend, InvokeFunction
from inspector.gateway.limits import AMAZONS, NAMES, NO_TIMEOUT_MS, without
from inspector.testing import Gateway, Result

_FUNCTION = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:{}/invocations"
)


def document(**more: Any) -> dict[str, Any]:
    template = "#foreach($i in [1..$input.params('n').length()])x#end"

    def method(integration: dict[str, Any], **own: Any) -> dict[str, Any]:
        return {"responses": {}, "x-amazon-apigateway-integration": integration, **own}

    return {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/open/{proxy+}": {
                "x-amazon-apigateway-any-method": method(
                    {
                        "type": "http_proxy", "httpMethod": "ANY",
                        "uri": "http://backend.example/", "timeoutInMillis": 5000,
                    }
                )
            },
            "/signed/{proxy+}": {
                "get": method(
                    {"type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'}},
                    security=[{"sigv4": []}],
                )
            },
            "/function": {
                "post": method(
                    {"type": "aws_proxy", "httpMethod": "POST", "uri": _FUNCTION.format("f")}
                )
            },
            "/loop": {
                "get": method(
                    {
                        "type": "mock",
                        "requestTemplates": {"application/json": '{"statusCode": 200}'},
                        "responses": {
                            "default": {
                                "statusCode": "200",
                                "responseTemplates": {"application/json": template},
                            }
                        },
                    }
                )
            },
        },
        "components": {
            "securitySchemes": {
                "sigv4": {
                    "type": "apiKey", "name": "Authorization", "in": "header",
                    "x-amazon-apigateway-authtype": "awsSigv4",
                }
            }
        },
        **more,
    }  # fmt: skip


def gateway(*off: str, **more: Any) -> Gateway:
    return Gateway(document(**more), no_limits=off, api_type="rest")


def first_code(result: Result) -> str:
    return next(step.code for step in result.answer.trace if step.outcome != "ok")


def test_ten_megabytes_of_body() -> None:
    served = gateway()
    fits = served.post("/open/x", body=bytes(10_485_760))
    assert fits.status == 200
    answered = served.post("/open/x", body=bytes(10_485_761))
    assert (answered.status, answered.text) == (413, "HTTP content length exceeded 10485760 bytes.")
    assert gateway("payload").post("/open/x", body=bytes(10_485_761)).status == 200


def test_headers() -> None:
    served = gateway()
    others = len("Host") + len(served.api.host) + len("X-Large")
    fits = served.get("/open/x", headers={"X-Large": "a" * (10_240 - others)})
    assert fits.status == 200
    over = {"X-Large": "a" * (10_241 - others)}
    answered = served.get("/open/x", headers=over)
    assert (answered.status, answered.text) == (413, "HTTP header is larger than 10240 bytes.")
    assert answered.headers.get("connection") == "close"
    assert answered.answer.trace[0].facts["size"] == 10_241
    assert gateway("headers").get("/open/x", headers=over).status == 200


@pytest.mark.parametrize(("kind", "limit"), [("REGIONAL", 10_240), ("EDGE", 8_192)])
def test_urls(kind: str, limit: int) -> None:
    more = {"x-amazon-apigateway-endpoint-configuration": {"types": [kind]}}
    served = gateway(**more)
    around = len(f"https://{served.api.host}/dev/open/")
    assert served.get("/open/" + "a" * (limit - around)).status == 200
    answered = served.get("/open/" + "a" * (limit - around + 1))
    assert (answered.status, answered.json()) == (414, {"message": "Request URI too long"})
    assert first_code(answered) == "resolve.url-too-long"
    assert gateway("url", **more).get("/open/" + "a" * limit).status == 200


def test_arns_where_a_method_has_authorization() -> None:
    served = gateway()
    around = len(f"arn:aws:execute-api:us-east-1:123456789012:{served.api.id}/dev/GET/signed/")
    fits = served.get("/signed/" + "a" * (1_600 - around))
    assert fits.answer.response_type == "MISSING_AUTHENTICATION_TOKEN"
    answered = served.get("/signed/" + "a" * (1_601 - around))
    assert (answered.status, answered.json()) == (414, {"message": "Request URI too long"})
    assert first_code(answered) == "admit.arn-too-long"
    assert served.get("/open/" + "a" * 2_000).status == 200
    assert gateway("arn").get("/signed/" + "a" * 2_000).status == 403


def test_arns_where_the_api_has_a_policy() -> None:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [allow]}
    answered = gateway(**{"x-amazon-apigateway-policy": policy}).get("/open/" + "a" * 2_000)
    assert answered.status == 414


def test_events_of_functions() -> None:
    served = gateway()
    assert served.post("/function", body="a" * 6_000_000).status == 200
    answered = served.post("/function", body="a" * 6_291_556)
    assert (answered.status, answered.json()) == (413, {"message": "Request Too Long"})
    assert not answered.invocations
    assert gateway("event").post("/function", body="a" * 6_291_556).status == 200


def test_rounds_of_a_foreach() -> None:
    served = gateway()
    assert served.get("/loop?n=" + "a" * 1_000).text == "x" * 1_000
    assert served.get("/loop?n=" + "a" * 1_001).status == 500
    assert gateway("foreach").get("/loop?n=" + "a" * 1_001).text == "x" * 1_001


def test_time() -> None:
    def call(*off: str) -> CallBackend:
        result = gateway(*off).get("/open/x")
        (effect,) = (each for each in result.effects if isinstance(each, CallBackend))
        return effect

    assert call().timeout_ms == 5_000
    assert call("timeout").timeout_ms == NO_TIMEOUT_MS
    function = gateway("timeout").post("/function")
    (invocation,) = (each for each in function.effects if isinstance(each, InvokeFunction))
    assert invocation.timeout_ms == NO_TIMEOUT_MS
    late = Gateway(document(), backend=lambda _: BackendFailure("timeout", ""), api_type="rest")
    answered = late.get("/open/x")
    assert (answered.status, answered.json()) == (504, {"message": "Endpoint request timed out"})


def test_all_of_them_or_none() -> None:
    assert without(()) is AMAZONS
    assert without(("all",)) == without(NAMES)
    everything = gateway("all")
    large = {"X-Large": "a" * 20_000}
    assert everything.get("/open/" + "a" * 20_000, headers=large).status == 200


def test_http_apis_have_theirs() -> None:
    api = {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/{proxy+}": {
                "x-amazon-apigateway-any-method": {
                    "x-amazon-apigateway-integration": {
                        "type": "http_proxy", "httpMethod": "ANY", "uri": "http://b.example/",
                        "payloadFormatVersion": "1.0",
                    }
                }
            }
        },
    }  # fmt: skip
    large = {"X-Large": "a" * 20_000}
    assert Gateway(api).get("/x", headers=large).status == 431
    assert Gateway(api, no_limits=["headers"]).get("/x", headers=large).status == 200
    effects = Gateway(api, no_limits=["timeout"]).get("/x").effects
    assert [each.timeout_ms for each in effects if isinstance(each, CallBackend)] == [NO_TIMEOUT_MS]


def test_what_does_not_hold_is_recorded_with_the_definition() -> None:
    bundle = Bundle({"a.json": json.dumps(document())}, Options(no_limits=("url",)))
    again = Bundle.from_json(bundle.to_json())
    assert again == bundle
    assert read(again).bundle.options.no_limits == ("url",)
