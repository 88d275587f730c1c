"""An API's resource policy: the document, where each of its parts stands, and what is odd in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from inspector.definitions.cursor import Cursor
from inspector.definitions.openapi.context import Context
from inspector.gateway.policy.conditions import known as is_operator
from inspector.gateway.policy.document import PolicyError
from inspector.gateway.policy.document import read as document_of
from inspector.model import ResourcePolicy, Source

#: Characters (access-control facts, section 2).
_POLICY_LIMIT = 8_192


def read_policy(cursor: Cursor | None, context: Context) -> ResourcePolicy | None:
    """The document under the cursor, None where there is none."""
    if cursor is None or cursor.is_null:
        return None
    if not cursor.is_map:
        context.wrong_type(cursor, "a policy document")
        return None
    document = cursor.plain()
    if not document:
        return None
    places = dict(_places(cursor, len(cursor.pointer)))
    _doubts(context, document, places, cursor.source)
    return ResourcePolicy(document, cursor.source, places)


def _places(cursor: Cursor, prefix: int) -> Iterator[tuple[str, Source]]:
    """Every node of the document with where it stands."""
    yield cursor.pointer[prefix:], cursor.source
    for _, entry in cursor.entries():
        yield from _places(entry, prefix)
    for item in cursor.items():
        yield from _places(item, prefix)


def _doubts(
    context: Context, document: object, places: Mapping[str, Source], whole: Source
) -> None:
    """What Amazon would refuse to save: it then lets nobody in here, and that is said."""
    try:
        policy = document_of(document)
    except PolicyError as error:
        source = _nearest(places, error.at, whole)
        message = f"the resource policy cannot be understood: {error.reason}; it lets nobody in"
        context.notes.warning("resource-policy", message, source, "Amazon would not save it.")
        return
    for statement in policy.statements:
        for condition in statement.conditions:
            if not is_operator(condition.operator):
                message = f"{condition.operator!r} is no condition operator; it is never met"
                source = _nearest(places, condition.at, whole)
                context.notes.warning("resource-policy", message, source, "See the IAM user guide.")
    size = len(json.dumps(document, separators=(",", ":"), default=str))
    if size > _POLICY_LIMIT:
        message = f"the resource policy has {size} characters, Amazon takes {_POLICY_LIMIT}"
        context.notes.warning("resource-policy", message, whole, "Join statements, use wildcards.")


def _nearest(places: Mapping[str, Source], at: str, whole: Source) -> Source:
    while at and at not in places:
        at = at.rpartition("/")[0]
    return places.get(at, whole)
