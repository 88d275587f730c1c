"""Which kind of document this is, and a plain answer where it is none of ours."""

from __future__ import annotations

import re
from typing import Literal

from inspector.definitions.cursor import Cursor
from inspector.definitions.diagnostics import Notes

Dialect = Literal["openapi", "swagger"]

_OPENAPI = re.compile(r"3\.[01](?:\.\d+)?(?:-\S+)?\Z")
_EXPECTED = (
    "Expected an OpenAPI 3.0/3.1 or Swagger 2.0 document: `openapi: 3.0.1` at the top; "
    "or a CloudFormation template: `Resources:`."
)


def find_dialect(root: Cursor, notes: Notes) -> Dialect | None:
    """The dialect; None, with an error noted, if the document is none we read."""
    if not root.is_map:
        notes.error("not-a-definition", "Invalid OpenAPI input.", root.source, _EXPECTED)
        return None
    openapi, swagger = root.get("openapi"), root.get("swagger")
    version = openapi or swagger
    if version is None:
        _neither(root, notes)
        return None
    known = _OPENAPI.match(version.text) if openapi else version.text in ("2.0", "2")
    if not known:
        key = "openapi" if openapi else "swagger"
        message = f"{key}: {version.text!r} is a version that cannot be read"
        notes.error("unknown-version", message, version.source, _EXPECTED)
        return None
    return "openapi" if openapi else "swagger"


def _neither(root: Cursor, notes: Notes) -> None:
    message = "Invalid OpenAPI input. There is neither `openapi` nor `swagger` at the top."
    notes.error("not-a-definition", message, root.source, _EXPECTED)
