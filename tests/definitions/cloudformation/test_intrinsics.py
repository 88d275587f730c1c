"""Intrinsic functions: a table of each, and random templates against a tiny evaluator."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.definitions import Bundle, Loaded, Options, read

HEAD: dict[str, Any] = {
    "Parameters": {
        "Env": {"Type": "String", "Default": "dev"},
        "List": {"Type": "CommaDelimitedList", "Default": "a, b,c"},
    },
    "Mappings": {"M": {"dev": {"x": "mapped", "l": ["p", "q"]}}},
    "Conditions": {
        "Yes": {"Fn::Equals": [{"Ref": "Env"}, "dev"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
        "Either": {"Fn::Or": [{"Condition": "Yes"}, {"Condition": "No"}]},
    },
}


def loaded(value: Any, **options: Any) -> Loaded:
    """A template whose API is described by `value`."""
    method = {
        "Type": "AWS::ApiGateway::Method",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
            "HttpMethod": "GET",
            "Integration": {"Type": "MOCK"},
        },
    }
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "n", "Description": value}}
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "things"}}
    resources = {"Api": api, "Get": method, "Table": table}
    text = json.dumps({**HEAD, "Resources": resources})
    return read(Bundle({"t.json": text}, Options(**options)))


def described(value: Any, **options: Any) -> str | None:
    found = loaded(value, **options)
    errors = [each.message for each in found.diagnostics if each.level == "error"]
    assert not errors
    return found.apis[0].description


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "Env"}, "dev"),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "AWS::NoValue"}, None),
        ({"Ref": "Table"}, "things"),
        ({"Fn::GetAtt": ["Table", "Arn"]}, "arn:aws:dynamodb:us-east-1:123456789012:table/things"),
        ({"Fn::GetAtt": "Table.Arn"}, "arn:aws:dynamodb:us-east-1:123456789012:table/things"),
        ({"Fn::Sub": "${Env}-${!Env}-${AWS::AccountId}"}, "dev-${Env}-123456789012"),
        ({"Fn::Sub": ["${x}/${Env}", {"x": {"Ref": "Env"}}]}, "dev/dev"),
        ({"Fn::Sub": "${Table.Arn}"}, "arn:aws:dynamodb:us-east-1:123456789012:table/things"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Env"}]]}, "a-dev"),
        ({"Fn::Join": ["+", {"Ref": "List"}]}, "a+b+c"),
        ({"Fn::Select": [1, {"Ref": "List"}]}, "b"),
        ({"Fn::Select": ["0", {"Fn::Split": ["/", "x/y"]}]}, "x"),
        ({"Fn::If": ["Yes", "y", "n"]}, "y"),
        ({"Fn::If": ["No", "y", {"Ref": "AWS::NoValue"}]}, None),
        ({"Fn::If": ["Both", "y", "n"]}, "n"),
        ({"Fn::If": ["Either", "y", "n"]}, "y"),
        ({"Fn::FindInMap": ["M", {"Ref": "Env"}, "x"]}, "mapped"),
        ({"Fn::Select": [1, {"Fn::FindInMap": ["M", "dev", "l"]}]}, "q"),
        ({"Fn::FindInMap": ["M", "no", "x", {"DefaultValue": "d"}]}, "d"),
        ({"Fn::Base64": "hello"}, "aGVsbG8="),
    ],
)
def test_a_function_gives_what_cloudformation_gives(value, expected) -> None:
    assert described(value) == expected


def test_a_parameter_set_by_the_user_counts() -> None:
    assert described({"Fn::If": ["Yes", "y", "n"]}, parameters={"Env": "prod"}) == "n"


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        ({"Ref": "Nope"}, "unknown-logical-id", "Unresolved resource dependencies [Nope]"),
        ({"Fn::GetAtt": ["Nope", "Arn"]}, "unknown-logical-id", "undefined resource Nope"),
        ({"Fn::GetAtt": ["Table", "Nope"]}, "attribute", "does not support attribute type Nope"),
        ({"Fn::Sub": "${Nope}"}, "unknown-logical-id", "Nope"),
        ({"Fn::Select": [9, ["a"]]}, "select", "nonexistent value at index 9"),
        ({"Fn::FindInMap": ["M", "no", "x"]}, "mapping", "Unable to get mapping for M::no::x"),
        ({"Fn::If": ["Nope", 1, 2]}, "unknown-condition", "Nope"),
        ({"Fn::Join": ["-", "text"]}, "intrinsic-type", "wants a list"),
        ({"Fn::ImportValue": "x"}, "intrinsic", "an issue of its own"),
        ({"Fn::Cidr": ["10.0.0.0/8", 2]}, "intrinsic", "an issue of its own"),
        ({"Fn::GetAZs": ""}, "intrinsic", "an issue of its own"),
        ({"Fn::Transform": {"Name": "X"}}, "intrinsic", "an issue of its own"),
        ({"Fn::Nonsense": 1}, "intrinsic", "Fn::Nonsense"),
        ({"Ref": "Api"}, "circular", "Circular dependency between resources: [Api]"),
    ],
)
def test_a_broken_value_is_an_error_with_its_place(value, code, words) -> None:
    found = loaded(value)
    assert found.broken
    [diagnostic, *_] = [each for each in found.diagnostics if each.code == code]
    assert words in diagnostic.message
    assert diagnostic.source.line == 1
    assert diagnostic.source.column > 1
    assert diagnostic.source.pointer.startswith("/Resources/Api")


def test_conditions_in_a_circle_are_an_error() -> None:
    document = {
        "Conditions": {
            "A": {"Fn::Not": [{"Condition": "B"}]},
            "B": {"Fn::Not": [{"Condition": "A"}]},
        },
        "Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Condition": "A"}},
    }
    found = read(Bundle({"t.json": json.dumps(document)}))
    assert "circular" in {each.code for each in found.diagnostics}


texts = st.text("abc/-", max_size=4)
lists = st.lists(texts, min_size=1, max_size=3)
values = st.recursive(
    st.one_of(texts, st.just({"Ref": "Env"}), st.just({"Fn::FindInMap": ["M", "dev", "x"]})),
    lambda inner: st.one_of(
        st.builds(lambda a, b: {"Fn::Join": [a, b]}, texts, st.lists(inner, max_size=3)),
        st.builds(
            lambda c, a, b: {"Fn::If": [c, a, b]}, st.sampled_from(["Yes", "No"]), inner, inner
        ),
        st.builds(lambda a: {"Fn::Sub": ["${v}.${Env}", {"v": a}]}, inner),
        st.builds(lambda a: {"Fn::Select": [0, {"Fn::Split": ["/", a]}]}, inner),
        st.builds(
            lambda a: {"Fn::Select": [len(a) - 1, a]}, st.lists(inner, min_size=1, max_size=3)
        ),
    ),
    max_leaves=12,
)


def reference(value: Any) -> Any:
    """The same in the fewest words."""
    if not isinstance(value, dict):
        return [reference(each) for each in value] if isinstance(value, list) else value
    [(name, argument)] = value.items()
    if name == "Ref":
        return "dev"
    if name == "Fn::FindInMap":
        return "mapped"
    if name == "Fn::If":
        return reference(argument[1] if argument[0] == "Yes" else argument[2])
    if name == "Fn::Sub":
        return reference(argument[1]["v"]) + ".dev"
    if name == "Fn::Split":
        return reference(argument[1]).split(argument[0])
    if name == "Fn::Select":
        return reference(argument[1])[argument[0]]
    return argument[0].join(reference(argument[1]))


@settings(deadline=None, max_examples=100)
@given(values)
def test_random_values_resolve_as_the_reference_does(value) -> None:
    assert described({"Fn::Join": ["", ["=", value]]}) == "=" + reference(value)
