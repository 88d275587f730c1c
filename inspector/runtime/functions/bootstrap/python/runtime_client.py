"""Stands in for the C half of Amazon's Python runtime client where that is not to be had.

The same four functions over the standard library, for macOS. Imported by `awslambdaric`.
"""

from __future__ import annotations

import http.client
import os
from typing import Any

_ROOT = "/2018-06-01/runtime/invocation/"
_agent = ""
_connection: http.client.HTTPConnection | None = None


def initialize_client(user_agent: str) -> None:
    """How the client calls itself."""
    global _agent  # noqa: PLW0603  the C half keeps it so, too
    _agent = user_agent


def next() -> tuple[bytes, dict[str, str]]:  # noqa: A001  the name that is called
    """Wait for an event: its bytes, and the headers that came with it."""
    response = _call("GET", "next", None, {})
    body = response.read()
    return body, dict(response.getheaders())


def post_invocation_result(invoke_id: str, data: bytes | str, content_type: str, *_: Any) -> None:
    """The function's result."""
    _call("POST", f"{invoke_id}/response", data, {"Content-Type": content_type}).read()


def post_error(invoke_id: str, data: bytes | str, xray_fault: str, *_: Any) -> None:
    """The function raised."""
    headers = {"Content-Type": "application/json"}
    if xray_fault:
        headers["Lambda-Runtime-Function-XRay-Error-Cause"] = xray_fault.replace("\n", " ")
    _call("POST", f"{invoke_id}/error", data, headers).read()


def _call(
    method: str, where: str, data: bytes | str | None, headers: dict[str, str]
) -> http.client.HTTPResponse:
    global _connection  # noqa: PLW0603  one connection, kept
    if _connection is None:
        _connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    body = data.encode() if isinstance(data, str) else data
    _connection.request(method, _ROOT + where, body, {"User-Agent": _agent, **headers})
    return _connection.getresponse()
