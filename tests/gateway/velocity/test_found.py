"""Faults that fuzzing has found, one test each."""

from __future__ import annotations

import contextlib

import pytest

from inspector.gateway.mapping.inputs import TemplateInputs
from inspector.gateway.velocity import Budget, TemplateError, compile_template


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


@pytest.mark.parametrize(
    ("template", "output"),
    [
        ("$s.class.valueOf(5)", "5"),
        ("$n.class.parseInt('7')", "7"),
        ("$s.class.name", "java.lang.String"),
        ("$util.equals(2)", "false"),
        ("$input.equals('x')", "false"),
        ("$s.class.length.x", "$s.class.length.x"),
        ("$util.equals($util)", "true"),
        ("#if($util.hashCode())yes#end", "yes"),
        ("$s.class.nope()", "$s.class.nope()"),
        ("$s.format('%s %d %b', $n.class.nope)", "null null false"),
        ("$d.toHexString($n) $s.format('%a', $d)", "0x1.0p0 0x1.4p1"),
        ("$s.chars().count()", "1"),
        ("$s.format('%tF %<tT.%<tL %<TA', 1763985851204)", "2025-11-24 12:04:11.204 MONDAY"),
        ("$s.format('%.0e|%tY', $s.class.nope)", "|null"),
        ("$s.format($s.class.nope, '%s', 1)", "1"),
        ("$s.replaceAll('y', $s.class.nope)", "x"),
        ("$s.replaceAll('(?<n>x)', '<${n}>')", "<x>"),
        ("$s.indexOf('', 9)", "1"),
        ("$s.compareToIgnoreCase('İ')", "15"),
        ("#set($f = $d.floatValue())$f.toString(-1) $f.compare(1, 2)", "-1.0 -1"),
        ("$s.regionMatches(0, 'a', 0, -1)", "true"),
        ("$s.split(',').empty", "$s.split(',').empty"),
        ("$s.lines().count().class.name", "java.lang.Long"),
        ("#set($l = 9223372036854775807)$l.reverse(1)", "-9223372036854775808"),
        ("#set($l = 2147483648)$l.remainderUnsigned(7, 4)", "3"),
    ],
)
def test_a_class_and_a_host_answer_as_java_objects(template, output):
    variables = {**TemplateInputs().variables(), "s": "x", "n": 1, "d": 2.5}
    assert compile_template(template, "velocity").render(variables).output == output


@pytest.mark.parametrize(
    "template",
    ["$s.class.length()", "$m.class[0]", "$m.class.containsKey('a')", "$n.class.intValue()"],
)
def test_a_class_is_no_instance_of_what_it_stands_for(template):
    with pytest.raises(TemplateError, match="not an instance of declaring class"):
        compile_template(template).render({"s": "x", "n": 1, "m": {"a": 1}})


@pytest.mark.parametrize("format_text", ["%s", "%5d", "%1$s", "a%xb"])
def test_a_format_without_arguments_lacks_them(format_text):
    with pytest.raises(TemplateError, match="MissingFormatArgumentException"):
        compile_template(f"$s.format('{format_text}')").render({"s": ""})


@pytest.mark.parametrize(
    "shown", ["$l", "$m", "#set($s = ''x'' + $l)", "$l.hashCode()", "#if($l == $m)x#end"]
)
def test_a_value_that_holds_itself_is_an_error_and_no_hang(shown):
    template = "#set($l = [1])#set($m = {'l': $l})#set($x = $l.add($m))" + shown.replace("''", "'")
    with pytest.raises(TemplateError):
        compile_template(template).render({}, Budget.unlimited())


def test_a_list_that_is_its_own_element_prints_as_in_java():
    template = "#set($l = [1])#set($x = $l.add($l))$l"
    assert (
        compile_template(template).render({}, Budget.unlimited()).output == "[1, (this Collection)]"
    )


def test_a_map_that_is_its_own_value_prints_as_in_java():
    template = "#set($m = {})#set($m.k = $m)$m"
    assert compile_template(template).render({}, Budget.unlimited()).output == "{k=(this Map)}"
    for what in ("$m.hashCode()", "#set($s = $m + 'x')$s", "#if($m == {})#end", "$l.add($m)$l"):
        program = compile_template("#set($l = [])#set($m = {})#set($m.k = $m)" + what)
        with contextlib.suppress(TemplateError):
            program.render({}, Budget.unlimited())


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        ("-2147483648", "-2.14748365E9"), ("33554432", "3.3554432E7"), ("0.1", "0.1"),
        ("16777217", "1.6777216E7"), ("1.4e-45", "1.4E-45"), ("1e39", "Infinity"), ("2.5", "2.5"),
    ],
)  # fmt: skip
def test_a_float_prints_as_java_prints_it(number, printed):
    template = f"#set($n = {number})$n.floatValue()"
    assert compile_template(template).render({}).output == printed


@pytest.mark.parametrize(
    "template", ["#foreach($foreach in [1])x#end", "#foreach($foreach in [])#end"]
)
def test_a_loop_over_foreach_fails_at_its_end(template):
    with pytest.raises(TemplateError) as caught:
        compile_template(template).render({})
    assert caught.value.java_class == "java.lang.NullPointerException"
