"""Models as JSON Schema draft 4: what is none is said and left out, so that the rest still judges."""

from __future__ import annotations

import pytest

from tests.definitions.openapi.reading import api, only, with_head

MODEL = "components: {{schemas: {{A: {}}}}}\n"


@pytest.mark.parametrize(
    ("schema", "left", "line"),
    [
        ("{type: object, properties: 5}", {"type": "object"}, "properties: 5 is not of type"),
        ("{properties: {a: null, b: {}}}", {"properties": {"b": {}}}, "properties/a: None is not"),
        ("{items: text}", {}, "items: 'text' is not valid under any"),
        ("{allOf: [{}, 3]}", {"allOf": [{}]}, "allOf/1: 3 is not of type 'object'"),
        ('{minimum: "1", maximum: 2}', {"maximum": 2}, "minimum: '1' is not of type 'number'"),
        ("{type: {}}", {}, "type: {} is not valid under any"),
        ("{required: true}", {}, "required: True is not of type 'array'"),
        ("{required: [a, 1]}", {"required": ["a"]}, "required/1: 1 is not of type 'string'"),
        ("{multipleOf: 0}", {}, "multipleOf: 0 is less than or equal to"),
        ("{exclusiveMinimum: 5}", {}, "exclusiveMinimum: 5 is not of type 'boolean'"),
        ("{pattern: '(a'}", {}, "pattern: '(a' is not a 'regex'"),
        ("{$ref: 1}", {}, "$ref: 1 is not of type 'string'"),
    ],
)
def test_a_keyword_that_is_none_is_left_out(
    schema: str, left: dict[str, object], line: str
) -> None:
    found = with_head(MODEL.format(schema))
    said = only(found)
    assert (said.code, said.level) == ("model-schema", "warning")
    assert line in said.message
    assert said.message.endswith("; left out")
    assert api(found).models["A"].schema == left


def test_what_amazon_refuses_and_harms_nobody_is_said_only() -> None:
    found = with_head(MODEL.format("{required: [a, a]}"))
    assert only(found).message == (
        "Invalid model schema specified: required: ['a', 'a'] has non-unique elements"
    )
    assert api(found).models["A"].schema == {"required": ["a", "a"]}


@pytest.mark.parametrize(
    "schema",
    [
        "{properties: {type: {type: string}, required: {type: boolean}, $ref: {}}}",
        "{type: number, exclusiveMaximum: true}",
        "{type: string, nullable: true, example: 5, discriminator: {propertyName: a}}",
        r"{pattern: '^[\w-.]+\p$'}",
    ],
)
def test_what_openapi_and_javascript_allow_is_not_said(schema: str) -> None:
    assert with_head(MODEL.format(schema)).diagnostics == ()


@pytest.mark.parametrize("reference", ["https://example.com/a.json", "other.json#/a", "A"])
def test_a_model_refers_to_models_only(reference: str) -> None:
    found = with_head(MODEL.format(f"{{properties: {{a: {{$ref: '{reference}'}}}}}}"))
    assert only(found).message == (
        "Unable to create model for 'A': Invalid model specified: Validation Result: "
        "warnings : [], errors : [Model reference must be in canonical form]"
    )
    assert found.broken


def test_a_reference_to_no_model_within_a_model_is_said() -> None:
    found = with_head(MODEL.format("{items: {$ref: '#/components/schemas/B'}}"))
    assert (only(found).code, only(found).level) == ("model-reference", "warning")
    assert "'#/components/schemas/B'" in only(found).message


@pytest.mark.parametrize(
    "reference",
    ["#/components/schemas/A", "#/definitions/A", "#/components/schemas/A/properties/a",
     "https://apigateway.amazonaws.com/restapis/abc/models/A"],
)  # fmt: skip
def test_references_that_amazon_takes(reference: str) -> None:
    found = with_head(MODEL.format(f"{{properties: {{a: {{$ref: '{reference}'}}}}}}"))
    assert found.diagnostics == ()
