"""Models against the jsonschema library: references between models change no verdict."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from inspector.definitions import Bundle, Options, read
from inspector.gateway.schema import Schemas
from inspector.testing import Gateway

NAMES = ("One", "Two", "Three", "Four")
SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.sampled_from(["", "a", "ab", "2"]),
    st.sampled_from([0.5, 2.0]),
)  # fmt: skip
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3)
    ),
    max_leaves=8,
)
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]


@st.composite
def schemas(draw: st.DrawFn, names: tuple[str, ...], depth: int = 2) -> dict[str, Any]:
    """A draft 4 schema that may refer to the models of these names."""
    if names and draw(st.booleans()):
        form = draw(st.sampled_from(["#/components/schemas/{}"]))
        return {"$ref": form.format(draw(st.sampled_from(names)))}
    plain = {
        "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1, unique=True),
        "minimum": st.integers(-3, 3),
        "exclusiveMaximum": st.booleans(),
        "maximum": st.integers(-3, 3),
        "multipleOf": st.sampled_from([1, 2, 0.5]),
        "minLength": st.integers(0, 2),
        "maxLength": st.integers(0, 2),
        "pattern": st.sampled_from(["^a", "b$", "2"]),
        "minItems": st.integers(0, 2),
        "maxItems": st.integers(0, 2),
        "uniqueItems": st.booleans(),
        "required": st.lists(st.sampled_from(["a", "b"]), min_size=1, unique=True),
        "minProperties": st.integers(0, 2),
        "additionalProperties": st.booleans(),
        "enum": st.lists(SCALARS, min_size=1, max_size=3, unique_by=json.dumps),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(plain)), max_size=3, unique=True))
    found = {name: draw(plain[name]) for name in chosen}
    if "exclusiveMaximum" in found:
        found.setdefault("maximum", 1)
    if depth:
        inner = schemas(names, depth - 1)
        deeper = {
            "properties": st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
            "items": inner,
            "oneOf": st.lists(inner, min_size=1, max_size=2),
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
        }
        for name in draw(st.lists(st.sampled_from(sorted(deeper)), max_size=2, unique=True)):
            found[name] = draw(deeper[name])
    return found


@st.composite
def families(draw: st.DrawFn) -> dict[str, Any]:
    """Models each of which may refer to those before it."""
    return {name: draw(schemas(NAMES[:index])) for index, name in enumerate(NAMES)}


def inlined(schema: Any, family: dict[str, Any]) -> Any:
    """The same without references."""
    if isinstance(schema, list):
        return [inlined(each, family) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return inlined(family[schema["$ref"].rpartition("/")[2]], family)
    return {name: inlined(each, family) for name, each in schema.items()}


def document(family: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Four"}}}
    return {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/": {
                "post": {
                    "requestBody": {"content": content},
                    "responses": {},
                    "x-amazon-apigateway-request-validator": "body",
                    "x-amazon-apigateway-integration": {
                        "type": "mock",
                        "requestTemplates": {"application/json": '{"statusCode": 200}'},
                        "responses": {"default": {"statusCode": "200"}},
                    },
                }
            }
        },
        "components": {"schemas": family},
        "x-amazon-apigateway-request-validators": {
            "body": {"validateRequestBody": True, "validateRequestParameters": False}
        },
    }


@pytest.mark.slow
@given(families(), VALUES)
@settings(deadline=None)
def test_models_that_refer_judge_as_one_schema(family: dict[str, Any], value: Any) -> None:
    api = read(Bundle({"a.json": json.dumps(document(family))}, Options(api_type="rest")))
    judged = Schemas(api.definition.rest_apis[0]).of("Four")
    assert judged is not None
    library = Draft4Validator(inlined(family["Four"], family))
    assert bool(judged.errors(value)) == (not library.is_valid(value))


@given(families(), VALUES)
@settings(deadline=None, max_examples=40)
def test_the_gateway_refuses_what_the_library_refuses(family: dict[str, Any], value: Any) -> None:
    result = Gateway(document(family), api_type="rest").post("/", body=json.dumps(value))
    library = Draft4Validator(inlined(family["Four"], family))
    assert result.status == (200 if library.is_valid(value) else 400)
    if result.status == 400:
        assert result.json() == {"message": "Invalid request body"}


def test_missing_properties_of_one_object_are_one_fault() -> None:
    """`$context.error.validationErrorString` as users paste it names them all at once."""
    family = {"Four": {"type": "object", "required": ["b", "a"], "properties": {"o": {
        "type": "object", "required": ["a", "b"]}}}}  # fmt: skip
    api = read(Bundle({"a.json": json.dumps(document(family))}, Options(api_type="rest")))
    judged = Schemas(api.definition.rest_apis[0]).of("Four")
    assert judged is not None
    fault = 'object has missing required properties (["a","b"])'
    assert judged.errors({}) == [fault]
    assert judged.errors({"a": 1, "b": 1, "o": {}}) == [fault]


def answered(schema: dict[str, Any], body: str) -> int:
    """The status of a POST whose body is judged by this model."""
    return Gateway(document({"Four": schema}), api_type="rest").post("/", body=body).status


@pytest.mark.parametrize(
    "body",
    ["{'a': 1}", "{a: 1}", '{"a": 1,}', '{"a": 1} x', '{"a": 01}', '{"a": NaN}', "text", "{",
     '{"a": "\t"}'],
)  # fmt: skip
def test_a_body_is_strict_json(body: str) -> None:
    """The validator is no mapping template: what json-smart forgives is no JSON here."""
    assert answered({"required": ["b"]}, '{"b": 1}') == 200
    assert answered({}, body) == 400


def test_multiples_are_counted_in_decimal_numbers() -> None:
    cents = {"multipleOf": 0.01}
    assert answered(cents, "1.13") == 200
    assert answered(cents, "1.135") == 400
    assert answered(cents, "1e400") == 400


def test_names_that_fit_a_pattern_are_no_additional_ones() -> None:
    schema = {"patternProperties": {r"^x-\p": {"type": "string"}}, "additionalProperties": False}
    assert answered(schema, '{"x-p": "a"}') == 200
    assert answered(schema, '{"x-p": 1}') == 400
    assert answered(schema, '{"x-L": "a"}') == 400


def test_additional_properties_have_a_schema() -> None:
    schema = {"properties": {"a": {}}, "additionalProperties": {"type": "string"}}
    assert answered(schema, '{"a": 1, "b": "c"}') == 200
    assert answered(schema, '{"a": 1, "b": 2}') == 400


def test_a_model_that_is_itself_fits_nothing() -> None:
    loop = {"$ref": "#/components/schemas/Four"}
    assert answered(loop, "{}") == 400
    assert answered({"allOf": [loop]}, "{}") == 400


def told(schema: dict[str, Any], value: Any) -> list[str]:
    family = {"Four": schema}
    api = read(Bundle({"a.json": json.dumps(document(family))}, Options(api_type="rest")))
    judged = Schemas(api.definition.rest_apis[0]).of("Four")
    assert judged is not None
    return judged.errors(value)


def test_faults_are_told_as_an_aws_sample_shows_them() -> None:
    """README of aws-samples' stock orders: an array of one, its fields by name."""
    day = r"^\d{4}\-(0[1-9]|1[012])\-(0[1-9]|[12][0-9]|3[01])$"
    properties = {
        "account-id": {"type": "string"},
        "type": {"type": "string", "enum": ["STOCK", "BOND", "CASH"]},
        "symbol": {"type": "string", "minLength": 1, "maxLength": 4},
        "shares": {"type": "number", "minimum": 1, "maximum": 1000},
        "order-date": {"type": "string", "pattern": day},
    }
    order = {
        "account-id": "abcdef123456", "type": "foobar", "symbol": "thisstringistoolong",
        "shares": 999999, "order-date": "2018-1-2",
    }  # fmt: skip
    schema = {"type": "array", "items": {"type": "object", "properties": properties}}
    assert told(schema, [order]) == [
        f'ECMA 262 regex "{day}" does not match input string "2018-1-2"',
        "numeric instance is greater than the required maximum (maximum: 1000, found: 999999)",
        'string "thisstringistoolong" is too long (length: 19, maximum allowed: 4)',
        'instance value ("foobar") not found in enum (possible values: ["STOCK","BOND","CASH"])',
    ]


