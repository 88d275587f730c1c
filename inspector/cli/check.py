"""`inspector check`: read definitions, say what is wrong with them and what they define."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TextIO

import orjson

from inspector.cli import api_options, narration, uris
from inspector.cli.check_code import code_diagnostics
from inspector.cli.check_templates import template_diagnostics
from inspector.cli.exit import Exit
from inspector.cli.help_text import HelpText
from inspector.definitions import Diagnostic, Loaded, load, render
from inspector.model import HttpApi, Servable, WebSocketApi

COLOURS = {
    "error": narration.RED,
    "warning": narration.YELLOW,
    "info": narration.CYAN,
}
#: Lines that are named of what is found in many places.
_LINES = 8
EXAMPLES = """examples:
  inspector check api.yaml
  inspector check template.yaml --parameter Stage=prod --strict
  inspector check a.yaml b.json --json | jq '.diagnostics[]'"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector check DEFINITION… [--strict] [--json]`."""
    parser = commands.add_parser(
        "check",
        help="read definitions and say what is wrong with them",
        description="Read definitions as Amazon's import would, and say what is wrong with them.",
        usage="inspector check DEFINITION… [options]",
        epilog=EXAMPLES,
        formatter_class=HelpText,
    )
    api_options.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print findings and APIs as JSON")


def run(args: argparse.Namespace) -> int:
    """Print what was found; the exit code tells whether the gateway would serve it."""
    loaded = load(args.definition, api_options.options(args))
    templates = template_diagnostics(loaded)
    # That something is not built yet is nothing to refuse the definition for.
    here = [*code_diagnostics(loaded), *uris.unset_variables(loaded)]
    refused = args.strict and any(each.level == "warning" for each in templates)
    loaded = replace(
        loaded,
        diagnostics=(*loaded.diagnostics, *templates, *here),
        broken=loaded.broken or refused,
    )
    if args.json:
        print(orjson.dumps(as_data(loaded), option=orjson.OPT_INDENT_2).decode())
    else:
        for diagnostic in loaded.diagnostics:
            print(worded(diagnostic, sys.stdout))
        for api in loaded.apis:
            print(summary(api))
    if loaded.broken:
        narration.say(verdict(loaded))
        return Exit.DEFINITION
    return Exit.OK


def worded(diagnostic: Diagnostic, stream: TextIO) -> str:
    """One finding as text, its level coloured where this stream shows colours."""
    level = narration.paint(diagnostic.level, COLOURS[diagnostic.level], stream)
    text = narration.plain_lines(render(diagnostic))
    return text.replace(f" {diagnostic.level}: ", f" {level}: ", 1)


def told_once(diagnostics: Iterable[Diagnostic], stream: TextIO) -> Iterator[str]:
    """Findings as text; what is said of several places is said once, with their lines."""
    same: dict[tuple[str, ...], list[Diagnostic]] = {}
    for each in diagnostics:
        key = (each.level, each.message, each.remedy, each.source.file)
        same.setdefault(key, []).append(each)
    for first, *others in same.values():
        yield worded(first, stream)
        if others:
            lines = ", ".join(str(each.source.line) for each in others[:_LINES])
            more = f" and {len(others) - _LINES} more" if len(others) > _LINES else ""
            yield f"    The same in line{'s' * (len(others) > 1)} {lines}{more}."


def verdict(loaded: Loaded) -> str:
    """Why the gateway would not serve this."""
    errors = sum(diagnostic.level == "error" for diagnostic in loaded.diagnostics)
    if errors:
        return f"broken: {errors} error{'s' * (errors != 1)}"
    return "refused: --strict takes no warnings"


def summary(api: Servable) -> str:
    """An API in one line."""
    stages = ", ".join(stage.name for stage in api.stages)
    name = narration.plain(api.name)
    if isinstance(api, HttpApi):
        if api.function_url:
            return f"{name}: {api.host}, function URL"
        return f"{name}: {api.host}, HTTP API, stage {stages}, {_of(len(api.routes), 'route')}"
    if isinstance(api, WebSocketApi):
        routes = _of(len(api.routes), "route")
        return f"{name}: {api.host}, WebSocket API, stage {stages}, {routes}"
    paths = [resource for resource in api.resources if resource.methods]
    methods = sum(len(resource.methods) for resource in paths)
    return (
        f"{name}: {api.host}, stage {stages}, {_of(len(paths), 'path')}, {_of(methods, 'method')}"
    )


def _of(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def as_data(loaded: Loaded) -> dict[str, object]:
    """The same for machines."""
    return {
        "broken": loaded.broken,
        "digest": loaded.bundle.digest,
        "diagnostics": [
            {
                "level": each.level,
                "code": each.code,
                "message": each.message,
                "remedy": each.remedy,
                "file": each.source.file,
                "line": each.source.line,
                "column": each.source.column,
                "pointer": each.source.pointer,
            }
            for each in loaded.diagnostics
        ],
        "apis": [_api(api) for api in loaded.apis],
    }


def _api(api: Servable) -> dict[str, object]:
    common: dict[str, object] = {
        "id": api.id,
        "name": api.name,
        "host": api.host,
        "stages": [stage.name for stage in api.stages],
    }
    if isinstance(api, HttpApi | WebSocketApi):
        return {**common, "routes": list(api.routes)}
    return {
        **common,
        "methods": [
            f"{method} {resource.path}" for resource in api.resources for method in resource.methods
        ],
    }
