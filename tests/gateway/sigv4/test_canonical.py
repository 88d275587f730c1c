"""The canonical request, beyond what the recorded cases hold."""

from __future__ import annotations

from inspector.gateway.sigv4.canonical import header_lines
from inspector.message import Headers, Request


def test_a_folded_header_is_one_line() -> None:
    request = Request("GET", "/", Headers.of([("My-Header1", "value1\r\n  value2\n value3 ")]))
    assert header_lines(request, ["my-header1"]) == ["my-header1:value1 value2 value3"]
