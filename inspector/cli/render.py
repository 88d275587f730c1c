"""`inspector render`: a mapping template with a body, on Amazon's engine."""

from __future__ import annotations

import argparse
import sys

import orjson

from inspector.cli import narration, render_cases, render_report, render_steps
from inspector.cli.exit import Exit
from inspector.cli.help_text import HelpText
from inspector.cli.render_inputs import read_inputs, read_text
from inspector.gateway.mapping import Explanation, TemplateInputs, claims_json, explain, render
from inspector.gateway.mapping.stepped import explain_run
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.lint import lint
from inspector.gateway.velocity.program import MAX_TEMPLATE_BYTES, compile_template, parse
from inspector.gateway.velocity.stepping import record

_EPILOG = """\
examples:
  inspector render template.vtl --body request.json
  echo '{"id": 7}' | inspector render template.vtl --body - --params '{"path": {"id": "7"}}'
  inspector render template.vtl --context '{"stage": "dev"}' --stage-variables '{"env": "test"}'
  inspector render template.vtl --body request.json --json | jq .unresolved
  inspector render template.vtl --body request.json --step
  inspector render template.vtl --step --break '7:$foreach.index == 3' --watch '$item.price'
  inspector render --cases golden.jsonl > answers.jsonl

A FILE of - is the standard input. JSON is given as it is, or as @FILE.
exit codes: 0 rendered, 1 the template failed, 2 the command line or a file it names makes no sense
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`inspector render TEMPLATE [--body FILE] [--params JSON] … [--json]`."""
    parser = commands.add_parser(
        "render",
        help="render a mapping template",
        description="Render a mapping template as API Gateway would, and say what went wrong.",
        usage="inspector render TEMPLATE [options]",
        epilog=_EPILOG,
        formatter_class=HelpText,
    )
    parser.add_argument("template", nargs="?", metavar="TEMPLATE", help="file of the template")
    parser.add_argument("--body", metavar="FILE", help="file of $input.body (default: none)")
    parser.add_argument(
        "--params", metavar="JSON", help='{"path": {…}, "querystring": {…}, "header": {…}}'
    )
    parser.add_argument("--context", metavar="JSON", help="members of $context")
    parser.add_argument("--stage-variables", metavar="JSON", help="members of $stageVariables")
    parser.add_argument(
        "--engine",
        choices=("amazon", "velocity"),
        default="amazon",
        help="amazon: missing references are empty text (default); velocity: the stock engine",
    )
    parser.add_argument(
        "--content-type", metavar="TYPE", help="what the output claims to be, for its check"
    )
    parser.add_argument(
        "--json", action="store_true", help="print output, overrides, unresolved references, lint"
    )
    render_steps.add_arguments(parser)
    parser.add_argument(
        "--cases", metavar="FILE", help="render each JSON line of a file, without budgets"
    )


def run(args: argparse.Namespace) -> int:
    """Print the output to stdout and what is to be said of it to stderr."""
    if args.cases is not None:
        return render_cases.run(args)
    text = read_text(args.template, "a template (or --cases FILE)")
    inputs = read_inputs(args)
    if args.step or args.breakpoints or args.watch:
        return render_steps.run(args, text, inputs)
    findings = lint(text)
    try:
        program = compile_template(parse(text, max_bytes=MAX_TEMPLATE_BYTES), args.engine)
        result = render(program, inputs, collect=True)
    except TemplateError as error:
        if args.json:
            _print_json(render_report.failure(error, findings))
        else:
            render_report.say_failure(args.template, text, error)
        return Exit.FAILED
    explanation = None
    if claims_json(result.output, args.content_type):
        explanation = _explained(args, text, inputs, result.output)
    if args.json:
        _print_json(render_report.success(result, findings, explanation))
    else:
        render_report.print_output(result.output)
        render_report.say_remarks(result, explanation)
    return Exit.OK


def _explained(
    args: argparse.Namespace, text: str, inputs: TemplateInputs, output: str
) -> Explanation | None:
    """Why the output is no JSON; only then is the template run again, step by step."""
    found = explain(output, text, (), args.content_type)
    if found is None:
        return None
    variables = inputs.variables({}, amazon=args.engine == "amazon")
    recorded = record(text, variables, args.engine)
    return explain_run(recorded, args.content_type) or found


def _print_json(document: dict[str, object]) -> None:
    options = orjson.OPT_INDENT_2 if sys.stdout.isatty() else 0
    text = orjson.dumps(document, default=str, option=options | orjson.OPT_NON_STR_KEYS)
    print(narration.plain_lines(text.decode()) if sys.stdout.isatty() else text.decode())
