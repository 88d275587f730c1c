"""A stepped run is the plain run: same output, same errors, same variables; and says what it did."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gateway.velocity import Budget, TemplateError, compile_template
from inspector.gateway.velocity.program import parse
from inspector.gateway.velocity.stepping import Recorded, SourceMap, record, step
from inspector.gateway.velocity.stepping.shown import shown
from tests.gateway.velocity.cases import MODES, inputs, load

GOLDEN = [case for case in load("golden.jsonl") if not case.get("volatile")]
CATEGORIES = sorted({case["category"] for case in GOLDEN})


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("category", CATEGORIES)
def test_it_gives_what_the_plain_run_gives(category, mode):
    for case in GOLDEN:
        if case["category"] != category:
            continue
        try:
            template = parse(case["template"])
        except TemplateError:
            continue
        plain, failed = _plain(case, mode)
        variables = inputs(case).variables(amazon=mode == "amazon")
        recorded = record(template, variables, mode, Budget.unlimited())
        if failed is not None:
            assert recorded.error is not None, case["id"]
            assert (recorded.error.line, recorded.error.column) == failed, case["id"]
            continue
        assert recorded.error is None, case["id"]
        assert recorded.output == plain[0], case["id"]
        assert {name: shown(value) for name, value in variables.items()} == plain[1], case["id"]
        _sound(recorded, case["id"])


def _plain(case, mode):
    variables = inputs(case).variables(amazon=mode == "amazon")
    try:
        output = (
            compile_template(case["template"], mode).render(variables, Budget.unlimited()).output
        )
    except TemplateError as fault:
        return None, (fault.line, fault.column)
    return (output, {name: shown(value) for name, value in variables.items()}), None


def _sound(recorded: Recorded, name: str) -> None:
    """Events nest, and their own pieces are the output, each piece of it once."""
    for event in recorded.events:
        assert event.index == recorded.events[event.index].index
        if event.parent is not None:
            around = recorded.events[event.parent]
            assert around.depth == event.depth - 1, name
            if event.output is not None and around.output is not None:
                assert around.output[0] <= event.output[0] <= event.output[1] <= around.output[1]
    pieces = [piece for piece in SourceMap(recorded).pieces if piece.end > piece.start]
    assert [piece.start for piece in pieces] == [0, *(piece.end for piece in pieces[:-1])][
        : len(pieces)
    ], name
    assert (pieces[-1].end if pieces else 0) == len(recorded.output), name


def test_what_each_statement_says():
    template = "#set($n = $input.size)\n#if($n > 2)big#elseif($n)small#end ${n}!$absent"
    events = list(step(template, {"input": {"size": 2}}))
    kinds = [event.kind for event in events]
    assert kinds == ["set", "if", "text", "text", "reference", "text", "reference"]
    assigned, tested, small, blank, printed, _, absent = events
    assert assigned.value is not None
    assert (assigned.value.text, assigned.value.java_type) == ("2", "java.lang.Integer")
    [change] = assigned.changes
    assert (change.name, change.before and change.before.text) == ("n", None)
    assert tested.branch == "#elseif 1"
    assert [(read.source, read.value.text) for read in tested.reads] == [
        ("$n", "2"), ("$n > 2", "false"), ("$n", "2"),
    ]  # fmt: skip
    assert (small.source, small.output, small.depth, small.parent) == ("small", (0, 5), 1, 1)
    assert blank.output == (5, 6)
    assert (printed.span.line, printed.span.column, printed.source) == (2, 36, "${n}")
    assert [each.text for each in absent.unresolved] == ["$absent"]
    assert absent.value is not None
    assert absent.value.text is None


def test_loops_calls_and_strings_nest():
    template = '#macro(twice $x)$x$x#end#foreach($i in [1, 2])#twice("<$i>")#end'
    events = list(step(template, {}))
    assert [(event.kind, event.depth, event.iteration) for event in events[:4]] == [
        ("foreach", 0, None), ("iteration", 1, 0), ("call", 2, None), ("reference", 3, None),
    ]  # fmt: skip
    inner = [event for event in events if event.depth == 4]
    assert {event.output for event in inner} == {None}, "what is inside a string goes elsewhere"
    assert [event.wrote.strip() for event in inner[:3]] == ["<", "1", ">"]


def test_a_change_inside_of_a_map_is_a_change():
    template = '#set($m = {})$m.put("a", 1)#set($m.b = 2)'
    changes = [
        (change.before and change.before.text, change.after and change.after.text)
        for event in step(template, {})
        for change in event.changes
    ]
    assert changes == [(None, "{}"), ("{}", "{a=1}"), ("{a=1}", "{a=1, b=2}")]


def test_what_hangs_on_a_guess_is_marked():
    events = list(step("#if($absent)yes#else no#end#set($x = $absent)#if($x)1#end$x", {}))
    inferred = [event.source[:12] for event in events if event.inferred]
    assert inferred == ["#if($absent)", "#if($x)1#end"]


def test_an_error_is_where_it_happened():
    recorded = record("a#foreach($i in [1])#foreach($j in [1..2000])$j#end#end", {})
    assert recorded.error is not None
    assert recorded.error.line == 1
    broken = [event.kind for event in recorded.events if event.error]
    assert broken == ["foreach", "foreach"]
    assert recorded.output.startswith("a12")
    with pytest.raises(TemplateError):
        list(step("#foreach($j in [1..2000])#end", {}))


def test_the_text_of_an_evaluate_stands_where_the_directive_stands():
    events = list(step('x\n#evaluate("$a#set($b = 1)")', {"a": 7}))
    inside = [event for event in events if event.depth == 1 and event.kind in ("reference", "set")]
    assert [(event.source, event.span.line) for event in inside] == [("$a", 2), ("#set($b = 1)", 2)]


def test_long_values_are_cut():
    recorded = record("#set($x = $l)$x", {"l": list(range(1000))})
    value = recorded.events[0].value
    assert value is not None
    assert value.text is not None
    assert len(value.text) <= 400
    assert "more" in value.text


def test_there_is_an_end_to_what_is_kept():
    recorded = record("#foreach($i in [1..900])$i#end", {}, most=100)
    assert not recorded.complete
    assert len(recorded.events) == 100
    assert recorded.error is not None


PIECES = st.sampled_from(
    [
        "text ", "ä€😀", "$a", "$!b", "${a}", "$none", '#set($a = "x$a")', "#set($n = $n + 1)",
        "#if($a)A#else B#end", "#foreach($i in [1..3])$i,#end", '#evaluate("$a!")', "## note\n",
        "#[[raw $a]]#", "\\$a", "#define($d)[$n]#end$d", "#macro(m $x)($x)#end", "#m($a)", "\n", " ",
        '"$a.length()"', "#if($n > 2)#break#end", "#@m($a)body$bodyContent#end",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=8).map("".join), st.sampled_from(MODES))
def test_any_template_is_stepped_as_it_is_run(text, mode):
    def variables():
        return {"a": "A", "n": 1, "b": None}

    try:
        program = compile_template(text, mode)
    except TemplateError:
        return
    try:
        output, failure = program.render(variables()).output, None
    except TemplateError as fault:
        output, failure = None, str(fault)
    recorded = record(text, variables(), mode)
    assert (recorded.error and str(recorded.error)) == failure
    if output is not None:
        assert recorded.output == output
    _sound(recorded, text)
