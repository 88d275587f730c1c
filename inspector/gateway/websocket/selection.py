r"""Selection expressions: the text that chooses a route, a model, a template or an answer.

Sources: websocket.md, section 3 (guide, "WebSocket selection expressions"): an expression is
`$request.body.path`, or any text with `${…}` in it; a path that leads nowhere gives an empty text,
`\$` is a dollar sign, what came out is not looked at again. How values become text is Java's
(guide: a list is `[item1, item2]`; recorded by nobody: null is `null`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from inspector.gateway import untrusted_json
from inspector.gateway.java.text import to_text
from inspector.gateway.jsonpath.errors import JsonPathError
from inspector.gateway.jsonpath.paths import compile_path

_WHOLE = re.compile(r"\$(?:request|response|integration|context|stageVariables)\b[^\s{}]*\Z")
_PART = re.compile(r"\\(?P<escaped>\$)|\$\{(?P<name>[^{}]*)\}")
_BODY = "request.body"
#: The last name of a path, and what is above it.
_LEAF = re.compile(r"(?P<above>.+?)(?:\.(?P<a>[^.\[\]]+)|\['(?P<b>[^']+)'\])")

#: Answers what a `${name}` stands for, other than what is in the body; None: nothing.
Look = Callable[[str], str | None]


class NotJsonError(Exception):
    """An expression asks for a part of a message that is no JSON."""


@dataclass(frozen=True, slots=True)
class Selection:
    """An expression in parts: (is a name, text or name)."""

    expression: str
    parts: tuple[tuple[bool, str], ...]

    @property
    def reads_body(self) -> bool:
        """Whether it asks for a part of the message."""
        return any(named and _is_body(text) for named, text in self.parts)

    def value(self, body: bytes, look: Look, *, json_only: bool = False) -> str:
        """What it comes to for this message.

        Raises `NotJsonError` where it reads a message that is no JSON; with `json_only` for any
        such message.
        """
        document = _document(body) if self.reads_body or json_only else None
        return "".join(
            _named(text, document, body, look) if named else text for named, text in self.parts
        )


@lru_cache(maxsize=1024)
def compile_selection(expression: str) -> Selection:
    """Take an expression apart. Every text is one."""
    if _WHOLE.match(expression):
        return Selection(expression, ((True, expression[1:]),))
    parts: list[tuple[bool, str]] = []
    end = 0
    for found in _PART.finditer(expression):
        if found.start() > end:
            parts.append((False, expression[end : found.start()]))
        parts.append((False, "$") if found["escaped"] else (True, found["name"]))
        end = found.end()
    if end < len(expression):
        parts.append((False, expression[end:]))
    return Selection(expression, tuple(parts))


def _is_body(name: str) -> bool:
    return name == _BODY or name.startswith((f"{_BODY}.", f"{_BODY}["))


def _document(body: bytes) -> Any:
    try:
        return untrusted_json.loads(body)
    except ValueError as error:
        raise NotJsonError(str(error)) from error


def _named(name: str, document: Any, body: bytes, look: Look) -> str:
    if not _is_body(name):
        return look(name) or ""
    if name == _BODY:
        return body.decode("utf-8", "replace")
    path = "$" + name.removeprefix(_BODY)
    found = _read(path, document)
    if found is None and not _is_null(path, document):
        return ""
    return _text(found)


def _read(path: str, document: Any) -> Any:
    try:
        return compile_path(path).read(document)
    except JsonPathError:
        return None


def _is_null(path: str, document: Any) -> bool:
    """Whether there is a null at the end of a path, which reads like nothing."""
    leaf = _LEAF.fullmatch(path)
    holder = None if leaf is None else _read(leaf["above"], document)
    return isinstance(holder, dict) and leaf is not None and (leaf["a"] or leaf["b"]) in holder


def _text(value: Any) -> str:
    """As Java prints its own lists and maps, which is not as JsonPath's print.

    Without recursion: a client may nest what he sends as deeply as JSON can be read.
    """
    written: list[str] = []
    waiting: list[tuple[bool, Any]] = [(False, value)]
    while waiting:
        done, each = waiting.pop()
        if done:
            written.append(each)
        elif isinstance(each, list | dict):
            waiting += reversed(_parts(each))
        else:
            written.append(to_text(each))
    return "".join(written)


def _parts(value: list[Any] | dict[str, Any]) -> list[tuple[bool, Any]]:
    """A list or a map taken apart: (is text, text or value)."""
    opening, closing = "[]" if isinstance(value, list) else "{}"
    members: list[tuple[bool, Any]] = []
    if isinstance(value, list):
        for item in value:
            members += [(True, ", "), (False, item)]
    else:
        for name, member in value.items():
            members += [(True, ", "), (True, f"{name}="), (False, member)]
    return [(True, opening), *members[1:], (True, closing)]
