"""A filter as SQL over `exchanges e`, with bound parameters.

What exchanges share stands in `kinds` and `targets`, of which there are few: a term on them picks
their ids first, and the narrow rows of `exchanges` are walked by id alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inspector.recording.filters import Filter, Term


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition and its parameters."""

    sql: str
    parameters: tuple[object, ...] = ()


def where(chosen: Filter, now_us: int) -> Clause:
    """The condition of a filter; `1` for the one that lets everything pass."""
    if not chosen.alternatives:
        return Clause("1")
    parts = [_all([_term(term, now_us) for term in terms]) for terms in chosen.alternatives]
    return Clause(
        "(" + " OR ".join(part.sql for part in parts) + ")",
        tuple(value for part in parts for value in part.parameters),
    )


def _all(clauses: list[Clause]) -> Clause:
    return Clause(
        "(" + " AND ".join(clause.sql for clause in clauses) + ")",
        tuple(value for clause in clauses for value in clause.parameters),
    )


def _term(term: Term, now_us: int) -> Clause:
    make = _MAKERS.get(term.field)
    clause = make(term) if make else _timed(term, now_us)
    return Clause(f"NOT {clause.sql}", clause.parameters) if term.negated else clause


def _kind(condition: str, *parameters: object) -> Clause:
    return Clause(f"(e.kind_id IN (SELECT id FROM kinds WHERE {condition}))", parameters)


def _target(condition: str, *parameters: object) -> Clause:
    return Clause(f"(e.target_id IN (SELECT id FROM targets WHERE {condition}))", parameters)


def _contains(column: str) -> str:
    return f"{column} LIKE ? ESCAPE '\\'"


def _pattern(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _between(column: str, term: Term) -> tuple[str, tuple[object, ...]]:
    parts, values = [], []
    if term.low is not None:
        parts.append(f"{column} >= ?")
        values.append(term.low)
    if term.high is not None:
        parts.append(f"{column} <= ?")
        values.append(term.high)
    return " AND ".join(parts) or "1", tuple(values)


def _status(term: Term) -> Clause:
    condition, values = _between("status", term)
    return _kind(condition, *values)


def _number(column: str) -> Callable[[Term], Clause]:
    def make(term: Term) -> Clause:
        condition, values = _between(column, term)
        return Clause(f"({condition})", values)

    return make


def _equal(column: str) -> Callable[[Term], Clause]:
    return lambda term: _kind(f"{column} = ? COLLATE NOCASE", term.text)


def _part(column: str) -> Callable[[Term], Clause]:
    return lambda term: _kind(_contains(column), _pattern(term.text))


def _free(term: Term) -> Clause:
    pattern = _pattern(term.text)
    kinds = _kind(f"method = ? COLLATE NOCASE OR {_contains('host')}", term.text, pattern)
    targets = _target(f"{_contains('path')} OR {_contains('query')}", pattern, pattern)
    return Clause(f"({kinds.sql} OR {targets.sql})", (*kinds.parameters, *targets.parameters))


def _body(term: Term) -> Clause:
    # `body_has` is a function of the reader's connection: it reads compressed bodies too.
    one = "(SELECT body_has(b.form, b.coding, b.data, ?) FROM blobs b WHERE b.id = e.{})"
    sql = (
        f"(coalesce({one.format('request_body')}, 0) OR coalesce({one.format('response_body')}, 0))"
    )
    needle = term.text.lower()
    return Clause(sql, (needle, needle))


def _marked(term: Term) -> Clause:
    found = "(e.id IN (SELECT exchange_id FROM notes WHERE marked))"
    return Clause(found if term.text.lower() == "yes" else f"(NOT {found})")


def _timed(term: Term, now_us: int) -> Clause:
    comparison = ">=" if term.field == "since" else "<"
    return Clause(f"(e.started_us {comparison} ?)", (now_us - int(term.low or 0),))


_MAKERS: dict[str, Callable[[Term], Clause]] = {
    "": _free,
    "status": _status,
    "method": _equal("method"),
    "path": lambda term: _target(_contains("path"), _pattern(term.text)),
    "host": _part("host"),
    "stage": _equal("stopped_at"),
    "outcome": _equal("outcome"),
    "type": _equal("response_type"),
    "origin": _equal("origin"),
    "api": _equal("api_id"),
    "resource": _part("resource"),
    "body": _body,
    "duration": _number("e.duration_us"),
    "size": _number("e.response_size"),
    "id": _number("e.id"),
    "replay-of": _number("e.replay_of"),
    "marked": _marked,
}
