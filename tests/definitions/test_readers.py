"""The YAML and JSON readers: right values, bounded work, complaints with a place."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from inspector.definitions.cursor import Cursor, to_plain
from inspector.definitions.json_reader import read_json
from inspector.definitions.nodes import LineIndex, Unreadable
from inspector.definitions.parsing import parse
from inspector.definitions.scalars import resolve
from inspector.definitions.yaml_reader import read_yaml

TEXTS = st.text(max_size=10).filter(lambda text: isinstance(resolve(text), str))
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)


def yaml_value(text: str) -> Any:
    return to_plain(read_yaml(text)[0])


@given(VALUES, st.booleans())
def test_json_reads_as_the_standard_library_does(value: Any, plain: bool) -> None:
    text = json.dumps(value, ensure_ascii=plain, indent=None if plain else 1)
    assert to_plain(read_json(text)[0]) == json.loads(text)


@given(
    st.one_of(VALUES.map(json.dumps), st.text(alphabet='[]{},:"ab01.eE-\\tn ', max_size=12)),
    st.data(),
)
def test_json_is_refused_where_the_standard_library_refuses_it(
    text: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, max(len(text) - 1, 0)))
    text = text[:at] + data.draw(st.sampled_from(["", "}", '"', ",", "x"])) + text[at + 1 :]
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(Unreadable):
            read_json(text)
    else:
        assert to_plain(read_json(text)[0]) == expected


@given(VALUES, st.sampled_from([None, '"', "'"]))
def test_yaml_reads_what_yaml_writes(value: Any, style: str | None) -> None:
    text = yaml.safe_dump({"value": value}, default_style=style, allow_unicode=True)
    expected = yaml.safe_load(text)
    assert yaml_value(text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"), ("yes", "yes"), ("No", "No"), ("true", True), ("False", False), ("~", None),
        ("null", None), ("", None), ("12", 12), ("012", 12), ("0o14", 12), ("0xC", 12),
        ("1_000", "1_000"),
        ("1.5", 1.5), ("-.5e1", -5.0), ("1e3", 1000.0), (".inf", float("inf")),
        ("2020-01-01", "2020-01-01"),
        ("1:30", "1:30"), ("0b11", "0b11"), ("+", "+"), (".", "."), ("=", "="),
    ],
)  # fmt: skip
def test_plain_scalars_mean_what_yaml_1_2_says(text: str, value: Any) -> None:
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)


def test_keys_are_texts_and_merge_keys_merge() -> None:
    text = (
        "base: &b {a: 1, b: 2}\n200: x\ntrue: y\nuse:\n  <<: *b\n  b: 3\nboth: {<<: [*b, {c: 4}]}\n"
    )
    value = yaml_value(text)
    assert (value["200"], value["true"]) == ("x", "y")
    assert value["use"] == {"a": 1, "b": 3}
    assert value["both"] == {"a": 1, "b": 2, "c": 4}


def test_tags_of_yaml_itself_count_and_others_are_reported() -> None:
    node, oddities = read_yaml('a: !!str 200\nb: !!int "12"\nc: !Sub "x"\n')
    assert to_plain(node) == {"a": "200", "b": 12, "c": "x"}
    assert [(problem.code, problem.offset) for problem in oddities] == [("unknown-tag", 35)]


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3\n", '{"a": 1, "b": 2, "a": 3}'])
def test_a_key_given_twice_is_reported_and_the_later_counts(text: str) -> None:
    document = parse("x.yaml", text)
    assert to_plain(document.root) == {"a": 3, "b": 2}
    (problem,) = document.oddities
    assert problem.code == "duplicate-key"
    assert text[problem.offset :].strip('"').startswith("a")


def test_billions_of_laughs_are_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    started = time.perf_counter()
    with pytest.raises(Unreadable, match="aliases expand"):
        read_yaml("\n".join(lines))
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 50_000, '{"a":' * 100_000, "{a: " * 50_000])
def test_depth_is_bounded(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(Unreadable, match="nested more than"):
        parse("x.yaml", text)
    assert time.perf_counter() - started < 2


def test_depth_through_aliases_is_bounded() -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [[[*a{n - 1}]]]" for n in range(1, 100))]
    with pytest.raises(Unreadable, match="nested more than"):
        read_yaml("\n".join(lines))


@pytest.mark.parametrize(
    ("file", "text", "place", "message"),
    [
        ("x.json", '{"a": 1,\n "b" 2}', (2, 6), "expected : but found '2'"),
        ("x.json", '{"a": 1,\n}', (2, 1), "expected a key but found '}'"),
        ("x.json", '{"a": tru}', (1, 7), "expected a value but found 'tru'"),
        (
            "x.json",
            '["a\nb"]',
            (1, 2),
            "a text with a bad escape, a raw control character or no closing",
        ),
        ("x.json", '{"a": 1', (1, 8), "expected , or } but found the end of the file"),
        ("x.json", '{"a": 1} x', (1, 10), "expected the end but found 'x'"),
        ("x.json", '{"a": 01}', (1, 7), "expected a value but found '01'"),
        ("x.yaml", "a: &x [*x]", (1, 8), "contains itself"),
        ("x.yaml", "a: *nope", (1, 4), "has no anchor before it"),
        ("x.yaml", "a: 1\n---\nb: 2\n", (2, 1), "a second document"),
        ("x.yaml", "é: 1\n\tb: 2", (2, 1), "a tab character"),
        ("x.yaml", "é: \x01", (1, 4), "U+0001"),
        ("x.yaml", "? [a]\n: b", (1, 3), "a key must be a text"),
        ("x.yaml", "a: {<<: 1}", (1, 9), "merges mappings"),
        ("x.yaml", "# nothing", (1, 1), "empty"),
    ],
)
def test_complaints_name_the_place(
    file: str, text: str, place: tuple[int, int], message: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        parse(file, text)
    problem = caught.value.problem
    assert message in problem.message
    assert LineIndex(text).place(problem.offset) == place


def test_a_brace_may_open_yaml_in_flow_style_but_not_in_a_json_file() -> None:
    assert to_plain(parse("x.yaml", "{a: [1, b]}").root) == {"a": [1, "b"]}
    with pytest.raises(Unreadable):
        parse("x.json", "{a: [1, b]}")


def test_lines_and_columns_count_characters_and_any_line_end() -> None:
    text = "\ufeffé: 1\r\nb: 🙂x\rc: 3\nd: 4\n"
    root = Cursor.root(parse("x.yaml", text))
    places = [(c.source.line, c.source.column) for _, c in root.entries()]
    assert places == [(1, 4), (2, 4), (3, 4), (4, 4)]
    keys = [(c.key_source.line, c.key_source.column) for _, c in root.entries()]
    assert keys == [(1, 1), (2, 1), (3, 1), (4, 1)]


def test_pointers_escape_and_are_followed() -> None:
    root = Cursor.root(parse("x.yaml", "a/b: {'~': [x, y]}"))
    ((_, inner),) = root.entries()
    last = inner.at("/~0/1")
    assert last is not None
    assert (last.text, last.pointer) == ("y", "/a~1b/~0/1")
    assert [root.at(p) for p in ("/a", "/a~1b/~0/2", "/a~1b/~0/x", "/a~1b/~0/1/0")] == [None] * 4


def test_an_alias_without_an_anchor_says_which_was_meant() -> None:
    with pytest.raises(Unreadable) as complaint:
        parse("x.yaml", "a: 1\nb: &frne\n  c: 1\nd: *fine\n")
    assert complaint.value.problem.remedy == "Did you mean &frne (line 2)?"