TEXT_OR_WHOLE = [{"type": "string"}, {"type": "integer"}]


@pytest.mark.parametrize(
    ("schema", "value", "fault"),
    [
        ({"oneOf": TEXT_OR_WHOLE}, [], "instance failed to match exactly one schema (matched 0 out of 2)"),
        ({"oneOf": [{}, {}]}, [], "instance failed to match exactly one schema (matched 2 out of 2)"),
        ({"anyOf": TEXT_OR_WHOLE}, [], "instance failed to match at least one required schema among 2"),
        ({"allOf": TEXT_OR_WHOLE}, 1, "instance failed to match all required schemas (matched only 1 out of 2)"),
        ({"not": {}}, 1, "instance matched a schema which it should not have"),
        ({"minimum": 1}, 0, "numeric instance is lower than the required minimum (minimum: 1, found: 0)"),
        ({"minimum": 1, "exclusiveMinimum": True}, 1,
         "numeric instance is not strictly greater than the required minimum 1"),
        ({"maximum": 1, "exclusiveMaximum": True}, 1,
         "numeric instance is not strictly lower than the required maximum 1"),
        ({"multipleOf": 0.01}, 100.001, "remainder of division is not zero (100.001 / 0.01)"),
        ({"uniqueItems": True}, [1, 1], "array must not contain duplicate elements"),
        ({"items": [{}], "additionalItems": False}, [1, 2],
         "schema only allows 1 elements in array but instance has 2 elements"),
        ({"minItems": 2}, [1], "array is too short: must have at least 2 elements but instance has 1 elements"),
        ({"minProperties": 1}, {}, "object has too few properties (found 0 but schema requires at least 1)"),
        ({"maxProperties": 0}, {"a": 1},
         "object has too many properties (found 1 but schema requires at most 0)"),
        ({"type": "number"}, "1",
         'instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])'),
        ({"required": ["b"], "properties": {"a": {"type": "string"}}}, {"a": 1},
         'object has missing required properties (["b"])'),
    ],
)  # fmt: skip
def test_words_of_faults(schema: dict[str, Any], value: Any, fault: str) -> None:
    """Those of the first, of numbers and of `oneOf` are tests of a service behind API Gateway."""
    assert told(schema, value) == [fault]


