"""What lint reports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inspector.gateway.velocity.nodes import Node


class Level(StrEnum):
    """How much it matters."""

    ERROR = "error"
    """The template does not run."""
    WARNING = "warning"
    """It runs, and hardly does what was meant."""
    NOTE = "note"
    """It may be meant; look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    `line` and `column` count from 1 as in error messages; `start` and `end` are offsets in the
    template, in characters (both 0 where only the line is known). `inferred` findings hang on how a
    missing reference counts in a condition on AWS, which is inferred and not recorded.
    """

    rule: str
    level: Level
    line: int
    column: int
    start: int
    end: int
    reason: str
    mend: str
    inferred: bool = False

    def as_text(self) -> str:
        """One line for a terminal."""
        mark = " (inferred, not recorded on AWS)" if self.inferred else ""
        where = f"{self.line}:{self.column}"
        return f"{where}: {self.level}: {self.reason} {self.mend} [{self.rule}]{mark}"


def finding(
    node: Node,
    rule: str,
    reason: str,
    mend: str,
    level: Level = Level.WARNING,
    *,
    inferred: bool = False,
) -> Finding:
    """A finding about a node, placed where its text begins (Velocity's own places are others)."""
    source, (start, end) = node.source, node.extent
    while start < end and source.text[start].isspace():
        start += 1
    line, column = source.position(start)
    start, end = source.outermost(start), source.outermost(end - 1) + 1
    return Finding(rule, level, line, column, start, end, reason, mend, inferred)


def text_of(node: Node) -> str:
    """The node as the template writes it, on one line."""
    start, end = node.extent
    return " ".join(node.source.text[start:end].split())
