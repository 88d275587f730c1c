"""Mapping templates and parameter mappings, wherever the document has them."""

from __future__ import annotations

import re

from inspector.definitions.cursor import Cursor
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.place import Place
from inspector.model import ParameterMapping, Template

_MEDIA_TYPE = re.compile(r"\$default\Z|[\w!#$&^.+*-]+/[\w!#$&^.+*-]+(?:\s*;.*)?\Z")


def read_templates(
    context: Context, parent: Cursor, key: str, *, any_key: bool = False
) -> dict[str, Template]:
    """Templates by media type. A null stands for an empty one, which passes the body (fact 292).

    `any_key`: they are chosen by a selection expression, and called as the user likes.
    """
    found: dict[str, Template] = {}
    for media_type, cursor in context.mapping(parent, key):
        if not any_key and not _MEDIA_TYPE.match(media_type):
            message = f"Invalid content type specified: {media_type}"
            remedy = "Name a media type, such as application/json."
            context.notes.error("content-type", message, cursor.key_source, remedy)
        if cursor.is_map or cursor.is_list:
            context.wrong_type(cursor, "a template")
            continue
        found[media_type] = Template(cursor.text, cursor.text_source)
    return found


def read_parameters(
    context: Context, parent: Cursor, key: str, place: Place | None
) -> tuple[ParameterMapping, ...]:
    """The entries of requestParameters or responseParameters; what is no text is left out (274)."""
    found = []
    for target, cursor in context.mapping(parent, key):
        if isinstance(cursor.value, str):
            found.append(ParameterMapping(target, cursor.text, cursor.source))
        else:
            _not_text(context, key, target, cursor, place)
    return tuple(found)


def _not_text(context: Context, key: str, target: str, cursor: Cursor, place: Place | None) -> None:
    if cursor.is_map:
        context.wrong_type(cursor, "a text")
        return
    got = "null" if cursor.is_null else cursor.text
    message = f"Invalid format for '{key}'. Expected type string for property '{target}'"
    if place is not None:
        message += f" of resource '{place.path}' and method '{place.method}'"
    remedy = "Quote it: \"'text'\" is a literal, a bare text names a source. Left out as it is."
    context.notes.warning("parameter-format", f"{message} but got '{got}'", cursor.source, remedy)
