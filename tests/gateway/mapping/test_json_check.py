"""The fault finder agrees with Python's decoder on what is JSON, and finds the place."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gateway.mapping.json_check import Expected, first_fault

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(VALUES, st.sampled_from([None, 1]))
def test_json_has_no_fault(value, indent):
    assert first_fault(json.dumps(value, indent=indent)) is None


def refuse(name: str) -> None:
    raise ValueError(name)


@given(st.text(alphabet="{}[]\",:\\ \n12.-e+antrufls'", max_size=14))
def test_agrees_with_pythons_decoder_on_salad(text):
    try:
        json.loads(text, parse_constant=refuse)
        valid = True
    except ValueError:
        valid = False
    assert (first_fault(text) is None) is valid


@given(VALUES, st.data())
def test_the_place_is_in_the_token_that_was_cut(value, data):
    text = json.dumps([value])
    cut = data.draw(st.integers(0, len(text) - 1))
    fault = first_fault(text[:cut])
    assert fault is not None
    assert re.fullmatch(r"\\?[-+.0-9A-Za-z]*", text[fault.offset : cut])


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("", 0, Expected.VALUE),
        ('{"a" 1}', 5, Expected.COLON),
        ('{"a": 1 2}', 8, Expected.SEPARATOR),
        ("[1] 2", 4, Expected.NOTHING),
        ('["a\\x"]', 3, Expected.ESCAPE),
        ('["a\tb"]', 3, Expected.VISIBLE),
        ('["ab', 4, Expected.QUOTE),
        ("{1}", 1, Expected.FIRST_NAME),
        ('{"a":1,}', 7, Expected.NAME),
        ("[01]", 2, Expected.SEPARATOR),
    ],
)
def test_place_and_expectation(text, offset, expected):
    fault = first_fault(text)
    assert fault is not None
    assert (fault.offset, fault.expected) == (offset, expected)
