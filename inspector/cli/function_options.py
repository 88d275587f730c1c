"""The options that say where functions are: the same in `up` and `invoke`."""

from __future__ import annotations

import argparse

from inspector.cli import api_options, narration
from inspector.runtime.functions import places


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--function and --debug."""
    group = parser.add_argument_group("Lambda functions")
    group.add_argument(
        "--function",
        metavar="NAME=PLACE",
        action="append",
        default=[],
        type=_place,
        help="where a function is: FOLDER:FILE.HANDLER on this machine, the URL of an endpoint with "
        "Lambda's Invoke API (sam local start-lambda, LocalStack), the ARN of the real one, or "
        "FILE.json with its answer; may be repeated",
    )
    group.add_argument(
        "--debug",
        metavar="NAME",
        action="append",
        default=[],
        help="let this function wait for a debugger: debugpy on port "
        f"{places.DEBUGPY_PORT}, or Node's inspector on port {places.NODE_PORT}; of several functions "
        "each on the next one",
    )


def announce(args: argparse.Namespace) -> None:
    """Say loudly where a real function will run, and where a debugger is waited for."""
    for name, place in args.function:
        if place.startswith("arn:"):
            narration.warn(
                f"{name} is the real function {place}: it runs at Amazon, with your credentials, "
                "and does there whatever it does."
            )
    for name in args.debug:
        narration.say(
            f"{name} waits for a debugger at its first invocation (Python: debugpy on "
            f"127.0.0.1:{places.DEBUGPY_PORT}, Node.js: 127.0.0.1:{places.NODE_PORT}, "
            "of several each on the next port); no timeout applies to it."
        )


def _place(text: str) -> tuple[str, str]:
    name, place = api_options.pair(text)
    try:
        places.check(name, place)
    except places.PlaceError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return name, place
