"""What differs between Swagger and OpenAPI, and what is exported at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_MODEL = re.compile(r"https://apigateway\.amazonaws\.com/restapis/[^/]+/models/([^#]+)#?(.*)\Z")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One export's form."""

    swagger: bool
    integrations: bool
    authorizers: bool

    def reference(self, model: str) -> dict[str, str]:
        """A reference to a model."""
        root = "definitions" if self.swagger else "components/schemas"
        return {"$ref": f"#/{root}/{model}"}

    def typed(self) -> dict[str, Any]:
        """What is known of a parameter's or a header's type: Amazon keeps none but text."""
        return {"type": "string"} if self.swagger else {"schema": {"type": "string"}}

    def schema(self, value: Any) -> Any:
        """A model's schema, its references those of a document again."""
        if isinstance(value, list | tuple):
            return [self.schema(item) for item in value]
        if not isinstance(value, dict):
            return value
        found = {name: self.schema(member) for name, member in value.items() if name != "$schema"}
        match = _MODEL.match(str(value.get("$ref", "")))
        if match is not None:
            found["$ref"] = self.reference(match[1])["$ref"] + match[2]
        return found
