"""What requests may reach, and who sends them: the same options wherever requests are served."""

from __future__ import annotations

import argparse
from pathlib import Path

from inspector.cli import (
    backend_option,
    function_options,
    issuer_option,
    keys_option,
    service_options,
    truststore_option,
    unused_names,
)
from inspector.cli.exit import CommandError, Exit
from inspector.cli.means import means_of
from inspector.definitions import Loaded
from inspector.runtime.functions.declared import Finder
from inspector.runtime.functions.places import PlaceError
from inspector.runtime.http import HttpBackends
from inspector.runtime.means import Means


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--backend, --function, --debug, --endpoint, --keys, --issuer, --truststore, --caller."""
    backend_option.add_argument(parser)
    function_options.add_arguments(parser)
    service_options.add_arguments(parser)
    keys_option.add_argument(parser)
    issuer_option.add_argument(parser)
    truststore_option.add_argument(parser)
    parser.add_argument(
        "--caller", type=Path, metavar="FILE", help="who calls: source_ip, vpc_endpoint, principal…"
    )


def check(args: argparse.Namespace, loaded: Loaded) -> None:
    """Look at all that can be looked at before anything is sent. Raises `CommandError`."""
    keys_option.check(args)
    issuer_option.check(args)
    truststore_option.check(args)
    unused_names.tell(args, loaded)
    function_options.announce(args)


def means_for(args: argparse.Namespace, finder: Finder, *, idle: bool) -> Means:
    """What the options let a request reach in this process. Raises `CommandError`.

    `idle`: no function runs.
    """
    try:
        return means_of(
            finder,
            HttpBackends(dict(args.backend)),
            functions=dict(args.function),
            debug=args.debug,
            endpoints=dict(args.endpoint),
            issuers=dict(args.issuer),
            truststores=dict(args.truststore),
            keys=str(args.keys) if args.keys else None,
            account=args.account,
            idle=idle,
        )
    except PlaceError as error:
        raise CommandError(Exit.USAGE, str(error)) from error
