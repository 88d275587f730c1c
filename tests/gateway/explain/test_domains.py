"""Custom domains that lead to a stage that is none, nowhere, or are nearly called so."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.message import Headers, Request
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
        paths:
          /toys:
            get:
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses: {default: {statusCode: '200'}}
  Deployment:
    Type: AWS::ApiGateway::Deployment
    Properties: {RestApiId: !Ref Api}
  Live:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, DeploymentId: !Ref Deployment, StageName: live}
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: toys.example
      RegionalCertificateArn: arn:aws:acm:us-east-1:123456789012:certificate/x
      EndpointConfiguration: {Types: [REGIONAL]}
  Mapping:
    Type: AWS::ApiGateway::BasePathMapping
    Properties:
      DomainName: !Ref Domain
      RestApiId: !Ref Api
      Stage: live
"""


@pytest.mark.parametrize(
    ("old", "new", "said", "held"),
    [
        ("      Stage: live\n", "", "names no stage", "    Properties:"),
        ("DomainName: !Ref Domain", "DomainName: x.example", "none of its own", "x.example"),
    ],
)  # fmt: skip
def test_the_line_that_leads_astray(
    old: str, new: str, said: str, held: str, tmp_path: Path
) -> None:
    assert TEMPLATE.count(old) == 1
    asked = Asked(tmp_path, TEMPLATE.replace(old, new))
    gateway = asked.gateway
    result = gateway.request("GET", "/toys", headers={"Host": "toys.example"})
    found = gateway.explain(result)
    assert found.status == 403
    assert said in found.sentence
    assert held in asked.text.splitlines()[line_of(found) - 1]


def test_a_host_that_is_nearly_a_domain(tmp_path: Path) -> None:
    asked = Asked(tmp_path, TEMPLATE.replace("DomainName: toys.example", "DomainName: toy.example"))
    request = Request("GET", "/toys", Headers.of([("Host", "toys.example")]), b"")
    found = asked.gateway.explain(asked.gateway.send(request))
    assert "No custom domain is called toys.example, but toy.example is." in found.sentence
    assert line_of(found) == asked.line("toy.example")
    assert found.part == "header Host"


def test_as_it_is_written_it_leads_there(tmp_path: Path) -> None:
    gateway = Asked(tmp_path, TEMPLATE).gateway
    assert gateway.request("GET", "/toys", headers={"Host": "toys.example"}).status == 200
