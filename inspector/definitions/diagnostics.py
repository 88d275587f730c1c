"""What there is to say about a definition: where, what, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from inspector.model import Source

Level = Literal["error", "warning", "info"]

#: Codes of warnings that are ours alone: Amazon enforces these, we do not (yet). They never count
#: as Amazon's import warnings (`failonwarnings`), but `strict` refuses them.
NOT_ENFORCED = "not-enforced"
#: The same of something that keeps callers out: told as long as the gateway runs.
ACCESS_NOT_ENFORCED = "access-not-enforced"

#: Amazon imports such a document but refuses to deploy it; here both happen at once.
DEPLOY_CODES = frozenset({"no-integration", "no-methods"})


#: Warnings that Amazon's import gives too, in its own words.
AMAZONS_WARNINGS = frozenset({"parameter-format", "model-not-found", "open-scheme", "many-servers"})


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `message` is Amazon's wording where it is recorded; `remedy` may be empty.

    `source.line` 0 means the file as a whole. `code` is stable, in kebab case.
    """

    level: Level
    code: str
    message: str
    source: Source
    remedy: str = ""


def render(diagnostic: Diagnostic) -> str:
    """`file:line:col: level: message`, and the remedy on a second, indented line."""
    source = diagnostic.source
    place = f"{source.file}:{source.line}:{source.column}" if source.line else source.file
    text = f"{place}: {diagnostic.level}: {diagnostic.message}"
    return f"{text}\n    {diagnostic.remedy}" if diagnostic.remedy else text


@dataclass(slots=True)
class Notes:
    """Collects diagnostics while a document is read; the same finding is kept once."""

    _found: dict[tuple[str, str, Source], Diagnostic] = field(default_factory=dict)

    def error(self, code: str, message: str, source: Source, remedy: str = "") -> None:
        """Amazon refuses to import or deploy this, or it cannot be read at all."""
        self.add(Diagnostic("error", code, message, source, remedy))

    def warning(self, code: str, message: str, source: Source, remedy: str = "") -> None:
        """It works, but not as written."""
        self.add(Diagnostic("warning", code, message, source, remedy))

    def info(self, code: str, message: str, source: Source, remedy: str = "") -> None:
        """Worth knowing, changes nothing."""
        self.add(Diagnostic("info", code, message, source, remedy))

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep `diagnostic` unless the same one is there."""
        key = (diagnostic.code, diagnostic.message, diagnostic.source)
        self._found.setdefault(key, diagnostic)

    @property
    def found(self) -> tuple[Diagnostic, ...]:
        """Everything found so far, in the order of finding."""
        return tuple(self._found.values())
