"""The clinic's backend: it answers, and forgets what browsers need."""

from __future__ import annotations

import json
from typing import Any


def handler(event: dict[str, Any], _context: object) -> object:
    """The goods; with CORS headers only where the path asks for them."""
    path = event.get("path") or event.get("rawPath") or ""
    headers = {"Content-Type": "application/json"}
    if path.endswith("/own-cors"):
        headers["Access-Control-Allow-Origin"] = "https://shop.example"
    return {"statusCode": 200, "headers": headers, "body": json.dumps({"goods": ["tea", "cups"]})}
