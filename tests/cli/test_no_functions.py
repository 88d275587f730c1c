"""`--no-functions`: a request through a definition whose code is not trusted, and `--explain`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.cli.app import main
from tests.function_template import function_template


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A function that leaves a mark when it is loaded."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "app.py").write_text("open('ran', 'w')\n")
    file = tmp_path / "template.yaml"
    file.write_text(function_template("FunctionName: pets\nHandler: app.handler\nCode: ./code\n"))
    return str(file)


def test_the_function_gives_no_answer_and_the_explanation_says_why(
    template: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", template, "GET", "/", "--no-functions", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["stage"], told["status"]) == ("integrate", 500)
    assert "Function pets gave no answer: it was not run" in told["sentence"]
    assert "--function pets=FILE.json" in told["sentence"]
    line = Path(template).read_text("utf-8").splitlines()[told["source"]["line"] - 1]
    assert "Uri:" in line or "Integration:" in line


@pytest.mark.parametrize("name", ["pets", "Fn"])
def test_a_file_may_say_what_it_answers(
    template: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Named by its name or its logical id, as without the option."""
    Path("reply.json").write_text('{"statusCode": 200, "body": "from the file"}')
    words = ["invoke", template, "GET", "/", "--no-functions", "--function", f"{name}=reply.json"]
    assert main([*words, "--body"]) == 0
    assert capsys.readouterr().out == "from the file"


@pytest.mark.parametrize(
    "option",
    [("--function", "pets=http://127.0.0.1:1/"), ("--function", "pets=code:app.handler"),
     ("--function", "pets=arn:aws:lambda:us-east-1:123456789012:function:pets"),
     ("--debug", "pets")],
)  # fmt: skip
def test_a_place_that_would_run_it_is_refused(
    template: str, option: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["invoke", template, "GET", "/", "--no-functions", *option]) == 2
    assert f"--no-functions runs none, and {' '.join(option)} would" in capsys.readouterr().err
    assert not Path("code/ran").exists()


def test_invoke_explains_what_explain_explains(
    template: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [template, "GET", "/nothing"]
    assert main(["invoke", *words, "--explain"]) == 1
    invoked = capsys.readouterr().out
    assert main(["explain", *words]) == 0
    assert capsys.readouterr().out == invoked
    assert main(["invoke", *words, "--explain", "--json"]) == 1
    assert main(["explain", *words, "--json"]) == 0
    both, alone = map(json.loads, capsys.readouterr().out.splitlines())
    assert {**alone, **both["explanation"]} == alone


def test_a_body_cannot_be_explained(template: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["invoke", template, "GET", "/", "--explain", "--body"]) == 2
    assert "--explain and --body exclude each other" in capsys.readouterr().err
