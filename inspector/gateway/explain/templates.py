"""Lines of mapping templates: where one failed, where it wrote what went wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from inspector.gateway.explain.case import Case
from inspector.gateway.explain.near import nearest
from inspector.gateway.jsonpath.errors import JsonPathError
from inspector.gateway.jsonpath.paths import compile_path
from inspector.gateway.jsonpath.reader import parse_json
from inspector.gateway.trace import Fact
from inspector.gateway.velocity.findings import Level
from inspector.gateway.velocity.lint import lint
from inspector.model import Source, Template

_WORD = re.compile(r"[A-Za-z][\w.:/-]{3,}")
#: Words that messages are full of.
_COMMON = frozenset(
    (
        "could", "found", "from", "have", "must", "none", "object", "request", "requested",
        "resource", "that", "this", "type", "value", "with", "invalid", "missing", "parameter",
        "exception", "error", "expected", "conditional", "failed",
    )
)  # fmt: skip
_KNOWN = ("break", "define", "else", "elseif", "end", "evaluate", "foreach", "if", "include",
          "macro", "parse", "set", "stop")  # fmt: skip
_DIRECTIVE = re.compile(r"(?<![\\\w&])#\{?([a-z]+)")
#: A path into the body, in `$input.path('$.a')` or `$input.json('$.a')`.
_BODY_PATH = re.compile(r"\$!?\{?input\.(?:path|json)\(\s*(['\"])(\$[^'\"]*)\1")
#: Members that name what a service is asked about.
_NAMED = re.compile(r"\"\w*(?:Name|Url|Arn|Table|Queue|Topic|Stream|Bucket)\"|\w*(?:Url|Arn)=")


def failed_at(case: Case, source: Source, facts: Mapping[str, Fact]) -> list[Source]:
    """The file's lines at which a template broke: the slip first, then where it was noticed.

    A directive that is misspelt, or not closed, is noticed lines later, often at the very end.
    """
    text = str(case.places.value(source) or "")
    found = [case.places.inside(source, *place) for place in _slips(text)]
    line, column = facts.get("template_line"), facts.get("template_column")
    if isinstance(line, int):
        # What is left open is noticed where the next quote or bracket stands, or at the end.
        opened = next((each for each in range(1, line) if _open(text, each)), None)
        if opened is not None:
            found.append(case.places.inside(source, opened))
        unbalanced = [each for each in lint(text) if each.rule == "unbalanced"]
        found += [case.places.inside(source, each.line, each.column) for each in unbalanced]
        at = column if isinstance(column, int) else 1
        found.append(case.places.inside(source, line, at))
    return found or [source]


def _slips(text: str) -> list[tuple[int, int]]:
    """Places of directives that are nearly known ones."""
    return [
        (number, match.start() + 1)
        for number, line in enumerate(text.splitlines(), 1)
        for match in _DIRECTIVE.finditer(line)
        if match[1] not in _KNOWN and get_close_matches(match[1], _KNOWN, 1, 0.6)
    ]


def _open(text: str, number: int) -> bool:
    """Whether a directive's bracket or quote is left open at the end of a line."""
    lines = text.splitlines()
    line = lines[number - 1] if number <= len(lines) else ""
    odd = line.count("(") > line.count(")") or line.count("'") % 2 == 1
    return line.lstrip().startswith("#") and odd


def line_with(case: Case, template: Template, *words: str) -> Source | None:
    """The first line of a template that holds one of these words, None where none does."""
    for word in words:
        for number, text in enumerate(template.text.splitlines(), 1):
            if word in text:
                return case.places.inside(template.source, number, text.index(word) + 1)
    return None


def named_in(case: Case, template: Template, message: str) -> Source | None:
    """The line of a template that names what a backend's error message is about."""
    words = {word for word in _WORD.findall(message) if word.lower() not in _COMMON}
    for word in sorted(words, key=len, reverse=True):
        whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        for number, text in enumerate(template.text.splitlines(), 1):
            found = whole.search(text)
            if found is not None:
                return case.places.inside(template.source, number, found.start() + 1)
    return None


def subject_of(case: Case, template: Template) -> Source | None:
    """The line that names the table, queue or topic."""
    for number, text in enumerate(template.text.splitlines(), 1):
        found = _NAMED.search(text)
        if found is not None:
            return case.places.inside(template.source, number, found.start() + 1)
    return None


def faults(case: Case, template: Template) -> list[tuple[Source, str]]:
    """Lines that hardly do what was meant: names that do not exist, above all."""
    return [
        (case.places.inside(template.source, each.line, each.column), each.reason)
        for each in lint(template.text)
        if each.level is not Level.NOTE and not each.inferred
    ]


def unread(case: Case, template: Template, body: str) -> list[Source]:
    """Lines that read members which the request's body does not have."""
    return [source for source, _ in unread_paths(case, template, body)]


def unread_paths(case: Case, template: Template, body: str) -> list[tuple[Source, str]]:
    """The same for any body, with the paths that lead to nothing."""
    try:
        document = parse_json(body) if body.lstrip()[:1] in ("{", "[") else None
    except JsonPathError:
        return []
    if document is None:
        return []
    return [
        (case.places.inside(template.source, number, match.start() + 1), match[2])
        for number, line in enumerate(template.text.splitlines(), 1)
        for match in _BODY_PATH.finditer(line)
        if _absent(match[2], document)
    ]


def _absent(path: str, document: object) -> bool:
    try:
        return compile_path(path).read(document) is None
    except JsonPathError:
        return True


def nearly_named(case: Case, template: Template, message: str) -> Source | None:
    """The line with a name that is nearly one of a message's, such as `TableNmae`."""
    names = {word for word in _WORD.findall(message) if word not in _COMMON and word[0].isupper()}
    for number, line in enumerate(template.text.splitlines(), 1):
        for match in _WORD.finditer(line):
            if match[0] not in names and nearest(match[0], names, 0.8) is not None:
                return case.places.inside(template.source, number, match.start() + 1)
    return None
