"""Custom domains through the whole gateway, and default endpoints that are disabled."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.definitions import Bundle, read
from inspector.gateway.deploy import deploy
from inspector.message import Headers, Request
from inspector.testing import Gateway, Result
from tests.gateway.shop_template import template


def gateway(**options: Any) -> Gateway:
    return Gateway(
        template(**options), function=lambda event: {"statusCode": 200, "body": json.dumps(event)}
    )


def ask(path: str, host: str = "api.example.com", **options: Any) -> Result:
    return gateway(**options).get(path, host=host)


@pytest.mark.parametrize(
    ("path", "resource_path", "proxy", "context_path"),
    [
        ("/orders/7/lines?a=b", "/orders/7/lines", "7/lines", "/orders/7/lines"),
        ("/orders/7/", "/orders/7/", "7", "/orders/7/"),
        ("/any/prod/7", "/any/prod/7", "7", "/any/prod/7"),
        ("//orders//7", "/orders//7", "7", "/orders//7"),
    ],
)
def test_a_base_path_leads_to_its_stage_and_stays_in_the_event(
    path: str, resource_path: str, proxy: str, context_path: str
) -> None:
    """As LocalStack's authors saw it on AWS: nothing is stripped from what functions are told."""
    event = ask(path).json()
    assert (event["path"], event["pathParameters"]["proxy"]) == (resource_path, proxy)
    context = event["requestContext"]
    assert (context["path"], context["stage"]) == (context_path, "prod")
    assert (context["domainName"], context["domainPrefix"]) == ("api.example.com", "api")


def test_without_a_domain_the_stage_is_in_the_path() -> None:
    served = gateway()
    event = served.get("/7").json()
    assert (event["path"], event["requestContext"]["path"]) == ("/7", "/prod/7")


def test_an_api_mapping_leads_to_an_http_api() -> None:
    event = ask("/v2/carts/7?a=b").json()
    assert event["version"] == "2.0"
    assert (event["rawPath"], event["requestContext"]["stage"]) == ("/7", "live")
    assert event["requestContext"]["domainName"] == "api.example.com"


def test_the_trace_names_the_mapping_that_led() -> None:
    result = ask("/orders/7")
    step = result.answer.trace[0]
    assert (step.code, step.facts["base_path"]) == ("resolve.domain", "orders")
    assert step.source is not None
    assert step.source.pointer.endswith("/ToOrders")


@pytest.mark.parametrize("path", ["/", "/nowhere", "/order", "/ordersx/7", "/v2/cart/7", "/v2"])
def test_an_unknown_base_path_is_forbidden(path: str) -> None:
    result = ask(path)
    assert (result.status, result.json()) == (403, {"message": "Forbidden"})
    assert result.headers.get("x-amzn-errortype") == "ForbiddenException"
    facts = result.answer.trace[0].facts
    assert set(facts["base_paths"]) == {"orders", "any", "v2/carts"}  # type: ignore[arg-type]


def test_an_unknown_stage_behind_a_base_path_is_forbidden() -> None:
    result = ask("/any/nowhere/7")
    assert (result.status, result.answer.trace[0].code) == (403, "resolve.unknown-stage")


def test_a_port_and_capitals_are_no_other_host() -> None:
    assert ask("/orders/7", host="Api.Example.COM:8443").status == 200


def test_a_wildcard_domain_stands_for_one_label() -> None:
    star = {
        "Type": "AWS::ApiGateway::BasePathMapping",
        "Properties": {
            "DomainName": "*.example.org", "RestApiId": {"Ref": "Orders"}, "Stage": "prod",
        },
    }  # fmt: skip
    served = gateway(Star=star)
    assert served.get("/7", host="shop.example.org").json()["path"] == "/7"
    assert served.get("/7", host="a.b.example.org").answer.trace[0].code == "resolve.stage"


def test_routing_rules_are_asked_before_mappings() -> None:
    rules = {
        "Domain": {
            "Type": "AWS::ApiGatewayV2::DomainName",
            "Properties": {
                "DomainName": "api.example.com",
                "RoutingMode": "ROUTING_RULE_THEN_API_MAPPING",
            },
        },
        "Beta": {
            "Type": "AWS::ApiGatewayV2::RoutingRule",
            "Properties": {
                "DomainNameArn": "arn:aws:apigateway:us-east-1::/domainnames/api.example.com",
                "Priority": 10,
                "Conditions": [
                    {"MatchHeaders": {"AnyOf": [{"Header": "X-Beta", "ValueGlob": "y*"}]}},
                    {"MatchBasePaths": {"AnyOf": ["orders"]}},
                ],
                "Actions": [
                    {
                        "InvokeApi": {
                            "ApiId": {"Ref": "Carts"}, "Stage": "live", "StripBasePath": True,
                        }
                    }
                ],
            },
        },
    }  # fmt: skip
    served = gateway(**rules)
    ruled = served.get("/orders/7", host="api.example.com", headers={"x-beta": "yes"})
    assert (ruled.json()["version"], ruled.json()["rawPath"]) == ("2.0", "/7")
    assert "resource" in served.get("/orders/7", host="api.example.com").json()


def test_a_disabled_endpoint_answers_as_amazons() -> None:
    served = gateway(disabled=True)
    rest = served.get("/7", host=served.api.host)
    assert (rest.status, rest.json()) == (403, {"message": "Forbidden"})
    assert rest.headers.get("x-amzn-errortype") == "ForbiddenException"
    assert "api.example.com" in "".join(rest.answer.trace[0].facts["domains"])  # type: ignore[arg-type]
    other = next(api.host for api in _apis(disabled=True) if api.host != served.api.host)
    http = served.get("/7", host=other)
    assert (http.status, http.json()) == (404, {"message": "Not Found"})


def test_a_disabled_endpoint_does_not_stand_in_the_way_of_other_names() -> None:
    served = gateway(disabled=True)
    assert served.get("/7").status == 200  # as localhost
    assert served.get("/orders/7", host="api.example.com").status == 200
    assert served.get("/v2/carts/7", host="api.example.com").status == 200


def test_the_gateway_says_whose_host_it_is() -> None:
    loaded = read(Bundle({"t.json": json.dumps(template())}))
    made = deploy(loaded.apis, domains=loaded.definition.domains)
    assert made.holds("api.example.com:443")
    assert made.holds(made.apis[0].api.host)
    assert not made.holds("other.example.com")
    elsewhere = Request("GET", "/x", Headers.of([("Host", "other.example.com")]))
    assert made.serving(elsewhere) is None


def _apis(**options: Any) -> Any:
    return read(Bundle({"definition.json": json.dumps(template(**options))})).apis
