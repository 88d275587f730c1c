"""Finds the exchanges that a filter lets pass, the fastest way there is.

1. A look at the exchanges next to where the page begins: most filters fill a page there.
2. Where an index names few candidates, those.
3. Where the filter speaks of kinds only, the newest of each kind, merged.
4. Else a walk along the narrow rows, in ever larger strides.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from inspector.recording.filter_sql import (
    Clause,
    all_of,
    any_of,
    free_kinds,
    kinds_of,
    only_kinds,
    row_condition,
    target_condition,
    where,
)
from inspector.recording.filters import Filter, Term
from inspector.recording.sought import Found, RowByRow

#: So many exchanges are looked at before anything is prepared: some 10 ms.
_FIRST: Final = 2_000
_STRIDE: Final = 50_000
#: Up to so many candidates are looked at one by one.
_FEW: Final = 4_000
_MANY_KINDS: Final = 400

Progress = Callable[[int, float], bool]


class Cancelled(Exception):
    """The caller lost interest in a count."""


@dataclass(frozen=True, slots=True)
class Span:
    """Ids from `low` to `high`, both included; from which end they are wanted."""

    low: int
    high: int
    newest_first: bool = True

    @property
    def order(self) -> str:
        """The direction in SQL."""
        return "DESC" if self.newest_first else "ASC"

    def strides(self, first: int) -> Iterator[Span]:
        """The span in parts, each larger than the one before, in the wanted order."""
        low, high, size = self.low, self.high, first
        while low <= high:
            if self.newest_first:
                yield Span(max(low, high - size + 1), high)
                high -= size
            else:
                yield Span(low, min(high, low + size - 1), newest_first=False)
                low += size
            size = min(size * 4, _STRIDE * 4)


class Walk:
    """One filter over one connection at one moment."""

    def __init__(self, connection: sqlite3.Connection, chosen: Filter, now_us: int) -> None:
        self._connection = connection
        self._chosen = chosen
        self._now_us = now_us
        self._found = Found(connection)

    def page(self, span: Span, limit: int) -> list[int]:
        """The first `limit` ids of the span that match, in its order."""
        near = next(span.strides(_FIRST), None)
        if near is None:
            return []
        ids = self._ids(where(self._chosen, self._now_us, RowByRow()), near, limit)
        rest = (
            Span(span.low, near.low - 1)
            if span.newest_first
            else Span(near.high + 1, span.high, newest_first=False)
        )
        if len(ids) >= limit or rest.low > rest.high:
            return ids
        try:
            return ids + self._far(rest, limit - len(ids))
        finally:
            self._found.close()

    def count(self, span: Span, progress: Progress | None) -> int:
        """How many of the span match. Raises `Cancelled` when `progress` gives False."""
        alternatives = self._chosen.alternatives
        if not alternatives:
            return self._number("SELECT count(*) FROM exchanges e", Clause("1"), span)
        try:
            if len(alternatives) == 1 and only_kinds(alternatives[0]):
                return self._count_kinds(alternatives[0], span)
            few = self._few(span)
            if few is not None:
                return len(few)
            return self._count_walking(span, progress)
        finally:
            self._found.close()

    def _far(self, span: Span, limit: int) -> list[int]:
        few = self._few(span)
        if few is not None:
            return sorted(few, reverse=span.newest_first)[:limit]
        kinds = self._only_kinds()
        if kinds is not None and len(kinds) <= _MANY_KINDS:
            return self._merged(kinds, span, limit)
        clause = where(self._chosen, self._now_us, self._found)
        ids: list[int] = []
        for part in span.strides(_STRIDE):
            ids += self._ids(clause, part, limit - len(ids))
            if len(ids) >= limit:
                break
        return ids

    def _ids(self, clause: Clause, span: Span, limit: int) -> list[int]:
        sql = (
            f"SELECT e.id FROM exchanges e WHERE e.id BETWEEN ? AND ? AND {clause.sql}"
            f" ORDER BY e.id {span.order} LIMIT ?"
        )
        parameters = (span.low, span.high, *clause.parameters, limit)
        return [row[0] for row in self._connection.execute(sql, parameters)]

    def _few(self, span: Span) -> set[int] | None:
        """All matches of the span, where an index of each alternative names few candidates."""
        if not self._chosen.alternatives:
            return None
        ids: set[int] = set()
        for terms in self._chosen.alternatives:
            candidates = next(
                (few for pieces in self._drivers(terms) if (few := self._union(pieces, span))
                 is not None), None
            )  # fmt: skip
            if candidates is None:
                return None
            ids |= self._checked(terms, candidates)
        return ids

    def _drivers(self, terms: Sequence[Term]) -> Iterator[list[Clause]]:
        """For each term that an index serves: conditions whose union holds all it may match."""
        kinds = kinds_of(terms)
        if kinds is not None:
            yield [Clause(f"e.kind_id IN ({kinds.sql})", kinds.parameters)]
        for term in terms:
            if not term.negated:
                driver = self._driver(term)
                if driver:
                    yield driver

    def _driver(self, term: Term) -> list[Clause]:
        if term.field in {"", "path"}:
            table = self._found.targets(target_condition(term), term.text)
            pieces = [Clause(f"e.target_id IN temp.{table}")]
            if not term.field:
                kinds = free_kinds(term)
                pieces.append(Clause(f"e.kind_id IN ({kinds.sql})", kinds.parameters))
            return pieces
        if term.field == "body":
            table = self._found.bodies(term.text.lower())
            others = f"(SELECT exchange_id FROM other_bodies WHERE blob_id IN temp.{table})"
            return [
                Clause(f"e.request_body IN temp.{table}"),
                Clause(f"e.response_body IN temp.{table}"),
                Clause(f"e.id IN {others}"),
            ]
        if term.field == "marked" and term.text.lower() == "yes":
            return [Clause("e.id IN (SELECT exchange_id FROM notes WHERE marked)")]
        if term.field in {"since", "until", "id", "replay-of", "connection"}:
            clause = row_condition(term, self._now_us)
            assert clause is not None
            return [clause]
        return []

    def _union(self, pieces: Sequence[Clause], span: Span) -> set[int] | None:
        """The ids that the pieces name within the span; None where they are many."""
        ids: set[int] = set()
        for piece in pieces:
            sql = (
                f"SELECT e.id FROM exchanges e WHERE {piece.sql} AND +e.id BETWEEN ? AND ? LIMIT ?"
            )
            parameters = (*piece.parameters, span.low, span.high, _FEW + 1)
            ids.update(row[0] for row in self._connection.execute(sql, parameters))
            if len(ids) > _FEW:
                return None
        return ids

    def _checked(self, terms: Sequence[Term], candidates: set[int]) -> set[int]:
        if not candidates:
            return set()
        clause = all_of(terms, self._now_us, self._found)
        listed = ",".join(map(str, candidates))
        sql = f"SELECT e.id FROM exchanges e WHERE e.id IN ({listed}) AND {clause.sql}"
        return {row[0] for row in self._connection.execute(sql, clause.parameters)}

    def _only_kinds(self) -> list[int] | None:
        """The kinds that match, where the filter speaks of nothing else."""
        alternatives = self._chosen.alternatives
        if not alternatives or not all(only_kinds(terms) for terms in alternatives):
            return None
        queries = [query for terms in alternatives if (query := kinds_of(terms)) is not None]
        union = any_of([Clause(f"id IN ({query.sql})", query.parameters) for query in queries])
        sql = f"SELECT id FROM kinds WHERE {union.sql}"
        return [row[0] for row in self._connection.execute(sql, union.parameters)]

    def _merged(self, kinds: Sequence[int], span: Span, limit: int) -> list[int]:
        ids: list[int] = []
        sql = (
            "SELECT id FROM exchanges WHERE kind_id = ? AND id BETWEEN ? AND ?"
            f" ORDER BY id {span.order} LIMIT ?"
        )
        for kind in kinds:
            parameters = (kind, span.low, span.high, limit)
            ids += [row[0] for row in self._connection.execute(sql, parameters)]
        return sorted(ids, reverse=span.newest_first)[:limit]

    def _count_kinds(self, terms: Sequence[Term], span: Span) -> int:
        kinds = kinds_of(terms)
        assert kinds is not None
        condition = Clause(f"e.kind_id IN ({kinds.sql})", kinds.parameters)
        return self._number("SELECT count(*) FROM exchanges e", condition, span)

    def _count_walking(self, span: Span, progress: Progress | None) -> int:
        clause = where(self._chosen, self._now_us, self._found)
        found, all_of_them = 0, span.high - span.low + 1
        for part in span.strides(_STRIDE):
            found += self._number("SELECT count(*) FROM exchanges e", clause, part)
            share = (span.high - part.low + 1) / all_of_them
            if progress is not None and not progress(found, share):
                raise Cancelled
        return found

    def _number(self, select: str, clause: Clause, span: Span) -> int:
        sql = f"{select} WHERE {clause.sql} AND e.id BETWEEN ? AND ?"
        parameters = (*clause.parameters, span.low, span.high)
        return int(self._connection.execute(sql, parameters).fetchone()[0])