@pytest.mark.parametrize("body", ["", "{", "text", "NaN"])
def test_a_body_that_cannot_be_parsed_is_told_in_amazons_words(body: str) -> None:
    """Pasted by users from tests without a body, and of text that is no JSON."""
    content = {
        **document({"Four": {"required": ["a"]}}),
        "x-amazon-apigateway-gateway-responses": {
            "BAD_REQUEST_BODY": {
                "responseTemplates": {"application/json": "$context.error.validationErrorString"}
            }
        },
    }
    answer = Gateway(content, api_type="rest").post("/", body=body)
    assert (answer.status, answer.text) == (400, "[Unknown error parsing request body]")


def test_all_that_a_place_lacks_is_one_fault() -> None:
    """As it is one sentence of Amazon's: an explanation would say it once for each property."""
    schema = {"type": "object", "required": ["a", "b"], "properties": {"c": {"required": ["d"]}}}
    document = {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {},
        "components": {"schemas": {"M": schema}},
    }
    [api] = read(
        Bundle({"a.json": json.dumps(document)}, Options(api_type="rest"))
    ).definition.rest_apis
    model = Schemas(api).of("M")
    assert model is not None
    assert [(each.at, each.text) for each in model.wrongs({"c": {}})] == [
        ((), 'object has missing required properties (["a","b"])'),
        (("c",), 'object has missing required properties (["d"])'),
    ]
