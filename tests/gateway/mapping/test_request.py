"""`$input`: bodies, paths and parameters (facts 65-86)."""

from __future__ import annotations

import pytest

from inspector.gateway.java.errors import JavaError, NoSuchMethodError
from inspector.gateway.mapping import request
from inspector.gateway.mapping.request import Input
from inspector.gateway.velocity.host import MISSING

PARAMETERS = ({"id": "p"}, {"id": "q", "only": "q2"}, {"Accept": "*/*", "only": "h"})


def given(body: str | None) -> Input:
    return Input(body, PARAMETERS)


@pytest.mark.parametrize(("body", "text"), [("", "{}"), (None, "{}"), ("raw", "raw"), (" ", " ")])
def test_body_is_the_untouched_text_and_never_empty(body, text):
    assert given(body).velocity_property("body") == text
    assert given(body).velocity_property("nothing") is MISSING


@pytest.mark.parametrize(
    ("body", "path", "json"),
    [
        ('{"a": {"b": [1]}}', {"b": [1]}, '{"b":[1]}'),
        ('{"a": null}', None, '""'),
        ("{}", None, '""'),
        ('{"a": "x/y"}', "x/y", '"x/y"'),
        ('"#foobar123"', None, '""'),
        ("not json", None, '""'),
        ('{"a":', None, '""'),
        ("", None, '""'),
        (None, None, '""'),
    ],
)
def test_path_and_json_of_a_member(body, path, json):
    assert given(body).path("$.a") == path
    assert given(body).json("$.a") == json


def test_the_body_is_parsed_once_and_live(monkeypatch):
    texts = []
    parse = request.parse_json
    monkeypatch.setattr(request, "parse_json", lambda text: texts.append(text) or parse(text))
    variable = given('{"a": {"b": 1}}')
    assert texts == []
    variable.path("$.a")["b"] = 2
    assert variable.json("$") == '{"a":{"b":2}}'
    assert len(texts) == 1


def test_errors_of_paths_are_java_errors_with_their_class():
    with pytest.raises(JavaError) as caught:
        given("{}").path("$..")
    assert caught.value.java_class == "com.jayway.jsonpath.InvalidPathException"
    with pytest.raises(JavaError, match="json can not be null or empty"):
        given("{}").json("")


def test_a_path_that_is_no_text_finds_no_method():
    with pytest.raises(NoSuchMethodError):
        given("{}").json(1)


def test_a_map_within_itself_is_an_error_not_a_crash():
    variable = given('{"a": {}}')
    variable.path("$.a")["self"] = variable.path("$")
    with pytest.raises(JavaError, match="StackOverflowError"):
        variable.json("$")


@pytest.mark.parametrize(
    ("name", "arguments"), [("params", (1,)), ("params", ("a", "b")), ("getBody", ("x",))]
)
def test_a_call_that_only_a_method_without_parameters_fits_is_an_error(name, arguments):
    method = given("").velocity_method(name, len(arguments))
    with pytest.raises(JavaError, match="wrong number of arguments"):
        method(*arguments)


def test_parameters_by_name_path_first_then_query_string_then_header():
    variable = given("")
    assert [variable.parameter(name) for name in ("id", "only", "Accept", "accept", None)] == [
        "p", "q2", "*/*", "", "",
    ]  # fmt: skip
    assert list(variable.parameters()) == ["path", "querystring", "header"]


def test_a_jsonpath_looks_at_no_more_values_than_it_may():
    deep = Input('{"a": [' + ",".join(["[1,2,3]"] * 50) + "]}", PARAMETERS, max_visits=100)
    assert deep.path("$.a[0]") == [1, 2, 3]
    with pytest.raises(JavaError, match="more values than its budget"):
        deep.path("$..*")
