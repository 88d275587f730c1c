"""From a place in a template to the place in its definition file.

A template's own lines and columns are not the file's: blocks are indented, JSON strings hold
their line ends as escapes, quoted scalars fold. Both ways count lines and columns from 1.
"""

from __future__ import annotations

from functools import lru_cache

from inspector.definitions.cursor import Cursor
from inspector.definitions.nodes import Document, ScalarNode, Unreadable
from inspector.definitions.parsing import parse
from inspector.definitions.spans import Spans, spans
from inspector.model import Source


@lru_cache(maxsize=4)
def document_of(file: str, text: str) -> Document:
    """The parsed document, kept for the next question about it. Raises Unreadable."""
    return parse(file, text)


def scalar_at(text: str, source: Source) -> tuple[Document, ScalarNode] | None:
    """The scalar that `source` names in the file `text`; None if there is none (any more)."""
    try:
        document = document_of(source.file, text)
    except Unreadable:
        return None
    cursor = Cursor.root(document).at(source.pointer)
    if cursor is None or not isinstance(cursor.node, ScalarNode):
        return None
    return document, cursor.node


@lru_cache(maxsize=64)
def _spans_of(text: str, source: Source) -> tuple[Document, ScalarNode, Spans] | None:
    found = scalar_at(text, source)
    if found is None:
        return None
    document, node = found
    walked = spans(text, node)
    return (document, node, walked) if walked.content == node.text else None


def place_of_offset(text: str, source: Source, offset: int) -> tuple[int, int]:
    """The line and column, in the file `text`, of the template's character number `offset`.

    `source` is the Template's. The end of the template is a place too. If the file has changed
    and no longer holds the template, the template's own start.
    """
    found = _spans_of(text, source)
    if found is None:
        return source.line, source.column
    document, _, walked = found
    if not walked.starts:
        return source.line, source.column
    if 0 <= offset < len(walked.starts):
        return document.lines.place(walked.starts[offset])
    return document.lines.place(walked.ends[-1] if offset > 0 else walked.starts[0])


def place_of(text: str, source: Source, line: int, column: int) -> tuple[int, int]:
    """The same for a line and column of the template, as the template language reports them."""
    found = _spans_of(text, source)
    if found is None:
        return source.line + line - 1, column if line > 1 else source.column + column - 1
    template, offset = found[1].text, 0
    for _ in range(line - 1):
        following = template.find("\n", offset)
        if following < 0:
            break
        offset = following + 1
    return place_of_offset(text, source, offset + column - 1)
