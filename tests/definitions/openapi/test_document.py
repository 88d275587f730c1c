"""The document as a whole: kind, settings, stage, resources, references."""

from __future__ import annotations

from typing import Literal

import pytest

from inspector.definitions import Bundle, Options, read, render
from inspector.model import HttpApi, RestApi
from tests.definitions.openapi.reading import (
    GET_MOCK,
    HEAD,
    MOCK,
    api,
    loaded,
    only,
    said,
    with_head,
)

INTEGRATION = "x-amazon-apigateway-integration"
PATHS = f"paths: {{/a: {{{GET_MOCK}}}}}\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- 1", "not-a-definition"),
        ("a: 1", "not-a-definition"),
        ("openapi: 4.0.0", "unknown-version"),
        ('swagger: "1.2"', "unknown-version"),
        ("AWSTemplateFormatVersion: x\nResources: {}", "no-resources"),
    ],
)
def test_a_document_of_another_kind_is_refused(text: str, code: str) -> None:
    found = loaded(text)
    assert (found.broken, found.apis) == (True, ())
    assert only(found).code == code


@pytest.mark.parametrize(
    ("text", "api_type", "kind"),
    [
        ("x-amazon-apigateway-cors: {}\n" + PATHS, None, HttpApi),
        ("paths: {/$default: {}}", None, HttpApi),
        (f"paths: {{/a: {{get: {{{INTEGRATION}: {{payloadFormatVersion: '2.0'}}}}}}}}", None, HttpApi),
        (f"paths: {{/a: {{get: {{{INTEGRATION}: {{payloadFormatVersion: '1.0', type: mock}}}}}}}}", None, RestApi),
        (PATHS, None, RestApi),
        (PATHS, "http", HttpApi),
        ("x-amazon-apigateway-cors: {}\n" + PATHS, "rest", RestApi),
    ],
)  # fmt: skip
def test_a_document_shows_which_kind_of_api_it_describes(
    text: str, api_type: Literal["rest", "http"] | None, kind: type
) -> None:
    [found] = read(Bundle({"a.yaml": HEAD + text}, Options(api_type=api_type))).apis
    assert type(found) is kind


@pytest.mark.parametrize(
    "version", ["openapi: 3.0.1", "openapi: 3.1.0", 'swagger: "2.0"', "swagger: 2.0"]
)
def test_versions_that_are_read(version: str) -> None:
    assert not loaded(f"{version}\ninfo: {{title: t}}\n{PATHS}").broken


def test_settings() -> None:
    found = with_head("""\
        x-amazon-apigateway-binary-media-types: [image/*]
        x-amazon-apigateway-minimum-compression-size: 1024
        x-amazon-apigateway-endpoint-configuration: {types: [PRIVATE], vpcEndpointIds: [vpce-1], disableExecuteApiEndpoint: true}
        x-amazon-apigateway-gateway-responses:
          DEFAULT_4XX: {statusCode: 404, responseParameters: {gatewayresponse.header.X: "'1'"}}
          ACCESS_DENIED: {responseTemplates: {application/json: '{}'}}
          ACCES_DENIED: {}
          THROTTLED: {statusCode: 1}
        webhooks: {}
    """)
    one = api(found)
    assert one.binary_media_types == ("image/*",)
    assert one.minimum_compression_size == 1024
    assert (one.endpoint_type, one.vpc_endpoint_ids) == ("PRIVATE", ("vpce-1",))
    assert one.disable_execute_api_endpoint
    default, denied, throttled = one.gateway_responses.values()
    assert (default.type, default.status, default.templates) == ("DEFAULT_4XX", 404, None)
    assert [(p.target, p.expression) for p in default.parameters] == [
        ("gatewayresponse.header.X", "'1'")
    ]
    assert (denied.status, [t.text for t in (denied.templates or {}).values()]) == (None, ["{}"])
    assert throttled.status is None
    assert said(found, "error") == [("gateway-response-type", 9), ("gateway-response-status", 10)]
    assert said(found, "warning") == []
    assert sorted(said(found, "info")) == [("left-out", 11), ("private-api", 5)]


@pytest.mark.parametrize(
    ("text", "mode", "stage"),
    [
        ("servers: [{url: https://x/prod}]", "ignore", "prod"),
        (
            "servers: [{url: 'https://x/{basePath}', variables: {basePath: {default: v1}}}]",
            "ignore",
            "v1",
        ),
        ("servers: [{url: https://x/one/two}]", "ignore", "two"),
        ("servers: [{url: https://x/one/two}]", "split", "one"),
        ("servers: [{url: https://x/one}]", "prepend", "dev"),
        ("servers: [{url: https://x/v1.0}]", "ignore", "dev"),
        ("servers: [{url: /rel}]", "ignore", "rel"),
        ("servers: []", "ignore", "dev"),
        ("servers: [{url: 'http://[bad/x'}]", "ignore", "dev"),
    ],
)
def test_the_stage_is_the_base_path_s(text: str, mode: str, stage: str) -> None:
    assert api(with_head(f"{text}\n", base_path_mode=mode)).stages[0].name == stage
    assert api(with_head(f"{text}\n", base_path_mode=mode, stage="own")).stages[0].name == "own"


