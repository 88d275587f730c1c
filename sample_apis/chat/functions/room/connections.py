"""Posting to connections: plainly, and signed by boto3 where somebody asks for a signature.

The gateway on your own machine takes a call without one; Amazon answers 403, and its Python
runtimes have boto3.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from functools import cache
from typing import Any
from urllib.parse import quote

#: Statuses of a connection that is gone: 410, and 400 where there never was one.
_GONE = (400, 410)
_UNSIGNED = 403
_TIMEOUT = 5.0
#: The endpoints that ask for a signature.
_SIGNED: set[str] = set()


def post(context: dict[str, Any], connection: str, data: bytes) -> bool:
    """Send a frame; False where there is no such connection any more.

    `context` is the event's requestContext, whose domain and stage lead to `@connections`.
    """
    endpoint = f"https://{context['domainName']}/{context['stage']}"
    status = _plainly(endpoint, connection, data) if endpoint not in _SIGNED else _UNSIGNED
    if status == _UNSIGNED:
        _SIGNED.add(endpoint)
        status = _signed(endpoint, connection, data)
    if status >= 400 and status not in _GONE:
        raise RuntimeError(f"@connections answered {status}")
    return status not in _GONE


def _plainly(endpoint: str, connection: str, data: bytes) -> int:
    url = f"{endpoint}/@connections/{quote(connection, safe='')}"
    request = urllib.request.Request(url, data, {"Content-Type": "application/octet-stream"})
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def _signed(endpoint: str, connection: str, data: bytes) -> int:
    client = _client(endpoint)
    if client is None:
        return _UNSIGNED
    try:
        answer = client.post_to_connection(ConnectionId=connection, Data=data)
    except client.exceptions.ClientError as error:
        answer = error.response
    return int(answer["ResponseMetadata"]["HTTPStatusCode"])


@cache
def _client(endpoint: str) -> Any:
    """A client of boto3, None where that is not installed."""
    try:
        import boto3  # noqa: PLC0415 - slow, and needed at Amazon only
    except ImportError:
        return None
    region = endpoint.partition(".execute-api.")[2].partition(".")[0] or "us-east-1"
    return boto3.client("apigatewaymanagementapi", endpoint_url=endpoint, region_name=region)
