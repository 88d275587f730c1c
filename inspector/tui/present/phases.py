"""The phase strip: the story of an exchange in a few marks, `route ✓ auth ✓ map ✗ line 14`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from inspector.gateway.stage_names import SHORT_NAMES
from inspector.gateway.trace import Outcome, Step
from inspector.tui.present import styles
from inspector.tui.present.safe import clean

#: Stages that say nothing while all is well.
_QUIET = frozenset(("mutual-tls", "resolve", "send", "stream", "refuse", "gateway-response"))


@dataclass(frozen=True, slots=True)
class Phase:
    """One stage in the strip. `note` says where or why it ended there."""

    stage: str
    outcome: Outcome
    note: str = ""

    @property
    def label(self) -> str:
        return SHORT_NAMES.get(self.stage, self.stage)


def of_trace(trace: Iterable[Step]) -> tuple[Phase, ...]:
    """The phases of a trace, quiet ones left out unless they went wrong."""
    return tuple(
        Phase(step.stage, step.outcome, note(step.outcome, step.code, _line(step)))
        for step in trace
        if step.stage not in _QUIET or step.outcome in {"refused", "failed"}
    )


def _line(step: Step) -> int | None:
    return None if step.source is None else step.source.line


def note(outcome: Outcome, code: str, line: int | None) -> str:
    """What is said behind the mark of the stage that stopped the exchange."""
    if outcome not in {"refused", "failed"}:
        return ""
    reason = code.rpartition(".")[2].replace("-", " ")
    return f"{reason} line {line}" if line is not None and outcome == "failed" else reason


def strip(phases: Sequence[Phase], width: int) -> Text:
    """The phases in `width` cells: with their names, else marks alone and the last one's name."""
    if not phases:
        return Text("", end="")
    full = _strip(phases, named=True)
    if cell_len(full.plain) <= width:
        return full
    short = _strip(phases, named=False)
    if cell_len(short.plain) > width:
        short.truncate(width, overflow="ellipsis")
    return short


def _strip(phases: Sequence[Phase], *, named: bool) -> Text:
    text = Text(no_wrap=True, end="")
    last = len(phases) - 1
    for number, phase in enumerate(phases):
        mark, style = styles.MARKS[phase.outcome]
        stopped = phase.outcome in {"refused", "failed"}
        if named:
            text.append(f"{clean(phase.label)} ", style if stopped else styles.DIM)
        text.append(mark, style)
        if stopped and not named:
            text.append(f" {clean(phase.label)}", style)
        if phase.note:
            text.append(f" {clean(phase.note)}", style)
        if number < last and (named or stopped):
            text.append(" ")
    return text
