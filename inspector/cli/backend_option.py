"""`--backend NAME=URL`: what stands in for a host that a definition calls."""

from __future__ import annotations

import argparse

from inspector.cli.api_options import pair
from inspector.runtime.failures import BackendError
from inspector.runtime.urls import Places


def add_argument(parser: argparse.ArgumentParser) -> None:
    """The option; it gives pairs."""
    parser.add_argument(
        "--backend",
        metavar="NAME=URL",
        action="append",
        default=[],
        type=_backend,
        help="call URL for the host NAME of a definition; may be repeated",
    )


def _backend(text: str) -> tuple[str, str]:
    """NAME=URL, the URL tried."""
    name, url = pair(text)
    try:
        Places({name: url})
    except BackendError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r}: {error.detail}; expected NAME=http://HOST:PORT"
        ) from error
    return name, url
