"""`inspector render --cases`: tens of thousands of cases in one process, without budgets.

A line is `{"id", "template", "body", "params", "context", "stageVariables"}`; an answer is
`{"id", "output"}` or `{"id", "error": {"message", "line", "column"}}`.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

import orjson

from inspector.cli.exit import CommandError, Exit
from inspector.gateway.jsonpath.errors import JsonPathError
from inspector.gateway.jsonpath.reader import parse_json
from inspector.gateway.mapping import TemplateInputs, render
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.program import Mode, Program, compile_template
from inspector.gateway.velocity.runtime import Budget

_UNLIMITED: Final = Budget.unlimited()
_PARAMETERS: Final = ("path", "querystring", "header")


def run(args: argparse.Namespace) -> int:
    """Answer every case of `args.cases` on stdout."""
    if args.template is not None:
        raise CommandError(Exit.USAGE, "--cases brings its own templates: name no TEMPLATE")
    if args.cases == "-":
        _answer_all(sys.stdin.buffer, args.engine)
        return Exit.OK
    try:
        with Path(args.cases).open("rb") as lines:
            _answer_all(lines, args.engine)
    except OSError as error:
        raise CommandError(Exit.USAGE, f"{args.cases}: {error.strerror}") from error
    return Exit.OK


def _answer_all(lines: Iterable[bytes], engine: Mode) -> None:
    gc.set_threshold(100_000, 50, 100)  # trees of templates come and go by the thousand
    out = sys.stdout.buffer
    for number, line in enumerate(lines, 1):
        if line.strip():
            # json-smart's reading, so that long numbers in $context are what Java makes of them.
            try:
                case = parse_json(line.decode("utf-8"))
            except (JsonPathError, UnicodeDecodeError) as error:
                raise CommandError(Exit.USAGE, f"case in line {number}: {error}") from error
            if not isinstance(case, dict) or not isinstance(case.get("template"), str):
                raise CommandError(Exit.USAGE, f"case in line {number}: no object with a template")
            out.write(orjson.dumps(_answer(case, engine), default=str))
            out.write(b"\n")
    out.flush()


def _answer(case: dict[str, object], engine: Mode) -> dict[str, object]:
    try:
        program = _program(str(case["template"]), engine)
        result = render(program, _inputs(case), budget=_UNLIMITED)
    except TemplateError as error:
        place = {"message": _clean(error.message), "line": error.line, "column": error.column}
        return {"id": case.get("id"), "error": place}
    return {"id": case.get("id"), "output": result.output}


@lru_cache(maxsize=256)
def _program(template: str, engine: Mode) -> Program:
    return compile_template(template, engine)


def _inputs(case: dict[str, object]) -> TemplateInputs:
    body = case.get("body")
    params = _map(case.get("params"))
    path, querystring, header = (_map(params.get(name)) for name in _PARAMETERS)
    return TemplateInputs(
        body if isinstance(body, str) else None,
        path,
        querystring,
        header,
        _map(case.get("context")),
        _map(case.get("stageVariables")),
    )


def _map(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _clean(text: str) -> str:
    """Half a surrogate pair cannot be written as UTF-8; Java writes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
