"""The inputs of `inspector render`: files and JSON from the command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from inspector.cli.exit import CommandError, Exit
from inspector.gateway.jsonpath.errors import JsonPathError
from inspector.gateway.jsonpath.reader import parse_json
from inspector.gateway.mapping import TemplateInputs

_GROUPS = ("path", "querystring", "header")


def read_text(name: str | None, what: str) -> str:
    """The text of a file, `-` being the standard input; line ends stay as they are."""
    if name is None:
        raise CommandError(
            Exit.USAGE, f"{what} is missing", "`inspector render --help` has examples."
        )
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CommandError(Exit.USAGE, f"{name}: {error.strerror}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(Exit.USAGE, f"{name}: not UTF-8 at byte {error.start}") from error


def read_inputs(args: argparse.Namespace) -> TemplateInputs:
    """What the options say; raises `CommandError`."""
    if args.template == "-" and args.body == "-":
        raise CommandError(Exit.USAGE, "template and body cannot both come from the standard input")
    params = _read_map(args.params, "--params")
    odd = [name for name in params if name not in _GROUPS]
    if odd:
        raise CommandError(
            Exit.USAGE,
            f"--params: {odd[0]!r} is none of path, querystring, header",
            """Write --params '{"querystring": {"name": "value"}}'.""",
        )
    groups = {name: params.get(name) or {} for name in _GROUPS}
    for name, group in groups.items():
        if not isinstance(group, dict):
            raise CommandError(Exit.USAGE, f"--params: {name} is no object")
    return TemplateInputs(
        body=None if args.body is None else read_text(args.body, "the body"),
        context=_read_map(args.context, "--context"),
        stage_variables=_read_map(args.stage_variables, "--stage-variables"),
        **groups,  # type: ignore[arg-type]  # just asked
    )


def _read_map(text: str | None, option: str) -> dict[str, object]:
    if text is None:
        return {}
    source = read_text(text[1:], option) if text.startswith("@") else text
    try:
        value = parse_json(source)
    except JsonPathError as error:
        raise CommandError(Exit.USAGE, f"{option}: {error}") from error
    if not isinstance(value, dict):
        raise CommandError(Exit.USAGE, f"{option}: a JSON object is needed, such as '{{}}'")
    return value
