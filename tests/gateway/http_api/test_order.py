"""The order of the checks of HTTP APIs: of two that would both refuse, which one does.

Source: http-api.md, sections 1 and 8, access-control facts, section 1: the domain's certificate,
the stage and the route (404), a preflight that no route catches, the authorizer, the throttle, the
integration; the order itself stands in `inspector.gateway.http_api.pipeline`.
"""

from __future__ import annotations

from typing import Any

import pytest

from inspector.testing import Gateway, Result
from tests.certificates import chain
from tests.gateway.test_mutual_tls import DOMAIN

ROOT, _ = chain("root", "client")
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:{}"
SPENT = {"DefaultRouteSettings": {"ThrottlingRateLimit": 0, "ThrottlingBurstLimit": 0}}


class World:
    """An HTTP API whose checks can be made to refuse, and what was called on the way."""

    def __init__(self, *, authorized: bool = True, key: str = "GET /pets", **stage: Any) -> None:
        self.called: list[str] = []
        self.authorized = authorized
        api = {"ApiId": {"Ref": "Api"}}
        cors = {"AllowOrigins": ["https://shop.example"], "AllowMethods": ["GET"]}
        resources = {
            "Api": _of("Api", Name="t", ProtocolType="HTTP", CorsConfiguration=cors),
            "Stage": _of("Stage", **api, StageName="$default", AutoDeploy=True, **stage),
            "Integration": _of(
                "Integration", **api, IntegrationType="AWS_PROXY", PayloadFormatVersion="2.0",
                IntegrationUri=FUNCTION.format("backend"),
            ),
            "Guard": _of(
                "Authorizer", **api, AuthorizerType="REQUEST", Name="guard",
                IdentitySource=["$request.header.Authorization"], EnableSimpleResponses=True,
                AuthorizerPayloadFormatVersion="2.0",
                AuthorizerUri="arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
                f"{FUNCTION.format('guard')}/invocations",
            ),
            "Route": _of(
                "Route", **api, RouteKey=key, AuthorizationType="CUSTOM",
                AuthorizerId={"Ref": "Guard"}, Target={"Fn::Sub": "integrations/${Integration}"},
            ),
            "Domain": DOMAIN,
            "Mapping": _of("ApiMapping", **api, DomainName="api.example.com", Stage="$default"),
        }  # fmt: skip
        self.gateway = Gateway(
            {"Resources": resources},
            function=self._function,
            truststores={"api.example.com": ROOT.pem},
        )

    def _function(self, event: Any) -> object:
        if event.get("type") == "REQUEST":
            self.called.append("authorizer")
            return {"isAuthorized": self.authorized}
        self.called.append("backend")
        return {"statusCode": 200}

    def call(self, path: str = "/pets", *, method: str = "GET", token: bool = True) -> Result:
        headers = {"Origin": "https://shop.example", "Access-Control-Request-Method": "GET"}
        if token:
            headers["Authorization"] = "t"
        return self.gateway.request(method, path, headers=headers)


def _of(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": properties}


def _said(result: Result) -> tuple[str | None, int]:
    return result.answer.stopped_at, result.status


def test_everybody_lets_in() -> None:
    world = World()
    assert world.call().status == 200
    assert world.called == ["authorizer", "backend"]


def test_the_domains_certificate_before_the_route() -> None:
    result = World().gateway.get("/nowhere", host="api.example.com")
    assert _said(result) == ("mutual-tls", 403)


def test_the_route_before_the_authorizer() -> None:
    world = World(authorized=False)
    assert _said(world.call("/nowhere", token=False)) == ("route", 404)
    assert _said(world.call(token=False)) == ("authorize", 401)
    assert world.called == []


def test_a_preflight_before_the_authorizer_unless_a_route_catches_it() -> None:
    assert World().call(method="OPTIONS", token=False).status == 204
    caught = World(key="ANY /pets").call(method="OPTIONS", token=False)
    assert _said(caught) == ("authorize", 401)


@pytest.mark.parametrize("authorized", [True, False])
def test_the_authorizer_before_the_throttle(authorized: bool) -> None:
    world = World(authorized=authorized, **SPENT)
    assert _said(world.call()) == (("meter", 429) if authorized else ("authorize", 403))
    assert world.called == ["authorizer"], "the throttle before the integration"
