"""Which resources Amazon lets stand beside and below one another (fact 40)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from inspector.definitions.diagnostics import Notes
from inspector.model import Source

_PART = re.compile(r"[A-Za-z0-9._:~,$-]+\Z|\{[A-Za-z0-9._:-]+\+?\}\Z")


def check_tree(sources: Mapping[str, Source], notes: Notes) -> None:
    """Note an error for each resource that Amazon refuses to create."""
    variables: dict[str, str] = {}
    for path in sorted(sources):
        parent, _, part = path.rpartition("/")
        if not part:
            continue
        source = sources[path]
        if "+}" in parent:
            greedy = next(piece for piece in parent.split("/") if piece.endswith("+}"))
            reason = f"Cannot create a child of a resource with a greedy path variable: {greedy}"
            _refuse(notes, path, reason, source, "Let the greedy variable end its path.")
        if part.startswith("{"):
            sibling = variables.setdefault(parent, part)
            if sibling != part:
                reason = (
                    f"A sibling ({sibling}) of this resource already has a variable path part "
                    "-- only one is allowed"
                )
                _refuse(notes, path, reason, source, f"Name both variables {sibling}.")
        if not _PART.match(part):
            message = f"the path part {part!r} may be refused: Amazon documents a-zA-Z0-9._-: only"
            remedy = "A variable takes a whole part, as in /{id}."
            notes.warning("path-part", message, source, remedy)


def _refuse(notes: Notes, path: str, reason: str, source: Source, remedy: str) -> None:
    message = f"Unable to create resource at path '{path}': {reason}"
    notes.error("resource-tree", message, source, remedy)
