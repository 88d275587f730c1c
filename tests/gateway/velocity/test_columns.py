"""Loops rendered column by column say what the same loops say turn by turn, at the same cost."""

from __future__ import annotations

import tracemalloc
from random import Random

import pytest

from inspector.gateway.mapping.inputs import TemplateInputs
from inspector.gateway.velocity import (
    Budget,
    BudgetExceededError,
    TemplateError,
    columns,
    compile_template,
    loops,
)
from inspector.gateway.velocity.runtime import Output, Run
from tests.gateway.velocity.cases import MODES

VALUES = [
    "a", "b", "", "it's", 0, 1, 7, 2.5, -0.0, 1e-9, 3e10, 12345678901, 1 << 70, True, False, None,
    {"k": "v"}, ["x"], "é😀",
]  # fmt: skip
FRAGMENTS = [
    "$i.a", "$!i.a", "${i.b}", "$i.c.k", "$i", "$foreach.count", "$foreach.index", "$o.a", "$o",
    "$foreach.hasNext", "$util.escapeJavaScript($i.a)", "$util.urlEncode($i.b)", "$util.urlDecode($i.a)",
    "#if($foreach.hasNext),#end", "#if($i.a)A#end", "#if(!$i.b)B$i.a#end", "#if($i.a == 'a')$i.b#end",
    "#if($i.b >= 1)<$i.b>#end", "#if($i.b != 2)x#end", "#if($foreach.first)f#end", "#if($foreach.last)l#end",
    "#foreach($j in $i.l)$j.a$i.a#if($foreach.hasNext);#end#end", "#foreach($j in $i.l)<$foreach.count>#end",
    "#foreach($j in $i.l)#if($j.a)$j.a#foreach($k in $j.l)$k$i.b#end#end#end", " text ", "\n", "%s", "##c\n",
    "#if($i.a)#foreach($j in $i.l)$j#end#end", "$util.nope($i.a)", "$i.a.length()", "#set($x = $i.a)$x",
]  # fmt: skip


def element(random: Random, depth: int = 2) -> object:
    if random.random() < 0.03:
        return random.choice(VALUES)
    pool = (
        VALUES
        if random.random() < 0.3
        else random.choice([["a", "b"], [1, 2], [2.5, 1.0], ["a", None]])
    )
    made = {name: random.choice(pool) for name in "ab" if random.random() < 0.97}
    made["c"] = {"k": random.choice(["v", "w"])}
    if depth and random.random() < 0.97:
        made["l"] = [element(random, depth - 1) for _ in range(random.randrange(4))]
    return made


def ran(template, mode, variables, budget):
    """The output, or the error, and the nodes left."""
    program = compile_template(template, mode)
    run, out = Run(budget, program._macros), Output()
    try:
        program._render(run, variables, out)
    except BudgetExceededError as fault:
        return fault.resource, fault.line, fault.column
    except TemplateError as fault:
        return fault.message, fault.line, fault.column
    return "".join(out), run.nodes


def given(rows, mode):
    made = TemplateInputs().variables(amazon=mode == "amazon")
    return {**made, "rows": rows, "o": {"a": "outer"}}


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
def test_columns_say_what_turns_say(mode, monkeypatch):
    random = Random(3)
    for _ in range(600):
        body = "".join(random.choices(FRAGMENTS, k=random.randrange(1, 6)))
        template = f"<#foreach($i in $rows){body}#end>$!i$!foreach"
        rows = [element(random) for _ in range(random.choice([8, 9, 12, 30]))]
        budget = Budget(nodes=random.choice([10**6, 10**6, 10**6, 120, 60]))
        monkeypatch.setattr(columns, "FEWEST", 10**9)
        turn_by_turn = ran(template, mode, given(rows, mode), budget)
        monkeypatch.setattr(columns, "FEWEST", 8)
        assert ran(template, mode, given(rows, mode), budget) == turn_by_turn, (template, rows)


def test_a_plain_loop_makes_no_turns(monkeypatch):
    monkeypatch.setattr(loops, "LoopScope", None)
    template = "#foreach($i in $rows)<#foreach($j in $i.l)$j.a#if($foreach.hasNext),#end#end>#end"
    rows = [{"l": [{"a": number}, {"a": "x"}]} for number in range(8)]
    output = compile_template(template).render({"rows": rows}).output
    assert output == "".join(f"<{number},x>" for number in range(8))


def test_a_map_is_done_by_its_entries():
    template = "#foreach($e in $map.entrySet())$e.key=$util.urlEncode($e.value)#if($foreach.hasNext)&#end#end"
    variables = {**TemplateInputs().variables(), "map": {f"k{n}": f"v {n}" for n in range(9)}}
    expected = "&".join(f"k{n}=v+{n}" for n in range(9))
    assert compile_template(template).render(variables).output == expected


def test_too_many_turns_are_refused_where_the_loop_stands():
    program = compile_template("a\n #foreach($i in $rows)$i.a#end")
    with pytest.raises(BudgetExceededError) as caught:
        program.render({"rows": [{"a": 1}] * 1001})
    assert (caught.value.line, caught.value.column) == (2, 2)


@pytest.mark.slow
@pytest.mark.parametrize(
    "template",
    [
        "#foreach($i in $rows)$i$i$i$i#end",
        "#foreach($i in $rows)$x$x$x$x#end",
        "#foreach($i in $rows)#foreach($j in $lists)$j$x#end#end",
        "#foreach($l in $lists)#foreach($j in $l)$j$x$x$x#end#end",
        "$x" * 2000,
        '#set($y = "' + "$x" * 2000 + '")',
        '#set($y = "' + "#if($x)$x#end" * 2000 + '")',
    ],
)
def test_a_large_text_many_times_over_is_refused_before_it_is_put_together(template):
    large = "x" * 1_000_000
    tracemalloc.start()
    try:
        with pytest.raises(BudgetExceededError):
            compile_template(template).render(
                {"rows": [large] * 900, "x": large, "lists": [["a"] * 9] * 9}
            )
        assert tracemalloc.get_traced_memory()[1] < 300_000_000
    finally:
        tracemalloc.stop()
