"""Types that are none, or another than the one whose properties these are."""

from __future__ import annotations

import pytest

from inspector.definitions import Bundle, read

TEMPLATE = """\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: a, ProtocolType: HTTP, Target: !GetAtt Shop.Arn}
  Shop:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: shop, Runtime: python3.11, Handler: a.b, Code: src}
"""


@pytest.mark.parametrize(
    "kind", ["x", '""', "::", "a::", "::b", "AWS::", "AWS::ApiGateway::Nothing"]
)
def test_a_type_that_is_none_breaks_the_template_and_nothing_else(kind: str) -> None:
    for old in ("AWS::ApiGatewayV2::Api", "AWS::Lambda::Function"):
        loaded = read(Bundle({"t.yaml": TEMPLATE.replace(old, kind)}))
        assert loaded.diagnostics, kind


def test_what_amazon_says_of_it_stands_at_the_type() -> None:
    loaded = read(Bundle({"t.yaml": TEMPLATE.replace("AWS::Lambda::Function", "Function")}))
    [found] = [each for each in loaded.diagnostics if each.code == "unknown-type"]
    assert found.message == "Template format error: Unrecognized resource types: [Function]"
    assert found.source.line == 6


def test_two_authorizers_of_one_name_stay_two() -> None:
    routes = "".join(
        f"""
  Route{each}:
    Type: AWS::ApiGatewayV2::Route
    Properties: {{ApiId: !Ref Api, RouteKey: GET /{each}, AuthorizationType: JWT, AuthorizerId: !Ref {each}}}
  {each}:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      Name: same
      AuthorizerType: JWT
      IdentitySource: [$request.header.Authorization]
      JwtConfiguration: {{Issuer: "https://{each}.example", Audience: [a]}}
"""
        for each in ("One", "Two")
    )
    [api] = read(Bundle({"t.yaml": TEMPLATE + routes})).definition.http_apis
    issuers = {
        key: getattr(api.authorizers[route.authorizer or ""], "issuer", None)
        for key, route in api.routes.items()
        if route.authorizer
    }
    assert issuers == {"GET /One": "https://One.example", "GET /Two": "https://Two.example"}
