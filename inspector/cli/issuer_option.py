"""The options that say where issuers of tokens are found: the same in `up`, `demo` and `invoke`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from inspector.cli.exit import CommandError, Exit
from inspector.runtime import issuer_places, local_issuer
from inspector.runtime.issuer_places import LOCAL, IssuerPlaceError, IssuerPlaces
from inspector.runtime.issuers import Issuers
from inspector.runtime.jose import KeySet
from inspector.runtime.local_issuer import LocalIssuer, LocalIssuerError


def add_argument(parser: argparse.ArgumentParser) -> None:
    """--issuer ISSUER=PLACE."""
    parser.add_argument(
        "--issuer",
        metavar="ISSUER=URL",
        action="append",
        default=[],
        type=_issuer,
        help="where the keys of a token's issuer are found instead of at the issuer itself "
        "(https://issuer.example=http://127.0.0.1:9000; all=URL for every issuer); local for URL "
        "trusts the tokens of `inspector token`, as --issuer local does for every issuer "
        "(local:FILE: keys in another file); may be repeated",
    )


def check(args: argparse.Namespace) -> None:
    """Look at the file of local keys before anything is started. Raises `CommandError`."""
    for place in dict(args.issuer).values():
        if issuer_places.is_local(place):
            try:
                _local_keys(place.removeprefix(LOCAL).removeprefix(":"))
            except LocalIssuerError as error:
                raise CommandError(Exit.USAGE, str(error)) from error


def issuers_of(places: Mapping[str, str], endpoints: Mapping[str, str]) -> Issuers:
    """Who finds the keys. User pools are where `--endpoint cognito-idp` says."""
    pools = endpoints.get("cognito-idp") or endpoints.get("all")
    return Issuers(IssuerPlaces(places, pools, _local_keys))


def _local_keys(file: str) -> KeySet:
    return LocalIssuer.open(Path(file) if file else local_issuer.default_path()).key_set()


def _issuer(text: str) -> tuple[str, str]:
    if issuer_places.is_local(text):
        return issuer_places.ALL, text
    # The last sign: an issuer may have one in its query, a place of ours has none.
    name, equals, place = text.rpartition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is neither ISSUER=URL nor {LOCAL}")
    try:
        issuer_places.check(place)
    except IssuerPlaceError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return name, place
