"""Why rendered text that claims to be JSON is none, and how to mend its template.

Pure: from the text, and, where a stepper ran, from the pieces it recorded of who wrote what. The
causes are those that people report (pains D 40-48).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from inspector.gateway.mapping.causes import CAUSES, Cause, Scene, advice_for
from inspector.gateway.mapping.json_check import first_fault

_EXCERPT: Final = 60
"""Characters of the output on each side of the caret, at most."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of output and the span of the template that wrote it, half-open, in characters.

    A reference that printed nothing has a piece too, with `start == end`.
    """

    start: int
    end: int
    template_start: int
    template_end: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """The first fault of the output.

    `offset` counts characters, `byte` UTF-8 bytes from 0, `line` and `column` the output's from 1.
    `template_line` and `template_column` point at `template_text`, the reference or text that wrote
    the fault; they are None where that is not known. `blamed` is the stretch of the output whose writer
    that is, which may stand before the fault.
    """

    cause: Cause
    offset: int
    byte: int
    line: int
    column: int
    excerpt: str
    caret: str
    expected: str
    reason: str
    mend: str
    blamed: tuple[int, int] = (0, 0)
    template_line: int | None = None
    template_column: int | None = None
    template_text: str | None = None

    def as_text(self) -> str:
        """The explanation for a terminal: what, where, why, and what to do."""
        lines = [
            f"not JSON at line {self.line}, column {self.column} (byte {self.byte}): {self.reason}",
            f"  {self.excerpt}",
            f"  {self.caret}",
        ]
        if self.template_line is not None:
            place = f"line {self.template_line}, column {self.template_column}"
            lines.append(f"written by the template's {place}: {self.template_text}")
        return "\n".join([*lines, f"mend: {self.mend}"])


def claims_json(output: str, content_type: str | None = None) -> bool:
    """Whether the text says it is JSON: by its content type, or by its first character."""
    media = (content_type or "").partition(";")[0].strip().lower()
    if media == "application/json" or media.endswith("+json"):
        return True
    return output.lstrip()[:1] in ("{", "[")


def explain(
    output: str,
    template: str = "",
    pieces: Sequence[Piece] = (),
    content_type: str | None = None,
) -> Explanation | None:
    """Why `output` is no JSON; None where it is, or where it does not claim to be."""
    if not claims_json(output, content_type):
        return None
    fault = first_fault(output)
    if fault is None:
        return None
    scene = Scene(output, fault, lambda start, end: _written_by(template, pieces, start, end))
    cause = next(cause for cause, holds in CAUSES if holds(scene))
    blamed = scene.blamed(cause)
    writer = _writer(pieces, *blamed)
    advice = advice_for(cause, scene)
    line, column = _position(output, fault.offset)
    excerpt, caret = _excerpt(output, fault.offset)
    found = Explanation(
        cause=cause,
        offset=fault.offset,
        byte=len(output[: fault.offset].encode("utf-8", "replace")),
        line=line,
        column=column,
        excerpt=excerpt,
        caret=caret,
        expected=str(fault.expected),
        reason=advice.reason,
        mend=advice.mend,
        blamed=blamed,
    )
    return found if writer is None else _located(found, template, writer)


def _located(found: Explanation, template: str, writer: Piece) -> Explanation:
    line, column = _position(template, writer.template_start)
    text = template[writer.template_start : writer.template_end].strip()
    return replace(
        found,
        template_line=line,
        template_column=column,
        template_text=text.partition("\n")[0][:_EXCERPT],
    )


def _writer(pieces: Sequence[Piece], start: int, end: int) -> Piece | None:
    """The piece that wrote output[start:end], or the one that wrote nothing there."""
    for piece in pieces:
        if start == end:
            if piece.start == piece.end and piece.start == start:
                return piece
        elif piece.start <= start < piece.end:
            return piece
    return None


def _written_by(template: str, pieces: Sequence[Piece], start: int, end: int) -> str | None:
    piece = _writer(pieces, start, end)
    return None if piece is None else template[piece.template_start : piece.template_end]


def _position(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _excerpt(text: str, offset: int) -> tuple[str, str]:
    """The line round the fault, control characters shown, and a caret below the fault."""
    start = max(text.rfind("\n", 0, offset) + 1, offset - _EXCERPT)
    stop = text.find("\n", offset)
    end = min(len(text) if stop < 0 else stop, offset + _EXCERPT)
    before = "".join(map(_visible, text[start:offset]))
    return before + "".join(map(_visible, text[offset:end])), " " * len(before) + "^"


def _visible(char: str) -> str:
    """Tabs and other control characters as escapes, so that the caret stays below its place."""
    return char if char.isprintable() else char.encode("unicode_escape", "replace").decode("ascii")
