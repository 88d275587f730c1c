"""A CloudFormation template of a REST API whose only method is a function."""

from __future__ import annotations

from textwrap import indent

_API = """\
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: functions}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations
  Deployment: {Type: AWS::ApiGateway::Deployment, DependsOn: Get, Properties: {RestApiId: !Ref Api}}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, DeploymentId: !Ref Deployment, StageName: dev}
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Role: arn:aws:iam::123456789012:role/r
"""


def function_template(properties: str) -> str:
    """`GET /dev/` is the function `Fn` with these properties (YAML: Handler, Code, …)."""
    return _API + indent(properties, " " * 6)
