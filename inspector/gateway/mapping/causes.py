"""The likely causes of broken JSON, each with the test for it and the advice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from inspector.gateway.mapping.json_check import Expected, Fault


class Cause(StrEnum):
    """Why text is no JSON."""

    EMPTY_OUTPUT = "empty-output"
    ESCAPED_APOSTROPHE = "escaped-apostrophe"
    BAD_ESCAPE = "bad-escape"
    RAW_CONTROL = "raw-control-character"
    QUOTED_JSON = "quoted-json"
    UNESCAPED_QUOTE = "unescaped-quote"
    JAVA_MAP = "java-map"
    UNRESOLVED = "unresolved-reference"
    EMPTY_VALUE = "empty-value"
    TRAILING_COMMA = "trailing-comma"
    DOUBLE_COMMA = "double-comma"
    MISSING_COMMA = "missing-comma"
    SINGLE_QUOTES = "single-quotes"
    BARE_NAME = "bare-name"
    BARE_TEXT = "bare-text"
    UNCLOSED = "unclosed"
    EXTRA_TEXT = "extra-text"
    SYNTAX = "syntax"


class Advice(NamedTuple):
    """What happened, in one sentence, and what to do about it, in another."""

    reason: str
    mend: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A fault with its surroundings.

    `writer(start, end)` is the template's text that wrote a stretch of the output, or, for an empty
    stretch, the reference that printed nothing there; None where nobody recorded it.
    """

    output: str
    fault: Fault
    writer: Callable[[int, int], str | None]

    @property
    def char(self) -> str:
        """The offending character; empty at the end of the text."""
        return self.output[self.fault.offset : self.fault.offset + 1]

    @property
    def previous(self) -> str:
        """The last character before it that is no blank."""
        return self.output[self.fault.before] if self.fault.before >= 0 else ""

    @property
    def rest(self) -> str:
        """The output from the fault on."""
        return self.output[self.fault.offset :]

    def expects(self, *kinds: Expected) -> bool:
        """Whether one of these should have stood here."""
        return self.fault.expected in kinds

    @property
    def last_string(self) -> str:
        """The string literal that ended just before the fault, with its quotes; else empty."""
        start = self.fault.string
        return "" if start < 0 else self.output[start : self.fault.before + 1]

    def written_by_reference(self, offset: int) -> bool | None:
        """Whether a reference wrote the character at `offset`; None where nobody knows."""
        text = self.writer(offset, offset + 1)
        return None if text is None else text.lstrip("\\").startswith("$")

    def blamed(self, cause: Cause) -> tuple[int, int]:
        """The stretch of output whose writer is at fault; empty for a value that is not there."""
        offset, before = self.fault.offset, self.fault.before
        if cause is Cause.EMPTY_VALUE:
            silent = (at for at in range(before + 1, offset + 1) if self.writer(at, at) is not None)
            at = next(silent, before)
            return (at, at) if at != before else (before, before + 1)
        early = cause in {Cause.UNESCAPED_QUOTE, Cause.QUOTED_JSON}
        if early and self.written_by_reference(offset):
            return offset, offset + 1
        behind = {Cause.TRAILING_COMMA, Cause.UNESCAPED_QUOTE, Cause.QUOTED_JSON, Cause.UNCLOSED}
        if (cause in behind or not self.char) and before >= 0:
            return before, before + 1
        return offset, offset + 1


_JAVA_MAP: Final = re.compile(r"\{\s*[^\"{}\[\]:,]+=")
_REFERENCE: Final = re.compile(r"\$!?\{?[A-Za-z]|#\w")
_VALUE: Final = (Expected.VALUE, Expected.ITEM)
_NAMES: Final = (Expected.NAME, Expected.FIRST_NAME)
_BEHIND: Final = (Expected.SEPARATOR, Expected.COLON, Expected.NOTHING)


def _is_empty(scene: Scene) -> bool:
    return not scene.output.strip()


