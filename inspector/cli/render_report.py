"""What `inspector render` reports: as JSON, and in words on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Final

from inspector.cli import narration
from inspector.gateway.java.text import to_text
from inspector.gateway.mapping import Explanation, MappingResult
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.lint import Finding
from inspector.gateway.velocity.runtime import Unresolved

_INFERRED: Final = (
    "a condition hung on it: that a missing reference counts as true there is inferred from"
    " recordings, not recorded"
)
_SHOWN: Final = 20


def success(
    result: MappingResult, findings: Iterable[Finding], explanation: Explanation | None
) -> dict[str, object]:
    """The document of `--json`."""
    return {
        "output": result.output,
        "overrides": {name: plain(value) for name, value in result.overrides.items()},
        "unresolved": [reference(each) for each in result.unresolved],
        "explanation": None if explanation is None else asdict(explanation),
        "lint": [asdict(each) for each in findings],
    }


def failure(error: TemplateError, findings: Iterable[Finding]) -> dict[str, object]:
    """The document of `--json` for a template that failed."""
    place = {"message": error.message, "line": error.line, "column": error.column}
    return {"error": place, "lint": [asdict(each) for each in findings]}


def reference(each: Unresolved) -> dict[str, object]:
    """An unresolved reference; `inferred` where a condition hung on it."""
    place = {"text": each.text, "line": each.line, "column": each.column}
    return {**place, "inferred": each.tested}


def plain(value: object) -> object:
    """A template's value as JSON can hold it: text, numbers, lists and maps; the rest as Java text."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return value if abs(value) < 2**63 else to_text(value)
    if isinstance(value, Mapping):
        return {to_text(name): plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return to_text(value)


def print_output(output: str) -> None:
    """The output: byte for byte into a pipe or file, harmless on a terminal."""
    if sys.stdout.isatty():
        print(narration.plain_lines(output))
    else:
        sys.stdout.buffer.write(output.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()


def say_remarks(result: MappingResult, explanation: Explanation | None) -> None:
    """What the output does not show: overrides, unresolved references, broken JSON."""
    for name, override in result.overrides.items():
        for path, value in leaves(name, override):
            narration.say(narration.plain(f"$context.{path} = {to_text(value)}"))
    for each in result.unresolved[:_SHOWN]:
        text = f"{each.line}:{each.column}: {each.text} came to nothing"
        narration.warn(narration.plain(f"{text}; {_INFERRED}" if each.tested else text))
    if len(result.unresolved) > _SHOWN:
        narration.say(f"  and {len(result.unresolved) - _SHOWN} more (--json lists them all)")
    if explanation is not None:
        narration.warn(narration.plain_lines(explanation.as_text()))


def leaves(path: str, value: object) -> Iterable[tuple[str, object]]:
    """The values in override maps, each with its path."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from leaves(f"{path}.{name}", member)
    else:
        yield path, value


def say_failure(name: str, template: str, error: TemplateError) -> None:
    """The error, with the line of the template and a caret below the place."""
    where = name if error.line is None else f"{name}:{error.line}:{error.column}"
    narration.error(narration.plain_lines(f"{where}: {error.message}"))
    lines = template.splitlines()
    if error.line is not None and 0 < error.line <= len(lines):
        line = lines[error.line - 1]
        column = min(error.column or 1, len(line) + 1)
        narration.say(f"  {narration.plain(line)}")
        narration.say("  " + " " * (column - 1) + "^")
