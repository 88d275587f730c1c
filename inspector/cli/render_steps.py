"""`inspector render --step`: the run of a template, statement by statement."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

import orjson

from inspector.cli import narration, render_report
from inspector.cli.exit import CommandError, Exit
from inspector.gateway.mapping import TemplateInputs, claims_json
from inspector.gateway.mapping.stepped import explain_run
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.lint import lint
from inspector.gateway.velocity.program import MAX_TEMPLATE_BYTES, parse
from inspector.gateway.velocity.runtime import Budget
from inspector.gateway.velocity.stepping import Debugger, Event, Recorded, Shown
from inspector.gateway.velocity.stepping.expressions import ExpressionError

#: Events that are printed for a person; `--json` gives them all.
_PRINTED: Final = 2_000
_WIDTH: Final = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--step, --break and --watch."""
    parser.add_argument(
        "--step", action="store_true", help="print the run, statement by statement, with values"
    )
    parser.add_argument(
        "--break",
        dest="breakpoints",
        metavar="LINE[:CONDITION]",
        action="append",
        default=[],
        help="print only the steps of this line, such as 7 or '7:$foreach.index == 3'; may be "
        "repeated",
    )
    parser.add_argument(
        "--watch",
        metavar="EXPRESSION",
        action="append",
        default=[],
        help="print this expression's value at every step that is printed; may be repeated",
    )


def run(args: argparse.Namespace, text: str, inputs: TemplateInputs) -> int:
    """Print the steps; exit code 1 where the template failed."""
    amazon = args.engine == "amazon"
    granted = Budget()

    def variables() -> dict[str, object]:
        return inputs.variables({}, amazon=amazon, max_visits=granted.nodes)

    try:
        template = parse(text, max_bytes=MAX_TEMPLATE_BYTES)
    except TemplateError as error:
        render_report.say_failure(args.template, text, error)
        return Exit.FAILED
    debugger = Debugger(template, variables, args.engine, granted)
    _prepare(debugger, args, len(text.splitlines()))
    recorded = debugger.recorded
    if args.json:
        _print_json(debugger)
    else:
        for line in _lines(debugger):
            print(line)
        _say_end(args, text, recorded)
    return Exit.OK if recorded.error is None else Exit.FAILED


def _prepare(debugger: Debugger, args: argparse.Namespace, lines: int) -> None:
    try:
        for each in args.breakpoints:
            line, _, condition = each.partition(":")
            if not line.isdecimal():
                hint = "Write --break 7, or --break '7:$foreach.index == 3'."
                raise CommandError(Exit.USAGE, f"--break {each}: no line", hint)
            if not 1 <= int(line) <= lines:
                message = f"--break {each}: the template has {lines:,} line{'s'[: lines != 1]}"
                raise CommandError(Exit.USAGE, message)
            debugger.toggle(int(line), condition or None)
        for each in args.watch:
            debugger.watch(each)
    except ExpressionError as error:
        raise CommandError(Exit.USAGE, str(error)) from error


def _stops(debugger: Debugger) -> Iterator[Event]:
    """The events to print: all, or those at which a breakpoint holds."""
    if not debugger.breakpoints:
        yield from debugger.events
        return
    debugger.restart()
    first = debugger.current
    if first is not None and any(
        each.line == first.span.line and each.condition is None for each in debugger.breakpoints
    ):
        yield first
    while (event := debugger.resume()) is not None:
        yield event


def _lines(debugger: Debugger) -> Iterator[str]:
    for count, event in enumerate(_stops(debugger)):
        if count >= _PRINTED:
            yield f"… {len(debugger.events) - count} steps more (--json has them all)"
            return
        yield _line(event)
        if debugger.breakpoints:
            for watch in debugger.watches():
                value = watch.error if watch.value is None else _value(watch.value)
                yield f"{'':14}{narration.plain(watch.expression)} = {value}"


def _line(event: Event) -> str:
    place = f"{event.span.line:>5}:{event.span.column:<4}"
    indent = "  " * event.depth
    # Of a statement around others its first line is enough: the others follow.
    first, more, _ = event.source.partition("\n")
    around = event.kind in ("if", "foreach", "define") and more
    what = narration.plain(_one_line(f"{first} …" if around else event.source))
    told = [_told(event), *_changes(event)]
    if event.unresolved and event.kind != "text":
        names = ", ".join(each.text for each in event.unresolved)
        told.append(f"{names} came to nothing{' (inferred)' if event.inferred else ''}")
    if event.error:
        told.append(narration.paint(event.error, narration.RED, sys.stdout))
    rest = "; ".join(each for each in told if each)
    head = narration.paint(place, narration.DIM, sys.stdout)
    return f"{head} {indent}{what}" + (f"  → {rest}" if rest else "")


def _told(event: Event) -> str:
    """What the statement did, in a few words."""
    if event.kind == "reference":
        return _value(event.value)
    if event.kind == "if":
        reads = [f"{read.source} is {_value(read.value)}" for read in event.reads]
        return narration.plain(", ".join([*reads, f"branch {event.branch}"]))
    if event.kind == "foreach":
        return narration.plain(", ".join(f"over {_value(read.value)}" for read in event.reads))
    if event.kind == "iteration":
        return f"turn {(event.iteration or 0) + 1}"
    return ""


def _changes(event: Event) -> list[str]:
    """The variables that changed; of a `#set` of a member the member, not all that is around it."""
    if event.kind == "set" and event.value is not None:
        left = event.source.partition("(")[2].partition("=")[0].strip().lstrip("$!{").rstrip("}")
        if not event.changes and ("." in left or "[" in left):
            return ["changes nothing"]
        return [_change(left, event.value)]
    return [_change(change.name, change.after) for change in event.changes]


def _change(name: str, after: Shown | None) -> str:
    return narration.paint(
        f"${narration.plain(name)} = {_value(after)}", narration.CYAN, sys.stdout
    )


def _value(value: Shown | None) -> str:
    if value is None or value.text is None:
        return "null"
    text = _one_line(value.text) + ("…" if value.cut else "")
    quoted = f'"{text}"' if value.java_type == "java.lang.String" else text
    kind = (value.java_type or "").rpartition(".")[2]
    return f"{narration.plain(quoted)} ({kind})"


def _one_line(text: str) -> str:
    flat = text.replace("\r", "\\r").replace("\n", "\\n")
    return flat if len(flat) <= _WIDTH else f"{flat[:_WIDTH]}…"


def _say_end(args: argparse.Namespace, text: str, recorded: Recorded) -> None:
    if recorded.error is not None:
        render_report.say_failure(args.template, text, recorded.error)
        return
    narration.say("")
    render_report.print_output(recorded.output)
    if claims_json(recorded.output, args.content_type):
        found = explain_run(recorded, args.content_type)
        if found is not None:
            narration.warn(narration.plain_lines(found.as_text()))


def _print_json(debugger: Debugger) -> None:
    recorded = debugger.recorded
    error = recorded.error
    document = {
        "events": [asdict(event) for event in _stops(debugger)],
        "output": recorded.output,
        "error": None if error is None else {
            "message": error.message, "line": error.line, "column": error.column,
        },
        "complete": recorded.complete,
        "unresolved": [render_report.reference(each) for each in recorded.unresolved],
        "lint": [asdict(each) for each in lint(recorded.template)],
    }  # fmt: skip
    options = orjson.OPT_INDENT_2 if sys.stdout.isatty() else 0
    text = orjson.dumps(document, default=str, option=options | orjson.OPT_NON_STR_KEYS).decode()
    print(narration.plain_lines(text) if sys.stdout.isatty() else text)
