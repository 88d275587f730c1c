"""Why an exchange ended as it did: a sentence, the checks in order, the line, what to try."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap

from rich.text import Text

from inspector.gateway.explain import Check, Explanation, Note, Try
from inspector.model import Source
from inspector.tui.present import styles
from inspector.tui.present.document import Block, Document, Lines
from inspector.tui.present.safe import clean, from_wire, ink

LineOf = Callable[[Source], str | None]

_MARKS = {
    "passed": ("✓", styles.OK),
    "failed": ("✗", styles.BAD),
    "noted": ("·", styles.DIM),
    "unreached": ("·", styles.DIM),
}
_NAME_WIDTH = 20
_LABEL_WIDTH = 20
_MOST_LINES = 4
_LEAST_WIDTH = 40


def document(
    found: Explanation, line_of: LineOf, width: int, also: Sequence[Block] = ()
) -> Document:
    """Blocks: what happened, the checks, the deciding lines, evidence, remedy and notes; `also`."""
    # Before the first layout a pane has no width at all.
    width = max(width, _LEAST_WIDTH)
    blocks = [
        [*_sentence(found, width), *_place(found, line_of), *_try_lines(found, width)],
        [_check(each) for each in found.checks],
        [*_places(found, line_of)],
        [_evidence_row(each.label, each.value, each.expected) for each in found.evidence],
        [line for note in found.untold_notes for line in _note(note, width)],
    ]
    return Document([*(Lines([*lines, Text(end="")]) for lines in blocks if lines), *also])


def _sentence(found: Explanation, width: int) -> Iterator[Text]:
    style = styles.BAD if found.wrong else styles.STRONG
    for line in _wrapped(found.sentence, width - 2):
        yield ink(f" {line}", style)


def _try_lines(found: Explanation, width: int) -> Iterator[Text]:
    """What to do, and which key does it."""
    if found.remedy:
        for number, line in enumerate(_wrapped(found.remedy, width - 10)):
            yield ink(" Remedy: " if number == 0 else "         ", styles.DIM).append(
                line, styles.NOTICE
            )
    for number, each in enumerate(found.tries):
        head = ink(" T " if number == 0 else "   ", styles.KEY)
        yield head.append(clean(from_wire(_tried(each))))


def _tried(each: Try) -> str:
    if each.line is not None and each.source is not None:
        return f"{each.text}: {each.source.file.rpartition('/')[2]}:{each.source.line} {each.line.strip()}"
    return each.text if each.command is None else f"{each.text}: {each.command}"


def _check(check: Check) -> Text:
    mark, style = _MARKS[check.state]
    quiet = check.state in ("unreached", "noted")
    line = Text("   " if check.inner else " ", end="").append(f"{mark} ", style)
    room = _NAME_WIDTH - (2 if check.inner else 0)
    # Two blanks: what is wrapped stands under the text behind them (`wrapping`).
    line.append(f"{clean(check.name):<{room}}  ", styles.DIM if quiet else "")
    text = clean(from_wire(check.text))
    line.append(text, styles.DIM if quiet else style if check.state == "failed" else "")
    if check.expected is not None and check.state == "failed":
        line.append("  wanted ", styles.DIM).append(clean(check.expected))
        line.append("  got ", styles.DIM).append(clean(from_wire(check.actual or "nothing")))
    elif check.actual is not None and check.state == "passed" and not check.text:
        line.append(clean(from_wire(check.actual)), styles.STRING)
    if check.source is not None:
        line.append(f"  {_short(check.source)}", styles.FAINT)
    return line


def _places(found: Explanation, line_of: LineOf) -> Iterator[Text]:
    """The other lines that took part."""
    for source in found.lines[1:_MOST_LINES]:
        yield _line("with", source, line_of(source))


def _place(found: Explanation, line_of: LineOf) -> Iterator[Text]:
    """The line that decided, and the part of the request that did not fit."""
    if found.source is not None and found.wrong:
        yield _line("Line:", found.source, found.line_text or line_of(found.source))
    if found.part:
        yield ink(f" {'Request:':<9}", styles.DIM).append(clean(found.part))


def _line(word: str, source: Source, text: str | None) -> Text:
    line = ink(f" {word:<9}", styles.DIM).append(_short(source), styles.ACCENT)
    if text is not None:
        line.append("  │ ", styles.FAINT).append(clean(text.strip()), styles.STRING)
    return line


def _evidence_row(label: str, value: str, expected: str | None) -> Text:
    line = ink(f" {clean(label):<{_LABEL_WIDTH}}  ", styles.DIM)
    line.append(clean(from_wire(value)))
    if expected:
        line.append("  wanted ", styles.DIM).append(clean(expected))
    return line


def _note(note: Note, width: int) -> Iterator[Text]:
    for number, text in enumerate(_wrapped(note.text, width - 9)):
        line = ink(" Note: " if number == 0 else "       ", styles.WARN).append(text)
        yield line
    if note.source is not None:
        yield ink(f"       {_short(note.source)}", styles.FAINT)
    for text in _wrapped(note.remedy or "", width - 9):
        yield ink(f"       {text}", styles.NOTICE)


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(clean(from_wire(text)), max(width, 20))


def _short(source: Source) -> str:
    return clean(f"{source.file.rpartition('/')[2]}:{source.line}")
