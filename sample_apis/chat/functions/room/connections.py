"""Posting to connections: by boto3, which Amazon's Python runtimes have, else by hand."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from functools import cache
from typing import Any
from urllib.parse import quote

from signing import Credentials, signed

#: Statuses of a connection that is gone: 410, and 400 where there never was one.
_GONE = (400, 410)
_TIMEOUT = 5.0


def post(context: dict[str, Any], connection: str, data: bytes) -> bool:
    """Send a frame; False where there is no such connection any more.

    `context` is the event's requestContext, whose domain and stage lead to `@connections`.
    """
    client = _client(endpoint_of(context))
    if client is None:
        status = _by_hand(endpoint_of(context), connection, data)
    else:
        try:
            answer = client.post_to_connection(ConnectionId=connection, Data=data)
        except client.exceptions.ClientError as error:
            answer = error.response
        status = answer["ResponseMetadata"]["HTTPStatusCode"]
    if status >= 400 and status not in _GONE:
        raise RuntimeError(f"@connections answered {status}")
    return status not in _GONE


def endpoint_of(context: dict[str, Any]) -> str:
    """Where the API is."""
    return f"https://{context['domainName']}/{context['stage']}"


def _credentials() -> Credentials:
    """Lambda's own, or some that the gateway on your own machine lets pass."""
    key, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if not key or not secret:
        return Credentials("local", "local", None)
    return Credentials(key, secret, os.environ.get("AWS_SESSION_TOKEN"))


def _region() -> str:
    return os.environ.get("AWS_REGION", "us-east-1")


@cache
def _client(endpoint: str) -> Any:
    """A client of boto3, None where that is not installed."""
    try:
        import boto3  # noqa: PLC0415 - only where it is there
    except ImportError:
        return None
    found = _credentials()
    return boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=endpoint,
        region_name=_region(),
        aws_access_key_id=found.key,
        aws_secret_access_key=found.secret,
        aws_session_token=found.token,
    )


def _by_hand(endpoint: str, connection: str, data: bytes) -> int:
    url = f"{endpoint}/@connections/{quote(connection, safe='')}"
    headers = signed("POST", url, data, _credentials(), _region())
    request = urllib.request.Request(url, data, headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
