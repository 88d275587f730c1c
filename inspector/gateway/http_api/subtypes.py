"""First-class integrations: which action of which service a subtype calls, with which parameters.

Source: developer guide, "Integration subtype reference". What Amazon sends to the service is not
documented; it is the service's own protocol here (SQS: the query protocol, whose answers are XML).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "list", "map", "blob"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """`member` is what the service's own request calls it."""

    member: str
    required: bool = False
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Subtype:
    """An action. `target` is the prefix of X-Amz-Target for JSON protocols, "" for the others."""

    name: str
    service: str
    action: str
    parameters: Mapping[str, Parameter]
    protocol: Literal["json", "query", "rest"] = "json"
    target: str = ""
    json_version: str = "1.1"
    host_prefix: str = ""

    @property
    def required(self) -> list[str]:
        """The parameters without which nothing can be called."""
        return [name for name, each in self.parameters.items() if each.required]


def _same(required: str, optional: str = "") -> dict[str, Parameter]:
    """Parameters that the service's request calls alike."""
    found = {name: Parameter(name, required=True) for name in required.split()}
    return found | {name: Parameter(name) for name in optional.split()}


def _lower(required: str, optional: str = "") -> dict[str, Parameter]:
    """Parameters that begin with a small letter in the service's request."""
    made = _same(required, optional)
    return {
        name: Parameter(name[0].lower() + name[1:], each.required) for name, each in made.items()
    }


def _sqs(action: str, parameters: Mapping[str, Parameter]) -> Subtype:
    return Subtype(f"SQS-{action}", "sqs", action, parameters, protocol="query")


def _states(action: str, parameters: Mapping[str, Parameter], host_prefix: str = "") -> Subtype:
    return Subtype(
        f"StepFunctions-{action}", "states", action, parameters,
        target="AWSStepFunctions", json_version="1.0", host_prefix=host_prefix,
    )  # fmt: skip


_ALL = (
    Subtype(
        "EventBridge-PutEvents",
        "events",
        "PutEvents",
        _same("Detail DetailType Source", "Time EventBusName TraceHeader")
        | {"Resources": Parameter("Resources", kind="list")},
        target="AWSEvents",
    ),
    _sqs(
        "SendMessage",
        _same("QueueUrl MessageBody", "DelaySeconds MessageDeduplicationId MessageGroupId")
        | {
            "MessageAttributes": Parameter("MessageAttribute", kind="map"),
            "MessageSystemAttributes": Parameter("MessageSystemAttribute", kind="map"),
        },
    ),
    _sqs(
        "ReceiveMessage",
        _same(
            "QueueUrl",
            "MaxNumberOfMessages ReceiveRequestAttemptId VisibilityTimeout WaitTimeSeconds",
        )
        | {
            "AttributeNames": Parameter("AttributeName", kind="list"),
            "MessageAttributeNames": Parameter("MessageAttributeName", kind="list"),
        },
    ),
    _sqs("DeleteMessage", _same("QueueUrl ReceiptHandle")),
    _sqs("PurgeQueue", _same("QueueUrl")),
    Subtype(
        "AppConfig-GetConfiguration",
        "appconfig",
        "GetConfiguration",
        _same("Application Environment Configuration ClientId", "ClientConfigurationVersion"),
        protocol="rest",
    ),
    Subtype(
        "Kinesis-PutRecord",
        "kinesis",
        "PutRecord",
        _same("StreamName PartitionKey", "SequenceNumberForOrdering ExplicitHashKey")
        | {"Data": Parameter("Data", required=True, kind="blob")},
        target="Kinesis_20131202",
    ),
    _states("StartExecution", _lower("StateMachineArn", "Name Input")),
    _states("StartSyncExecution", _lower("StateMachineArn", "Name Input TraceHeader"), "sync-"),
    _states("StopExecution", _lower("ExecutionArn", "Cause Error")),
)
SUBTYPES: Mapping[str, Subtype] = {each.name: each for each in _ALL}
#: A parameter of every subtype: where the service is, else where the API is.
REGION = "Region"
