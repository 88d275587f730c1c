"""Documents of HTTP APIs: routes, integrations, CORS, and what is said of each."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from inspector.definitions import Bundle, Loaded, Options, read
from inspector.model import HttpApi, HttpApiIntegration
from tests.definitions.openapi.reading import FUNCTION, HEAD, said

PROXY = "{type: http_proxy, httpMethod: GET, uri: 'http://b/', payloadFormatVersion: '1.0'}"


def http(text: str) -> Loaded:
    return read(Bundle({"api.yaml": HEAD + dedent(text)}, Options(api_type="http")))


def api_of(found: Loaded) -> HttpApi:
    [one] = found.apis
    assert isinstance(one, HttpApi)
    return one


def with_path(path: str, method: str = "get") -> Loaded:
    return http(f"paths: {{'{path}': {{{method}: {{x-amazon-apigateway-integration: {PROXY}}}}}}}")


def with_integration(text: str) -> Loaded:
    body = indent(dedent(text), " " * 8)
    return http(f"paths:\n  /a:\n    get:\n      x-amazon-apigateway-integration:\n{body}\n")


def integration(found: Loaded) -> HttpApiIntegration:
    [one] = api_of(found).integrations.values()
    return one


@pytest.mark.parametrize(
    ("path", "method", "key"),
    [
        ("/", "get", "GET /"),
        ("/a/{b}/c.d:e_f-g", "delete", "DELETE /a/{b}/c.d:e_f-g"),
        ("/a/{rest+}", "x-amazon-apigateway-any-method", "ANY /a/{rest+}"),
        ("/$default", "x-amazon-apigateway-any-method", "$default"),
    ],
)
def test_a_path_and_its_method_make_the_key_of_a_route(path: str, method: str, key: str) -> None:
    found = with_path(path, method)
    assert list(api_of(found).routes) == [key]
    assert not found.broken


@pytest.mark.parametrize("path", ["/a/", "/a//b", "/a b", "/{x+}/b", "/a{x}", "/{a b}"])
def test_keys_that_amazon_refuses(path: str) -> None:
    found = with_path(path)
    assert ("route-key", 3) in said(found, "error")


def test_an_integration_is_read_with_all_that_it_may_declare() -> None:
    found = with_integration("""\
        type: http_proxy
        httpMethod: x-amazon-apigateway-any-method
        uri: https://b/{proxy}
        connectionType: VPC_LINK
        connectionId: link1
        payloadFormatVersion: 1.0
        timeoutInMillis: 1000
        tlsConfig: {serverNameToVerify: b.example}
        requestParameters: {append:header.x-a: $request.path.proxy}
        responseParameters:
          "404": {overwrite:statuscode: "200"}
    """)
    one = integration(found)
    assert (one.type, one.method, one.payload_version, one.timeout_ms) == (
        "HTTP_PROXY", "ANY", "1.0", 1000,
    )  # fmt: skip
    assert (one.connection_type, one.connection_id) == ("VPC_LINK", "link1")
    assert one.tls_server_name == "b.example"
    assert [each.target for each in one.request_parameters] == ["append:header.x-a"]
    assert list(one.response_parameters) == ["404"]
    assert said(found) == [("not-enforced", 11)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("type: mok", "integration-type"),
        ("type: http_proxy\nuri: http://b/\ntimeoutInMillis: 30001", "timeout"),
        ("type: http_proxy\nuri: http://b/\nintegrationSubtype: SQS-SendMessage", "integration-subtype"),
        ("type: aws_proxy\nintegrationSubtype: SQS-SendMessages", "integration-subtype"),
        ("type: aws_proxy\nintegrationSubtype: SQS-SendMessage\nrequestParameters: {QueueUrl: q}", "service-parameter"),
        ("type: aws_proxy\nintegrationSubtype: SQS-SendMessage\nrequestParameters: {QueueUrl: q, MessageBody: b, Urgent: x}", "service-parameter"),
        ("type: http_proxy\nuri: http://b/\nrequestParameters: {append:header.Via: x}", "reserved-header"),
        ("type: http_proxy\nuri: http://b/\nrequestParameters: {append:path: x}", "mapping-key"),
        ("type: http_proxy\nuri: http://b/\nrequestParameters: {integration.request.header.x: x}", "mapping-key"),
        ("type: http_proxy\nuri: http://b/\nresponseParameters: {'2xx': {remove:header.a: ''}}", "response-parameters"),
        ("type: http_proxy\nuri: http://b/\nrequestParameters: {append:header.x: $request.nothing}", "mapping-expression"),
    ],
)  # fmt: skip
def test_integrations_that_amazon_refuses(text: str, code: str) -> None:
    found = with_integration(text)
    assert found.broken
    assert code in {each for each, _ in said(found, "error")}


def test_a_function_without_a_payload_format_is_given_1_0_and_a_warning() -> None:
    found = with_integration(f"type: aws_proxy\nuri: {FUNCTION}")
    assert integration(found).payload_version == "1.0"
    assert said(found) == [("payload-version", 6)]


def test_a_misspelt_property_is_named_with_the_right_one() -> None:
    found = with_integration(
        "type: http_proxy\nhttpMethod: GET\nuri: http://b/\npayloadFormatVersions: '1.0'"
    )
    [odd] = found.diagnostics
    assert odd.code == "unknown-property"
    assert odd.remedy is not None
    assert "payloadFormatVersion" in odd.remedy


def test_routes_may_share_an_integration_of_the_components() -> None:
    found = http(f"""\
        paths:
          /a: {{get: {{x-amazon-apigateway-integration: &r {{$ref: '#/components/x-amazon-apigateway-integrations/one'}}}}}}
          /b: {{get: {{x-amazon-apigateway-integration: *r}}}}
        components: {{x-amazon-apigateway-integrations: {{one: {PROXY}}}}}
    """)
    assert {one.uri for one in api_of(found).integrations.values()} == {"http://b/"}
    assert not found.diagnostics


def test_cors_for_everybody_takes_no_credentials() -> None:
    found = http("""\
        x-amazon-apigateway-cors: {allowOrigins: ['*'], allowCredentials: true, maxAge: 5}
        paths: {}
    """)
    assert {"cors-credentials", "no-methods"} <= {code for code, _ in said(found, "error")}


def test_parts_of_rest_apis_are_said_to_be_ignored() -> None:
    found = http(f"""\
        x-amazon-apigateway-binary-media-types: ['*/*']
        paths: {{/a: {{get: {{x-amazon-apigateway-integration: {PROXY}}}}}}}
    """)
    assert said(found) == [("ignored-by-http", 3)]


def test_the_default_route_may_lack_its_slash_with_a_warning() -> None:
    found = with_path("$default", "x-amazon-apigateway-any-method")
    assert list(api_of(found).routes) == ["$default"]
    [warned] = found.diagnostics
    sentence = "Parse issue: attribute paths. Resource $default should start with /"
    assert (warned.level, warned.message) == ("warning", sentence)


def test_no_base_path_goes_before_the_default_route() -> None:
    text = f"""\
        servers: [{{url: 'https://a.example/v1'}}]
        paths:
          /$default: {{x-amazon-apigateway-any-method: {{x-amazon-apigateway-integration: {PROXY}}}}}
          /a: {{get: {{x-amazon-apigateway-integration: {PROXY}}}}}
    """
    options = Options(api_type="http", base_path_mode="prepend")
    found = read(Bundle({"api.yaml": HEAD + dedent(text)}, options))
    assert list(api_of(found).routes) == ["$default", "GET /v1/a"]


def test_a_swagger_document_is_refused() -> None:
    text = f"swagger: '2.0'\ninfo: {{title: t}}\npaths: {{/a: {{get: {{x-amazon-apigateway-integration: {PROXY}}}}}}}\n"
    found = read(Bundle({"api.yaml": text}, Options(api_type="http")))
    [wrong] = [each for each in found.diagnostics if each.level == "error"]
    assert wrong.message == "HTTP APIs support only the OpenAPI 3.0 specification"


SCHEMES = """\
components:
  securitySchemes:
    jwt: {type: oauth2, x-amazon-apigateway-authorizer: {type: jwt, identitySource: $request.header.A,
          jwtConfiguration: {issuer: 'https://i.example', audience: [a]}}}
    sign: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
