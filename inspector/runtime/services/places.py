"""Where AWS services are, as the user says it: `--endpoint SERVICE=PLACE`.

dynamodb=http://127.0.0.1:8000    DynamoDB local
all=http://127.0.0.1:4566         LocalStack or moto: every service that is not named itself
sqs=aws                           Amazon, with the user's own credentials

Services are called as the URI of an integration calls them (`states`, not stepfunctions).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from inspector.runtime.failures import BackendError
from inspector.runtime.urls import Places

AMAZON = "aws"
ALL = "all"
_SERVICE = re.compile(r"[a-z0-9-]+")


class EndpointError(Exception):
    """An endpoint that cannot be understood; the message says what was expected."""


def check(service: str, place: str) -> None:
    """Raise `EndpointError` where this cannot be one."""
    if not _SERVICE.fullmatch(service):
        raise EndpointError(f"{service!r} is no service's name; expected one such as dynamodb")
    if place == AMAZON:
        if service == ALL:
            raise EndpointError("name each service that is to be called at Amazon: sqs=aws")
        return
    try:
        Places({service: place})
    except BackendError as error:
        raise EndpointError(
            f"{service}={place}: {error.detail}; expected http://HOST:PORT, or aws for Amazon"
        ) from error


def place_of(places: Mapping[str, str], service: str) -> str | None:
    """The place of a service, None where nobody said one."""
    return places.get(service) or places.get(ALL)


def at_amazon(places: Iterable[tuple[str, str]]) -> list[str]:
    """The services that are called at Amazon."""
    return [service for service, place in places if place == AMAZON]
