"""Stands in for the C half of Amazon's Python runtime client where that is not to be had.

The same four functions over the standard library, for macOS. Imported by `awslambdaric`.
"""

from __future__ import annotations

import http.client
import os
import sys
from typing import Any

_ROOT = "/2018-06-01/runtime/invocation/"
_DEADLINE = "Lambda-Runtime-Deadline-Ms"
_TOLD = (
    "Lambda-Runtime-Aws-Request-Id", "Lambda-Runtime-Trace-Id",
    "Lambda-Runtime-Invoked-Function-Arn", _DEADLINE, "Lambda-Runtime-Client-Context",
    "Lambda-Runtime-Cognito-Identity", "Lambda-Runtime-Aws-Tenant-Id", "Content-Type",
)  # fmt: skip
_agent = ""
_connection: http.client.HTTPConnection | None = None


def initialize_client(user_agent: str) -> None:
    """How the client calls itself."""
    global _agent  # noqa: PLW0603  the C half keeps it so, too
    _agent = user_agent


def next() -> tuple[bytes, dict[str, Any]]:  # noqa: A001  the name that is called
    """Wait for an event: its bytes, and the headers that came with it; None for what did not."""
    response = _call("GET", "next", None, {})
    body = response.read()
    headers: dict[str, Any] = {name: response.headers.get(name) for name in _TOLD}
    headers[_DEADLINE] = int(headers[_DEADLINE] or 0)
    return body, headers


def post_invocation_result(invoke_id: str, data: bytes | str, content_type: str, *_: Any) -> None:
    """The function's result."""
    headers = {"Content-Type": content_type}
    _post("invocation response", f"{invoke_id}/response", data, headers)


def post_error(invoke_id: str, data: bytes | str, xray_fault: str, *_: Any) -> None:
    """The function raised."""
    headers = {"Content-Type": "application/json"}
    if xray_fault:
        headers["Lambda-Runtime-Function-XRay-Error-Cause"] = xray_fault.replace("\n", " ")
    _post("invocation error", f"{invoke_id}/error", data, headers)


def _post(what: str, where: str, data: bytes | str, headers: dict[str, str]) -> None:
    response = _call("POST", where, data, headers)
    said = response.read().decode("utf-8", "replace")
    if response.status >= 300:
        why = f"Failed to post {what}. Http response code: {response.status}. {said}"
        sys.stderr.write(f"LAMBDA_RUNTIME {why}\n")
        raise RuntimeError(f"Failed to post {what}")


def _call(
    method: str, where: str, data: bytes | str | None, headers: dict[str, str]
) -> http.client.HTTPResponse:
    global _connection  # noqa: PLW0603  one connection, kept
    if _connection is None:
        _connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    body = data.encode() if isinstance(data, str) else data
    _connection.request(method, _ROOT + where, body, {"User-Agent": _agent, **headers})
    return _connection.getresponse()
