"""Lint: each rule where it must speak, and sound templates where it must be silent."""

from __future__ import annotations

import pytest

from inspector.gateway.mapping.request import Input
from inspector.gateway.mapping.util import METHODS
from inspector.gateway.velocity.findings import Level
from inspector.gateway.velocity.host import MISSING
from inspector.gateway.velocity.lint import lint
from inspector.gateway.velocity.lint_names import INPUT_METHODS, INPUT_PROPERTIES, UTIL_METHODS
from inspector.gateway.velocity.program import MAX_TEMPLATE_BYTES

FOUND = [
    ('{"a":\n "$input.json(\'$\')"}', "quoted-json", 2, 3),
    ("#set($x = $input.json('$.q'))\"$x\"", "quoted-json", 1, 31),
    ('{"a": "id: $input.json(\'$.id\')"}', "quoted-json", 1, 12),
    ("$util.toJson($input.path('$'))", "unknown-member", 1, 7),
    ("$input.foo", "unknown-member", 1, 8),
    ("$input.json()", "unknown-member", 1, 8),
    ("$input.params", "unknown-member", 1, 8),
    ("$util.urlEncode", "unknown-member", 1, 7),
    ("#set($l = [])$l.length", "unknown-member", 1, 17),
    ("#set($l = [])#set($x = $l.push(1))$x", "unknown-method", 1, 27),
    ("$input.params('a').toLowercase()", "unknown-method", 1, 20),
    ("$input.path('$.a').nosuch()", "unknown-method", 1, 20),
    ("$input.json('$').substring()", "unknown-method", 1, 18),
    ("$nope.x", "undefined-variable", 1, 1),
    ("#set($n = 1)#set($m = $n-1)$m", "hyphen", 1, 23),
    ("#set($i = 1)$input.path('$.a[$i]')", "not-interpolated", 1, 25),
    ("#set(${a} = 1)$a", "no-effect", 1, 6),
    ("#set($!a = 1)$a", "no-effect", 1, 6),
    ("#set($h.k = 1)$h", "no-effect", 1, 6),
    ("#set($input.body = 'x')", "no-effect", 1, 6),
    ("#set($a = 1 / 0)$a", "no-effect", 1, 11),
    ("#set($a = 'x' * 2)$a", "no-effect", 1, 11),
    ("#set($context.responseOverride.statusCode = 404)", "no-effect", 1, 6),
    ("#set($context.responseOverride.headers.X = 'a')", "no-effect", 1, 6),
    ('#set($context["responseOverride"]["headers"].X = \'a\')', "no-effect", 1, 6),
    ("#set($context.responseOverrides.header.X = 'a')", "no-effect", 1, 6),
    ("#set($a = 1)", "never-read", 1, 1),
    ("#if('a' < 'b')x#end", "always-false", 1, 5),
    ("#if($input.body == '')x#end", "always-false", 1, 5),
    ("#if($input.json('$.a') == '')x#end", "always-false", 1, 5),
    ("#if($input.json('$.a') == $null)x#end", "always-false", 1, 5),
    ("#if($input.json('$.a') != '')x#end", "always-true", 1, 5),
    ("#if($input.path('$.l').size() == 'none')x#end", "always-false", 1, 5),
    ("#if('x')x#end", "always-false", 1, 5),
    ("#if($util.urlEncode('x') && 1)x#end", "always-false", 1, 29),
    ("#if($input.json('$'))x#end", "always-true", 1, 5),
    ("#if(!$input.json('$'))x#end", "always-false", 1, 6),
    ("#if($input.path('$.a'))x#end", "missing-is-true", 1, 5),
    ("#if(!$input.path('$.a'))x#end", "missing-is-true", 1, 6),
    ("{\"a\": $input.path('$')}", "map-printed", 1, 7),
    ('{"a": "$util.escapeJavaScript($input.path(\'$.a\'))"}', "escaped-apostrophe", 1, 8),
    (
        "[#foreach($i in $input.path('$.l'))#if($i.ok == 1)1#if($foreach.hasNext),#end#end#end]",
        "trailing-comma",
        1,
        52,
    ),
    ("#elif(1)", "unknown-directive", 1, 1),
    ("#nosuch('x')", "unknown-directive", 1, 1),
    ("#if(true)x", "unbalanced", 1, 1),
    ("a\n#foreach($i in [1])x", "unbalanced", 2, 1),
    ("x#end", "unbalanced", 1, 2),
    ("#if($a == null)x#end", "syntax", 1, 11),
    ("costs 5$", "syntax", 1, 9),
    ("x" * (MAX_TEMPLATE_BYTES + 1), "too-large", 1, 1),
]


