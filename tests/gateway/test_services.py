"""Integrations with AWS services: what they are asked, and what becomes of their answers."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.gateway import service_error
from inspector.gateway.effects import BackendAnswer, BackendFailure, CallService
from inspector.gateway.narration import describe, remedy
from inspector.message import Headers, Response
from inspector.testing import Gateway, Result

ROLE = "arn:aws:iam::123456789012:role/caller"


def api(uri: str, path: str = "/x", method: str = "post", **integration: Any) -> dict[str, Any]:
    made = {
        "type": "aws",
        "httpMethod": "POST",
        "uri": f"arn:aws:apigateway:us-east-1:{uri}",
        "credentials": ROLE,
        "responses": {"default": {"statusCode": "200"}},
        **integration,
    }
    names = [part[1:-1].rstrip("+") for part in path.split("/") if part.startswith("{")]
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]
    return {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {
            path: {
                method: {
                    "parameters": parameters,
                    "responses": {"200": {"description": "ok"}},
                    "x-amazon-apigateway-integration": made,
                }
            }
        },
    }


def ask(document: dict[str, Any], path: str = "/x", method: str = "POST", **how: Any) -> Result:
    service = how.pop("service", lambda call: {})
    return Gateway(document, service=service).request(method, path, **how)


def call_of(result: Result) -> CallService:
    [call] = result.service_calls
    return call


def step(result: Result, stage: str) -> Any:
    return next(each for each in result.answer.trace if each.stage == stage)


def test_a_json_service_is_told_the_action_in_the_query_and_in_a_header() -> None:
    template = {"application/json": '{"TableName": "Pets"}'}
    call = call_of(ask(api("dynamodb:action/Scan", requestTemplates=template)))
    assert (call.service, call.region, call.action) == ("dynamodb", "us-east-1", "Scan")
    assert call.request.url == "https://dynamodb.us-east-1.amazonaws.com/?Action=Scan"
    headers = dict(call.request.headers)
    assert headers["X-Amz-Target"] == "DynamoDB_20120810.Scan"
    assert headers["Host"] == "dynamodb.us-east-1.amazonaws.com"
    assert headers["Accept"] == "application/json"
    assert headers["User-Agent"].startswith("AmazonAPIGateway_")
    assert "Authorization" not in headers
    assert call.request.body == b'{"TableName": "Pets"}'
    assert call.credentials == ROLE


def test_a_mapped_target_goes_before_the_gateways_own() -> None:
    mapped = {"integration.request.header.X-Amz-Target": "'DynamoDB_20120810.Query'"}
    headers = call_of(ask(api("dynamodb:action/Scan", requestParameters=mapped))).request.headers
    assert headers.all("x-amz-target") == ("DynamoDB_20120810.Query",)


def test_event_bridge_gets_no_target_of_its_own_but_a_template_can_set_it() -> None:
    template = {
        "application/json": (
            "#set($context.requestOverride.header.X-Amz-Target = 'AWSEvents.PutEvents')"
            "#set($context.requestOverride.header.Content-Type = 'application/x-amz-json-1.1')"
            '{"Entries": []}'
        )
    }
    with_it = call_of(ask(api("events:action/PutEvents", requestTemplates=template)))
    assert with_it.request.headers.get("X-Amz-Target") == "AWSEvents.PutEvents"
    assert with_it.request.headers.get("Content-Type") == "application/x-amz-json-1.1"
    without = call_of(ask(api("events:action/PutEvents")))
    assert without.request.headers.get("X-Amz-Target") is None


def test_parameters_of_an_action_stand_in_the_uri_and_in_mappings() -> None:
    document = api(
        "sns:action/Publish&TopicArn={topic}&Subject=hi",
        path="/t/{topic}",
        requestParameters={
            "integration.request.path.topic": "method.request.path.topic",
            "integration.request.querystring.Message": "method.request.querystring.text",
        },
    )
    call = call_of(ask(document, "/t/pets?text=a%20b%26c"))
    assert call.action == "Publish"
    assert call.request.url == (
        "https://sns.us-east-1.amazonaws.com/"
        "?Action=Publish&TopicArn=pets&Subject=hi&Message=a%20b%26c"
    )


def test_a_form_made_by_a_template_is_sent_as_it_is() -> None:
    # Fact 193 (recorded): the raw JSON is not encoded; an empty call sends {}.
    document = api(
        "sqs:path/123456789012/orders",
        requestParameters={
            "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"
        },
        requestTemplates={"application/json": "Action=SendMessage&MessageBody=$input.body"},
    )
    call = call_of(ask(document, body='{"a": 1}'))
    assert call.request.url == "https://sqs.us-east-1.amazonaws.com/123456789012/orders"
    assert call.request.headers.get("content-type") == "application/x-www-form-urlencoded"
    assert call.request.body == b'Action=SendMessage&MessageBody={"a": 1}'
    assert call_of(ask(document)).request.body == b"Action=SendMessage&MessageBody={}"


@pytest.mark.parametrize(
    ("uri", "url"),
    [
        ("s3:path/bucket/{key}", "https://s3.us-east-1.amazonaws.com/bucket/a/b%20c.txt"),
        ("my.bucket.s3:path/{key}", "https://my.bucket.s3.us-east-1.amazonaws.com/a/b%20c.txt"),
        ("s3:path/b/{key}?acl", "https://s3.us-east-1.amazonaws.com/b/a/b%20c.txt?acl"),
        ("iam:path/{key}", "https://iam.amazonaws.com/a/b%20c.txt"),
    ],
)
def test_a_path_is_filled_and_stays_encoded_as_it_came(uri: str, url: str) -> None:
    mapped = {"integration.request.path.key": "method.request.path.key"}
    document = api(uri, path="/f/{key+}", method="put", requestParameters=mapped, httpMethod="PUT")
    call = call_of(ask(document, "/f/a/b%20c.txt", "PUT"))
    assert (call.request.method, call.request.url) == ("PUT", url)


def test_stage_variables_may_name_region_and_queue() -> None:
    document = api("sqs:path/1/${stageVariables.queue}")
    uri = document["paths"]["/x"]["post"]["x-amazon-apigateway-integration"]
    uri["uri"] = "arn:aws:apigateway:${stageVariables.region}:sqs:path/1/${stageVariables.queue}"
    gateway = Gateway(document, variables={"region": "cn-north-1", "queue": "q"})
    call = call_of(gateway.post("/x"))
    assert (call.region, call.request.url) == (
        "cn-north-1",
        "https://sqs.cn-north-1.amazonaws.com.cn/1/q",
    )


@pytest.mark.parametrize("uri", ["dynamodb:action/ Scan", "s3:path/bucket/{unmapped}"])
def test_a_uri_that_cannot_be_signed_is_a_500_and_the_service_is_not_called(uri: str) -> None:
    result = ask(api(uri))
    assert (result.status, result.service_calls) == (500, ())
    found = step(result, "map-request")
    assert "illegal character" in describe(found)
    assert remedy(found)


def test_other_calls_of_lambda_than_invocations_are_service_calls() -> None:
    call = call_of(ask(api("lambda:path/2015-03-31/functions/f/configuration"), method="POST"))
    assert call.request.url == (
        "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/f/configuration"
    )


def test_an_answer_is_selected_by_its_status_and_mapped() -> None:
    document = api(
        "dynamodb:action/GetItem",
        responses={
            "default": {
                "statusCode": "200",
                "responseTemplates": {"application/json": "$input.path('$.Item.name.S')"},
                "responseParameters": {
                    "method.response.header.x-service": "integration.response.header.x-amzn-RequestId"
                },
            },
            "4\\d{2}": {
                "statusCode": "400",
                "responseTemplates": {"application/json": '{"error": $input.json("$.message")}'},
            },
        },
    )
    fine = ask(
        document,
        service=lambda call: Response(
            200, Headers((("x-amzn-RequestId", "r1"),)), b'{"Item": {"name": {"S": "rex"}}}'
        ),
    )
    assert (fine.status, fine.text, fine.headers.get("x-service")) == (200, "rex", "r1")
    assert fine.headers.get("X-Amzn-Trace-Id")
    wrong = ask(
        document,
        service=lambda call: Response(
            400, Headers(), b'{"__type": "com.amazon#ValidationException", "message": "no key"}'
        ),
    )
    assert (wrong.status, wrong.json()) == (400, {"error": "no key"})
    found = step(wrong, "integrate")
    assert describe(found) == "DynamoDB GetItem answered 400, ValidationException: no key."
    assert "template" in str(remedy(found))


@pytest.mark.parametrize(
    ("uri", "template", "mapped", "action"),
    [
        ("sqs:path/1/q", "Action=SendMessage&MessageBody=x", "FORM", "SendMessage"),
        ("sqs:path/1/q", "MessageBody=x&Action=SendMessage", "FORM", "SendMessage"),
        ("sqs:path/1/q", "MessageBody=x", "FORM", None),
        ("sqs:path/1/q?Action=PurgeQueue", "", None, "PurgeQueue"),
        ("sqs:path//", "{}", "AmazonSQS.SendMessage", "SendMessage"),
        ("s3:path/b/k", "Action=x", None, None),
    ],
)
def test_the_action_that_a_request_names_itself(
    uri: str, template: str, mapped: str | None, action: str | None
) -> None:
    parameters = {
        None: {},
        "FORM": {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
    }.get(mapped, {"integration.request.header.X-Amz-Target": f"'{mapped}'"})
    document = api(
        uri, requestParameters=parameters, requestTemplates={"application/json": template}
    )
    assert call_of(ask(document)).action == action


def test_a_blank_line_before_a_form_is_pointed_out() -> None:
    # Pasted by a user: SQS answers 403 AccessDenied to it.
    document = api(
        "sqs:path/1/q",
        requestParameters={
            "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"
        },
        requestTemplates={"application/json": "\n#set($a = 1)\nAction=SendMessage"},
    )
    denied = BackendAnswer(403, Headers(), b"<Error><Code>AccessDenied</Code></Error>")
    found = step(ask(document, service=lambda call: denied), "integrate")
    assert describe(found) == "SQS SendMessage answered 403, AccessDenied."
    assert "nothing stand before" in str(remedy(found))


def test_an_error_that_the_default_hides_is_pointed_out() -> None:
    # Fact 154 (recorded): S3's 404 came out as 200.
    xml = b"<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>"
    mapped = {"integration.request.path.k": "method.request.path.k"}
    document = api("s3:path/b/{k}", path="/{k}", method="get", requestParameters=mapped)
    result = ask(document, "/a", "GET", service=lambda call: BackendAnswer(404, Headers(), xml))
    assert (result.status, result.body) == (200, xml)
    found = step(result, "map-response")
    assert "hides the backend's error" in describe(found)
    assert "404" in str(remedy(found))


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [
        (BackendFailure("no-endpoint", "sqs"), 500, "--endpoint sqs="),
        (BackendFailure("no-credentials", "none found"), 500, "AWS_ACCESS_KEY_ID"),
        (BackendFailure("refused", "127.0.0.1:1"), 500, "correct --endpoint sqs="),
        (BackendFailure("dns", "nowhere"), 500, "correct --endpoint sqs="),
        (BackendFailure("reset", "gone"), 500, ""),
        (BackendFailure("timeout", "no answer"), 504, ""),
    ],
)
def test_a_service_that_gives_no_answer(failure: BackendFailure, status: int, words: str) -> None:
    result = ask(api("sqs:path/1/q"), service=lambda call: failure)
    assert result.status == status
    assert describe(step(result, "integrate"))
    assert words in str(remedy(step(result, "integrate")))


def test_amazons_words_for_what_it_would_not_deploy() -> None:
    document = api("sqs:path/1/q", credentials=None)
    warnings = [each.message for each in Gateway(document).diagnostics]
    assert any("Role ARN must be specified for AWS integrations" in each for each in warnings)


def test_the_key_leaves_out_the_role_and_tells_requests_apart() -> None:
    one = call_of(ask(api("sqs:path/1/q"), body='{"a": 1}'))
    role = call_of(ask(api("sqs:path/1/q", credentials=ROLE + "2"), body='{"a": 1}'))
    other = call_of(ask(api("sqs:path/1/q"), body='{"a": 2}'))
    assert one.key == role.key != other.key


@pytest.mark.parametrize(
    ("body", "headers", "code", "message"),
    [
        (b'{"__type":"a.b#Oops","Message":"m"}', (), "Oops", "m"),
        (b'{"message":"m"}', (("x-amzn-ErrorType", "Oops:http://x/"),), "Oops", "m"),
        (b'{"Error":{"Code":"Oops","Message":"m"}}', (), "Oops", "m"),
        (b"<ErrorResponse><Error><Code>Oops</Code><Message>m</Message></Error></ErrorResponse>",
         (), "Oops", "m"),
        (b"out of order", (), "", "out of order"),
        (b"[", (), "", "["),
        (b"{", (), "", "{"),
    ],
)  # fmt: skip
def test_the_error_in_an_answer(
    body: bytes, headers: tuple[tuple[str, str], ...], code: str, message: str
) -> None:
    found = service_error.read(400, Headers(headers), body)
    assert found == service_error.ServiceError(code, message)
    assert service_error.read(200, Headers(headers), body) is None