def _is_escaped_apostrophe(scene: Scene) -> bool:
    return scene.expects(Expected.ESCAPE) and scene.rest.startswith("\\'")


def _is_quoted_json(scene: Scene) -> bool:
    """`""Ann""`, `"{"a":1}"`, `"[1]..."`: a JSON text between quotes of the template."""
    if not scene.expects(*_BEHIND) or scene.char in {"", ",", "}", "]", ":"}:
        return False
    string = scene.last_string
    if string == '""':
        # Two quotes and more: the first is the template's, the second $input.json's.
        return scene.written_by_reference(scene.fault.before) is not False
    return string.strip('"').strip() in {"{", "[", "[{", "[["}


def _is_unescaped_quote(scene: Scene) -> bool:
    if not scene.expects(*_BEHIND) or not scene.last_string:
        return False
    if scene.char in {",", "}", "]", '"', "{", "["} and not scene.expects(Expected.NOTHING):
        # The next token follows at once: a comma is missing, unless a reference wrote the quote.
        return bool(scene.written_by_reference(scene.fault.before))
    return scene.written_by_reference(scene.fault.before) is not False and bool(scene.char)


def _is_java_map(scene: Scene) -> bool:
    inside = scene.fault.inside
    return scene.expects(*_NAMES) and bool(_JAVA_MAP.match(scene.output, max(inside, 0)))


def _is_unresolved(scene: Scene) -> bool:
    return bool(_REFERENCE.match(scene.rest)) and not scene.expects(Expected.ESCAPE)


def _is_trailing_comma(scene: Scene) -> bool:
    return scene.previous == "," and scene.char in {"}", "]", ""}


def _is_double_comma(scene: Scene) -> bool:
    opened = scene.previous in {",", "[", "{"}
    return scene.char == "," and opened and scene.expects(*_VALUE, *_NAMES)


def _is_empty_value(scene: Scene) -> bool:
    return scene.expects(*_VALUE) and scene.previous == ":" and scene.char in {",", "}", "]", ""}


def _is_missing_comma(scene: Scene) -> bool:
    return scene.expects(Expected.SEPARATOR) and scene.char in {'"', "{", "["}


def _is_bare_text(scene: Scene) -> bool:
    begins_scalar = scene.previous.isalnum() and scene.fault.before == scene.fault.offset - 1
    glued = scene.expects(Expected.SEPARATOR, Expected.NOTHING) and begins_scalar
    return bool(scene.char) and (scene.expects(*_VALUE) or glued)


CAUSES: Final[tuple[tuple[Cause, Callable[[Scene], bool]], ...]] = (
    (Cause.EMPTY_OUTPUT, _is_empty),
    (Cause.ESCAPED_APOSTROPHE, _is_escaped_apostrophe),
    (Cause.BAD_ESCAPE, lambda scene: scene.expects(Expected.ESCAPE)),
    (Cause.RAW_CONTROL, lambda scene: scene.expects(Expected.VISIBLE)),
    (Cause.QUOTED_JSON, _is_quoted_json),
    (Cause.JAVA_MAP, _is_java_map),
    (Cause.UNRESOLVED, _is_unresolved),
    (Cause.EMPTY_VALUE, _is_empty_value),
    (Cause.TRAILING_COMMA, _is_trailing_comma),
    (Cause.DOUBLE_COMMA, _is_double_comma),
    (Cause.UNESCAPED_QUOTE, _is_unescaped_quote),
    (Cause.MISSING_COMMA, _is_missing_comma),
    (Cause.SINGLE_QUOTES, lambda scene: scene.char == "'" and scene.expects(*_VALUE, *_NAMES)),
    (Cause.UNCLOSED, lambda scene: not scene.char),
    (Cause.BARE_NAME, lambda scene: scene.expects(*_NAMES) and scene.char.isalnum()),
    (Cause.BARE_TEXT, _is_bare_text),
    (Cause.EXTRA_TEXT, lambda scene: scene.expects(Expected.NOTHING)),
    (Cause.SYNTAX, lambda _: True),
)
"""In the order in which they are asked; the first that holds is the likely one."""

