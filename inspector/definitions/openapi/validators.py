"""Request validators: those declared, and which of them a method uses."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.definitions.cursor import Cursor
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.extensions import guess
from inspector.model import RequestValidator

_CHOICE = "x-amazon-apigateway-request-validator"


@dataclass(frozen=True, slots=True)
class Validators:
    """The document's validators by name, and its default one."""

    context: Context
    declared: dict[str, RequestValidator]

    @classmethod
    def of(cls, context: Context) -> Validators:
        """Read `x-amazon-apigateway-request-validators`."""
        found: dict[str, RequestValidator] = {}
        for name, cursor in context.mapping(context.root, f"{_CHOICE}s"):
            body = context.flag(cursor, "validateRequestBody")
            parameters = context.flag(cursor, "validateRequestParameters")
            found[name] = RequestValidator(name, bool(body), bool(parameters), cursor.source)
        return cls(context, found)

    def chosen(self, operation: Cursor) -> str | None:
        """The validator of a method: its own choice, else the document's."""
        holder = operation if operation.get(_CHOICE) is not None else self.context.root
        name = self.context.text(holder, _CHOICE)
        cursor = holder.get(_CHOICE)
        if name is None or cursor is None:
            return None
        if name not in self.declared:
            message = f"no request validator is named {name!r}; nothing is validated"
            remedy = guess(name, sorted(self.declared)) if self.declared else f"Add {_CHOICE}s."
            self.context.notes.warning("missing-validator", message, cursor.source, remedy)
            return None
        return name
