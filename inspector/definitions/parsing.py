"""A definition file's text to a Document, whichever of the two notations it is in."""

from __future__ import annotations

from inspector.definitions.json_reader import read_json
from inspector.definitions.nodes import Document, Unreadable
from inspector.definitions.yaml_reader import read_yaml

_BYTE_ORDER_MARK = "\ufeff"


def parse(file: str, text: str) -> Document:
    """Read `text` as JSON if it looks like JSON, else as YAML. Raises Unreadable.

    A text that opens with a brace and is not JSON may still be YAML in flow style, unless the
    file calls itself JSON; of the two complaints the JSON one is then the clearer.
    """
    base = 1 if text.startswith(_BYTE_ORDER_MARK) else 0
    content = text[base:]
    if content.lstrip(" \t\r\n")[:1] not in ("{", "["):
        return Document(file, text, *read_yaml(content, base))
    try:
        return Document(file, text, *read_json(content, base))
    except Unreadable as complaint:
        if complaint.problem.code != "syntax" or file.lower().endswith(".json"):
            raise
        try:
            return Document(file, text, *read_yaml(content, base))
        except Unreadable as other:
            raise (complaint if other.problem.code == "syntax" else other) from None