_ADVICE: Final[dict[Cause, Advice]] = {
    Cause.EMPTY_OUTPUT: Advice(
        "the template printed nothing.",
        "Check the branches it took; an empty JSON document is not valid, `{}` is.",
    ),
    Cause.ESCAPED_APOSTROPHE: Advice(
        "`\\'` is no JSON escape; `$util.escapeJavaScript` writes it for every apostrophe.",
        """Append `.replaceAll("\\\\'", "'")` to the call of escapeJavaScript.""",
    ),
    Cause.BAD_ESCAPE: Advice(
        "a backslash inside the string begins no JSON escape: the value was inserted as it is.",
        "Insert it with `$util.escapeJavaScript(...)`, or print it with `$input.json(...)`.",
    ),
    Cause.RAW_CONTROL: Advice(
        "a raw line break or control character stands inside a string.",
        "Insert the value with `$util.escapeJavaScript(...)`, which writes it as an escape.",
    ),
    Cause.QUOTED_JSON: Advice(
        "JSON text stands between quotes: `$input.json(...)` already prints its own.",
        "Remove the quotes round it; to nest JSON as text, write "
        '"$util.escapeJavaScript($input.json(...))".',
    ),
    Cause.UNESCAPED_QUOTE: Advice(
        "a quote inside the value ended its string early.",
        "Insert the value with `$util.escapeJavaScript(...)`, or print it with `$input.json(...)`.",
    ),
    Cause.JAVA_MAP: Advice(
        "an object was printed as Java writes a Map, `{name=value}`.",
        "Print it with `$input.json(...)` instead of `$input.path(...)`, or member by member.",
    ),
    Cause.UNRESOLVED: Advice(
        "a reference or directive stands in the output as it was written.",
        "Check its spelling; an escaped or misspelt directive is plain text.",
    ),
    Cause.EMPTY_VALUE: Advice(
        "no value stands behind the colon: a reference printed nothing, so its value is missing.",
        "Give it a default with `#if($x == '')null#{else}$x#end`, or print `$input.json(...)`.",
    ),
    Cause.TRAILING_COMMA: Advice(
        "a comma stands before the closing bracket.",
        "Print the comma before each entry but the first one printed, not after each entry: "
        "where the last entry is skipped, `$foreach.hasNext` comes too early.",
    ),
    Cause.DOUBLE_COMMA: Advice(
        "a comma stands where an entry should be: an entry was skipped, its comma was not.",
        "Put the comma inside the same #if as the entry, before it.",
    ),
    Cause.MISSING_COMMA: Advice(
        "two entries follow each other without a comma.",
        "In a loop, end each entry with `#if($foreach.hasNext),#end`.",
    ),
    Cause.SINGLE_QUOTES: Advice(
        "JSON knows double quotes only.",
        "Write double quotes in the template.",
    ),
    Cause.BARE_NAME: Advice(
        "a member's name stands without quotes.",
        "Put double quotes round the name.",
    ),
    Cause.BARE_TEXT: Advice(
        "text stands where a number, true, false, null or a quoted string should.",
        "Put double quotes round the reference, or print it with `$input.json(...)`.",
    ),
    Cause.UNCLOSED: Advice(
        "the text ends before everything opened is closed.",
        "Add the missing quote or bracket at the end of the template.",
    ),
    Cause.EXTRA_TEXT: Advice(
        "text follows behind the end of the document.",
        "Put several documents into one array, or remove what follows.",
    ),
    Cause.SYNTAX: Advice(
        "this character does not belong here.",
        "Compare the output round it with the template.",
    ),
}


def advice_for(cause: Cause, scene: Scene) -> Advice:
    """What happened and what to do, in words."""
    advice = _ADVICE[cause]
    if cause in {Cause.SYNTAX, Cause.UNCLOSED}:
        return Advice(f"{advice.reason} Expected was {scene.fault.expected}.", advice.mend)
    return advice
