"""Walking through a run: forwards, backwards, to lines, to breakpoints; looking at variables."""

from __future__ import annotations

import pytest

from inspector.gateway.velocity.errors import TemplateSyntaxError
from inspector.gateway.velocity.stepping import Debugger
from inspector.gateway.velocity.stepping.expressions import ExpressionError

TEMPLATE = """\
#macro(price $p)
"$p EUR"#end
#set($total = 0)
{"items": [
#foreach($item in $items)
#set($total = $total + $item.price)
  #price($item.price)#if($foreach.hasNext),#end

#end
], "total": $total}
"""


def variables():
    return {"items": [{"price": 3}, {"price": 4}, {"price": 5}]}


@pytest.fixture
def debugger():
    return Debugger(TEMPLATE, variables)


def where(debugger):
    event = debugger.current
    return event and (event.kind, event.span.line)


def test_over_into_and_out(debugger):
    assert where(debugger) == ("set", 3)
    debugger.over()
    assert where(debugger) == ("text", 4)
    debugger.over()
    assert where(debugger) == ("foreach", 5)
    debugger.into()
    assert debugger.current.kind == "iteration"
    debugger.into()
    assert where(debugger) == ("set", 6)
    while debugger.current.kind != "call":
        debugger.over()
    debugger.into()
    assert (debugger.current.kind, debugger.current.span.line) == ("text", 2), "in the macro"
    assert [event.kind for event in debugger.stack()] == ["call", "iteration", "foreach"]
    debugger.out()
    assert debugger.current.kind in ("if", "text")
    assert debugger.current.span.line == 7
    debugger.out()
    assert (debugger.current.kind, debugger.current.iteration) == ("iteration", 1)
    debugger.to_event(2)
    debugger.over()
    assert where(debugger)[1] == 10
    debugger.out()
    assert debugger.ended
    assert debugger.current is None


def test_back_shows_an_earlier_moment(debugger):
    moments = []
    while not debugger.ended:
        moments.append((debugger.position, debugger.output(), debugger.variables()))
        debugger.into()
    assert debugger.output() == debugger.recorded.output
    assert debugger.variables()["total"].text == "12"
    for moment in reversed(moments):
        debugger.back()
        assert (debugger.position, debugger.output(), debugger.variables()) == moment
    debugger.back()
    assert debugger.position == 0
    assert "total" not in debugger.variables()


def test_what_the_last_step_changed(debugger):
    debugger.over()
    assert debugger.changed() == {"total"}
    assert debugger.variables()["total"].text == "0"
    debugger.over()
    assert debugger.changed() == set()


def test_to_a_line(debugger):
    debugger.to_line(7)
    assert debugger.current.span.line == 7
    debugger.to_line(3)
    assert debugger.ended, "line 3 never comes again"


def test_breakpoints(debugger):
    assert debugger.toggle(6)
    totals = []
    while debugger.resume():
        totals.append(debugger.variables()["total"].text)
    assert totals == ["0", "3", "7"]
    debugger.resume_back()
    assert debugger.variables()["total"].text == "7"
    assert not debugger.toggle(6)
    debugger.restart()
    assert debugger.resume() is None


def test_a_breakpoint_with_a_condition(debugger):
    debugger.toggle(6, "$foreach.index == 1")
    debugger.resume()
    assert debugger.variables()["item"].text == "{price=4}"
    assert debugger.resume() is None


def test_watches(debugger):
    for text in ("$total", "$item.price * 2", "$items.size()", "$item.price.nothing()", "$absent"):
        debugger.watch(text)
    debugger.toggle(6, "$foreach.index == 2")
    debugger.resume()
    found = {watch.expression: watch.value and watch.value.text for watch in debugger.watches()}
    assert found["$total"] == "7"
    assert found["$item.price * 2"] == "10"
    assert found["$items.size()"] == "3"
    assert found["$absent"] == ""
    debugger.to_event(len(debugger.events))
    assert debugger.watches()[0].value.text == "12"
    debugger.watch("$total")
    assert len(debugger.watches()) == 4


