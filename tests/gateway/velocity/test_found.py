"""Faults that fuzzing has found, one test each."""

from __future__ import annotations

import pytest

from inspector.gateway.velocity import TemplateError, compile_template


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


@pytest.mark.parametrize("template", ["#set($x = ! -1*#-1)", "#set($x = 1 + #.0E10)"])
def test_a_literal_that_is_no_number_has_its_place(template):
    with pytest.raises(TemplateError) as caught:
        compile_template(template, "velocity")
    assert caught.value.line == 1
    assert caught.value.column is not None
