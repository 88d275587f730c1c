"""Lint of templates that do not parse, and of directives that are plain text by mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.findings import Finding, Level, finding
from inspector.gateway.velocity.lint_facts import Facts, everything
from inspector.gateway.velocity.lint_names import suggestion
from inspector.gateway.velocity.nodes import DirectiveData, Node, NodeKind
from inspector.gateway.velocity.parser import DIRECTIVES
from inspector.gateway.velocity.source import Source

_TOKEN: Final = re.compile(
    r"(?P<skip>\#\#[^\n]*|\#\*.*?\*\#|\#\[\[.*?\]\]\#|\\\#|\\\\)"
    r"|\#(?:\{(?P<braced>\w+)\}|(?P<word>@?[A-Za-z]\w*))(?P<bracket>[ \t]*\()?",
    re.DOTALL,
)
_OPENS: Final = frozenset({"if", "foreach", "macro", "define", "literal"})
_GLUED: Final = re.compile(r"(end|elseif|else)\w+")
_WORDS: Final = dict.fromkeys(
    (*DIRECTIVES - {"parse", "include"}, "if", "elseif", "else", "end", "set")
)
_MISTAKES: Final = {"elif": "#elseif", "elsif": "#elseif", "endif": "#end", "for": "#foreach"}


def fault_findings(text: str, error: TemplateError) -> Iterator[Finding]:
    """Findings about a template that does not parse: the parser's complaint, and what is open."""
    line, column = error.line or 1, error.column or 1
    yield Finding(
        "syntax", Level.ERROR, line, column, 0, 0, f"{error.message}.", _mend(error.message)
    )
    yield from _unbalanced(text)


def _mend(message: str) -> str:
    if '"null"' in message:
        return "There is no null in Velocity: compare with ''."
    if '"<EOF>"' in message or "<EOF>" in message:
        return (
            "Look for a directive, bracket or quote that is not closed, or a `$` or `#` at the end."
        )
    if '"-' in message:
        return "Write blanks on both sides of a minus; there is none before a reference."
    return "See the place named."


def _unbalanced(text: str) -> Iterator[Finding]:
    source = Source(text)
    opened: list[tuple[str, int]] = []
    for match in _TOKEN.finditer(text):
        word = match["braced"] or match["word"]
        if word is None:
            continue
        glued = _GLUED.fullmatch(word)
        if (word in _OPENS and match["bracket"]) or word.startswith("@"):
            opened.append((word, match.start()))
        elif word == "end" and opened:
            opened.pop()
        elif word == "end":
            yield _at(source, match, "Nothing is open that this #end could close.", "Remove it.")
        elif glued:
            reason = f"`#{word}` is one word, read as the name of a macro."
            yield _at(source, match, reason, f"Write `#{{{glued[1]}}}`.")
    for word, start in opened:
        line, column = source.position(start)
        reason = f"This #{word} is never closed."
        mend = "Add its #end."
        yield Finding(
            "unbalanced", Level.ERROR, line, column, start, start + len(word) + 1, reason, mend
        )


def _at(source: Source, match: re.Match[str], reason: str, mend: str) -> Finding:
    line, column = source.position(match.start())
    start, end = match.span()
    return Finding("unbalanced", Level.ERROR, line, column, start, end, reason, mend)


def directive_findings(root: Node, facts: Facts) -> Iterator[Finding]:
    """Calls of macros that do not exist, which print as they are written."""
    for node in everything(root):
        data = node.data
        if node.kind is not NodeKind.DIRECTIVE or not isinstance(data, DirectiveData):
            continue
        name = data.name.removeprefix("@")
        if name in DIRECTIVES or name in facts.macros:
            continue
        glued = _GLUED.fullmatch(name)
        likely = _MISTAKES.get(name) or (f"#{{{glued[1]}}}" if glued else "")
        if likely or data.bracketed or suggestion(name, _WORDS):
            mend = f"Write `{likely}`." if likely else f"Define it.{suggestion(name, _WORDS)}"
            reason = f"There is no directive or macro `#{data.name}`: it prints as it is written."
            yield finding(node, "unknown-directive", reason, mend)
