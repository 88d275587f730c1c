"""Cases of a mapping template alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.gateway.mapping import TemplateInputs, render
from inspector.gateway.velocity.program import compile_template
from tests.facts.compare import checks, differs
from tests.facts.shortfall import Shortfall


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Render the case's template and compare its output."""
    output = _render(case)

    def nested(wanted: Mapping[str, object]) -> Iterator[Shortfall]:
        document = json.loads(output)
        for name, value in wanted.items():
            yield from differs(name, value, json.loads(document[name]))

    expect = {key: value for key, value in case.items() if key.startswith("expect")}
    yield from checks(
        expect,
        {
            "expect": lambda wanted: differs("output", wanted, output),
            "expect_stripped": lambda wanted: differs("output", wanted, output.strip()),
            "expect_json": lambda wanted: differs("output", wanted, json.loads(output)),
            "expect_json_nested": nested,
        },
    )


def _render(case: Mapping[str, Any]) -> str:
    params = case.get("params") or {}
    inputs = TemplateInputs(
        case.get("body") or "",
        *(params.get(name) or {} for name in ("path", "querystring", "header")),
        case.get("context") or {},
        case.get("stageVariables") or {},
    )
    return render(compile_template(case["template"]), inputs).output
