"""The options that say how definitions are read: the same in `up`, `demo` and `check`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path

from inspector.cli.exit import CommandError, Exit
from inspector.definitions.bundle import Options
from inspector.gateway.limits import NAMES

_STAGE = re.compile(r"[A-Za-z0-9_-]{1,128}|\$default")


def add_arguments(
    parser: argparse.ArgumentParser, *, single: bool = False, kinds: bool = True
) -> None:
    """DEFINITION… (or a `single` one), and what may be set beside the files.

    Without `kinds` nothing says what an OpenAPI document describes: the command knows.
    """
    parser.add_argument(
        "definition",
        nargs=None if single else "+",
        type=Path,
        metavar="DEFINITION",
        help="OpenAPI files or CloudFormation templates, YAML or JSON",
    )
    api = parser.add_argument_group("how the definitions are read")
    api.add_argument(
        "--stage",
        type=stage_name,
        help="the stage's name (default: the document's base path, else dev)",
    )
    api.add_argument(
        "--stage-variable",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        type=pair,
        help="a stage variable; may be repeated",
    )
    api.add_argument(
        "--parameter",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        type=pair,
        help="a parameter of a CloudFormation template; may be repeated",
    )
    if kinds:
        api.add_argument(
            "--type",
            dest="api_type",
            choices=("rest", "http"),
            help="what an OpenAPI document describes (default: an HTTP API where it has anything "
            "that only those have, such as payloadFormatVersion or $default; else a REST API)",
        )
    api.add_argument(
        "--no-limit", metavar="NAME", action="append", default=[], choices=(*NAMES, "all"),
        help="a limit of Amazon's that shall not hold here; may be repeated: "
        + "; ".join(f"{name} ({what})" for name, what in NAMES.items()) + "; all",
    )  # fmt: skip
    _add_canary(api)
    _add_names(api)
    api.add_argument(
        "--strict", action="store_true", help="refuse definitions that ask for more than is done"
    )


def _add_names(api: argparse._ArgumentGroup) -> None:
    """What the API is called in ARNs and host names."""
    api.add_argument(
        "--api-id", type=_of(r"[a-z0-9]{1,64}", "the id of an API: small letters and digits"),
        help="the API's id (default: made from the document)",
    )  # fmt: skip
    api.add_argument(
        "--account", type=_of(r"\d{12}", "an account id: 12 digits"),
        help="the account id (default: 123456789012)",
    )  # fmt: skip
    api.add_argument(
        "--region", type=_of(r"[a-z]{2}[a-z-]*-\d+", "a region, such as us-east-1"),
        help="the region (default: us-east-1)",
    )  # fmt: skip


def _of(form: str, what: str) -> Callable[[str], str]:
    """The type of an option whose text has this form."""

    def check(text: str) -> str:
        if not re.fullmatch(form, text):
            raise argparse.ArgumentTypeError(f"{text!r} is not {what}")
        return text

    return check


def _add_canary(api: argparse._ArgumentGroup) -> None:
    api.add_argument(
        "--canary", metavar="PERCENT", type=percent,
        help="give stages a canary with this share of the traffic (REST APIs)",
    )  # fmt: skip
    api.add_argument(
        "--canary-definition", metavar="FILE",
        help="what canaries serve (default: the same definition)",
    )  # fmt: skip
    api.add_argument(
        "--canary-variable", metavar="NAME=VALUE", action="append", default=[], type=pair,
        help="a stage variable of the canaries; may be repeated",
    )  # fmt: skip


def stage_name(text: str) -> str:
    """A name that a stage may have."""
    if not _STAGE.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no stage's name: letters, digits, _ and -, up to 128; or $default"
        )
    return text


def percent(text: str) -> float:
    """A number of 0 to 100, with or without its sign."""
    try:
        found = float(text.removesuffix("%"))
    except ValueError:
        found = -1.0
    if not 0 <= found <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is no share of 0 to 100 percent")
    return found


def pair(text: str) -> tuple[str, str]:
    """NAME=VALUE as a pair."""
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def options(args: argparse.Namespace) -> Options:
    """What `add_arguments` collected, as the reader of definitions wants it.

    Raises `CommandError` for options that do nothing without another.
    """
    if args.canary_variable and args.canary is None and args.canary_definition is None:
        message = "--canary-variable does nothing without a canary"
        raise CommandError(Exit.USAGE, message, "Add --canary PERCENT.")
    return Options(
        stage=args.stage,
        stage_variables=dict(args.stage_variable),
        api_id=args.api_id,
        account=args.account,
        region=args.region,
        strict=args.strict,
        parameters=dict(args.parameter),
        api_type=args.api_type,
        canary_percent=args.canary,
        canary_variables=dict(args.canary_variable),
        canary_file=args.canary_definition,
        no_limits=tuple(sorted(set(args.no_limit))),
    )
