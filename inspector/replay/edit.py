"""A request as text that a person can edit, and back.

The form is that of the wire: `METHOD target`, header lines, an empty line, the body. What was not
touched comes back byte for byte; JSON is edited laid out and sent as compact as it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from inspector.message import Headers, Request
from inspector.replay import json_text

BodyKind = Literal["empty", "json", "text", "binary"]

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 section 5.6.2
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_KEPT = "(binary body of {size} bytes, sent as it is; text in its place replaces it)"


class EditError(ValueError):
    """The text is no request. `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class Draft:
    """A request as text, with what is needed to tell what was left alone."""

    request: Request
    text: str
    kind: BodyKind
    body_text: str
    shown: dict[str, tuple[str, str]] = field(default_factory=dict)


def to_text(request: Request) -> Draft:
    """The request for editing."""
    kind, body = _body_text(request)
    lines, shown = [f"{_visible(request.method)} {_visible(request.target)}"], {}
    for name, value in request.headers:
        line = f"{_visible(name)}: {_visible(value)}"
        shown[line] = (name, value)
        lines.append(line)
    text = "\n".join(lines) + "\n\n" + body
    return Draft(request, text, kind, body, shown)


def from_text(text: str, draft: Draft) -> Request:
    """The request that the edited text says. Raises `EditError` with the line at fault."""
    head, _, body_text = text.replace("\r\n", "\n").partition("\n\n")
    if not text.strip():
        raise EditError(1, "A request begins with its method and its path: GET /pets")
    lines = head.split("\n")
    method, target = _request_line(lines[0], draft)
    fields = [_field(line, number, draft) for number, line in enumerate(lines[1:], 2) if line]
    body = _body(body_text, draft)
    headers = Headers.of(fields)
    if body != draft.request.body:
        headers = _measured(headers, draft, len(body))
    return Request(method, target, headers, body)


def _request_line(line: str, draft: Draft) -> tuple[str, str]:
    original = draft.request
    if line == draft.text.partition("\n")[0]:
        return original.method, original.target
    method, _, target = line.strip().partition(" ")
    target = target.strip()
    if target.endswith((" HTTP/1.1", " HTTP/2", " HTTP/1.0")):
        target = target.rpartition(" ")[0].rstrip()
    if not _TOKEN.fullmatch(method):
        raise EditError(1, f"{method!r} is no method. The first line is METHOD path: GET /pets")
    if not target.startswith(("/", "http://", "https://")) and target != "*":
        raise EditError(1, "The path begins with / (or is a whole http:// or https:// URL).")
    if any(char.isspace() for char in target):
        raise EditError(1, "The path holds a blank: write it as %20.")
    return method, _wire(target)


def _field(line: str, number: int, draft: Draft) -> tuple[str, str]:
    if line in draft.shown:
        return draft.shown[line]
    name, colon, value = line.partition(":")
    if not colon:
        raise EditError(number, "A header is Name: value. An empty line ends the headers.")
    if not _TOKEN.fullmatch(name.strip()):
        raise EditError(number, f"{name.strip()!r} is no header name.")
    return name.strip(), _wire(value.strip())


def _body(text: str, draft: Draft) -> bytes:
    if text == draft.body_text or text.rstrip("\n") == draft.body_text.rstrip("\n"):
        return draft.request.body
    if draft.kind == "json" and json_text.is_json(text) and _was_compact(draft.request.body):
        text = json_text.compact(text)
    if b"\r\n" in draft.request.body and draft.kind == "text":
        text = text.replace("\n", "\r\n")
    return text.encode("utf-8", "surrogateescape")


def _was_compact(body: bytes) -> bool:
    return b"\n" not in body.strip()


def _measured(headers: Headers, draft: Draft, size: int) -> Headers:
    """Content-Length follows the body, unless the user set another on purpose."""
    before = draft.request.headers.get("content-length")
    if before is None or headers.get("content-length") != before:
        return headers
    name = next(name for name, _ in headers if name.lower() == "content-length")
    return headers.replacing(name, str(size))


def _body_text(request: Request) -> tuple[BodyKind, str]:
    if not request.body:
        return "empty", ""
    try:
        text = request.body.decode("utf-8")
    except UnicodeDecodeError:
        return "binary", _KEPT.format(size=len(request.body))
    if _CONTROL.search(text) or _bare_return(text):
        return "binary", _KEPT.format(size=len(request.body))
    if json_text.is_json(text):
        return "json", json_text.pretty(text)
    return "text", text.replace("\r\n", "\n")


def _bare_return(text: str) -> bool:
    return "\r" in text.replace("\r\n", "")


def _visible(text: str) -> str:
    """Wire text for an editor: UTF-8 where it is, controls as visible pictures."""
    if not text.isascii():
        try:
            text = text.encode("latin-1").decode("utf-8")
        except ValueError:
            pass
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def _wire(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8").decode("latin-1")
