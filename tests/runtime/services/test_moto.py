"""Each service for real: a gateway whose integrations are carried out by a moto server."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from inspector.gateway.effects import CallService
from inspector.gateway.narration import describe, remedy
from inspector.testing import Gateway, Result

pytestmark = pytest.mark.slow

Client = Callable[[str], Any]
Service = Callable[[CallService], Any]
FORM = {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"}
ROLE = "arn:aws:iam::123456789012:role/caller"


def api(uri: str, template: str | None = None, **integration: Any) -> dict[str, Any]:
    """POST /call (and ANY /files/{key+}) with this integration."""
    made: dict[str, Any] = {
        "type": "aws",
        "httpMethod": "POST",
        "uri": f"arn:aws:apigateway:us-east-1:{uri}",
        "credentials": ROLE,
        "responses": {"default": {"statusCode": "200"}, "[45]\\d\\d": {"statusCode": "502"}},
        **integration,
    }
    if template is not None:
        made["requestTemplates"] = {"application/json": template}
    key = {"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}
    method = {
        "responses": {"200": {"description": "ok"}},
        "x-amazon-apigateway-integration": made,
    }
    return {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "x-amazon-apigateway-binary-media-types": ["image/png"],
        "paths": {
            "/call": {"post": method},
            "/files/{key+}": {"x-amazon-apigateway-any-method": {**method, "parameters": [key]}},
        },
    }


def step(result: Result, stage: str) -> Any:
    return next(each for each in result.answer.trace if each.stage == stage)


def new(kind: str) -> str:
    return f"{kind}-{uuid4().hex[:8]}"


@pytest.fixture
def queue(client: Client) -> tuple[str, str, Any]:
    """A queue's name, its URL, and a client that receives from it."""
    name, sqs = new("queue"), client("sqs")
    return name, sqs.create_queue(QueueName=name)["QueueUrl"], sqs


def received(queue: tuple[str, str, Any]) -> list[str]:
    found = queue[2].receive_message(QueueUrl=queue[1], MaxNumberOfMessages=10)
    return [message["Body"] for message in found.get("Messages", [])]


@pytest.fixture
def table(client: Client) -> str:
    name = new("table")
    client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def test_sqs_by_form_answers_json(queue: tuple[str, str, Any], service: Service) -> None:
    document = api(
        f"sqs:path/123456789012/{queue[0]}",
        "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"
        "&MessageAttribute.1.Name=user&MessageAttribute.1.Value.DataType=String"
        "&MessageAttribute.1.Value.StringValue=$input.params('X-User')",
        requestParameters=FORM,
    )
    result = Gateway(document, service=service).post(
        "/call", body='{"a": "x&y"}', headers={"X-User": "ann"}
    )
    assert result.status == 200
    answer = result.json()["SendMessageResponse"]
    assert answer["SendMessageResult"]["MessageId"]
    assert answer["SendMessageResult"]["SequenceNumber"] is None
    assert answer["ResponseMetadata"]["RequestId"]
    got = queue[2].receive_message(QueueUrl=queue[1], MessageAttributeNames=["All"])["Messages"][0]
    assert got["Body"] == '{"a": "x&y"}'
    assert got["MessageAttributes"]["user"]["StringValue"] == "ann"


def test_sqs_answers_xml_to_those_who_accept_it(
    queue: tuple[str, str, Any], service: Service
) -> None:
    # Fact 195 (recorded).
    document = api(
        f"sqs:path/123456789012/{queue[0]}",
        "Action=SendMessage&MessageBody=hello",
        requestParameters={**FORM, "integration.request.header.Accept": "'application/xml'"},
    )
    result = Gateway(document, service=service).post("/call")
    assert result.body.lstrip().startswith(b"<")
    assert received(queue) == ["hello"]


def test_sqs_receives_as_json(queue: tuple[str, str, Any], service: Service) -> None:
    for body in ("one", "two"):
        queue[2].send_message(QueueUrl=queue[1], MessageBody=body)
    document = api(
        f"sqs:path/123456789012/{queue[0]}",
        "Action=ReceiveMessage&MaxNumberOfMessages=10",
        requestParameters=FORM,
    )
    result = Gateway(document, service=service).post("/call")
    messages = result.json()["ReceiveMessageResponse"]["ReceiveMessageResult"]["messages"]
    assert sorted(message["Body"] for message in messages) == ["one", "two"]
    assert list(messages[0])[:3] == ["Attributes", "Body", "MD5OfBody"]
    empty = Gateway(document, service=service).post("/call")
    assert empty.json()["ReceiveMessageResponse"]["ReceiveMessageResult"] == {"messages": None}


