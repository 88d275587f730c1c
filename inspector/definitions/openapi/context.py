"""What every reader of a part of the document needs at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.definitions.cursor import Cursor
from inspector.definitions.diagnostics import NOT_ENFORCED, Notes
from inspector.definitions.openapi.refs import resolve
from inspector.definitions.openapi.unenforced import UNENFORCED
from inspector.model import Source

_INTRINSICS = ("Fn::", "Ref", "Condition")


@dataclass(frozen=True, slots=True)
class Context:
    """One document being read. `swagger` is true for Swagger 2.0."""

    root: Cursor
    notes: Notes
    api_id: str
    swagger: bool

    def resolve(self, cursor: Cursor) -> Cursor | None:
        """What `$ref` leads to, or the cursor itself; None, with an error noted, if nowhere."""
        return resolve(cursor, self.root, self.notes)

    def unenforced(self, feature: str, source: Source) -> None:
        """Say that the product does not enforce what is declared here (it stays in the model)."""
        sentence = UNENFORCED.get(feature)
        if sentence is not None:
            remedy = "The definition keeps it; calls behave as if it were absent."
            self.notes.warning(NOT_ENFORCED, sentence, source, remedy)

    def unenforced_of(self, integration: Cursor, credentials: str | None, connection: str) -> None:
        """Say so of an integration's role and VPC link, by the keys that declare them."""
        for key, feature in ((credentials, "credentials"), (connection, "vpc-link")):
            holder = None if key is None else integration.get(key)
            if holder is not None and not holder.is_null and holder.text:
                self.unenforced(feature, holder.source)

    def wrong_type(self, cursor: Cursor, expected: str) -> None:
        """Say that a value has the wrong type and is left out."""
        name = next((key for key, _ in cursor.entries() if key.startswith(_INTRINSICS)), None)
        if name is not None:
            message = f"{name} is for CloudFormation to resolve; an OpenAPI file needs {expected}"
            remedy = "Write the value, or load the CloudFormation template itself."
            self.notes.error("intrinsic", message, cursor.source, remedy)
            return
        message = f"expected {expected} but got {shown(cursor)}; left out"
        self.notes.warning("wrong-type", message, cursor.source, f"Write {expected}.")

    def text(self, parent: Cursor, key: str) -> str | None:
        """A text under `key`; numbers and booleans count as their spelling. None if absent."""
        child = parent.get(key)
        if child is None or child.is_null:
            return None
        if child.is_map or child.is_list:
            self.wrong_type(child, "a text")
            return None
        return child.text

    def flag(self, parent: Cursor, key: str) -> bool | None:
        """A boolean under `key`, also spelled as a text. None if absent."""
        child = parent.get(key)
        if child is None or child.is_null:
            return None
        if isinstance(child.value, bool):
            return child.value
        if child.text.lower() in ("true", "false"):
            return child.text.lower() == "true"
        self.wrong_type(child, "true or false")
        return None

    def integer(self, parent: Cursor, key: str) -> int | None:
        """A whole number under `key`, also spelled as a text. None if absent."""
        child = parent.get(key)
        if child is None or child.is_null:
            return None
        digits = child.text.removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) < 16:
            return int(child.text)
        self.wrong_type(child, "a whole number")
        return None

    def texts(self, parent: Cursor, key: str) -> tuple[str, ...]:
        """A list of texts under `key`; a single text counts as a list of one."""
        child = parent.get(key)
        if child is None or child.is_null:
            return ()
        if not child.is_list and not child.is_map:
            return (child.text,)
        if child.is_map:
            self.wrong_type(child, "a list of texts")
            return ()
        return tuple(item.text for item in child.items() if self._is_text(item))

    def mapping(self, parent: Cursor, key: str) -> Iterator[tuple[str, Cursor]]:
        """The entries of a mapping under `key`; nothing if absent."""
        child = parent.get(key)
        if child is None or child.is_null:
            return iter(())
        if not child.is_map:
            self.wrong_type(child, "a mapping")
        return child.entries()

    def _is_text(self, item: Cursor) -> bool:
        if item.is_map or item.is_list or item.is_null:
            self.wrong_type(item, "a text")
            return False
        return True


def shown(cursor: Cursor) -> str:
    """A value as a message shows it: JSON, cut short."""
    if cursor.is_map:
        return "a mapping"
    if cursor.is_list:
        return "a list"
    text = json.dumps(cursor.value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"
