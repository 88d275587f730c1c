"""Integrations of every type, and what Amazon refuses in them."""

from __future__ import annotations

import pytest

from inspector.model import AwsService, Http, HttpProxy, Lambda, LambdaProxy, Mock
from tests.definitions.openapi.reading import FUNCTION, method, only, said, with_integration

PROXY_SERVICES = (
    "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream "
    "invocations."
)
TYPE_NAMES = (
    "Value 'HTTPS_PROXY' at 'type' failed to satisfy constraint: Member must satisfy enum value "
    "set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]"
)


def test_mock_drops_method_and_uri() -> None:
    """Fact 272."""
    found = with_integration("type: MOCK\nhttpMethod: GET\nuri: http://x/")
    integration = method(found).integration
    assert isinstance(integration, Mock)
    assert found.diagnostics == ()


def test_http_with_everything() -> None:
    integration = method(
        with_integration("""\
            type: http
            httpMethod: post
            uri: https://${stageVariables.host}/x
            passthroughBehavior: when_no_templates
            contentHandling: convert_to_text
            timeoutInMillis: "5000"
            cacheKeyParameters: [method.request.path.id]
            cacheNamespace: ns
            credentials: arn:aws:iam::123456789012:role/r
            connectionType: INTERNET
            responseTransferMode: stream
            tlsConfig: {insecureSkipVerification: true}
            requestParameters: {integration.request.header.X: "'1'"}
            requestTemplates: {application/json: "$input.body", text/plain: }
            responses:
              default: {statusCode: 200}
              "4\\\\d{2}": {statusCode: "400", contentHandling: CONVERT_TO_BINARY}
        """)
    ).integration
    assert isinstance(integration, Http)
    assert (integration.http_method, integration.uri) == (
        "POST",
        "https://${stageVariables.host}/x",
    )
    assert integration.passthrough_behavior == "WHEN_NO_TEMPLATES"
    assert (integration.content_handling, integration.timeout_ms) == ("CONVERT_TO_TEXT", 5000)
    assert (integration.cache_key_parameters, integration.cache_namespace) == (
        ("method.request.path.id",),
        "ns",
    )
    assert (integration.response_transfer_mode, integration.tls_insecure) == ("STREAM", True)
    assert {m: t.text for m, t in integration.request_templates.items()} == {
        "application/json": "$input.body",
        "text/plain": "",
    }
    assert [(r.status, r.selection_pattern, r.content_handling) for r in integration.responses] == [
        ("200", None, None),
        ("400", "4\\d{2}", "CONVERT_TO_BINARY"),
    ]


@pytest.mark.parametrize(
    ("kind", "uri", "expected"),
    [
        ("aws", FUNCTION, Lambda),
        ("aws_proxy", FUNCTION, LambdaProxy),
        ("AWS_PROXY", FUNCTION.replace("function:f", "function:${stageVariables.f}"), LambdaProxy),
        ("aws", FUNCTION.replace("path/", "path//"), Lambda),
        ("aws", "arn:aws:apigateway:us-east-1:sqs:path/123456789012/q", AwsService),
        ("aws", "arn:aws:apigateway:us-east-1:b.s3:path/{key}", AwsService),
        ("http_proxy", "http://x/", HttpProxy),
    ],
)
def test_the_uri_tells_functions_from_other_services(kind: str, uri: str, expected: type) -> None:
    integration = method(
        with_integration(f"type: {kind}\nhttpMethod: POST\nuri: '{uri}'")
    ).integration
    assert type(integration) is expected


def test_a_service_uri_is_taken_apart() -> None:
    uri = "arn:aws-cn:apigateway:cn-north-1:bucket.s3:path/{key}"
    integration = method(with_integration(f"type: aws\nhttpMethod: ANY\nuri: '{uri}'")).integration
    assert isinstance(integration, AwsService)
    assert (integration.service, integration.subdomain, integration.http_method) == (
        "s3",
        "bucket",
        "ANY",
    )


@pytest.mark.parametrize(
    ("lines", "reason", "line"),
    [
        ("type: http\nuri: http://x/", "Enumeration value for HttpMethod must be non-empty", 6),
        ("type: http\nhttpMethod: GET\nuri: ftp://x", "Invalid HTTP endpoint specified for URI", 9),
        ("type: http\nhttpMethod: GET\nuri: ${stageVariables.url}",
         "Invalid HTTP endpoint specified for URI", 9),
        ("type: http\nhttpMethod: GET", "Invalid HTTP endpoint specified for URI", 7),
        ("type: aws\nhttpMethod: POST\nuri: http://x/", "Invalid ARN specified in the request", 7),
        ("type: aws_proxy\nhttpMethod: POST\nuri: arn:aws:lambda:us-east-1:1:function:f",
         "AWS ARN for integration must contain path or action", 9),
        ("type: aws_proxy\nhttpMethod: POST\nuri: arn:aws:apigateway:us-east-1:sqs:path/1/q",
         PROXY_SERVICES, 7),
        ("type: HTTPS_PROXY", TYPE_NAMES, 7),
    ],
)  # fmt: skip
def test_what_amazon_refuses_is_an_error_in_its_words(lines: str, reason: str, line: int) -> None:
    """Facts 199, 285, 286, 288."""
    found = with_integration(lines)
    assert found.broken
    diagnostic = only(found)
    assert diagnostic.level == "error"
    assert (
        diagnostic.message
        == f"Unable to put integration on 'GET' for resource at path '/a': {reason}"
    )
    assert diagnostic.source.line == line


