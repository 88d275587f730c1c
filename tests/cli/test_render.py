"""`inspector render` from the command line."""

from __future__ import annotations

import io
import json
import sys

import pytest

from inspector.cli.app import main


@pytest.fixture
def render(tmp_path, monkeypatch, capfd):
    """Runs `inspector render` in this process; gives exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capfd.readouterr()
        code = main(["render", *arguments])
        out, err = capfd.readouterr()
        return int(code), out, err

    return run


@pytest.fixture
def template(tmp_path):
    def write(text: str, name: str = "t.vtl") -> str:
        (tmp_path / name).write_bytes(text.encode())
        return name

    return write


def test_output_goes_to_stdout_byte_for_byte(render, template):
    template('{"é": "a b"}', "body.json")
    name = template("#set($x = $input.json('$'))\r\n[$x]\t\n")
    assert render(name, "--body", "body.json") == (0, '[{"é":"a b"}]\t\n', "")


def test_all_inputs(render, template):
    name = template(
        "$input.body $input.params('id') $input.params().header.Accept $context.stage"
        " $stageVariables.env"
    )
    code, out, _ = render(
        name, "--body", "-", "--params", '{"path": {"id": 7}, "header": {"Accept": "*/*"}}',
        "--context", '{"stage": "dev"}', "--stage-variables", '{"env": "test"}', stdin="raw",
    )  # fmt: skip
    assert (code, out) == (0, "raw 7 */* dev test")


def test_json_options_from_files(render, template):
    template('{"stage": "prod"}', "context.json")
    assert render(template("$context.stage"), "--context", "@context.json")[1] == "prod"


def test_template_from_the_standard_input(render):
    assert render("-", stdin="#set($a = 1)$a")[:2] == (0, "1")


def test_both_engines(render, template):
    name = template("[$missing]#if($missing)yes#{else}no#end")
    assert render(name)[1] == "[]yes"
    assert render(name, "--engine", "velocity")[1] == "[$missing]no"


def test_overrides_and_unresolved_references_are_told_on_stderr(render, template):
    name = template("#set($context.responseOverride.status = 404)$nope#if($gone)x#end")
    code, out, err = render(name)
    assert (code, out) == (0, "x")
    assert "$context.responseOverride.status = 404" in err
    assert "1:45: $nope came to nothing" in err
    assert "$gone came to nothing; a condition hung on it" in err
    assert "inferred" in err


def test_broken_json_is_explained_with_a_caret(render, template):
    name = template('{"a": "$util.escapeJavaScript("it\'s")"}')
    code, out, err = render(name)
    assert (code, out) == (0, '{"a": "it\\\'s"}')
    assert "not JSON at line 1, column 10" in err
    assert "\n           ^\n" in err
    assert "replaceAll" in err


def test_json_report(render, template):
    name = template("{\"a\": \"$input.json('$.a')\"}#set($context.requestOverride.header.X = 'y')")
    template('{"a": "b"}', "body.json")
    code, out, err = render(name, "--body", "body.json", "--json")
    report = json.loads(out)
    assert (code, err) == (0, "")
    assert report["output"] == '{"a": ""b""}'
    assert report["overrides"]["requestOverride"]["header"] == {"X": "y"}
    assert report["explanation"]["cause"] == "quoted-json"
    assert [each["rule"] for each in report["lint"]] == ["quoted-json"]
    assert report["unresolved"] == []


def test_json_report_marks_what_hangs_on_inferred_behaviour(render, template):
    _, out, _ = render(template("#if($gone)x#end"), "--json")
    report = json.loads(out)
    assert report["unresolved"] == [{"text": "$gone", "line": 1, "column": 5, "inferred": True}]
    assert [each["inferred"] for each in report["lint"] if each["rule"] == "missing-is-true"] == [
        True
    ]


def test_a_template_error_shows_its_line_and_exits_1(render, template):
    code, out, err = render(template("a\n#if($x\n"))
    assert (code, out) == (1, "")
    assert "t.vtl:3:" in err or "t.vtl:2:" in err
    assert "^" in err


def test_a_template_error_as_json(render, template):
    code, out, _ = render(template("$input.json('')"), "--body", template("{}", "b"), "--json")
    report = json.loads(out)
    assert code == 1
    assert (report["error"]["line"], report["error"]["column"]) == (1, 8)
    assert "json can not be null or empty" in report["error"]["message"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "a template"),
        (["nope.vtl"], "nope.vtl: No such file"),
        (["t.vtl", "--params", "{"], "--params"),
        (["t.vtl", "--params", "[]"], "a JSON object is needed"),
        (["t.vtl", "--params", '{"query": {}}'], "querystring"),
        (["t.vtl", "--engine", "other"], "--engine"),
        (["t.vtl", "--cases", "x"], "--cases"),
        (["--cases", "nope.jsonl"], "nope.jsonl"),
        (["-", "--body", "-"], "standard input"),
    ],
)
def test_usage_errors_exit_2_with_a_sentence(render, template, arguments, said):
    template("x")
    code, out, err = render(*arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_cases(render, template):
    rows = [
        {"id": "a", "template": "$input.path('$.n') $context.big", "body": '{"n": 1e10}',
         "context": {"big": 123456789012345678901234567890}},
        {"id": 2, "template": "#if($x", "body": None},
        {"id": "c", "template": "$input.params('q')$stageVariables.v é\U0001f600", "params": {"querystring": {"q": "1"}},
         "stageVariables": {"v": "2"}},
    ]  # fmt: skip
    name = template("".join(json.dumps(row) + "\n" for row in rows) + "\n", "cases.jsonl")
    code, out, err = render("--cases", name)
    answers = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert answers[0] == {"id": "a", "output": "1.0E10 123456789012345678901234567890"}
    assert answers[1]["id"] == 2
    assert set(answers[1]["error"]) == {"message", "line", "column"}
    assert answers[2] == {"id": "c", "output": "12 é\U0001f600"}


def test_cases_run_without_budgets(render, template):
    row = {"id": 1, "template": "#foreach($i in [1..5000])x#end"}
    _, out, _ = render("--cases", template(json.dumps(row), "cases.jsonl"))
    assert json.loads(out)["output"] == "x" * 5000
    code, _, err = render(template("#foreach($i in [1..5000])x#end"))
    assert code == 1
    assert "budget" in err


def test_a_line_that_is_no_case_is_named(render, template):
    code, _, err = render("--cases", template('{"id": 1, "template": "x"}\n[1]\n', "cases.jsonl"))
    assert code == 2
    assert "line 2" in err


def test_help_has_examples(capfd):
    with pytest.raises(SystemExit) as caught:
        main(["render", "--help"])
    assert caught.value.code == 0
    assert "examples:" in capfd.readouterr().out


LOOP = """#set($sum = 0)
#foreach($n in [1, 2, 3])
#set($sum = $sum + $n)
$sum #end
{"sum": $sum, "none": $absent}
"""


def test_steps_are_printed_with_values(render, template):
    code, out, err = render(template(LOOP), "--step")
    assert code == 0
    lines = out.splitlines()
    assert "1:1    #set($sum = 0)\\n  → $sum = 0 (Integer)" in lines[0]
    assert any("turn 2; $n = 2 (Integer)" in line for line in lines)
    assert any("$absent  → null; $absent came to nothing" in line for line in lines)
    assert '{"sum": 6, "none": }' in out
    assert "\x1b" not in out + err


def test_breaks_and_watches(render, template):
    name = template(LOOP)
    code, out, _ = render(name, "--step", "--break", "3:$n == 2", "--watch", "$sum + $n")
    assert code == 0
    steps = out.partition("1 3 6")[0].splitlines()
    assert [line.strip() for line in steps[:2]] == [
        "3:1        #set($sum = $sum + $n)\\n  → $sum = 3 (Integer)", "$sum + $n = 3 (Integer)",
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [("--break", "x"), ("--break", "1:)("), ("--watch", "#end")])
def test_breaks_that_are_none(render, template, wrong):
    code, _, err = render(template("x"), "--step", *wrong)
    assert code == 2
    assert err


def test_steps_for_machines(render, template):
    code, out, _ = render(template(LOOP), "--step", "--json")
    document = json.loads(out)
    assert code == 0
    assert document["complete"] is True
    first = document["events"][0]
    assert (first["kind"], first["span"]["line"], first["value"]["text"]) == ("set", 1, "0")
    assert document["unresolved"][0]["text"] == "$absent"
    assert document["lint"] is not None


def test_a_failing_template_is_stepped_to_its_fault(render, template):
    code, out, err = render(template("a$x\n#foreach($n in [1..5000])$n#end"), "--step")
    assert code == 1
    assert "a" in out.splitlines()[0]
    assert "iterations" in err


def test_broken_json_is_traced_to_its_line(render, template):
    template('{"name": "say \\"hi\\""}', "body.json")
    name = template('{\n  "name": "$input.path(\'$.name\')"\n}')
    code, _, err = render(name, "--body", "body.json")
    assert code == 0
    assert "written by the template's line 2, column 12: $input.path('$.name')" in err
