"""Local `$ref`s, followed with their dead ends and circles named."""

from __future__ import annotations

from urllib.parse import unquote

from inspector.definitions.cursor import Cursor
from inspector.definitions.diagnostics import Notes

_LIMIT = 64


def resolve(cursor: Cursor, root: Cursor, notes: Notes) -> Cursor | None:
    """The node that `cursor` stands for. None, with an error noted, if the reference is broken.

    A `$ref` beside other keys replaces them, as both specifications say.
    """
    here, seen = cursor, [cursor.pointer]
    while (reference := here.get("$ref")) is not None and not reference.is_map:
        target = _target(reference, root, notes)
        if target is None:
            return None
        if target.pointer in seen or len(seen) > _LIMIT:
            notes.error(
                "circular-ref",
                f"the reference {reference.text!r} leads back to itself",
                reference.source,
                "Let one of the references on the circle name a real value.",
            )
            return None
        seen.append(target.pointer)
        here = target
    return here


def _target(reference: Cursor, root: Cursor, notes: Notes) -> Cursor | None:
    text = reference.text
    if not text.startswith("#"):
        notes.error(
            "external-ref",
            f"the reference {text!r} leaves this file, which Amazon's import does not follow",
            reference.source,
            "Put the referenced part into this document (tools call that bundling).",
        )
        return None
    target = root.at(unquote(text[1:]))
    if target is None:
        notes.error(
            "missing-ref",
            f"the reference {text!r} names nothing in this document",
            reference.source,
            "Correct the name, or define what it refers to.",
        )
    return target
