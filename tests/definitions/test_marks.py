"""Places in a template are places in its file, whatever the notation."""

from __future__ import annotations

import pytest
from hypothesis import assume, given

from inspector.definitions.cursor import Cursor
from inspector.definitions.marks import place_of, place_of_offset
from inspector.definitions.nodes import Document, ScalarNode, Unreadable
from inspector.definitions.parsing import parse
from inspector.definitions.spans import first_character, spans
from inspector.model import Source
from tests.definitions.scalar_texts import TEMPLATES, block_files, json_file, quoted_files


def template_of(text: str) -> tuple[Document, ScalarNode, Source]:
    try:
        document = parse("x.yaml", text)
    except Unreadable:
        assume(False)
    cursor = Cursor.root(document).get("template")
    assume(cursor is not None and isinstance(cursor.node, ScalarNode))
    assert cursor is not None
    assert isinstance(cursor.node, ScalarNode)
    return document, cursor.node, cursor.text_source


def check_walk(text: str) -> None:
    document, node, source = template_of(text)
    walked = spans(text, node)
    assert walked.content == node.text
    assert walked.starts == sorted(walked.starts)
    for char, start, end in zip(walked.characters, walked.starts, walked.ends, strict=True):
        if char.isalpha() and text[start] != "\\":
            assert text[start:end] == char
    if walked.starts:
        assert first_character(text, node) == walked.starts[0]
        assert document.lines.place(walked.starts[0]) == (source.line, source.column)


@given(block_files())
def test_blocks_are_walked_as_libyaml_reads_them(text: str) -> None:
    check_walk(text)


@given(quoted_files())
def test_quoted_and_plain_scalars_are_walked_as_libyaml_reads_them(text: str) -> None:
    check_walk(text)


@given(TEMPLATES)
def test_json_strings_are_walked_escapes_and_all(template: str) -> None:
    check_walk(json_file(template, ascii_only=True))
    check_walk(json_file(template, ascii_only=False))


LITERAL = "a:\n  template: |2-  # why\n\n      one\n    two $x\n"
FOLDED = "a:\n  template: >\n    one\n    two $x\n\n    three\n"
QUOTED = 'a: {template: "one\\n\\x74wo $x"}\n'
JSON = '{"a": {"template": "one\\ntwo\\u0020$x \\ud83d\\ude42!"}}'
ALIASED = "t: &t 'one $x'\na:\n  template: *t\n"


@pytest.mark.parametrize(
    ("text", "looked_for", "expected"),
    [
        (LITERAL, "$x", (5, 9)),
        (LITERAL, "one", (4, 7)),
        (FOLDED, "$x", (4, 9)),
        (FOLDED, "three", (6, 5)),
        (QUOTED, "two", (1, 21)),
        (QUOTED, "$x", (1, 28)),
        (JSON, "$x", (1, 35)),
        (JSON, "!", (1, 50)),
        (ALIASED, "$x", (1, 12)),
    ],
)
def test_a_place_in_the_template_is_found_in_the_file(
    text: str, looked_for: str, expected: tuple[int, int]
) -> None:
    document = parse("x.yaml", text)
    cursor = Cursor.root(document).at("/a/template")
    assert cursor is not None
    offset = cursor.text.index(looked_for)
    source = cursor.text_source
    assert place_of_offset(text, source, offset) == expected
    line = cursor.text.count("\n", 0, offset) + 1
    column = offset - (cursor.text.rfind("\n", 0, offset) + 1) + 1
    assert place_of(text, source, line, column) == expected


def test_in_a_file_that_changed_meanwhile_the_template_s_start_is_named() -> None:
    source = Source("x.yaml", 7, 3, "/a/template")
    assert place_of_offset("a: {}", source, 4) == (7, 3)
    assert place_of("[", source, 3, 2) == (9, 2)