def test_a_function_without_http_method_is_posted_to_and_said() -> None:
    found = with_integration(f"type: aws_proxy\nuri: {FUNCTION}")
    integration = method(found).integration
    assert isinstance(integration, LambdaProxy)
    assert (integration.http_method, said(found)) == ("POST", [("no-http-method", 6)])


@pytest.mark.parametrize("status", ["", "99", "600", "abc", "2xx"])
def test_an_integration_response_needs_a_status(status: str) -> None:
    """Fact 289."""
    found = with_integration(f"type: mock\nresponses: {{default: {{statusCode: '{status}'}}}}")
    assert said(found) == [("integration-response-status", 8)]
    assert found.broken


def test_a_template_s_media_type_must_look_like_one() -> None:
    """Fact 289."""
    found = with_integration("type: mock\nrequestTemplates:\n  123: x\n  $default: y\n")
    assert only(found).message == "Invalid content type specified: 123"
    assert only(found).source.line == 9


def test_two_responses_of_one_status_are_said() -> None:
    found = with_integration(
        "type: mock\nresponses: {default: {statusCode: 200}, a.*: {statusCode: 200}}"
    )
    assert said(found) == [("same-status", 8)]


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("true", "mapping-expression"),
        ("method.request.cookie.x", "mapping-expression"),
        ("method.request.header.X", "undeclared-parameter"),
        ("method.request.multivaluequerystring.q", "undeclared-parameter"),
        ("'it''s, {fine}'", None),
        ("context.authorizer.claims.sub", None),
        ("stageVariables.v", None),
        ("method.request.body.a[0]", None),
        ("method.request.path.id", None),
    ],
)
def test_mapping_expressions_are_checked(expression: str, code: str | None) -> None:
    """Fact 129."""
    found = with_integration(
        f'type: mock\nrequestParameters: {{integration.request.header.A: "{expression}"}}',
        "/a/{id}",
    )
    assert said(found) == ([(code, 8)] if code else [])
    if code == "mapping-expression":
        assert only(found).message.endswith(
            "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
            f"[Invalid mapping expression specified: {expression}]"
        )


def test_a_response_header_that_the_method_does_not_declare_is_said() -> None:
    found = with_integration(
        "type: mock\nresponses:\n  default: {statusCode: 200, responseParameters:\n"
        "    {method.response.header.X: \"'1'\", nonsense: \"'1'\"}}"
    )
    assert said(found) == [("undeclared-parameter", 10), ("mapping-expression", 10)]


def test_a_placeholder_that_nothing_fills_is_said() -> None:
    found = with_integration(
        "type: http_proxy\nhttpMethod: GET\nuri: 'http://${stageVariables.h}/{a}/{b}'\n"
        "requestParameters: {integration.request.path.a: context.stage}"
    )
    assert [d.message for d in found.diagnostics] == ["nothing fills {b} in the URI of GET /a"]


def test_misspelt_properties_are_warned_of() -> None:
    found = with_integration(
        "type: mock\nrequestTemplate: {}\nx-own: 1\npassthroughBehaviour: never\n"
    )
    assert said(found) == [("unknown-property", 8), ("unknown-property", 10)]
    assert [d.remedy for d in found.diagnostics] == [
        "Did you mean requestTemplates or requestParameters?",
        "Did you mean passthroughBehavior?",
    ]


def test_cloudformation_s_functions_are_errors_that_say_so() -> None:
    found = with_integration("type: aws_proxy\nhttpMethod: POST\nuri: {Fn::Sub: 'arn:x'}")
    assert said(found, "error") == [("intrinsic", 9)]
    assert "Fn::Sub is for CloudFormation to resolve" in only(found).message


def test_what_is_not_enforced_is_said() -> None:
    found = with_integration("""\
        type: http
        httpMethod: GET
        uri: http://x/
        connectionType: VPC_LINK
        connectionId: abc
        cacheKeyParameters: [method.request.header.X]
        credentials: arn:aws:iam::123456789012:role/r
    """)
    assert said(found) == [("not-enforced", 13), ("not-enforced", 11)]
    assert not found.broken


def test_a_selection_pattern_that_is_none_is_said() -> None:
    found = with_integration("type: mock\nresponses:\n  '(a': {statusCode: 400}\n")
    assert (only(found).code, only(found).level) == ("selection-pattern", "warning")
    assert only(found).source.line == 9
