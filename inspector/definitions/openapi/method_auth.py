"""`x-amazon-apigateway-auth` of one method or route: IAM, or nothing (case as you like, fact 291)."""

from __future__ import annotations

from inspector.definitions.cursor import Cursor
from inspector.definitions.openapi.context import Context

KEY = "x-amazon-apigateway-auth"


def declared_auth(context: Context, operation: Cursor) -> str | None:
    """`AWS_IAM` or `NONE`, as it says; None where it is absent.

    Another type, or none, is an error: it must not open a door.
    """
    declared = operation.get(KEY)
    if declared is None:
        return None
    said = context.text(declared, "type")
    kind = (said or "").upper()
    if kind in {"AWS_IAM", "NONE"}:
        return kind
    wrong = "has no type" if said is None else f"is of the unknown type {said!r}"
    remedy = "Use AWS_IAM or NONE; authorizers are named by security."
    holder = declared.get("type") or declared
    context.notes.error("auth-type", f"{KEY} {wrong}", holder.source, remedy)
    return None
