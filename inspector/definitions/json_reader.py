"""JSON text to nodes (RFC 8259), iteratively, saying what was expected where it fails."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from inspector.definitions.nodes import (
    MAX_DEPTH,
    ListNode,
    MapNode,
    Node,
    Plain,
    Problem,
    ScalarNode,
    Unreadable,
    measure,
    too_deep,
)
from inspector.definitions.yaml_reader import duplicate_key

_TOKEN = re.compile(
    r"[ \t\r\n]*(?:"
    r'(?P<string>"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*")'
    r"|(?P<punctuation>[\[\]{},:])"
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?![\w.])"
    r"|(?P<word>true|false|null)(?!\w)"
    r")"
)
_SPACE = re.compile(r"[ \t\r\n]*")
_WORDS: dict[str, Plain] = {"true": True, "false": False, "null": None}


@dataclass(slots=True)
class _Open:
    node: ListNode | MapNode
    key: ScalarNode | None = None


def read_json(text: str, base: int = 0) -> tuple[Node, tuple[Problem, ...]]:
    """The root node and what is odd (duplicate keys). Raises Unreadable."""
    return _Reader(text, base).read()


class _Reader:
    """One pass over the tokens; `wanted` is what may come next, as the error would say it."""

    def __init__(self, text: str, base: int) -> None:
        self.text, self.base = text, base
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.oddities: list[Problem] = []
        self.wanted = "a value"

    def read(self) -> tuple[Node, tuple[Problem, ...]]:
        position = 0
        match_at = _TOKEN.match
        while True:
            match = match_at(self.text, position)
            if match is None:
                self._finish(position)
                assert self.root is not None
                return self.root, tuple(self.oddities)
            kind = match.lastgroup
            assert kind is not None
            start, position = match.span(kind)
            if kind == "punctuation":
                self._punctuation(self.text[start], start)
            else:
                self._scalar(kind, start, position)

    def _scalar(self, kind: str, start: int, end: int) -> None:
        raw = self.text[start:end]
        if self.wanted not in ("a value", "a value or ]") and not (
            kind == "string" and self.wanted in ("a key", "a key or }")
        ):
            raise self._unexpected(start)
        node = _scalar(kind, raw, self.base + start, self.base + end)
        if self.wanted in ("a key", "a key or }"):
            self.stack[-1].key = node
            self.wanted = ":"
        else:
            self._value(node)

    def _punctuation(self, char: str, start: int) -> None:
        if char in "[{" and self.wanted in ("a value", "a value or ]"):
            self._open(char, start)
        elif char in "]}" and self.stack and self._may_close(char):
            self._close(start + 1)
        elif char == ":" and self.wanted == ":":
            self.wanted = "a value"
        elif char == "," and self.stack and self.wanted in (", or ]", ", or }"):
            self.wanted = "a value" if self.wanted == ", or ]" else "a key"
        else:
            raise self._unexpected(start)

    def _may_close(self, char: str) -> bool:
        return self.wanted in (f", or {char}", f"a value or {char}", f"a key or {char}")

    def _open(self, char: str, start: int) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise too_deep(self.base + start)
        at = self.base + start
        if char == "[":
            self.stack.append(_Open(ListNode([], at, at, False)))
            self.wanted = "a value or ]"
        else:
            self.stack.append(_Open(MapNode({}, at, at, False)))
            self.wanted = "a key or }"

    def _close(self, end: int) -> None:
        node = self.stack.pop().node
        node.end = self.base + end
        measure(node, node.start)
        self._value(node)

    def _value(self, node: Node) -> None:
        if not self.stack:
            self.root, self.wanted = node, "the end"
            return
        parent = self.stack[-1]
        if isinstance(parent.node, ListNode):
            parent.node.items.append(node)
            self.wanted = ", or ]"
            return
        assert parent.key is not None
        if parent.key.text in parent.node.entries:
            self.oddities.append(duplicate_key(parent.key))
        parent.node.entries[parent.key.text] = (parent.key, node)
        parent.key = None
        self.wanted = ", or }"

    def _finish(self, position: int) -> None:
        match = _SPACE.match(self.text, position)
        end = match.end() if match else position
        if end < len(self.text) or self.wanted != "the end":
            raise self._unexpected(end)

    def _unexpected(self, at: int) -> Unreadable:
        found = self._describe(at)
        message = f"expected {self.wanted} but found {found}"
        return Unreadable(Problem("syntax", message, self.base + at, "Correct the JSON."))

    def _describe(self, at: int) -> str:
        rest = self.text[at : at + 200]
        if not rest:
            return "the end of the file"
        if rest[0] == '"' and not _TOKEN.match(self.text, at):
            return "a text with a bad escape, a raw control character or no closing quote"
        word = re.match(r"[\w.+-]+", rest)
        return repr(word.group()[:40] if word else rest[0])


def _scalar(kind: str, raw: str, start: int, end: int) -> ScalarNode:
    if kind == "string":
        text = json.loads(raw) if "\\" in raw else raw[1:-1]
        return ScalarNode(text, text, start, end, "json")
    if kind == "word":
        return ScalarNode(raw, _WORDS[raw], start, end, "plain")
    whole = raw.lstrip("-").isdigit() and len(raw) <= 400
    return ScalarNode(raw, int(raw) if whole else float(raw), start, end, "plain")
