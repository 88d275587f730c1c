"""The option that names who may sign requests (IAM authorization)."""

from __future__ import annotations

import argparse
from pathlib import Path

from inspector.cli.exit import CommandError, Exit
from inspector.runtime import keyring


def add_argument(parser: argparse.ArgumentParser) -> None:
    """--keys FILE."""
    parser.add_argument(
        "--keys",
        type=Path,
        metavar="FILE",
        help="the access keys that may sign requests, with their policies: a YAML list of "
        "access_key, secret_key, arn, session_token, policies (default: the key in this shell's "
        "environment, allowed everything)",
    )


def check(args: argparse.Namespace) -> None:
    """Read the file before anything is started. Raises `CommandError`."""
    if args.keys is None:
        return
    try:
        keyring.read(args.keys)
    except keyring.KeyringError as error:
        hint = "Each key: {access_key: AKIDEXAMPLE, secret_key: ..., arn: arn:aws:iam::…:user/ann}."
        raise CommandError(Exit.USAGE, f"--keys {error}", hint) from error
