"""Faults that fuzzing has found, one test each."""

from __future__ import annotations

import pytest

from inspector.gateway.mapping.inputs import TemplateInputs
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


@pytest.mark.parametrize(
    ("template", "output"),
    [
        ("$s.class.valueOf(5)", "5"),
        ("$n.class.parseInt('7')", "7"),
        ("$s.class.name", "java.lang.String"),
        ("$util.equals(2)", "false"),
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
