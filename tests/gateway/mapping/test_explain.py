"""Explanations of output that claims to be JSON (pains D 40-48)."""

from __future__ import annotations

import pytest

from inspector.gateway.mapping.causes import Cause
from inspector.gateway.mapping.explain import Piece, claims_json, explain

CASES = [
    ('{"a": "it\\\'s"}', Cause.ESCAPED_APOSTROPHE, "\\"),
    ('{"a": "c:\\dir"}', Cause.BAD_ESCAPE, "\\"),
    ('{"a": "x\ny"}', Cause.RAW_CONTROL, "\n"),
    ('{"a": ""Ann""}', Cause.QUOTED_JSON, "A"),
    ('{"a": "{"x":1}"}', Cause.QUOTED_JSON, "x"),
    ('{"a": "["x"]"}', Cause.QUOTED_JSON, "x"),
    ('{"a": "say "hi" there"}', Cause.UNESCAPED_QUOTE, "h"),
    ('{"a": ["x"y"]}', Cause.UNESCAPED_QUOTE, "y"),
    ('{"a": {b=c}}', Cause.JAVA_MAP, "b"),
    ("{first=12, other=34}", Cause.JAVA_MAP, "f"),
    ('{"a": $x.y}', Cause.UNRESOLVED, "$"),
    ('{"a": }', Cause.EMPTY_VALUE, "}"),
    ('{"a": , "b": 1}', Cause.EMPTY_VALUE, ","),
    ('{"a": 1,}', Cause.TRAILING_COMMA, "}"),
    ("[\n 1,\n 2,\n]", Cause.TRAILING_COMMA, "]"),
    ("[1,,2]", Cause.DOUBLE_COMMA, ","),
    ("[,1]", Cause.DOUBLE_COMMA, ","),
    ('[{"a":1}{"b":2}]', Cause.MISSING_COMMA, "{"),
    ('{"a": 1 "b": 2}', Cause.MISSING_COMMA, '"'),
    ("{'a': 1}", Cause.SINGLE_QUOTES, "'"),
    ("{a: 1}", Cause.BARE_NAME, "a"),
    ("{{}}", Cause.SYNTAX, "{"),
    ('{"a": abc}', Cause.BARE_TEXT, "a"),
    ('{"a": 12abc}', Cause.BARE_TEXT, "a"),
    ('{"a": "b', Cause.UNCLOSED, ""),
    ('{"a": [1, 2', Cause.UNCLOSED, ""),
    ('{"a": 1} {"b": 2}', Cause.EXTRA_TEXT, "{"),
]


@pytest.mark.parametrize(("output", "cause", "char"), CASES, ids=[case[0] for case in CASES])
def test_cause_and_offending_character(output, cause, char):
    found = explain(output)
    assert found is not None
    assert found.cause is cause
    assert output[found.offset : found.offset + 1] == char
    assert found.reason
    assert found.mend


def test_every_cause_is_tested():
    assert {case[1] for case in CASES} | {Cause.EMPTY_OUTPUT} == set(Cause)


def test_empty_output_claims_json_by_its_content_type_only():
    assert explain("") is None
    found = explain(" ", content_type="application/json; charset=utf-8")
    assert found is not None
    assert found.cause is Cause.EMPTY_OUTPUT


@pytest.mark.parametrize(
    ("output", "content_type", "claims"),
    [
        ("Action=SendMessage", None, False),
        ("Action=SendMessage", "application/x-www-form-urlencoded", False),
        ("  [1]", None, True),
        ("x", "application/json", True),
        ("x", "application/vnd.api+json;v=1", True),
        ("<a/>", "application/xml", False),
    ],
)
def test_who_claims_to_be_json(output, content_type, claims):
    assert claims_json(output, content_type) is claims


def test_valid_json_needs_no_explanation():
    assert explain('{"a": [1, "two", null]}') is None


def test_byte_offset_and_caret_below_wide_and_control_characters():
    found = explain('{"é\u20ac": "a\tb"}')
    assert found is not None
    assert (found.offset, found.byte) == (9, 12)
    assert found.excerpt[len(found.caret) - 1 :].startswith("\\t")


TEMPLATE = '{\n  "name": "$input.path(\'$.q\')",\n  "age": $input.path(\'$.age\')\n}'


def pieces_of(values: dict[str, str]) -> tuple[str, list[Piece]]:
    """What a stepper would record: each reference of TEMPLATE printing its value."""
    output, pieces, place = "", [], 0
    for reference, value in values.items():
        at = TEMPLATE.index(reference)
        pieces.append(Piece(len(output), len(output) + at - place, place, at))
        output += TEMPLATE[place:at]
        place = at + len(reference)
        pieces.append(Piece(len(output), len(output) + len(value), at, place))
        output += value
    pieces.append(Piece(len(output), len(output) + len(TEMPLATE) - place, place, len(TEMPLATE)))
    return output + TEMPLATE[place:], pieces


def test_the_template_line_that_wrote_an_unescaped_quote():
    output, pieces = pieces_of({"$input.path('$.q')": 'a "b" c', "$input.path('$.age')": "1"})
    found = explain(output, TEMPLATE, pieces)
    assert found is not None
    assert found.cause is Cause.UNESCAPED_QUOTE
    assert (found.template_line, found.template_column) == (2, 12)
    assert found.template_text == "$input.path('$.q')"
    assert "line 2, column 12" in found.as_text()


def test_the_reference_that_printed_nothing():
    output, pieces = pieces_of({"$input.path('$.q')": "a", "$input.path('$.age')": ""})
    found = explain(output, TEMPLATE, pieces)
    assert found is not None
    assert found.cause is Cause.EMPTY_VALUE
    assert (found.template_line, found.template_text) == (3, "$input.path('$.age')")


def test_a_quote_that_ends_the_value_is_the_references_too():
    output, pieces = pieces_of({"$input.path('$.q')": 'say "hi"', "$input.path('$.age')": "1"})
    found = explain(output, TEMPLATE, pieces)
    assert found is not None
    assert found.cause is Cause.UNESCAPED_QUOTE
    assert found.template_line == 2