@pytest.mark.parametrize(
    ("template", "rule", "line", "column"), FOUND, ids=[f"{row[1]} {row[0][:40]}" for row in FOUND]
)
def test_rule_speaks(template, rule, line, column):
    found = [each for each in lint(template) if each.rule == rule]
    assert [(each.line, each.column) for each in found] == [(line, column)]
    assert found[0].reason
    assert found[0].mend
    assert f"{line}:{column}: {found[0].level}: " in found[0].as_text()


SOUND = [
    '{"statusCode": 200}',
    '{"a": $input.json(\'$\'), "b": "$input.path(\'$.b\')"}',
    '{"a": "$util.escapeJavaScript($input.json(\'$\')).replaceAll("\\\\\'", "\'")"}',
    "#set($all = $input.params())#foreach($k in $all.keySet())$k#end",
    "#set($l = [])#set($void = $l.add(1))$l.size()",
    "#if($input.path('$.a') == '')x#{else}y#end",
    "#if($input.path('$.list').isEmpty())x#end",
    "#foreach($i in [1..3])$i#if($foreach.hasNext),#end#end",
    "#macro(m $a)<$a>#end#m('x')",
    "#define($b)x#end$b",
    "#set($context.responseOverride.status = 404)",
    "#set($context.responseOverride.header.Location = 'x')",
    "#set($context.requestOverride.path['id'] = '1')",
    "#set($context.responseOverride.custom = 'x')$context.responseOverride.custom",
    "#set($h = {})#set($h.k = 1)#set($h['x-y'] = 2)$h",
    "#set($first = true)#if($first)a#{else},#end",
    "#set($a = 3)#set($b = $a - 1)#set($c = $b / 2)$c",
    "#set($i = 0)$i.parseInt('5') $stageVariables.env $context.identity.sourceIp",
    '"colour": "#fff", "n": "#1"',
]


@pytest.mark.parametrize("template", SOUND)
def test_sound_templates_are_left_alone(template):
    assert [each.as_text() for each in lint(template) if each.level is not Level.NOTE] == []


def test_a_word_glued_to_end_is_named_beside_what_stays_open():
    found = [each for each in lint("#if(true)x#endy") if each.rule == "unbalanced"]
    assert [each.column for each in found] == [1, 11]
    assert "#{end}" in found[1].mend


def test_findings_that_hang_on_missing_references_are_marked():
    found = lint("#if($input.path('$.a'))x#end")
    assert [each.inferred for each in found] == [True]
    assert "inferred" in found[0].as_text()
    assert lint("#if($input.params('a'))x#end")[0].inferred
    assert not lint("#if($input.json('$'))x#end")[0].inferred


def test_spans_are_offsets_in_the_template_also_inside_string_literals():
    template = "#set($s = \"a $util.nope('x') b\")$s"
    (found,) = lint(template)
    assert template[found.start : found.end] == "nope('x')"


def test_the_tables_agree_with_the_variables_themselves():
    assert set(UTIL_METHODS) == set(METHODS)
    host = Input("", ({}, {}, {}))
    for name, counts in INPUT_METHODS.items():
        assert all(host.velocity_method(name, count) for count in counts)
    for name in INPUT_PROPERTIES:
        assert host.velocity_property(name) is not MISSING


def test_a_size_of_exactly_the_limit_is_accepted():
    assert lint("é" * (MAX_TEMPLATE_BYTES // 2)) == []
