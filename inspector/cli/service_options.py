"""The option that says where AWS services are: the same in `up` and `invoke`."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from inspector.cli import api_options, narration
from inspector.gateway.http_api.subtypes import SUBTYPES
from inspector.model import AwsService, HttpApi, RestApi, WebSocketApi
from inspector.model.service_uri import parse_service
from inspector.runtime.services import places


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--endpoint SERVICE=PLACE."""
    parser.add_argument_group("AWS services").add_argument(
        "--endpoint",
        metavar="SERVICE=URL",
        action="append",
        default=[],
        type=_endpoint,
        help="where integrations find an AWS service (dynamodb=http://127.0.0.1:8000; all=URL for "
        "every other one, such as LocalStack or moto), or SERVICE=aws for Amazon itself, with "
        "your own credentials; may be repeated",
    )


def announce(args: argparse.Namespace, apis: Iterable[object]) -> None:
    """Say loudly which services are the real ones, and which ones nobody can find."""
    given = dict(args.endpoint)
    lost = [service for service in called(apis) if places.place_of(given, service) is None]
    if lost:
        narration.warn(
            f"integrations call {', '.join(lost)}, and nothing says where to find that: they "
            f"answer 500 without --endpoint {lost[0]}=URL."
        )
    for service in places.at_amazon(args.endpoint):
        narration.warn(
            f"{service} is called at Amazon: what integrations do there is real, is signed with "
            "your own credentials (the integrations' roles are not assumed), and may cost money."
        )


def called(apis: Iterable[object]) -> list[str]:
    """The AWS services that integrations of these APIs call, each once."""
    services = set()
    for api in apis:
        if isinstance(api, RestApi):
            services |= {
                method.integration.service
                for resource in api.resources
                for method in resource.methods.values()
                if isinstance(method.integration, AwsService)
            }
        elif isinstance(api, HttpApi):
            services |= {
                subtype.service
                for each in api.integrations.values()
                if (subtype := SUBTYPES.get(each.subtype or "")) is not None
            }
        elif isinstance(api, WebSocketApi):
            services |= {
                found.service
                for each in api.integrations.values()
                if (found := parse_service(each.uri or "")) is not None and not found.is_function
            }
    return sorted(services)


def _endpoint(text: str) -> tuple[str, str]:
    service, place = api_options.pair(text)
    try:
        places.check(service, place)
    except places.EndpointError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return service, place