def test_an_exported_document_keeps_its_id_and_region() -> None:
    server = "servers: [{url: 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod'}]\n"
    one = api(with_head(server))
    assert (one.id, one.region, one.host) == (
        "a1b2c3d4e5",
        "eu-west-1",
        "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com",
    )
    own = api(with_head(server, api_id="mine", region="us-west-2", account="000000000000"))
    assert (own.id, own.region, own.account) == ("mine", "us-west-2", "000000000000")


def test_resources_have_their_parents_and_stable_ids() -> None:
    text = f"paths: {{'/a/b/{{c}}/': {{{GET_MOCK}}}, //a//x: {{{GET_MOCK}}}, /: {{{GET_MOCK}}}}}\n"
    one, again = api(with_head(text)), api(with_head(text))
    assert [r.path for r in one.resources] == ["/", "/a", "/a/b", "/a/b/{c}", "/a/x"]
    assert [bool(r.methods) for r in one.resources] == [True, False, False, True, True]
    assert [len(r.id) for r in one.resources] == [10, 6, 6, 6, 6]
    assert one == again
    assert len({r.id for r in one.resources}) == 5


def test_the_tree_amazon_refuses() -> None:
    """Fact 40."""
    found = with_head(f"""\
        paths:
          /a/{{x}}: {{{GET_MOCK}}}
          /a/{{y}}/b: {{{GET_MOCK}}}
          /p/{{proxy+}}/c: {{{GET_MOCK}}}
          no/slash: {{}}
    """)
    assert [d.message for d in found.diagnostics] == [
        "the path 'no/slash' must start with a slash; left out",
        "Unable to create resource at path '/a/{y}': A sibling ({x}) of this resource already has "
        "a variable path part -- only one is allowed",
        "Unable to create resource at path '/p/{proxy+}/c': Cannot create a child of a resource "
        "with a greedy path variable: {proxy+}",
    ]
    assert [d.source.line for d in found.diagnostics] == [7, 5, 6]


def test_path_items_may_be_references_also_to_one_another() -> None:
    found = with_head(f"""\
        paths:
          /a: {{{GET_MOCK}}}
          /b: {{$ref: '#/paths/~1a'}}
          /c: {{$ref: '#/paths/~1d'}}
          /d: {{$ref: '#/paths/~1c'}}
          /e: {{$ref: other.yaml#/x}}
    """)
    resources = {resource.path: resource for resource in api(found).resources}
    assert set(resources["/b"].methods) == {"GET"}
    assert resources["/b"].methods["GET"].source.line == 4
    assert sorted(said(found)) == [
        ("circular-ref", 6),
        ("circular-ref", 7),
        ("external-ref", 8),
    ]


def test_an_integration_may_be_shared() -> None:
    found = with_head(f"""\
        components: {{x-amazon-apigateway-integrations: {{m: {MOCK}}}}}
        paths: {{/a: {{get: {{x-amazon-apigateway-integration: {{$ref: '#/components/x-amazon-apigateway-integrations/m'}}}}}}}}
    """)
    assert found.diagnostics == ()


def test_no_methods_cannot_be_deployed() -> None:
    found = with_head("paths: {}\n")
    assert (only(found).code, only(found).message, found.broken) == (
        "no-methods",
        "The REST API doesn't contain any methods",
        True,
    )


def test_strict_and_fail_on_warnings_refuse_each_its_own() -> None:
    unenforced = "x-amazon-apigateway-endpoint-access-mode: STRICT\n"
    odd = "x-amazon-apigateway-nonsense: {}\n"
    assert not with_head(unenforced + odd).broken
    assert with_head(unenforced, strict=True).broken
    assert not with_head(odd, strict=True).broken
    assert with_head(odd, fail_on_warnings=True).broken
    assert not with_head(unenforced, fail_on_warnings=True).broken


def test_a_document_without_title_is_named_after_its_file() -> None:
    found = loaded(f"openapi: 3.0.1\n{PATHS}")
    assert (api(found).name, only(found).code) == ("api", "no-title")


def test_an_id_cannot_be_that_of_two_definitions() -> None:
    from inspector.definitions import Bundle, Options, read  # noqa: PLC0415

    text = HEAD + PATHS
    found = read(Bundle({"a.yaml": text, "b.yaml": text}, Options(api_id="mine")))
    assert render(found.diagnostics[0]).startswith(
        "a.yaml: error: the API id mine cannot be that of 2"
    )


def test_wrong_types_are_left_out_and_said() -> None:
    found = with_head("""\
        x-amazon-apigateway-minimum-compression-size: many
        x-amazon-apigateway-binary-media-types: {a: b}
        components: {schemas: {A: 5}}
        paths: {/a: [], /b: {get: 1}}
    """)
    assert said(found, "warning") == [("wrong-type", n) for n in (4, 3, 5, 6, 6)]


def test_more_than_one_server_is_said_in_amazons_words() -> None:
    found = with_head("servers: [{url: 'https://a.example'}, {url: 'https://b.example'}]\n")
    assert only(found).message == (
        "More than one server provided. "
        "Ignoring all but the first for defining endpoint configuration"
    )


@pytest.mark.parametrize("kind", ["rest", "http"])
def test_the_endpoint_is_configured_at_the_first_server(kind: Literal["rest", "http"]) -> None:
    """The guide: at the top in Swagger, at the server in OpenAPI."""
    found = with_head(
        "servers: [{url: 'https://a.example', x-amazon-apigateway-endpoint-configuration: "
        "{disableExecuteApiEndpoint: true}}]\n",
        api_type=kind,
    )
    (one,) = found.apis
    assert one.disable_execute_api_endpoint
