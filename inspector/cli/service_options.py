"""The option that says where AWS services are: the same in `up` and `invoke`."""

from __future__ import annotations

import argparse

from inspector.cli import api_options, narration
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


def announce(args: argparse.Namespace) -> None:
    """Say loudly which services are the real ones."""
    for service in places.at_amazon(args.endpoint):
        narration.warn(
            f"{service} is called at Amazon: what integrations do there is real, is signed with "
            "your own credentials (the integrations' roles are not assumed), and may cost money."
        )


def _endpoint(text: str) -> tuple[str, str]:
    service, place = api_options.pair(text)
    try:
        places.check(service, place)
    except places.EndpointError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return service, place
