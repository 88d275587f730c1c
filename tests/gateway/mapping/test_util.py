"""`$util` against the answers of the real engines (tests/data/mapping/util.jsonl)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.gateway.java.errors import JavaError, NoSuchMethodError
from inspector.gateway.mapping.util import METHODS, UTIL

DATA = Path(__file__).parents[2] / "data" / "mapping" / "util.jsonl"
ROWS = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['method']} {row['text']!r}")
def test_as_recorded(row):
    method = METHODS[row["method"]]
    if "error" in row:
        with pytest.raises(JavaError) as caught:
            method(row["text"])
        assert [caught.value.java_class, caught.value.message] == row["error"]
    else:
        assert method(row["text"]) == row["output"]


def test_null_gives_null():
    assert [method(None) for method in METHODS.values()] == [None] * len(METHODS)


@pytest.mark.parametrize("name", sorted(set(METHODS) - {"escapeJavaScript"}))
def test_only_text_has_these_methods(name):
    with pytest.raises(NoSuchMethodError):
        METHODS[name](1)


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1.0"), (True, "true"), ([1, "a/b"], '[1,\\"a\\\\\\/b\\"]')]
)
def test_escape_javascript_takes_anything(value, text):
    assert METHODS["escapeJavaScript"](value) == text


def test_parsed_json_is_live_data():
    assert METHODS["parseJson"]('{"a":{"b":[1,2,{"c":"d"}]}}') == {"a": {"b": [1, 2, {"c": "d"}]}}
    with pytest.raises(JavaError, match="Unexpected End Of File position 3: null"):
        METHODS["parseJson"]("{bad")


def test_nothing_else_exists():
    assert UTIL.velocity_method("toJson", 1) is None
    assert UTIL.velocity_method("urlEncode", 2) is None
