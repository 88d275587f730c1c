"""What an export gives: the document, and the headers that Amazon sends with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: GetExport answers any document with it (fact 284).
CONTENT_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Exported:
    """What GetExport answers. `document` in Amazon's order of keys."""

    document: Mapping[str, Any]
    filename: str
    content_type: str = CONTENT_TYPE

    @property
    def content_disposition(self) -> str:
        """The header of the same name."""
        return f'attachment; filename="{self.filename}"'
