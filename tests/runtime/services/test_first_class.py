"""First-class integrations of HTTP APIs for real: each subtype, carried out by a moto server."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from inspector.gateway.effects import CallService
from inspector.gateway.http_api.subtypes import SUBTYPES
from inspector.testing import DefinitionError, Gateway

Client = Callable[[str], Any]
Service = Callable[[CallService], Any]
ROLE = "arn:aws:iam::123456789012:role/caller"


def api(subtype: str, parameters: dict[str, str], credentials: str | None = ROLE) -> dict[str, Any]:
    """POST /call with this subtype."""
    integration = {
        "type": "AWS_PROXY", "integrationSubtype": subtype, "payloadFormatVersion": "1.0",
        "requestParameters": parameters,
        **({"credentials": credentials} if credentials else {}),
    }  # fmt: skip
    operation = {"x-amazon-apigateway-integration": integration}
    return {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {"/call": {"post": operation}},
    }


def new(kind: str) -> str:
    return f"{kind}-{uuid4().hex[:8]}"


@pytest.mark.slow
def test_sqs_sends_receives_deletes_and_purges(client: Client, service: Service) -> None:
    name, sqs = new("queue"), client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    sending = Gateway(api("SQS-SendMessage", {
        "QueueUrl": url, "MessageBody": "$request.body.text",
        "MessageAttributes": '{"from":{"DataType":"String","StringValue":"${request.header.x-from}"}}',
    }), service=service)  # fmt: skip
    sent = sending.post("/call", body=json.dumps({"text": "a & b\nü"}), headers={"X-From": "me"})
    assert sent.status == 200, sent.text
    assert "<SendMessageResponse" in sent.text
    [message] = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"],
                                    VisibilityTimeout=0)["Messages"]  # fmt: skip
    assert message["Body"] == "a & b\nü"
    assert message["MessageAttributes"]["from"]["StringValue"] == "me"

    receiving = Gateway(api("SQS-ReceiveMessage", {
        "QueueUrl": url, "MaxNumberOfMessages": "$request.querystring.max", "VisibilityTimeout": "0",
        "AttributeNames": "All",
    }), service=service)  # fmt: skip
    found = receiving.post("/call?max=5")
    assert "a &amp; b" in found.text, found.text
    receipt = found.text.partition("<ReceiptHandle>")[2].partition("</ReceiptHandle>")[0]
    deleting = Gateway(api("SQS-DeleteMessage", {"QueueUrl": url, "ReceiptHandle": "$request.body"}),
                       service=service)  # fmt: skip
    assert deleting.post("/call", body=receipt).status == 200
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    sqs.send_message(QueueUrl=url, MessageBody="left")
    assert (
        Gateway(api("SQS-PurgeQueue", {"QueueUrl": url}), service=service).post("/call").status
        == 200
    )
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


@pytest.mark.slow
def test_event_bridge_takes_an_event(service: Service) -> None:
    gateway = Gateway(api("EventBridge-PutEvents", {
        "Detail": "$request.body", "DetailType": "order", "Source": "shop.${stageVariables.name}",
        "Resources": '["arn:aws:s3:::a"]',
    }), service=service, variables={"name": "eu"})  # fmt: skip
    result = gateway.post("/call", body='{"id": 7}')
    assert (result.status, result.json()["FailedEntryCount"]) == (200, 0)
    [call] = result.service_calls
    [entry] = json.loads(call.request.body)["Entries"]
    assert entry == {
        "Detail": '{"id": 7}', "DetailType": "order", "Source": "shop.eu",
        "Resources": ["arn:aws:s3:::a"],
    }  # fmt: skip


@pytest.mark.slow
def test_kinesis_puts_a_record(client: Client, service: Service) -> None:
    name, kinesis = new("stream"), client("kinesis")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    gateway = Gateway(api("Kinesis-PutRecord", {
        "StreamName": name, "Data": "$request.body", "PartitionKey": "$context.requestId",
    }), service=service)  # fmt: skip
    result = gateway.post("/call", body="ünï")
    assert result.status == 200, result.text
    cursor = kinesis.get_shard_iterator(
        StreamName=name, ShardId=result.json()["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    [record] = kinesis.get_records(ShardIterator=cursor)["Records"]
    assert record["Data"].decode() == "ünï"


@pytest.mark.slow
def test_step_functions_starts_and_stops_an_execution(client: Client, service: Service) -> None:
    states = client("stepfunctions")
    machine = states.create_state_machine(
        name=new("machine"), definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}),
        roleArn=ROLE,
    )["stateMachineArn"]  # fmt: skip
    starting = Gateway(api("StepFunctions-StartExecution", {
        "StateMachineArn": machine, "Input": "$request.body", "Name": "$request.querystring.name",
    }), service=service)  # fmt: skip
    started = starting.post("/call?name=one", body='{"a":1}')
    assert started.status == 200, started.text
    arn = started.json()["executionArn"]
    assert json.loads(states.describe_execution(executionArn=arn)["input"]) == {"a": 1}
    stopping = Gateway(api("StepFunctions-StopExecution", {
        "ExecutionArn": "$request.body.arn", "Cause": "enough",
    }), service=service)  # fmt: skip
    assert stopping.post("/call", body=json.dumps({"arn": arn})).status == 200
    absent = starting.post("/call?name=two")
    assert (absent.status, absent.body) == (400, b'{"message":"Bad Request"}')


@pytest.mark.slow
def test_what_a_service_refuses_passes(service: Service) -> None:
    url = "https://sqs.us-east-1.amazonaws.com/123456789012/none"
    gateway = Gateway(
        api("SQS-SendMessage", {"QueueUrl": url, "MessageBody": "x"}), service=service
    )
    result = gateway.post("/call")
    assert result.status == 400
    assert "NonExistentQueue" in result.text
    assert any("NonExistentQueue" in sentence for sentence in result.story)


def called(subtype: str, parameters: dict[str, str], **options: Any) -> CallService:
    [call] = Gateway(api(subtype, parameters), **options).post("/call", body="b").service_calls
    return call


def test_app_config_is_asked_by_its_path() -> None:
    call = called("AppConfig-GetConfiguration", {
        "Application": "a/b", "Environment": "e", "Configuration": "c", "ClientId": "me",
        "ClientConfigurationVersion": "3",
    })  # fmt: skip
    assert (call.request.method, call.request.url) == (
        "GET",
        "https://appconfig.us-east-1.amazonaws.com/applications/a%2Fb/environments/e/configurations/c"
        "?client_id=me&client_configuration_version=3",
    )


def test_a_region_of_its_own_and_the_role() -> None:
    call = called("StepFunctions-StartSyncExecution",
                  {"StateMachineArn": "arn:x", "Region": "eu-west-1"})  # fmt: skip
    assert call.request.url == "https://sync-states.eu-west-1.amazonaws.com/"
    assert (call.region, call.credentials) == ("eu-west-1", ROLE)
    assert json.loads(call.request.body) == {"stateMachineArn": "arn:x"}


@pytest.mark.parametrize("subtype", SUBTYPES.values(), ids=lambda each: each.name)
def test_every_subtype_names_what_it_lacks(subtype: Any) -> None:
    with pytest.raises(DefinitionError) as refused:
        Gateway(api(subtype.name, {}))
    assert all(name in str(refused.value) for name in subtype.required)


@pytest.mark.parametrize(
    ("subtype", "parameters", "said"),
    [
        ("SQS-SendMessages", {}, "Operation: SQS-SendMessages is not supported."),
        ("StepFunctions-StartExecution", {"stateMachineArn": "x", "StateMachineArn": "x"},
         "Parameter: stateMachineArn does not fit schema for Operation: StepFunctions-StartExecution."),
        ("SQS-SendMessage", {"QueueUrl": "q", "MessageBody": "m", "MessageAttributes": '{"a":{}}'},
         'Invalid source: {"a":{}} specified for destination: MessageAttributes'),
    ],
)  # fmt: skip
def test_what_amazon_refuses(subtype: str, parameters: dict[str, str], said: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        Gateway(api(subtype, parameters))
    assert said in str(refused.value)
