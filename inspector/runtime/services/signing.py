"""Signature version 4, made by botocore, and the credentials for it.

botocore takes a third of a second to import: it is imported at the first call of a service.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from inspector.gateway.effects import BackendRequest
from inspector.message import Headers

#: Signing names that differ from the name in an integration's URI.
_NAMES = {"email": "ses", "appsync-api": "appsync", "iotdata": "iotdata", "iot": "iotdata"}
#: What stand-ins are shown where the user has nothing else for them.
_DUMMY = ("test", "test")


class NoCredentialsError(Exception):
    """Nothing to sign a call to Amazon with; the message says where was looked."""


class Signer:
    """Signs requests. May look into files and ask the network: not for the event loop."""

    def __init__(self) -> None:
        self._credentials: Any = None

    def sign(
        self, request: BackendRequest, service: str, region: str, *, for_amazon: bool
    ) -> BackendRequest:
        """The request with its signature. Raises `NoCredentialsError`.

        A stand-in is never sent a session token, and never sees more of a secret than a signature.
        """
        from botocore.auth import S3SigV4Auth, SigV4Auth  # noqa: PLC0415
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415

        credentials = self._amazons() if for_amazon else _for_a_stand_in()
        kept = [pair for pair in request.headers.fields if pair[0].lower() != "x-amzn-trace-id"]
        aws = AWSRequest(request.method, request.url, dict(kept), request.body)
        auth = S3SigV4Auth if service == "s3" else SigV4Auth
        auth(credentials, _NAMES.get(service, service), region).add_auth(aws)
        fields = [(name, str(value)) for name, value in aws.headers.items()]
        fields += [pair for pair in request.headers.fields if pair not in kept]
        return replace(request, headers=Headers.of(fields))

    def _amazons(self) -> Any:
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415
        from botocore.session import Session  # noqa: PLC0415

        try:
            if self._credentials is None:
                self._credentials = Session().get_credentials()
            if self._credentials is None:
                raise NoCredentialsError("none in the environment, in ~/.aws or of this machine")
            return self._credentials.get_frozen_credentials()
        except BotoCoreError as error:
            raise NoCredentialsError(str(error)) from error


def _for_a_stand_in() -> Any:
    """The user's key where the environment names one: DynamoDB local keeps data by key.

    Keys that stand in the environment or in a file; nobody is asked for temporary ones, because
    that would be a call to Amazon that nobody wanted.
    """
    from botocore.credentials import Credentials  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415
    from botocore.session import Session  # noqa: PLC0415

    key, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    profile = os.environ.get("AWS_PROFILE")
    if not (key and secret) and profile:
        try:
            held = Session().full_config.get("profiles", {}).get(profile, {})
        except BotoCoreError:  # a file that cannot be read is no reason not to call a stand-in
            held = {}
        key, secret = held.get("aws_access_key_id"), held.get("aws_secret_access_key")
    return Credentials(key, secret) if key and secret else Credentials(*_DUMMY)


def redirected(request: BackendRequest, place: str, prefix: str = "") -> BackendRequest:
    """The request for another server: its path and query below `place`, its Host that server's."""
    parts = urlsplit(request.url)
    query = f"?{parts.query}" if parts.query else ""
    url = f"{place.rstrip('/')}{prefix}{parts.path or '/'}{query}"
    host = urlsplit(place).netloc.rpartition("@")[2]
    rest = [pair for pair in request.headers.fields if pair[0].lower() != "host"]
    return replace(request, url=url, headers=Headers.of([("Host", host), *rest]))
