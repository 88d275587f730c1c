"""The option that says what a custom domain with mutual TLS trusts."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from inspector.cli import api_options, narration
from inspector.cli.exit import CommandError, Exit
from inspector.runtime.truststores import TruststoreError, Truststores

_HINT = "A truststore is a PEM file with the certificates of authorities, one below the other."


def add_argument(parser: argparse.ArgumentParser) -> None:
    """--truststore DOMAIN=FILE."""
    parser.add_argument(
        "--truststore",
        metavar="DOMAIN=FILE",
        action="append",
        default=[],
        type=api_options.pair,
        help="the PEM file that stands for the truststore of a custom domain with mutual TLS; may "
        "be repeated",
    )


def check(args: argparse.Namespace) -> None:
    """Read the files, and say what is wrong with them. Raises `CommandError`."""
    try:
        stores = Truststores.of_files({name: Path(file) for name, file in args.truststore})
    except TruststoreError as error:
        raise CommandError(Exit.USAGE, f"--truststore {error}", _HINT) from error
    for warning in stores.warnings(datetime.now(UTC)):
        narration.warn(f"{warning}; Amazon would warn, and let nobody in by it.")
