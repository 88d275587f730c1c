"""Where a document configures the API's endpoint.

The guide: in Swagger at the top, in OpenAPI at the server; Amazon looks at the first one only (as
its console says of several). At the top of an OpenAPI document it is taken as well.
"""

from __future__ import annotations

from typing import Final

from inspector.definitions.cursor import Cursor
from inspector.definitions.openapi.context import Context

KEY: Final = "x-amazon-apigateway-endpoint-configuration"


def endpoint_configuration(context: Context) -> Cursor | None:
    """The extension, None if there is none."""
    servers = None if context.swagger else context.root.get("servers")
    first = next(servers.items(), None) if servers is not None else None
    found = first.get(KEY) if first is not None else None
    return found or context.root.get(KEY)
