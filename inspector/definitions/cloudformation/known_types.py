"""What other AWS resources answer to Ref and Fn::GetAtt, as far as templates of APIs ask for it.

From the "Return values" of each type's page in the CloudFormation template reference. Names that
Amazon would make up are the logical id here, so that they stay the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class KnownType:
    """`name` is the property that sets the physical name. The texts take {name} and {region}."""

    name: str
    ref: str = "{name}"
    attributes: dict[str, str] = field(default_factory=dict)


def _arn(service: str, rest: str) -> str:
    return f"arn:{{partition}}:{service}:{{region}}:{{account}}:{rest}"


KNOWN_TYPES: dict[str, KnownType] = {
    "AWS::CloudWatch::Alarm": KnownType("AlarmName"),
    "AWS::Cognito::UserPool": KnownType(
        "",
        "{region}_{name}",
        {
            "Arn": _arn("cognito-idp", "userpool/{region}_{name}"),
            "ProviderName": "cognito-idp.{region}.{domain}/{region}_{name}",
            "ProviderURL": "https://cognito-idp.{region}.{domain}/{region}_{name}",
            "UserPoolId": "{region}_{name}",
        },
    ),
    "AWS::Cognito::UserPoolClient": KnownType("", attributes={"ClientId": "{name}"}),
    "AWS::DynamoDB::Table": KnownType(
        "TableName",
        attributes={
            "Arn": _arn("dynamodb", "table/{name}"),
            "StreamArn": _arn("dynamodb", "table/{name}/stream/2020-01-01T00:00:00.000"),
        },
    ),
    "AWS::Events::EventBus": KnownType(
        "Name", attributes={"Arn": _arn("events", "event-bus/{name}"), "Name": "{name}"}
    ),
    "AWS::IAM::Role": KnownType(
        "RoleName",
        attributes={
            "Arn": "arn:{partition}:iam::{account}:role/{name}",
            "RoleId": "AROA{name}",
        },
    ),
    "AWS::Kinesis::Stream": KnownType("Name", attributes={"Arn": _arn("kinesis", "stream/{name}")}),
    "AWS::KinesisFirehose::DeliveryStream": KnownType(
        "DeliveryStreamName", attributes={"Arn": _arn("firehose", "deliverystream/{name}")}
    ),
    "AWS::Logs::LogGroup": KnownType(
        "LogGroupName", attributes={"Arn": _arn("logs", "log-group:{name}:*")}
    ),
    "AWS::S3::Bucket": KnownType(
        "BucketName",
        attributes={
            "Arn": "arn:{partition}:s3:::{name}",
            "DomainName": "{name}.s3.amazonaws.com",
            "RegionalDomainName": "{name}.s3.{region}.{domain}",
        },
    ),
    "AWS::SNS::Topic": KnownType(
        "TopicName",
        _arn("sns", "{name}"),
        {"TopicArn": _arn("sns", "{name}"), "TopicName": "{name}"},
    ),
    "AWS::SQS::Queue": KnownType(
        "QueueName",
        "https://sqs.{region}.{domain}/{account}/{name}",
        {
            "Arn": _arn("sqs", "{name}"),
            "QueueName": "{name}",
            "QueueUrl": "https://sqs.{region}.{domain}/{account}/{name}",
        },
    ),
    "AWS::SSM::Parameter": KnownType("Name"),
    "AWS::StepFunctions::StateMachine": KnownType(
        "StateMachineName",
        _arn("states", "stateMachine:{name}"),
        {"Arn": _arn("states", "stateMachine:{name}"), "Name": "{name}"},
    ),
    "AWS::Lambda::Function": KnownType(
        "FunctionName", attributes={"Arn": _arn("lambda", "function:{name}")}
    ),
}
