"""The parameters a method declares, from its path, its path item and itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from inspector.definitions.cursor import Cursor
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.place import Place

_PLACES = {"query": "querystring", "header": "header", "path": "path"}
_VARIABLE = re.compile(r"\{([^{}]+?)\+?\}")
_NAME = re.compile(r"[a-zA-Z0-9._$-]+\Z")


@dataclass(frozen=True, slots=True)
class Parameters:
    """`required` by `method.request.header.X` and the like; `body` is Swagger's body parameter."""

    required: dict[str, bool]
    body: Cursor | None


def read_parameters(
    context: Context, shared: Cursor | None, operation: Cursor, place: Place
) -> Parameters:
    """Path variables are required even where the document lists none (fact 268)."""
    required: dict[str, bool] = {}
    sources: dict[str, Cursor] = {}
    body: Cursor | None = None
    for (kind, name), cursor in _merged(context, shared, operation).items():
        if kind == "body":
            body = cursor
            continue
        target = _PLACES.get(kind)
        if target is None:
            _not_imported(context, kind, name, cursor)
            continue
        key = f"method.request.{target}.{name}"
        required[key] = kind == "path" or bool(context.flag(cursor, "required"))
        sources[key] = cursor
        _check_name(context, name, cursor, place)
    for name in _VARIABLE.findall(place.path):
        required[f"method.request.path.{name}"] = True
    _check_unique(context, required, sources, place)
    return Parameters(required, body)


def _merged(
    context: Context, shared: Cursor | None, operation: Cursor
) -> dict[tuple[str, str], Cursor]:
    """An operation's parameter replaces its path item's of the same place and name."""
    found: dict[tuple[str, str], Cursor] = {}
    for holder in (shared, operation.get("parameters")):
        if holder is None or holder.is_null:
            continue
        if not holder.is_list:
            context.wrong_type(holder, "a list of parameters")
            continue
        for item in holder.items():
            cursor = context.resolve(item)
            if cursor is None:
                continue
            kind, name = context.text(cursor, "in") or "", context.text(cursor, "name") or ""
            if not kind or not name:
                message = "a parameter without a name or a place; left out"
                remedy = "Write both `name` and `in` (path, query, header)."
                context.notes.warning("parameter", message, cursor.source, remedy)
                continue
            found[kind, name] = cursor
    return found


def _not_imported(context: Context, kind: str, name: str, cursor: Cursor) -> None:
    message = f"the {kind} parameter {name!r} has no counterpart in a REST API; left out"
    remedy = "REST APIs know parameters in path, query and header."
    context.notes.warning("parameter-place", message, cursor.source, remedy)


def _check_name(context: Context, name: str, cursor: Cursor, place: Place) -> None:
    """As users report it: `page[size]` is refused, `page.size` is not."""
    if not _NAME.match(name):
        reason = (
            "Invalid mapping expression specified: Validation Result: warnings : [], errors : "
            "[Parameter name should match the following regular expression: ^[a-zA-Z0-9._$-]+$]"
        )
        source = (cursor.get("name") or cursor).source
        remedy = f"Rename {name!r}: REST APIs know no such names."
        context.notes.error("parameter-name", place.no_method(reason), source, remedy)


def _check_unique(
    context: Context, required: dict[str, bool], sources: dict[str, Cursor], place: Place
) -> None:
    names: dict[str, str] = {}
    for key in required:
        name = key.split(".", 3)[3]
        if name in names and key in sources:
            reason = "Parameter names must be unique across querystring, header and path"
            message = place.no_method(reason)
            remedy = f"Rename one of {names[name]} and {key}."
            context.notes.error("parameter-names", message, sources[key].source, remedy)
        names.setdefault(name, key)
