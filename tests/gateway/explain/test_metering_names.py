"""A joint that is called like one key and names another."""

from __future__ import annotations

from pathlib import Path

from tests.gateway.explain.asking import Asked, line_of

TEMPLATE = """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: toys
      Body:
        openapi: 3.0.1
        info: {title: toys, version: '1'}
        components: {securitySchemes: {key: {type: apiKey, name: x-api-key, in: header}}}
        paths:
          /toys:
            get:
              security: [{key: []}]
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses: {default: {statusCode: '200'}}
  Deployment: {Type: 'AWS::ApiGateway::Deployment', Properties: {RestApiId: !Ref Api}}
  Live:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, DeploymentId: !Ref Deployment, StageName: live}
  Shop:
    Type: AWS::ApiGateway::ApiKey
    Properties: {Name: shop, Enabled: true, Value: shop-0123456789abcdefghij}
  Kiosk:
    Type: AWS::ApiGateway::ApiKey
    Properties: {Name: kiosk, Enabled: true, Value: kiosk-0123456789abcdefghi}
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties: {UsagePlanName: all, ApiStages: [{ApiId: !Ref Api, Stage: live}]}
  ShopJoint:
    Type: AWS::ApiGateway::UsagePlanKey
    Properties:
      KeyId: !Ref Shop
      KeyType: API_KEY
      UsagePlanId: !Ref Plan
  KioskJoint:
    Type: AWS::ApiGateway::UsagePlanKey
    Properties:
      KeyId: !Ref Kiosk
      KeyType: API_KEY
      UsagePlanId: !Ref Plan
"""


def test_the_joint_of_the_same_name_is_named(tmp_path: Path) -> None:
    asked = Asked(tmp_path, TEMPLATE.replace("KeyId: !Ref Shop", "KeyId: !Ref Kiosk  # wrong"))
    found = asked.why("GET", "/toys", headers={"x-api-key": "shop-0123456789abcdefghij"})
    assert found.rule == "meter.no-plan"
    assert line_of(found) == asked.line("# wrong")


def test_a_key_whose_joint_names_no_other_is_named_itself(tmp_path: Path) -> None:
    asked = Asked(tmp_path, TEMPLATE.partition("  ShopJoint:")[0])
    found = asked.why("GET", "/toys", headers={"x-api-key": "shop-0123456789abcdefghij"})
    assert line_of(found) == asked.line("  Shop:")


def test_a_scheme_whose_header_is_nearly_the_keys(tmp_path: Path) -> None:
    text = TEMPLATE.replace("components: {securitySchemes: {key: {type: apiKey, name: x-api-key, ",
                            "components: {securitySchemes: {key: {type: apiKey, name: x-apikey, ")  # fmt: skip
    asked = Asked(tmp_path, text)
    found = asked.why("GET", "/toys")
    assert found.status == 200
    assert line_of(found) == asked.line("name: x-apikey")
