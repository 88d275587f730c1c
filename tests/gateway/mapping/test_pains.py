"""What people lose days over in mapping templates (pains D 40-49, 56), and what we show for it."""

from __future__ import annotations

import pytest

from inspector.gateway.mapping import TemplateInputs, explain, render
from inspector.gateway.mapping.causes import Cause
from inspector.gateway.velocity.lint import lint
from inspector.gateway.velocity.program import compile_template


def rendered(template: str, body: str = "", **inputs):
    return render(compile_template(template), TemplateInputs(body, **inputs), collect=True)


def rules(template: str) -> set[str]:
    return {finding.rule for finding in lint(template)}


def test_40_escape_javascript_writes_an_escape_that_json_does_not_know():
    template = '{"a": "$util.escapeJavaScript($input.path(\'$.a\'))"}'
    found = explain(rendered(template, '{"a": "it\'s"}').output)
    assert found is not None
    assert found.cause is Cause.ESCAPED_APOSTROPHE
    assert "escaped-apostrophe" in rules(template)
    # The mend that the explanation names is the one that helps.
    mended = template.replace("'))\"", '\')).replaceAll("\\\\\'", "\'")"')
    assert found.mend.split("`")[1] in mended
    assert explain(rendered(mended, '{"a": "it\'s"}').output) is None
    assert "escaped-apostrophe" not in rules(mended)


def test_41_java_methods_exist_and_others_are_named():
    assert rendered("#set($s = 'it-s')$s.replace('-', \"'\")").output == "it's"
    (finding,) = lint("#set($s = 'a')$s.replaceAl('-', '')")
    assert (finding.rule, finding.line, finding.column) == ("unknown-method", 1, 18)
    assert "replaceAll" in finding.mend


def test_42_quoted_input_json_quotes_twice():
    template = '{"a": "$input.json(\'$\')"}'
    assert "quoted-json" in rules(template)
    found = explain(rendered(template, '{"b": 1}').output)
    assert found is not None
    assert found.cause is Cause.QUOTED_JSON
    assert (
        explain(rendered(template.replace('"$', "$").replace(')"', ")"), '{"b": 1}').output) is None
    )


def test_43_a_map_prints_as_java_does():
    found = explain(rendered("{\"a\": $input.path('$')}", '{"first": 12, "other": 34}').output)
    assert found is not None
    assert found.cause is Cause.JAVA_MAP
    assert "$input.json" in found.mend


@pytest.mark.parametrize(
    ("body", "name"),
    [('{"id": 1}', "Integer"), ('{"id": "1"}', "String"), ('{"id": 1.0}', "Double")],
)
def test_44_the_type_of_a_value_is_the_bodys(body, name):
    assert rendered("$input.path('$').id.class.simpleName", body).output == name


def test_45_an_undefined_reference_prints_nothing_and_is_listed():
    result = rendered("a\n  $nope.x b", "")
    assert result.output == "a\n   b"
    assert [(each.text, each.line, each.column) for each in result.unresolved] == [
        ("$nope.x", 2, 3)
    ]


def test_46_what_if_takes_for_true_and_where_set_reaches():
    assert rendered("#foreach($i in [1, 2])#set($s = $i)#end$s").output == "2"
    assert rendered("#if($input.path('$.e'))yes#end", '{"e": ""}').output == "yes"
    result = rendered("#if($input.path('$.none'))yes#end", "{}")
    # Inferred from recordings, not recorded itself: marked wherever a result hangs on it.
    assert result.output == "yes"
    assert [each.tested for each in result.unresolved] == [True]


def test_47_loops_over_headers_query_and_path():
    template = (
        "{#foreach($name in $input.params().header.keySet())"
        '"$name": "$util.escapeJavaScript($input.params().header.get($name))"'
        "#if($foreach.hasNext), #end#end}"
    )
    result = rendered(template, header={"User-Agent": 'a "b"', "X": "1"})
    assert result.output == '{"User-Agent": "a \\"b\\"", "X": "1"}'
    assert explain(result.output) is None


def test_48_a_comma_left_over_where_the_last_entry_is_skipped():
    template = "[#foreach($i in $input.path('$'))#if($i != 2)$i#if($foreach.hasNext),#end#end#end]"
    assert "trailing-comma" in rules(template)
    found = explain(rendered(template, "[1, 2]").output)
    assert found is not None
    assert found.cause is Cause.TRAILING_COMMA


def test_49_overrides_by_nested_assignment():
    template = (
        "#set($context.requestOverride.querystring.x = 'a')"
        "#set($context.requestOverride.header['X-Y'] = $input.path('$.n'))"
    )
    result = rendered(template, '{"n": 5}')
    assert result.request_override == {"path": {}, "header": {"X-Y": 5}, "querystring": {"x": "a"}}
    assert result.response_override == {"header": {}}


def test_an_empty_value_where_a_number_was_meant():
    found = explain(rendered("{\"n\": $input.path('$.n')}", "{}").output)
    assert found is not None
    assert found.cause is Cause.EMPTY_VALUE


def test_overrides_are_carried_from_the_request_to_the_response_template():
    request = rendered("#set($context.responseOverride.custom = 'x')")
    response = render(
        compile_template("$context.responseOverride.custom"),
        TemplateInputs(),
        overrides=request.overrides,
    )
    assert response.output == "x"


def test_context_lists_its_members_and_prints_no_maps():
    context = {"identity": {"sourceIp": "1.2.3.4"}, "stage": "dev"}
    template = "#foreach($k in $context.keySet())$k=$context.get($k);#end"
    result = rendered(template, context=context)
    assert result.output == "identity=;stage=dev;requestOverride=;responseOverride=;"
