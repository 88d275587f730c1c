"""Selection expressions, against the guide's examples."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gateway.websocket.selection import NotJsonError, compile_selection

_CHAT = b'{"service":"chat","action":"join","data":{"room":"room1234"}}'


def _value(expression: str, body: bytes = _CHAT, **known: str) -> str:
    return compile_selection(expression).value(body, lambda name: known.get(name.replace(".", "_")))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$request.body.action", "join"),
        ("${request.body.action}", "join"),
        ("${request.body.service}/${request.body.action}", "chat/join"),
        ("${request.body.action}-${request.body.invalidPath}", "join-"),
        ("action", "action"),
        (r"\$default", "$default"),
        (r"\${request.body.action}", "${request.body.action}"),
        ("$request.body.data.room", "room1234"),
        ("$default", "$default"),
        ("", ""),
    ],
)
def test_the_guides_examples(expression: str, value: str) -> None:
    assert _value(expression) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (["item1", "item2"], "[item1, item2]"),
        (5, "5"),
        (1.5, "1.5"),
        (True, "true"),
        (None, "null"),
        ({"a": 1, "b": ["c"]}, "{a=1, b=[c]}"),
    ],
)
def test_values_become_text_as_java_prints_them(value: object, text: str) -> None:
    assert _value("$request.body.a", json.dumps({"a": value}).encode()) == text


def test_what_comes_out_is_not_evaluated_again() -> None:
    body = b'{"action":"${request.body.other}","other":"x"}'
    assert _value("$request.body.action", body) == "${request.body.other}"


def test_lists_and_names_with_dots_are_reached_by_path() -> None:
    body = b'{"list":[{"a":"b"}],"x.y":1}'
    assert _value("$request.body.list[0].a", body) == "b"
    assert _value("$request.body['x.y']", body) == "1"


def test_a_message_that_is_no_json_has_no_value() -> None:
    with pytest.raises(NotJsonError):
        _value("$request.body.action", b"hello")
    assert _value("${context.routeKey}", b"hello", context_routeKey="x") == "x"
    assert _value("static", b"hello") == "static"


@given(st.text(alphabet=st.characters(exclude_characters="$\\{}")))
def test_text_without_names_is_itself(text: str) -> None:
    assert _value(text) == text


@given(st.text(), st.binary(max_size=40))
def test_any_expression_and_any_message_give_text_or_are_no_json(
    expression: str, body: bytes
) -> None:
    try:
        assert isinstance(_value(expression, body), str)
    except NotJsonError:
        assert compile_selection(expression).reads_body


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_what_is_nested_deeply_is_written_all_the_same(opening: str, closing: str) -> None:
    body = '{"action":' + opening * 900 + "1" + closing * 900 + "}"
    text = _value("$request.body.action", body.encode())
    assert text == opening.replace('"a":', "a=") * 900 + "1" + closing * 900
