"""A body as blocks: what it is in one line, then itself, in the form that suits it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from rich.text import Text

from inspector.message import Headers
from inspector.replay.json_text import is_json
from inspector.tui.present import images, styles, units
from inspector.tui.present.body_blocks import HexBlock, JsonBlock, TextBlock
from inspector.tui.present.content import decoded, media_type, text_of
from inspector.tui.present.document import Block, Form, Lines
from inspector.tui.present.json_lines import lay_out
from inspector.tui.present.safe import ink

#: Bodies over this many bytes are laid out as JSON only when asked.
FORMAT_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Body:
    """A body to draw: the bytes kept, how many went by, and what the headers say of them."""

    headers: Headers
    kept: bytes
    size: int
    streamed: bool = False

    @property
    def missing(self) -> int:
        """How many bytes went by without being kept."""
        return max(self.size - len(self.kept), 0)


def blocks(body: Body, form: Form = "auto") -> list[Block]:
    """The body's heading and its content."""
    notes = [_missing(body)] if body.missing else []
    if not body.kept:
        return [Lines([_dim("no body"), *notes])] if not notes else [Lines(notes)]
    plain, coding = decoded(body.headers, body.kept)
    kind, content, hint = _content(body, plain, form)
    heading = ink(f"{kind} · {units.size(body.size or len(body.kept))}", styles.DIM)
    if coding:
        heading.append(f" · {coding}")
    if body.streamed:
        heading.append(" · streamed")
    lines = [heading, *notes]
    if hint:
        lines.append(ink(hint, styles.NOTICE))
    return [Lines([*lines, Text(end="")]), content]


def _content(body: Body, plain: bytes, form: Form) -> tuple[str, Block, str]:
    """What it is, its block, and a hint where more can be asked for."""
    declared = media_type(body.headers)
    image = images.identify(plain)
    text = None if form == "hex" else text_of(body.headers, plain)
    if text is None:
        kind = str(image) if image else (declared or "binary")
        return kind, HexBlock(plain), _spoilt(declared, plain)
    if image:
        return str(image), TextBlock(text, tags=True), ""
    if form == "raw":
        return declared or "text", TextBlock(text), ""
    small = len(plain) <= FORMAT_LIMIT or form == "formatted"
    if not small and text.lstrip()[:1] in {"{", "["}:
        hint = f"{units.size(len(plain))}, shown as it was sent: p lays it out as JSON"
        return declared or "text", TextBlock(text), hint
    if small and is_json(text):
        return declared or "JSON", JsonBlock(lay_out(text)), ""
    if small and declared.endswith("json"):
        return declared, TextBlock(text), "" if body.missing else _no_json(text)
    tags = declared.endswith(("xml", "html")) or text.lstrip()[:1] == "<"
    return declared or "text", TextBlock(text, tags=tags and small), ""


def _no_json(text: str) -> str:
    """Where a text that claims to be JSON is none."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"Not JSON at line {error.lineno}, column {error.colno}: {error.msg}"
    except (ValueError, RecursionError):  # more digits or depth than is looked at
        pass
    return ""


def _spoilt(declared: str, plain: bytes) -> str:
    """What the gateway does to bytes of a type that it was not told to be binary."""
    if declared.startswith("text/") or b"\xef\xbf\xbd" not in plain[:512]:
        return ""
    return (
        f"Bytes were turned into text (U+FFFD): list {declared or 'its type'} as binary media type"
    )


def _missing(body: Body) -> Text:
    """Why a body is not all here, and what to do about it."""
    kept = f"the first {units.size(len(body.kept))} are kept" if body.kept else "none of it is kept"
    verb = "streamed past" if body.streamed else "is over the limit"
    line = f"{units.size(body.size)} {verb}, {units.size(body.missing)} not kept; {kept}."
    return ink(f"{line} Raise --max-body to keep more.", styles.WARN)


def _dim(text: str) -> Text:
    return Text(text, styles.DIM, end="")
