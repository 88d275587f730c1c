"""Answers of the real Jayway 2.0.0 and json-smart 2.2, recorded (tests/data/jsonpath)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.gateway.java.text import to_text
from inspector.gateway.jsonpath.errors import JsonPathError
from inspector.gateway.jsonpath.paths import compile_path
from inspector.gateway.jsonpath.reader import parse_json
from inspector.gateway.jsonpath.writer import json_text

DATA = Path(__file__).parents[2] / "data" / "jsonpath"


def rows(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def both_forms(value: object, order: str) -> str:
    as_json = '""' if value is None else json_text(value)
    printed = "" if value is None else to_text(value)
    return order.format(J=as_json, P=printed)


#: Java's own words for a null or a bad cast name its internals; the exception's class is enough.
UNWORDED = ("java.lang.NullPointerException", "java.lang.ClassCastException")


def same_error(error: JsonPathError, expected: list[str]) -> bool:
    if error.java_class != expected[0]:
        return False
    if error.java_class in UNWORDED or "Multi properties" in str(error):
        return True
    if "PatternSyntaxException" in str(error):
        return "PatternSyntaxException" in expected[1]
    return str(error) == expected[1]


def outcome(row: dict[str, str], form: str) -> tuple[str, JsonPathError | None]:
    try:
        if "path" not in row:
            return both_forms(parse_json(row["text"]), form), None
        document = parse_json(row["body"])
        value = None if document is None else compile_path(row["path"]).read(document)
        return both_forms(value, form), None
    except JsonPathError as error:
        return "", error


@pytest.mark.parametrize("row", rows("paths.jsonl"), ids=lambda row: row["path"])
def test_path(row):
    output, error = outcome(row, "J:{J} P:{P}")
    assert same_error(error, row["error"]) if error and "error" in row else output == row["output"]


@pytest.mark.parametrize("row", rows("texts.jsonl"), ids=lambda row: row["text"])
def test_permissive_text(row):
    output, error = outcome(row, "P:{P} J:{J}")
    assert same_error(error, row["error"]) if error and "error" in row else output == row["output"]