@pytest.mark.parametrize("text", ["", "$a)#end#if(1", "1 +", "$x.y("])
def test_what_is_no_expression(debugger, text):
    with pytest.raises(ExpressionError):
        debugger.watch(text)
    with pytest.raises(ExpressionError):
        debugger.toggle(1, text)


def test_an_edit_runs_again_over_the_same_variables(debugger):
    debugger.toggle(6)
    edited = debugger.edited(TEMPLATE.replace("EUR", "USD"))
    assert "5 USD" in edited.recorded.output
    assert "5 EUR" in debugger.recorded.output
    assert edited.breakpoints == debugger.breakpoints
    with pytest.raises(TemplateSyntaxError):
        debugger.edited("#if(")


def test_the_map_from_output_to_template_and_back(debugger):
    output, found = debugger.recorded.output, debugger.source_map
    at = output.index("4 EUR")
    writer = found.writer(at)
    assert writer is not None
    assert TEMPLATE[writer.span.start : writer.span.end] == "$p"
    assert writer.span.line == 2
    callers = [event.source.split("(")[0] for event in found.callers(writer.event)]
    assert callers == ["#price", "$item", "#foreach"]
    prices = [output[start:end] for start, end in found.of_line(2)]
    assert [text.strip() for text in prices] == ['"3 EUR"', '"4 EUR"', '"5 EUR"']
    place = TEMPLATE.index("$total}")
    assert [output[start:end] for start, end in found.of_span(place, place + 6)] == ["12"]


def test_the_map_counts_bytes_too():
    debugger = Debugger("ä€$x!", lambda: {"x": "😀"})
    found = debugger.source_map
    assert found.byte(2) == 5
    assert [found.character(byte) for byte in (0, 2, 5, 9)] == [0, 1, 2, 3]
    assert found.writer(2).span.start == 2
    assert found.writer(99) is None


def test_without_texts_it_stops_at_statements_only():
    debugger = Debugger(TEMPLATE, variables, texts=False)
    kinds = set()
    while not debugger.ended:
        kinds.add(debugger.current.kind)
        debugger.into()
    assert "text" not in kinds
    behind, total = debugger.steps
    assert behind == total == sum(event.kind != "text" for event in debugger.events)
    while debugger.position and debugger.steps[0]:
        before = debugger.steps[0]
        debugger.back()
        assert debugger.steps[0] == before - 1
        assert debugger.current.kind != "text"
    assert where(debugger) == ("set", 3)
    debugger.toggle(4)  # a line of text: the next statement is where it stops
    debugger.resume()
    assert where(debugger) == ("foreach", 5)
    debugger.resume_back()
    assert where(debugger) == ("set", 3)


def test_a_loop_variable_is_gone_behind_the_loop(debugger):
    debugger.resume()
    assert "item" not in debugger.variables()
    other = debugger.edited("#set($item = 1)" + TEMPLATE)
    other.resume()
    assert other.variables()["item"].text == "1"


def test_a_member_that_is_set_shows_what_was_put_there():
    debugger = Debugger('#set($map.a.b = "x")$map', lambda: {"map": {"a": {}, "long": "y" * 50}})
    debugger.into()
    assert debugger.last.value.text == "x"
    assert "b=" in debugger.variables()["map"].text


def test_to_what_came_to_nothing_and_round_again():
    debugger = Debugger("$a\n$b\n$items\n$c", variables, texts=False)
    lines = [debugger.to_unresolved().span.line for _ in range(4)]
    assert lines == [2, 4, 1, 2]
    assert Debugger("$items", variables).to_unresolved() is None


def test_from_the_output_to_who_wrote_it():
    debugger = Debugger("{\n#foreach($i in $items)\n$i.price,\n#end\n}", variables, texts=False)
    debugger.resume()
    assert debugger.output() == "{\n3,\n4,\n5,\n}"
    debugger.to_writer(5, 7)
    assert (debugger.current.source, debugger.output()) == ("$i.price", "{\n3,\n")
    assert Debugger("", dict).to_writer(0, 1) is None
