"""An edited template goes back into its file, and nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import assume, given

from inspector.definitions.cursor import Cursor
from inspector.definitions.nodes import ScalarNode, Unreadable
from inspector.definitions.parsing import parse
from inspector.definitions.rewriting import Unwritable, write_back
from inspector.model import Source
from tests.definitions.scalar_texts import TEMPLATES, block_files, json_file, quoted_files


def template_source(text: str, pointer: str = "/template") -> tuple[str, Source]:
    cursor = Cursor.root(parse("x.yaml", text)).at(pointer)
    assert cursor is not None
    return cursor.text, cursor.text_source


def check_write(text: str, new: str) -> None:
    try:
        document = parse("x.yaml", text)
    except Unreadable:
        assume(False)
    node = document.root.entries["template"][1]  # type: ignore[union-attr]
    assume(isinstance(node, ScalarNode))
    old, source = template_source(text)
    assert write_back(text, source, old) == text
    written = write_back(text, source, new)
    assert template_source(written)[0] == new
    assert written[: node.start] == text[: node.start]
    behind = text[node.end :].lstrip(" \r\n")
    assert written.endswith(behind)


@given(block_files(), TEMPLATES)
def test_any_template_can_be_written_into_any_block(text: str, new: str) -> None:
    check_write(text, new)


@given(quoted_files(), TEMPLATES)
def test_any_template_can_be_written_into_any_quoted_scalar(text: str, new: str) -> None:
    check_write(text, new)


@given(TEMPLATES, TEMPLATES)
def test_any_template_can_be_written_into_json(old: str, new: str) -> None:
    check_write(json_file(old, ascii_only=True), new)


@pytest.mark.parametrize(
    ("text", "new", "expected"),
    [
        ("template: |\n  a\n  \n   b\nz: 1\n", "a\n\n B\n", "template: |\n  a\n  \n   B\nz: 1\n"),
        ("template: |\n  one\n\n# c\nz: 1\n", "two", "template: |-\n  two\n\n# c\nz: 1\n"),
        ("template: |-\n  one\nz: 1\n", " one\n", "template: |2\n   one\nz: 1\n"),
        ("template: |\r\n  a\r\n  b\r\n", "a\nc\n", "template: |\r\n  a\r\n  c\r\n"),
        ("template: >\n  one\n  two\nz: 1\n", "one 2wo\n", "template: >\n  one\n  2wo\nz: 1\n"),
        ("template: 'it''s' # c\n", "it's so", "template: 'it''s so' # c\n"),
        ('template: "a\\tb"\n', "a\tc\n", 'template: "a\\tc\\n"\n'),
        ("template: abc\n", "abd", "template: abd\n"),
        ("template: abc\n", "42", "template: '42'\n"),
        ("template: abc\nz: 1\n", "a\nb\n", "template: |\n  a\n  b\nz: 1\n"),
        ("template: abc # c\n", "a\nb\n", 'template: "a\\nb\\n" # c\n'),
        ('{"template": "\\u00e9\\/b"}', "é/bc", '{"template": "\\u00e9\\/bc"}'),
        ('{"template": "é"}', "é\n🙂", '{"template": "é\\n🙂"}'),
        ("{template: abc}\n", "a, b", "{template: 'a, b'}\n"),
    ],
)  # fmt: skip
def test_the_style_stays_where_it_can(text: str, new: str, expected: str) -> None:
    assert write_back(text, template_source(text)[1], new) == expected


def test_a_template_behind_an_alias_changes_at_its_anchor() -> None:
    text = "shared: &t abc\ntemplate: *t\nother: *t\n"
    written = write_back(text, template_source(text)[1], "abd")
    assert written == "shared: &t abd\ntemplate: *t\nother: *t\n"


def test_a_byte_order_mark_stays() -> None:
    text = "\ufefftemplate: abc\n"
    assert write_back(text, template_source(text)[1], "abd") == "\ufefftemplate: abd\n"


@pytest.mark.parametrize("text", ["[", "other: 1\n", "template: {a: 1}\n"])
def test_a_file_that_no_longer_holds_it_is_refused(text: str) -> None:
    with pytest.raises(Unwritable, match=r"x\.yaml"):
        write_back(text, Source("x.yaml", 1, 1, "/template"), "new")
