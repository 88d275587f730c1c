"""YAML text to nodes, from libyaml's events: no recursion, nothing constructed, all bounded.

Events rather than PyYAML's composer, because the composer recurses (a crafted file could
overflow the C stack) and expands nothing we could count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import yaml

from inspector.definitions.line_slips import line_slip
from inspector.definitions.nodes import (
    MAX_DEPTH,
    ListNode,
    MapNode,
    Node,
    Problem,
    ScalarNode,
    Style,
    Unreadable,
    measure,
    too_deep,
)
from inspector.definitions.scalars import resolve
from inspector.definitions.unclosed import unclosed

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STYLES: dict[str | None, Style] = {"'": "single", '"': "double", "|": "literal", ">": "folded"}
_TEXT_TAG = "tag:yaml.org,2002:str"
_CORE_TAGS = "tag:yaml.org,2002:"
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:[ \t]+|\s*#[^\r\n]*[\r\n]|[\r\n]+)*){1,2}")
_FIX_YAML = "Correct the YAML; indentation is by blanks, and special texts want quotes."


def read_yaml(text: str, base: int = 0) -> tuple[Node, tuple[Problem, ...]]:
    """The root node and what is odd (duplicate keys, tags) of one YAML document.

    `base` is added to all offsets. Raises Unreadable.
    """
    builder = _Builder(text, base)
    for event in _events(text, base):
        builder.take(event)
    builder.mend_last_end()
    if builder.root is None:
        raise Unreadable(Problem("empty", "the document is empty", base, "Write a definition."))
    return builder.root, tuple(builder.oddities)


def _events(text: str, base: int) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_LOADER)
    except yaml.reader.ReaderError as error:
        raise Unreadable(_character_problem(text, error, base)) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        offset, line = (mark.index, mark.line + 1) if mark else (0, 1)
        sentence = ", ".join(part for part in (error.context, error.problem) if part)
        raise Unreadable(_syntax_problem(text, sentence, offset, line, base)) from None
    except UnicodeError:
        message = "the text holds half of a surrogate pair"
        raise Unreadable(Problem("syntax", message, base, "Save it as UTF-8.")) from None


def _syntax_problem(text: str, sentence: str, offset: int, line: int, base: int) -> Problem:
    """The slip where it was made: libyaml tells where it noticed."""
    slip = line_slip(text, line - 1)
    if slip is not None:
        start = sum(len(each) + 1 for each in text.split("\n")[: slip.number])
        if slip.number != line - 1:
            sentence += f" (noticed in line {line})"
            offset = start + len(text[start:]) - len(text[start:].lstrip(" \t"))
        return Problem("syntax", sentence, base + offset, slip.remedy)
    opened = unclosed(text, offset)
    if opened is not None:
        sentence += f" (noticed in line {line})"
        remedy = f"Close the {text[opened]} that this line opens."
        return Problem("syntax", sentence, base + opened, remedy)
    return Problem("syntax", sentence, base + offset, _FIX_YAML)


def _character_problem(text: str, error: Any, base: int) -> Problem:
    """Libyaml counts bytes here; the offset is found again by looking for the character."""
    position = text.find(chr(error.character)) if isinstance(error.character, int) else 0
    message = f"the character U+{error.character:04X} is not allowed in YAML"
    return Problem("syntax", message, base + max(position, 0), "Remove it or write an escape.")


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    node: ListNode | MapNode
    anchor: str | None
    key: ScalarNode | None = None
    merges: list[MapNode] = field(default_factory=list)


class _Builder:
    def __init__(self, text: str, base: int) -> None:
        self.text = text
        self.base = base
        self.root: Node | None = None
        self.oddities: list[Problem] = []
        self._stack: list[_Open] = []
        self._last: ScalarNode | None = None
        self._anchors: dict[str, Node | None] = {}
        self._anchor_lines: dict[str, int] = {}

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._open(event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._close(event)
        elif kind is yaml.AliasEvent:
            self._alias(event)
        elif kind is yaml.DocumentStartEvent and self.root is not None:
            offset = self.base + event.start_mark.index
            message = "a second document starts here"
            raise Unreadable(Problem("syntax", message, offset, "Keep one document in a file."))

    def _start(self, event: Any) -> int:
        """Where the value itself starts: libyaml's mark is that of its anchor or tag."""
        index: int = event.start_mark.index
        if event.anchor:
            self._anchor_lines[event.anchor] = event.start_mark.line + 1
        if event.anchor or event.tag:
            match = _PROPERTIES.match(self.text, index)
            index = match.end() if match else index
        return self.base + index

    def _scalar(self, event: Any) -> None:
        start, end = self._start(event), self.base + event.end_mark.index
        text, style = event.value, _STYLES.get(event.style, "plain")
        tag = event.tag if event.tag and event.tag != "!" else None
        plain = style == "plain" and event.implicit[0]
        node = ScalarNode(text, resolve(text) if plain else text, start, end, style, tag)
        if tag is not None and tag != _TEXT_TAG:
            self._tag(node, tag)
        self._last = node
        self._place(node, event.anchor)

    def mend_last_end(self) -> None:
        """A block scalar ends early for libyaml where the file lacks its last line end."""
        node = self._last
        if node is None or node.style not in ("literal", "folded"):
            return
        rest = self.text[node.end - self.base :].strip()
        if rest and node.text.endswith(rest):
            node.end = self.base + len(self.text)

    def _tag(self, node: ScalarNode | ListNode | MapNode, tag: str) -> None:
        if tag.startswith(_CORE_TAGS):
            if isinstance(node, ScalarNode):
                node.value = resolve(node.text)
            return
        message = f"the tag {tag} means nothing in an OpenAPI document"
        remedy = "Write the value itself; CloudFormation's tags are for its templates."
        self.oddities.append(Problem("unknown-tag", message, node.start, remedy))

    def _open(self, event: Any) -> None:
        start = self._start(event)
        if len(self._stack) >= MAX_DEPTH:
            raise too_deep(start)
        block = not event.flow_style
        tag = event.tag if event.tag and event.tag != "!" else None
        node: ListNode | MapNode = (
            MapNode({}, start, start, block, tag)
            if isinstance(event, yaml.MappingStartEvent)
            else ListNode([], start, start, block, tag)
        )
        if tag is not None:
            self._tag(node, tag)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._stack.append(_Open(node, event.anchor))

    def _close(self, event: Any) -> None:
        done = self._stack.pop()
        node = done.node
        node.end = self.base + event.end_mark.index
        if isinstance(node, MapNode):
            for merged in done.merges:
                for name, pair in merged.entries.items():
                    node.entries.setdefault(name, pair)
        measure(node, node.start)
        self._place(node, done.anchor)

    def _alias(self, event: Any) -> None:
        offset = self.base + event.start_mark.index
        node = self._anchors.get(event.anchor)
        if node is None:
            if event.anchor in self._anchors:
                message, remedy = "contains itself", "Write out what is meant there."
            else:
                message, remedy = "has no anchor before it", self._meant(event.anchor)
            raise Unreadable(Problem("alias", f"*{event.anchor} {message}", offset, remedy))
        self._place(node, None)

    def _meant(self, missed: str) -> str:
        """What to do about an alias without an anchor: one of the two is probably misspelt."""
        for near in get_close_matches(missed, self._anchors, n=1):
            return f"Did you mean &{near} (line {self._anchor_lines[near]})?"
        return f"Define &{missed} first."

    def _place(self, node: Node, anchor: str | None) -> None:
        """Hang a finished node into what is open."""
        if anchor:
            self._anchors[anchor] = node
        if not self._stack:
            self.root = node
            return
        parent = self._stack[-1]
        if isinstance(parent.node, ListNode):
            parent.node.items.append(node)
        elif parent.key is None:
            parent.key = self._key(node)
        else:
            self._entry(parent, parent.node, parent.key, node)
            parent.key = None

    def _key(self, node: Node) -> ScalarNode:
        if isinstance(node, ScalarNode):
            return node
        message = "a key must be a text, not a collection"
        raise Unreadable(Problem("syntax", message, node.start, _FIX_YAML))

    def _entry(self, parent: _Open, into: MapNode, key: ScalarNode, value: Node) -> None:
        if key.text == "<<" and key.style == "plain":
            parent.merges.extend(self._merged(value))
            return
        if key.text in into.entries:
            self.oddities.append(duplicate_key(key))
        into.entries[key.text] = (key, value)

    def _merged(self, value: Node) -> list[MapNode]:
        sources = value.items if isinstance(value, ListNode) else [value]
        maps = [node for node in sources if isinstance(node, MapNode)]
        if len(maps) != len(sources):
            message = "<< merges mappings, and this is none"
            raise Unreadable(
                Problem("syntax", message, value.start, "Give it an alias of a mapping.")
            )
        return maps


def duplicate_key(key: ScalarNode) -> Problem:
    """Two entries under one key; the later one counts."""
    message = f"the key {key.text!r} stands here a second time; this one counts"
    return Problem("duplicate-key", message, key.start, "Remove or rename one of them.")