def test_sqs_by_the_json_protocol(queue: tuple[str, str, Any], service: Service) -> None:
    # Fact 194 (recorded).
    document = api(
        "sqs:path//",
        json.dumps({"QueueUrl": queue[1], "MessageBody": "$input.params('X')"}),
        requestParameters={
            "integration.request.header.X-Amz-Target": "'AmazonSQS.SendMessage'",
            "integration.request.header.Content-Type": "'application/x-amz-json-1.0'",
        },
    )
    result = Gateway(document, service=service).post("/call", headers={"X": "hello"})
    assert result.json()["MD5OfMessageBody"]
    assert received(queue) == ["hello"]


def test_a_queue_that_is_not_there(service: Service) -> None:
    document = api(
        "sqs:path/123456789012/nowhere",
        "Action=SendMessage&MessageBody=x",
        requestParameters=FORM,
    )
    result = Gateway(document, service=service).post("/call")
    assert result.status == 502
    found = step(result, "integrate")
    assert "NonExistentQueue" in describe(found)
    assert "correct its name" in str(remedy(found))
    assert "NonExistentQueue" in result.json()["Error"]["Code"]


def test_sns_publishes_by_parameters_of_the_query(client: Client, service: Service) -> None:
    arn = client("sns").create_topic(Name=new("topic"))["TopicArn"]
    document = api(
        "sns:action/Publish",
        requestParameters={
            "integration.request.querystring.TopicArn": f"'{arn}'",
            "integration.request.querystring.Message": "method.request.querystring.text",
        },
    )
    result = Gateway(document, service=service).post("/call?text=h%C3%A9%20you")
    assert result.json()["PublishResponse"]["PublishResult"]["MessageId"]


def test_dynamodb_puts_and_gets(table: str, client: Client, service: Service) -> None:
    item = '{"id": {"S": "$context.requestId"}, "name": {"S": $input.json("$.name")}}'
    put = api("dynamodb:action/PutItem", f'{{"TableName": "{table}", "Item": {item}}}')
    result = Gateway(put, service=service).post("/call", body='{"name": "Mir\\u00f3"}')
    assert (result.status, result.json()) == (200, {})
    [kept] = client("dynamodb").scan(TableName=table)["Items"]
    assert kept["name"] == {"S": "Miró"}
    get = api(
        "dynamodb:action/GetItem",
        f'{{"TableName": "{table}", "Key": {{"id": {{"S": "$context.requestId"}}}}}}',
        responses={
            "default": {
                "statusCode": "200",
                "responseTemplates": {"application/json": "$input.path('$.Item.name.S')"},
            }
        },
    )
    assert Gateway(get, service=service).post("/call").text == "Miró"


@pytest.mark.parametrize(
    ("action", "template", "code", "advice"),
    [
        ("GetItem", '{"TableName": "nowhere", "Key": {"id": {"S": "1"}}}', "ResourceNotFound", "C"),
        ("GetItem", '{"TableName": "TABLE", "Key": {"x": {"S": "1"}}}', "Validation", "template"),
    ],
)
def test_what_dynamodb_refuses_is_told(
    table: str, service: Service, action: str, template: str, code: str, advice: str
) -> None:
    document = api(f"dynamodb:action/{action}", template.replace("TABLE", table))
    result = Gateway(document, service=service).post("/call")
    assert result.status == 502
    found = step(result, "integrate")
    assert code in describe(found)
    assert advice in str(remedy(found))


PATH = {
    "integration.request.path.key": "method.request.path.key",
    "integration.request.header.Content-Type": "method.request.header.Content-Type",
}
BYTES = zlib.compress(b"a picture" * 100)


def files(bucket: str, **more: Any) -> dict[str, Any]:
    passed = {"method.response.header.Content-Type": "integration.response.header.Content-Type"}
    responses = {
        "default": {"statusCode": "200", "responseParameters": passed},
        "404": {"statusCode": "404"},
    }
    return api(
        f"s3:path/{bucket}/{{key}}",
        httpMethod="ANY",
        requestParameters=PATH,
        **{"responses": responses, **more},
    )


@pytest.fixture
def bucket(client: Client) -> str:
    name = new("bucket")
    client("s3").create_bucket(Bucket=name)
    return name


def test_s3_keeps_bytes_and_gives_them_back(bucket: str, client: Client, service: Service) -> None:
    gateway = Gateway(files(bucket), service=service)
    png = {"Content-Type": "image/png"}
    assert gateway.request("PUT", "/files/a/b%20c.png", headers=png, body=BYTES).status == 200
    kept = client("s3").get_object(Bucket=bucket, Key="a/b c.png")
    assert (kept["Body"].read(), kept["ContentType"]) == (BYTES, "image/png")
    got = gateway.request("GET", "/files/a/b%20c.png", headers={"Accept": "image/png"})
    assert (got.body, got.headers.get("content-type")) == (BYTES, "image/png")
    assert gateway.request("DELETE", "/files/a/b%20c.png").status == 200
    gone = gateway.request("GET", "/files/a/b%20c.png")
    assert gone.status == 404
    assert "NoSuchKey" in describe(step(gone, "integrate"))


