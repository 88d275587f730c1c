"""Methods: parameters, bodies, responses, validators."""

from __future__ import annotations

import pytest

from inspector.model import Method
from tests.definitions.openapi.reading import (
    GET_MOCK,
    MOCK,
    api,
    loaded,
    method,
    only,
    said,
    with_head,
    with_operation,
)


def test_parameters_come_from_path_path_item_and_operation() -> None:
    found = with_head(f"""\
        components: {{parameters: {{T: {{name: t, in: header, required: true}}}}}}
        paths:
          /a/{{id}}/{{rest+}}:
            parameters:
              - {{name: q, in: query, required: true}}
              - $ref: '#/components/parameters/T'
            get:
              parameters: [{{name: q, in: query}}, {{name: missing, in: path, required: true}}]
              x-amazon-apigateway-integration: {MOCK}
    """)
    assert method(found).request_parameters == {
        "method.request.querystring.q": False,
        "method.request.header.t": True,
        "method.request.path.missing": True,
        "method.request.path.id": True,
        "method.request.path.rest": True,
    }
    assert found.diagnostics == ()


def test_names_must_be_unique_across_places() -> None:
    """Fact 287."""
    found = with_operation("parameters: [{name: x, in: query}, {name: x, in: header}]")
    assert only(found).message == (
        "Unable to put method 'GET' on resource at path '/a': "
        "Parameter names must be unique across querystring, header and path"
    )
    assert (found.broken, only(found).source.line) == (True, 6)


@pytest.mark.parametrize("name", ["page[size]", "a b", "sort:by", "é"])
def test_parameters_have_plain_names(name: str) -> None:
    found = with_operation(f"parameters: [{{name: '{name}', in: query}}]")
    assert only(found).message == (
        "Unable to put method 'GET' on resource at path '/a': Invalid mapping expression "
        "specified: Validation Result: warnings : [], errors : [Parameter name should match the "
        "following regular expression: ^[a-zA-Z0-9._$-]+$]"
    )
    assert (found.broken, only(found).source.line) == (True, 6)


def test_parameters_may_have_dots_and_dollars() -> None:
    found = with_operation("parameters: [{name: $page.size-1_a, in: query}]")
    assert found.diagnostics == ()


def test_parameters_without_counterpart_are_said() -> None:
    found = with_operation("parameters: [{name: c, in: cookie}, {name: x}, 5, {$ref: '#/no'}]")
    assert said(found) == [
        ("parameter", 6),
        ("parameter", 6),
        ("missing-ref", 6),
        ("parameter-place", 6),
    ]


def test_models_of_bodies_and_responses() -> None:
    found = with_head(f"""\
        components:
          schemas:
            Pet: {{type: object, properties: {{next: {{$ref: '#/components/schemas/Pet'}}}}}}
          requestBodies:
            B: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Pet'}}}}}}}}
          responses:
            R: {{headers: {{X-A: {{}}}}, content: {{text/plain: {{schema: {{type: string}}}}}}}}
        paths:
          /a:
            post:
              operationId: add
              requestBody: {{$ref: '#/components/requestBodies/B'}}
              responses: {{200: {{$ref: '#/components/responses/R'}}, default: {{description: d}}}}
              x-amazon-apigateway-integration: {MOCK}
    """)
    post = method(found)
    assert (post.operation_name, post.request_models) == ("add", {"application/json": "Pet"})
    ok = post.responses["200"]
    assert ok.parameters == ("method.response.header.X-A",)
    inline = ok.models["text/plain"]
    assert inline.startswith("MODEL")
    models = api(found).models
    assert models[inline].schema == {"type": "string"}
    url = f"https://apigateway.amazonaws.com/restapis/{api(found).id}/models/Pet"
    assert models["Pet"].schema["properties"] == {"next": {"$ref": url}}
    assert said(found) == [("response-status", 15)]


def test_swagger_s_bodies() -> None:
    found = loaded(f"""\
        swagger: "2.0"
        info: {{title: t}}
        produces: [application/xml]
        definitions: {{Pet: {{type: object}}}}
        parameters: {{B: {{in: body, name: b, schema: {{$ref: '#/definitions/Pet'}}}}}}
        paths:
          /a:
            post:
              consumes: [application/json, text/json]
              parameters: [{{$ref: '#/parameters/B'}}, {{in: formData, name: f}}]
              responses:
                200: {{schema: {{$ref: '#/definitions/Pet'}}, headers: {{X: {{type: string}}}}}}
              x-amazon-apigateway-integration: {MOCK}
    """)
    post = method(found)
    assert post.request_models == {"application/json": "Pet", "text/json": "Pet"}
    assert post.responses["200"].models == {"application/xml": "Pet"}
    assert said(found) == [("parameter-place", 10)]


def test_a_reference_to_no_model_is_ignored_in_amazon_s_words() -> None:
    found = with_operation(
        "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/X'}}}}"
    )
    assert only(found).message == "Reference to model 'X' not found. Ignoring."
    assert method(found).request_models == {}


def _validated(text: str) -> tuple[Method, list[tuple[str, int]]]:
    found = with_head(
        "x-amazon-apigateway-request-validators:\n"
        "  all: {validateRequestBody: true, validateRequestParameters: true}\n"
        "  body: {validateRequestBody: true}\n"
        "x-amazon-apigateway-request-validator: all\n"
        f"paths:\n  /a:\n    get:\n      {text}\n      x-amazon-apigateway-integration: {MOCK}\n"
    )
    validators = api(found).validators
    assert (validators["body"].validate_body, validators["body"].validate_parameters) == (
        True,
        False,
    )
    return method(found), said(found)


def test_a_method_chooses_its_validator_else_the_document_does() -> None:
    chosen, notes = _validated("x-amazon-apigateway-request-validator: body")
    assert (chosen.request_validator, notes) == ("body", [])
    default, notes = _validated("summary: s")
    assert (default.request_validator, notes) == ("all", [])
    missing, notes = _validated("x-amazon-apigateway-request-validator: bodi")
    assert (missing.request_validator, notes) == (None, [("missing-validator", 10)])


def test_a_method_without_integration_cannot_be_deployed() -> None:
    found = with_head(
        "paths: {/a: {get: {responses: {}}, post: {x-amazon-apigateway-integration: }}}"
    )
    assert said(found) == [("no-integration", 3), ("no-integration", 3)]
    assert only_messages(found)[0] == "No integration defined for method: GET /a"
    assert found.broken
    assert set(api(found).resources[1].methods) == {"GET", "POST"}


def only_messages(found: object) -> list[str]:
    return [diagnostic.message for diagnostic in found.diagnostics]  # type: ignore[attr-defined]


def test_misspelt_verbs_and_extensions_are_warned_of() -> None:
    found = with_head(f"""\
        x-amazon-apigateway-binary-media-type: []
        paths:
          /a:
            {GET_MOCK}
            trace: {{}}
            gte: {{}}
            x-own: 1
            x-amazon-apigateway-any-methods: {{}}
            post:
              x-amazon-apigateway-request-validators: {{}}
              x-amazon-apigateway-integration: {MOCK}
    """)
    assert sorted(said(found)) == [
        ("unknown-extension", 3),
        ("unknown-extension", 10),
        ("unknown-extension", 12),
        ("unknown-method", 7),
        ("unknown-method", 8),
    ]
    remedies = {diagnostic.source.line: diagnostic.remedy for diagnostic in found.diagnostics}
    assert remedies[3].startswith("Did you mean x-amazon-apigateway-binary-media-types")
    assert remedies[10].startswith("Did you mean x-amazon-apigateway-any-method")
    assert remedies[12] == "It belongs into a document."
