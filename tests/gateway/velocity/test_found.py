"""Faults that fuzzing has found, one test each."""

from __future__ import annotations

import pytest

from inspector.gateway.velocity import compile_template


@pytest.mark.parametrize(
    ("template", "variables", "output"),
    [
        ("#foreach($i in [1])$!foreach[$x][0].length#end", {"x": ""}, ""),
        (
            "#foreach($i in [1])#foreach($j in [2])$!foreach.get($m)$j#end#end",
            {"m": {"a": 1}},
            "2",
        ),
    ],
)
def test_it_is_no_crash(template, variables, output):
    assert compile_template(template, "velocity").render(variables).output == output
