"""Lines of mapping templates: where one failed, where it wrote what went wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping

from inspector.gateway.explain.case import Case
from inspector.gateway.trace import Fact
from inspector.model import Source, Template

_WORD = re.compile(r"[\w.:/-]{3,}")


def failed_at(case: Case, source: Source, facts: Mapping[str, Fact]) -> Source:
    """The file's line at which a template broke."""
    line, column = facts.get("template_line"), facts.get("template_column")
    if not isinstance(line, int):
        return source
    return case.places.inside(source, line, column if isinstance(column, int) else 1)


def line_with(case: Case, template: Template, *words: str) -> Source | None:
    """The first line of a template that holds one of these words, None where none does."""
    for word in words:
        for number, text in enumerate(template.text.splitlines(), 1):
            if word in text:
                return case.places.inside(template.source, number, text.index(word) + 1)
    return None


def named_in(case: Case, template: Template, message: str) -> Source | None:
    """The line of a template that names what a backend's error message is about."""
    words = sorted(set(_WORD.findall(message)), key=len, reverse=True)
    return line_with(case, template, *words)
