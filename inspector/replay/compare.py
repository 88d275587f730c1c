"""What differs between two answers, as values: status, headers, and the body where it is JSON.

Numbers compare by value, members by name whatever their order; arrays by position.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from inspector.message import Headers, Response

ChangeKind = Literal["added", "removed", "changed"]
BodyForm = Literal["same", "json", "text", "binary"]

#: Headers that differ between any two answers, and tell nothing by it.
VOLATILE = frozenset((
    "date", "x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id", "x-request-id", "age",
    "x-amz-cf-id", "x-amzn-remapped-date", "x-amzn-remapped-x-amzn-requestid",
))  # fmt: skip
MAX_CHANGES = 500


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `where` is a header's name or a path such as `$.pets[2].name`."""

    kind: ChangeKind
    where: str
    before: str
    after: str
    volatile: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs. `status` is None where it is the same; at most `MAX_CHANGES` in a body."""

    status: tuple[int | None, int | None] | None
    headers: tuple[Change, ...]
    body_form: BodyForm
    body: tuple[Change, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs but what always does."""
        telling = any(not change.volatile for change in self.headers)
        return self.status is None and not telling and self.body_form == "same"


def compare(before: Response | None, after: Response | None) -> Comparison:
    """What differs between two answers; None is an exchange without one."""
    statuses = (before.status if before else None, after.status if after else None)
    status = None if statuses[0] == statuses[1] else statuses
    old, new = before or Response(0), after or Response(0)
    form, changes = _bodies(old.body, new.body)
    return Comparison(status, tuple(_headers(old.headers, new.headers)), form, changes)


def _headers(before: Headers, after: Headers) -> Iterator[Change]:
    for key in dict.fromkeys(name.lower() for name, _ in (*before, *after)):
        old, new = before.all(key), after.all(key)
        if old == new:
            continue
        kind: ChangeKind = "added" if not old else "removed" if not new else "changed"
        name = next(name for name, _ in (*after, *before) if name.lower() == key)
        length = key == "content-length" and bool(old) and bool(new)
        volatile = key in VOLATILE or length  # the body itself tells what its length does
        yield Change(kind, name, ", ".join(old), ", ".join(new), volatile)


def _bodies(before: bytes, after: bytes) -> tuple[BodyForm, tuple[Change, ...]]:
    if before == after:
        return "same", ()
    try:
        old, new = json.loads(before), json.loads(after)
    except (ValueError, RecursionError):
        return ("text" if _is_text(before) and _is_text(after) else "binary"), ()
    found: list[Change] = []
    for change in _walk("$", old, new):
        found.append(change)
        if len(found) == MAX_CHANGES:
            break
    return "json", tuple(found)


def _is_text(body: bytes) -> bool:
    try:
        return "\0" not in body.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _walk(path: str, before: Any, after: Any) -> Iterator[Change]:
    """The differences of two values, depth first in the order of the first."""
    pending = [(path, before, after)]
    while pending:
        path, before, after = pending.pop()
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _members(path, before, after, pending)
        elif isinstance(before, list) and isinstance(after, list):
            yield from _items(path, before, after, pending)
        elif before != after or isinstance(before, bool) != isinstance(after, bool):
            yield Change("changed", path, _json(before), _json(after))


Pending = list[tuple[str, Any, Any]]


def _members(
    path: str, before: dict[str, Any], after: dict[str, Any], pending: Pending
) -> Iterator[Change]:
    common = []
    for name in dict.fromkeys((*before, *after)):
        place = f"{path}.{name}" if name.isidentifier() else f"{path}[{_json(name)}]"
        if name not in after:
            yield Change("removed", place, _json(before[name]), "")
        elif name not in before:
            yield Change("added", place, "", _json(after[name]))
        else:
            common.append((place, before[name], after[name]))
    pending.extend(reversed(common))


def _items(path: str, before: list[Any], after: list[Any], pending: Pending) -> Iterator[Change]:
    shared = min(len(before), len(after))
    for number in range(shared, len(before)):
        yield Change("removed", f"{path}[{number}]", _json(before[number]), "")
    for number in range(shared, len(after)):
        yield Change("added", f"{path}[{number}]", "", _json(after[number]))
    common = [(f"{path}[{number}]", before[number], after[number]) for number in range(shared)]
    pending.extend(reversed(common))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
