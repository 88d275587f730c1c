"""The client's request as mappings, templates and events see it.

Each view is made once, when somebody asks for it.
"""

from __future__ import annotations

from functools import cached_property

from inspector.gateway import query as query_strings
from inspector.gateway.visible import to_gateway
from inspector.message import Field, Request


class ClientView:
    """Headers without those that Amazon hides, the query decoded, the path variables, the body."""

    def __init__(self, request: Request, raw_query: str, path_parameters: dict[str, str]) -> None:
        self.request = request
        self.raw_query = raw_query
        self.path_parameters = path_parameters

    @cached_property
    def headers(self) -> tuple[Field, ...]:
        """Visible headers, in order, as sent."""
        return to_gateway(self.request.headers)

    @cached_property
    def header_values(self) -> dict[str, str]:
        """One value a header name as sent: the last."""
        return dict(self.headers)

    @cached_property
    def query(self) -> query_strings.Pairs:
        """Query names and values, decoded, in order.

        A semicolon splits like `&` (guide, "Important notes for REST APIs").
        """
        raw = self.raw_query
        return query_strings.parse(raw.replace(";", "&") if ";" in raw else raw)

    @cached_property
    def query_values(self) -> dict[str, str]:
        """One value a query name: the last."""
        return query_strings.last_values(self.query)

    @cached_property
    def body_text(self) -> str:
        """The body as text: UTF-8, a replacement character for each bad byte (fact 200)."""
        return self.request.body.decode("utf-8", "replace")

    @cached_property
    def media_type(self) -> str:
        """The media type of the body without parameters, lower case; JSON where none is sent.

        Fact 108 (recorded): a request without Content-Type counts as `application/json`.
        """
        declared = self.request.headers.get("content-type")
        return media_type_of(declared) if declared else "application/json"


def media_type_of(value: str) -> str:
    """`text/html; charset=utf-8` → `text/html`."""
    return value.partition(";")[0].strip().lower()
