"""CloudFormation templates with `AWS::ApiGateway::*`, `AWS::ApiGatewayV2::*` and functions.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-reference.html
A template is evaluated as CloudFormation would (parameters, conditions, intrinsic functions);
REST APIs then become the OpenAPI document that says the same, and go through its reader.
"""

from __future__ import annotations
