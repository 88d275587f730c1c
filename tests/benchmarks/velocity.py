"""What rendering a mapping template costs, beside airspeed in the same run.

`python -m tests.benchmarks velocity [--json FILE] [--seconds S]`

Both engines are given the same `$input`, `$util`, `$context` and `$stageVariables`, made anew for each
render; the template is parsed once, the body at each render. airspeed reaches members by Python
attributes, so it gets thin views of the same objects. Runs of the two alternate; the best of each counts.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from inspector.gateway.mapping.inputs import TemplateInputs
from inspector.gateway.mapping.request import Input
from inspector.gateway.mapping.util import METHODS
from inspector.gateway.velocity import compile_template
from tests.gateway.velocity.cases import inputs, load

ROUNDS = 5
UTIL_VIEW = type("Util", (), {name: staticmethod(method) for name, method in METHODS.items()})()


class _Entry:
    def __init__(self, key: object, value: object) -> None:
        self.key = key
        self.value = value


class _Map(dict[str, Any]):
    """airspeed knows no `entrySet`."""

    def entrySet(self) -> list[_Entry]:  # noqa: N802  # Java's name
        return [_Entry(key, value) for key, value in self.items()]

    def keySet(self) -> list[str]:  # noqa: N802  # Java's name
        return list(self)


class _InputView:
    """`$input` for airspeed: the same functions by their names in templates."""

    def __init__(self, real: Input) -> None:
        self.json = real.json
        self.path = real.path
        self._real = real

    def params(self, name: str | None = None) -> object:
        if name is not None:
            return self._real.parameter(name)
        return {kind: _Map(group) for kind, group in self._real.parameters().items()}  # type: ignore[call-overload]


def _ours(template: str, given: TemplateInputs) -> Callable[[], str]:
    program = compile_template(template)
    return lambda: program.render(given.variables()).output


def _airspeed(template: str, given: TemplateInputs) -> Callable[[], str]:
    import airspeed  # noqa: PLC0415  # in the dev extra

    compiled = airspeed.Template(template)

    def render() -> str:
        variables = given.variables()
        variables["input"] = _InputView(variables["input"])  # type: ignore[arg-type]
        variables["util"] = UTIL_VIEW
        variables["stageVariables"] = _Map(variables["stageVariables"])  # type: ignore[call-overload]
        return str(compiled.merge(variables))

    render()
    return render


def _rate(render: Callable[[], str], seconds: float) -> float:
    count, start = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds:
        for _ in range(10):
            render()
        count += 10
    return count / elapsed


def measure(seconds: float) -> list[dict[str, Any]]:
    """Renders a second of each template by each engine."""
    rows = []
    for case in load("bench.jsonl"):
        given = inputs(case)
        ours, theirs = _ours(case["template"], given), _airspeed(case["template"], given)
        best = {"ours": 0.0, "airspeed": 0.0}
        for _ in range(ROUNDS):
            best["ours"] = max(best["ours"], _rate(ours, seconds / ROUNDS))
            best["airspeed"] = max(best["airspeed"], _rate(theirs, seconds / ROUNDS))
        rows.append(
            {
                "id": case["id"],
                "renders_per_s": round(best["ours"]),
                "airspeed_per_s": round(best["airspeed"]),
                "times_faster": round(best["ours"] / best["airspeed"], 2),
                "characters": len(ours()),
            }
        )
    return rows


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print a table; `--json` writes the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks velocity")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    parser.add_argument("--seconds", type=float, default=1.5, help="a template and engine")
    options = parser.parse_args(argv)
    rows = measure(options.seconds)
    mean = math.exp(sum(math.log(row["times_faster"]) for row in rows) / len(rows))
    for row in rows:
        print(
            f"{row['id']:16} {row['renders_per_s']:>9,}/s   airspeed {row['airspeed_per_s']:>7,}/s"
            f"   {row['times_faster']:>5.1f} times"
        )
    print(f"{'geometric mean':55} {mean:.1f} times")
    if options.json:
        figures = {"templates": rows, "geometric_mean": round(mean, 2)}
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 0