def test_s3_by_the_buckets_own_host_name(bucket: str, client: Client, service: Service) -> None:
    client("s3").put_object(Bucket=bucket, Key="k", Body=b"text")
    document = files(bucket)
    document["paths"]["/files/{key+}"]["x-amazon-apigateway-any-method"][
        "x-amazon-apigateway-integration"
    ]["uri"] = f"arn:aws:apigateway:us-east-1:{bucket}.s3:path/{{key}}"
    assert Gateway(document, service=service).request("GET", "/files/k").text == "text"


def test_s3_and_text_that_stands_for_bytes(bucket: str, client: Client, service: Service) -> None:
    """CONVERT_TO_TEXT stores base64; CONVERT_TO_BINARY gives bytes back (facts 201, 207)."""
    as_text = Gateway(files(bucket, contentHandling="CONVERT_TO_TEXT"), service=service)
    as_text.request("PUT", "/files/p", headers={"Content-Type": "image/png"}, body=BYTES)
    client("s3").copy_object(
        Bucket=bucket, Key="t", CopySource=f"{bucket}/p", ContentType="text/plain",
        MetadataDirective="REPLACE",
    )  # fmt: skip
    back = {"default": {"statusCode": "200", "contentHandling": "CONVERT_TO_BINARY"}}
    as_bytes = Gateway(files(bucket, responses=back), service=service)
    assert as_bytes.request("GET", "/files/t").body == BYTES


def test_step_functions_starts_an_execution(client: Client, service: Service) -> None:
    states = client("stepfunctions")
    machine = states.create_state_machine(
        name=new("machine"),
        definition='{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}',
        roleArn=ROLE,
    )["stateMachineArn"]
    template = (
        f'{{"stateMachineArn": "{machine}", "input": "$util.escapeJavaScript($input.json(\'$\'))"}}'
    )
    result = Gateway(api("states:action/StartExecution", template), service=service).post(
        "/call", body='{"a": 1}'
    )
    started = result.json()["executionArn"]
    held = states.describe_execution(executionArn=started)
    assert json.loads(held["input"]) == {"a": 1}


def test_kinesis_puts_a_record(client: Client, service: Service) -> None:
    name, kinesis = new("stream"), client("kinesis")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    template = f'{{"StreamName": "{name}", "PartitionKey": "p", "Data": "$util.base64Encode($input.body)"}}'
    mapped = {"integration.request.header.Content-Type": "'application/x-amz-json-1.1'"}
    document = api("kinesis:action/PutRecord", template, requestParameters=mapped)
    result = Gateway(document, service=service).post("/call", body='{"foo": "bar"}')
    shard = result.json()["ShardId"]
    cursor = kinesis.get_shard_iterator(
        StreamName=name, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    [record] = kinesis.get_records(ShardIterator=cursor)["Records"]
    assert record["Data"] == b'{"foo": "bar"}'


EVENTS = '{"Entries": [{"Source": "shop", "DetailType": "sold", "Detail": "{}"}]}'


def test_event_bridge_takes_events_with_a_target(service: Service) -> None:
    set_target = "#set($context.requestOverride.header.X-Amz-Target = 'AWSEvents.PutEvents')"
    template = (
        "#set($context.requestOverride.header.Content-Type = 'application/x-amz-json-1.1')"
        + set_target
        + EVENTS
    )
    document = api("events:action/PutEvents", template)
    result = Gateway(document, service=service).post("/call")
    assert result.json()["FailedEntryCount"] == 0


def test_ssm_answers_as_the_query_protocol_does(client: Client, service: Service) -> None:
    # Fact 197 (recorded): nulls for what is absent, the whole wrapped twice.
    name = new("parameter")
    client("ssm").put_parameter(Name=name, Value="secret", Type="String")
    mapped = {"integration.request.querystring.Name": "method.request.querystring.name"}
    document = api("ssm:action/GetParameter", requestParameters=mapped)
    gateway = Gateway(document, service=service)
    answer = gateway.post(f"/call?name={name}").json()["GetParameterResponse"]
    parameter = answer["GetParameterResult"]["Parameter"]
    assert (parameter["Name"], parameter["Value"]) == (name, "secret")
    assert parameter["Selector"] is parameter["SourceResult"] is None
    assert "RequestId" in answer["ResponseMetadata"]
    missing = gateway.post("/call?name=nowhere")
    assert missing.status == 502
    assert missing.json()["Error"]["Code"] == "ParameterNotFound"


def test_other_calls_of_lambda(service: Service) -> None:
    document = api("lambda:path/2015-03-31/functions", httpMethod="GET")
    assert Gateway(document, service=service).post("/call").json()["Functions"] == []
