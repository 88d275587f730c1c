"""`inspector export`: an API as the document that Amazon's GetExport, or ExportApi, gives."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from inspector.cli import api_options, narration, up
from inspector.cli.exit import CommandError, Exit
from inspector.cli.help_text import HelpText
from inspector.definitions import Loaded, load
from inspector.definitions.exporting import EXTENSIONS, Exported, export, export_http
from inspector.model import HttpApi, RestApi

_EPILOG = """\
examples:
  inspector export template.yaml --type oas30 --stage prod > api.json
  inspector export api.yaml --type swagger --extensions apigateway --yaml
  inspector export template.yaml --type oas30 --extensions integrations,authorizers -o api.json

extensions: integrations, authorizers, or apigateway for all that Amazon exports. Without any, the
document is plain OpenAPI. Documentation parts are not kept, and so not exported. The document of an
HTTP API is OpenAPI 3.0 and has all extensions, unless --no-include-extensions says otherwise.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector export DEFINITION… --type oas30|swagger [options]`."""
    parser = commands.add_parser(
        "export",
        help="write an API as OpenAPI or Swagger, as Amazon exports it",
        description="Read definitions and write one API as the document that Amazon's GetExport "
        "(of an HTTP API ExportApi) would give: also a way from CloudFormation to OpenAPI.",
        usage="inspector export DEFINITION… [options]",
        epilog=_EPILOG,
        formatter_class=HelpText,
    )
    api_options.add_arguments(parser, kinds=False)
    parser.set_defaults(api_type=None)
    parser.add_argument(
        "--type", choices=("oas30", "swagger"), default="oas30", help="(default oas30)"
    )
    parser.add_argument(
        "--extensions", metavar="NAMES", type=_extensions, default=(),
        help=f"what to export of Amazon's own, of {', '.join(EXTENSIONS)}; joined by commas",
    )  # fmt: skip
    parser.add_argument(
        "--no-include-extensions", action="store_true",
        help="of an HTTP API: nothing of Amazon's own",
    )  # fmt: skip
    parser.add_argument("--api", metavar="NAME", help="which one of several APIs: its name or id")
    parser.add_argument("--yaml", action="store_true", help="YAML instead of JSON")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE",
        help="a file, or a directory, where Amazon's name for the document is taken",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Print it, or write it to a file."""
    loaded = up.loaded_or_refused(load(args.definition, api_options.options(args)))
    api = _chosen(loaded, args.api)
    stages = [stage.name for stage in api.stages]
    stage = args.stage or stages[0]
    if stage not in stages:
        hint = f"There is {', '.join(stages)}."
        raise CommandError(Exit.USAGE, f"{api.name} has no stage {stage!r}", hint)
    exported = _exported(args, api, stage)
    text = _text(exported.document, as_yaml=args.yaml)
    if args.output is None:
        sys.stdout.write(text)
        return Exit.OK
    place = args.output / exported.filename if args.output.is_dir() else args.output
    try:
        place.write_text(text, "utf-8")
    except OSError as error:
        raise CommandError(Exit.FAILED, f"{place}: {(error.strerror or '').lower()}") from error
    narration.say(f"{api.name}, stage {stage}, is written to {place}.")
    return Exit.OK


def _exported(args: argparse.Namespace, api: RestApi | HttpApi, stage: str) -> Exported:
    now, suffix = time.time_ns() // 1_000_000, "yaml" if args.yaml else "json"
    if isinstance(api, RestApi):
        return export(
            api, stage, args.type, extensions=args.extensions, now_ms=now, suffix=suffix
        )  # fmt: skip
    if args.type != "oas30":
        hint = "Leave --type out, or write oas30."
        raise CommandError(Exit.USAGE, "HTTP APIs are exported as OpenAPI 3.0 only", hint)
    wanted = not args.no_include_extensions
    return export_http(api, stage, extensions=wanted, now_ms=now, suffix=suffix)


def _chosen(loaded: Loaded, name: str | None) -> RestApi | HttpApi:
    definition = loaded.definition
    http_apis = [api for api in definition.http_apis if not api.function_url]
    apis: tuple[RestApi | HttpApi, ...] = (*definition.rest_apis, *http_apis)
    found = [api for api in apis if name in (None, api.name, api.id)]
    if len(found) == 1:
        return found[0]
    sockets = [api for api in definition.websocket_apis if name in (None, api.name, api.id)]
    if sockets and not found:
        message = f"{sockets[0].name} is a WebSocket API, which OpenAPI has no words for"
        hint = "Amazon exports none either; its definition is the CloudFormation template."
        raise CommandError(Exit.USAGE, message, hint)
    names = ", ".join(f"{api.name} ({api.id})" for api in apis) or "none"
    if name is None:
        hint = "Say which: --api NAME."
        raise CommandError(Exit.USAGE, f"the definitions hold these APIs: {names}", hint)
    raise CommandError(Exit.USAGE, f"no API, or several, are named {name!r}: {names}")


def _text(document: Mapping[str, Any], *, as_yaml: bool) -> str:
    if not as_yaml:
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    plain = json.loads(json.dumps(document))
    text: str = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)
    return text


def _extensions(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in EXTENSIONS:
            known = ", ".join(EXTENSIONS)
            raise argparse.ArgumentTypeError(f"{name!r} is none of {known}")
    return names