"""


@pytest.mark.parametrize(
    ("security", "broken"),
    [
        ("[{jwt: []}]", False),
        ("[{}, {jwt: []}]", False),
        ("[{jwt: []}, {sign: []}]", True),
        ("[{jwt: [], sign: []}]", True),
    ],
)
def test_an_operation_has_one_security_requirement(security: str, broken: bool) -> None:
    own = f"{{security: {security}, x-amazon-apigateway-integration: {PROXY}}}"
    found = http(f"paths: {{/a: {{get: {own}}}}}\n{SCHEMES}")
    assert [code for code, _ in said(found, "error")] == (["many-security"] if broken else [])


def test_what_would_be_validated_is_told_as_information() -> None:
    found = http(
        f"paths: {{/a: {{post: {{requestBody: {{}}, x-amazon-apigateway-integration: {PROXY}}}}}}}"
    )
    [told] = found.diagnostics
    assert (told.level, told.code) == ("info", "ignored-by-http")


def test_the_imports_algorithm_has_one_version() -> None:
    paths = f"paths: {{/a: {{get: {{x-amazon-apigateway-integration: {PROXY}}}}}}}"
    found = http(f"x-amazon-apigateway-importexport-version: '2.0'\n{paths}")
    assert [code for code, _ in said(found)] == ["importexport-version"]
    assert not http(f"x-amazon-apigateway-importexport-version: '1.0'\n{paths}").diagnostics


def test_what_only_http_apis_have_tells_them() -> None:
    """The first is the guide's own example of shared integrations."""
    integration = "{type: aws_proxy, httpMethod: POST, passthroughBehavior: when_no_templates, payloadFormatVersion: '1.0'"
    shared = f"x-amazon-apigateway-integrations: {{one: {integration}, uri: '{FUNCTION}'}}}}"
    used = "{$ref: '#/components/x-amazon-apigateway-integrations/one'}"
    path = f"paths: {{/a: {{get: {{x-amazon-apigateway-integration: {used}}}}}}}"
    found = read(Bundle({"a.yaml": f"{HEAD}{path}\ncomponents: {{{shared}}}\n"}, Options()))
    assert list(api_of(found).routes) == ["GET /a"]
    assert [(each.level, each.code) for each in found.diagnostics] == [("info", "ignored-by-http")]
    tags = "tags: [{name: Owner, x-amazon-apigateway-tag-value: Admin}]"
    own = f"paths: {{/a: {{get: {{x-amazon-apigateway-integration: {integration}, uri: '{FUNCTION}'}}}}}}}}"
    found = read(Bundle({"a.yaml": f"{HEAD}{own}\n{tags}\n"}, Options()))
    assert list(api_of(found).routes) == ["GET /a"]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ("authorizerPayloadFormatVersion: '2.0', enableSimpleResponses: true", None),
        ("authorizerResultTtlInSeconds: 0",
         "AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer"),
        ("authorizerPayloadFormatVersion: '1.0', enableSimpleResponses: true",
         'EnableSimpleResponses can only be set for AuthorizerPayloadFormatVersion "2.0".'),
        ("authorizerPayloadFormatVersion: '1.0', authorizerResultTtlInSeconds: 3601",
         "Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds."),
        ("authorizerPayloadFormatVersion: '1.0', authorizerResultTtlInSeconds: 1, identitySource: ''",
         "Identity source must be set if authorizer caching is enabled (TTL is greater than 0)"),
    ],
)  # fmt: skip
def test_an_import_warns_of_authorizers_that_cannot_be_made(
    settings: str, sentence: str | None
) -> None:
    source = "" if "identitySource" in settings else "identitySource: $request.header.A, "
    authorizer = f"{{type: request, {source}authorizerUri: '{FUNCTION}', {settings}}}"
    scheme = f"{{type: apiKey, name: A, in: header, x-amazon-apigateway-authorizer: {authorizer}}}"
    own = f"{{security: [{{g: []}}], x-amazon-apigateway-integration: {PROXY}}}"
    found = http(f"""\
        paths: {{/a: {{get: {own}}}}}
        components: {{securitySchemes: {{g: {scheme}}}}}
    """)
    told = [] if sentence is None else [("warning", f"Unable to create Authorizer 'g': {sentence}")]
    assert [(each.level, each.message) for each in found.diagnostics] == told
