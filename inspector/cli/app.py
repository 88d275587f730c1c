"""The command `inspector`: finds the sub-command, runs it, turns errors into sentences.

Sub-commands are imported only when named, so that `inspector --help` is quick and a broken
optional part never stops another command.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NamedTuple, NoReturn

from inspector import __version__
from inspector.cli import ending, narration, streams
from inspector.cli.complaints import complaint
from inspector.cli.exit import MEANINGS, CommandError, Exit


class Command(NamedTuple):
    """A sub-command: its name, one line of help, and the module that has `add_parser` and `run`."""

    name: str
    help: str
    module: str


COMMANDS = (
    Command("up", "run the gateway of these definitions and watch its traffic", "up"),
    Command("demo", "run a sample API with its backend, and look at its traffic", "demo"),
    Command("open", "look at a recording", "open"),
    Command("check", "read definitions and say what is wrong with them", "check"),
    Command("export", "write a REST API as OpenAPI or Swagger, as Amazon exports it", "export"),
    Command("env", "print what a shell needs to send its traffic through the gateway", "env"),
    Command("invoke", "send one request through a definition, and see every step", "invoke"),
    Command("explain", "say why a request was refused or failed, and what to do", "explain"),
    Command("cors", "judge a call from another origin as a browser does", "cors"),
    Command("sign", "sign a request (SigV4) and print it as curl", "sign"),
    Command("token", "make a token for a route, or a broken one; serve the keys", "token"),
    Command("render", "render a mapping template", "render"),
    Command(
        "state", "look at buckets, quotas and caches of a running gateway, or reset them", "state"
    ),
    Command(
        "connections",
        "list the open WebSockets of a running gateway, say something on one, or end it",
        "connections",
    ),
    Command("db", "look into a recording's file, prune it, extract from it", "db"),
)

EPILOG = "exit codes: " + ", ".join(f"{code.value} {text}" for code, text in MEANINGS.items())


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    streams.settle()
    ending.in_order()
    try:
        code = run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output left (`| head`): nothing to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Exception as error:
        if os.environ.get("INSPECTOR_DEBUG"):
            raise
        found = complaint(error)
        narration.error(found.message, found.hint)
        return found.exit_code
    return code


def run(arguments: list[str]) -> int:
    """Parse and run, errors still being exceptions."""
    chosen = next((word for word in arguments if not word.startswith("-")), None)
    parser = build_parser(chosen)
    args, unknown = parser.parse_known_args(arguments)
    if unknown:
        of = f"inspector {args.command}" if args.command else "inspector"
        hint = f"`{of} --help` lists what is understood."
        raise CommandError(Exit.USAGE, f"unrecognized arguments: {' '.join(unknown)}", hint)
    if args.command is None:
        parser.print_help()
        return Exit.OK
    if getattr(args, "json", False):
        streams.keep_data()
    module = next(command.module for command in COMMANDS if command.name == args.command)
    return int(_module(module).run(args))


def build_parser(chosen: str | None) -> argparse.ArgumentParser:
    """The parser of the whole command line, of which only the chosen command is filled in."""
    parser = Parser(
        prog="inspector",
        description="A terminal debugger for Amazon API Gateway style APIs.",
        epilog=EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"inspector {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for command in COMMANDS:
        if command.name == chosen:
            _module(command.module).add_parser(commands)
        else:
            commands.add_parser(command.name, help=command.help)
    return parser


class Parser(argparse.ArgumentParser):
    """argparse, with its complaints in our words: what is wrong, then where to read on."""

    def error(self, message: str) -> NoReturn:
        raise CommandError(Exit.USAGE, message, f"`{self.prog} --help` lists what is understood.")


def _module(name: str) -> argparse.Namespace:
    return import_module(f"inspector.cli.{name}")  # type: ignore[return-value]
