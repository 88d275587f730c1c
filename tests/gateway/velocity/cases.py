"""The recorded answers of the real engines, and how to run ours on the same question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inspector.gateway.mapping.inputs import TemplateInputs
from inspector.gateway.velocity import Budget, Mode, TemplateError, compile_template

DATA = Path(__file__).parents[2] / "data" / "velocity"
MODES: tuple[Mode, ...] = ("amazon", "velocity")
ORACLE_MODES = {"amazon": "aws-empty", "velocity": "velocity"}

Case = dict[str, Any]


def load(name: str) -> list[Case]:
    """Cases of a file; its first line may hold what most of them share."""
    text = (DATA / name).read_text("utf-8")
    rows = [json.loads(line) for line in text.split("\n") if line]
    shared = rows.pop(0)["defaults"] if "defaults" in rows[0] else {}
    return [{**shared, **row} for row in rows]


def inputs(case: Case) -> TemplateInputs:
    """What the template of a case is given."""
    params = case.get("params") or {}
    return TemplateInputs(
        body=case.get("body"),
        path=params.get("path") or {},
        querystring=params.get("querystring") or {},
        header=params.get("header") or {},
        context=case.get("context") or {},
        stage_variables=case.get("stageVariables") or {},
    )


def run(case: Case, mode: Mode) -> str | tuple[int | None, int | None]:
    """The output, or line and column of the error."""
    try:
        program = compile_template(case["template"], mode)
        variables = inputs(case).variables(amazon=mode == "amazon")
        return program.render(variables, Budget.unlimited()).output
    except TemplateError as fault:
        assert fault.line is not None, f"an error without a place: {fault}"  # noqa: PT017
        return fault.line, fault.column


def agree(ours: str | tuple[int | None, int | None], theirs: Case) -> bool:
    """Whether our answer is the engine's: the same output, or an error at the same place.

    Java reports some errors without a place; ours may then have any.
    """
    if "output" in theirs:
        return ours == theirs["output"]
    error = theirs["error"]
    return not isinstance(ours, str) and (
        error["line"] is None or ours == (error["line"], error["column"])
    )


def expected(case: Case, mode: Mode) -> Case:
    """The recorded answer of a golden case."""
    if mode == "velocity":
        return case
    answer: Case = case.get("aws_empty") or case.get("aws") or case
    return answer
