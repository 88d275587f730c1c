"""A filter as SQL over `exchanges e`, with bound parameters.

What exchanges share stands in `kinds`, of which there are few: a term on it picks their ids. Text
in targets and bodies is looked for in two ways, which `Sought` tells apart: row by row, for a look
at the newest exchanges, or in a table of the ids of all that have it, made beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from inspector.recording.filters import Filter, Term
from inspector.recording.rows import duration_class, size_class


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition (or query) and its parameters."""

    sql: str
    parameters: tuple[object, ...] = ()


class Sought(Protocol):
    """How text in targets and bodies becomes a condition on `e`."""

    def target(self, condition: Clause, needle: str) -> Clause:
        """Exchanges whose target (`t`) fulfils the condition, which implies having the needle."""

    def body(self, needle: str) -> Clause:
        """Exchanges that have the needle in a body."""


def where(chosen: Filter, now_us: int, sought: Sought) -> Clause:
    """The condition of a filter; `1` for the one that lets everything pass."""
    if not chosen.alternatives:
        return Clause("1")
    return any_of([all_of(terms, now_us, sought) for terms in chosen.alternatives])


def all_of(terms: Sequence[Term], now_us: int, sought: Sought) -> Clause:
    """The condition of one alternative; what it says of kinds is asked once."""
    # Bodies last: looking into them is dear.
    ordered = sorted(terms, key=lambda term: term.field == "body")
    clauses = [_on_row(term, now_us, sought) for term in ordered if term.field not in _KINDS]
    kinds = kinds_of(terms)
    if kinds is not None:
        clauses.insert(0, Clause(f"(+e.kind_id IN ({kinds.sql}))", kinds.parameters))
    return _joined(clauses, " AND ")


def any_of(clauses: Sequence[Clause]) -> Clause:
    """At least one of these."""
    return _joined(clauses, " OR ")


def kinds_of(terms: Sequence[Term]) -> Clause | None:
    """The query for the ids of all kinds that the terms leave, None where they leave them all."""
    conditions = [_on_kind(term) for term in terms if term.field in _KINDS]
    for term in terms:
        digits = _CLASSES.get(term.field)
        if digits is not None and not term.negated:
            conditions.append(_class(term, *digits))
    if not conditions:
        return None
    condition = _joined(conditions, " AND ")
    return Clause(f"SELECT id FROM kinds WHERE {condition.sql}", condition.parameters)


def only_kinds(terms: Sequence[Term]) -> bool:
    """Whether these terms speak of kinds and of nothing else."""
    return all(term.field in _KINDS for term in terms)


def free_kinds(term: Term) -> Clause:
    """The query for the kinds in which a free word is found."""
    return Clause(
        f"SELECT id FROM kinds WHERE method = ? COLLATE NOCASE OR {_contains('host')}",
        (term.text, pattern(term.text)),
    )


def target_condition(term: Term) -> Clause:
    """What a path or a free word asks of a target `t`."""
    text = pattern(term.text)
    if term.field == "path":
        return Clause(_contains("t.path"), (text,))
    return Clause(f"({_contains('t.path')} OR {_contains('t.query')})", (text, text))


def row_condition(term: Term, now_us: int) -> Clause | None:
    """What a term asks of the columns of `exchanges`, None for one that asks something else."""
    if term.field in {"since", "until"}:
        comparison = ">=" if term.field == "since" else "<"
        return Clause(f"(e.started_us {comparison} ?)", (now_us - int(term.low or 0),))
    if term.field == "connection":
        # Whatever begins so, by the index; ids are of ASCII characters.
        return Clause("(e.connection >= ? AND e.connection < ?)", (term.text, f"{term.text}\x7f"))
    column = _COLUMNS.get(term.field)
    return None if column is None else _between(column, term)


def pattern(text: str) -> str:
    r"""The text anywhere, as LIKE … ESCAPE '\' wants it."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _on_row(term: Term, now_us: int, sought: Sought) -> Clause:
    clause = row_condition(term, now_us)
    if clause is None and term.field == "body":
        clause = sought.body(term.text.lower())
    elif clause is None and term.field == "marked":
        clause = Clause("(e.id IN (SELECT exchange_id FROM notes WHERE marked))")
        if term.text.lower() != "yes":
            clause = _not(clause)
    elif clause is None:
        clause = sought.target(target_condition(term), term.text)
        if not term.field:
            kinds = free_kinds(term)
            clause = any_of([Clause(f"(+e.kind_id IN ({kinds.sql}))", kinds.parameters), clause])
    return _not(clause) if term.negated else clause


def _on_kind(term: Term) -> Clause:
    clause = _KINDS[term.field](term)
    return _not(clause) if term.negated else clause


def _not(clause: Clause) -> Clause:
    # A column without a value (no status, no replay) does not fulfil the condition: not NULL.
    return Clause(f"(NOT coalesce({clause.sql}, 0))", clause.parameters)


def _joined(clauses: Sequence[Clause], word: str) -> Clause:
    if len(clauses) == 1:
        return clauses[0]
    sql = "(" + word.join(clause.sql for clause in clauses) + ")"
    return Clause(sql, tuple(value for clause in clauses for value in clause.parameters))


def _contains(column: str) -> str:
    return f"{column} LIKE ? ESCAPE '\\'"


def _between(column: str, term: Term) -> Clause:
    parts, values = [], []
    if term.low is not None:
        parts.append(f"{column} >= ?")
        values.append(term.low)
    if term.high is not None:
        parts.append(f"{column} <= ?")
        values.append(term.high)
    return Clause(f"({' AND '.join(parts) or '1'})", tuple(values))


def _class(term: Term, column: str, digits: Callable[[int], int]) -> Clause:
    """The kinds that a bound on a duration or a size leaves: they know the number of digits."""
    low = None if term.low is None else digits(int(term.low))
    high = None if term.high is None else digits(int(term.high))
    return _between(column, Term(term.field, term.text, low=low, high=high))


def _equal(column: str) -> Callable[[Term], Clause]:
    return lambda term: Clause(f"({column} = ? COLLATE NOCASE)", (term.text,))


def _part(column: str) -> Callable[[Term], Clause]:
    return lambda term: Clause(f"({_contains(column)})", (pattern(term.text),))


_KINDS: Final[dict[str, Callable[[Term], Clause]]] = {
    "status": lambda term: _between("status", term),
    "method": _equal("method"),
    "host": _part("host"),
    "stage": _equal("stopped_at"),
    "outcome": _equal("outcome"),
    "type": _equal("response_type"),
    "origin": _equal("origin"),
    "api": _equal("api_id"),
    "resource": _part("resource"),
}
_COLUMNS: Final = {
    "duration": "e.duration_us",
    "size": "e.response_size",
    "id": "e.id",
    "replay-of": "e.replay_of",
}
_CLASSES: Final = {
    "duration": ("duration_class", duration_class),
    "size": ("size_class", size_class),
}
