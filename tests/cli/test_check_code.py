"""`inspector check` looks whether the code of functions is there, and no further."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from inspector.cli.app import main
from inspector.cli.check_code import CODE, code_diagnostics
from inspector.definitions import load
from inspector.definitions.handler_files import CODE as FILE
from tests.function_template import function_template


def told(folder: Path, properties: str) -> list[tuple[str, int]]:
    """What is said, and on which line."""
    template = folder / "template.yaml"
    template.write_text(function_template(properties))
    loaded = load([template])
    found = [*loaded.diagnostics, *code_diagnostics(loaded)]
    return [(each.message, each.source.line) for each in found if each.code in (CODE, FILE)]


def line(properties: str, text: str) -> int:
    lines = function_template(properties).splitlines()
    return next(number for number, each in enumerate(lines, 1) if text in each)


@pytest.mark.parametrize(
    ("runtime", "handler", "there"),
    [
        ("python3.12", "app.handler", "app.py"),
        ("python3.12", "orders.app.handler", "orders/app.py"),
        ("python3.12", "orders/app.handler", "orders/app.py"),
        ("python3.12", "orders.handler", "orders/__init__.py"),
        ("nodejs20.x", "index.handler", "index.mjs"),
        ("nodejs20.x", "dist/index.one.handler", "dist/index.js"),
        ("nodejs20.x", "index.handler", "index/index.js"),
        ("provided.al2023", "anything", "bootstrap"),
    ],
)
def test_the_file_of_a_handler(runtime: str, handler: str, there: str, tmp_path: Path) -> None:
    properties = f"Handler: {handler}\nCode: ./src\nRuntime: {runtime}\n"
    (tmp_path / "src").mkdir()
    [(message, where)] = told(tmp_path, properties)
    if runtime.startswith("provided"):
        assert message == "the runtime of Fn is a program bootstrap, which is not there"
    else:
        assert message.startswith(f"the runtime {runtime} looks for ")
        assert message.endswith(f"which has no file: the handler of Fn is {handler}")
    assert where == line(properties, "Code:")
    file = tmp_path / "src" / there
    file.parent.mkdir(exist_ok=True)
    file.touch()
    assert told(tmp_path, properties) == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    properties = "Handler: app.handler\nCode: ./build\n"
    message = "the code of Fn is not there: ./build"
    assert told(tmp_path, properties) == [(message, line(properties, "Code:"))]


@pytest.mark.parametrize("code", ['"\\0"', "x" * 5000])
def test_a_name_that_no_folder_can_have(code: str, tmp_path: Path) -> None:
    [(message, _)] = told(tmp_path, f"Handler: app.handler\nCode: {code}\n")
    assert message.startswith("the code of Fn is not there: ")


def test_a_handler_that_leads_out_of_its_folder_is_lambdas_to_refuse(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    assert told(tmp_path, "Handler: ../../x.handler\nCode: src\n") == []


@pytest.mark.parametrize("code", ["../elsewhere", "/nowhere", "{ZipFile: 'x = 1'}"])
def test_what_is_not_looked_at(code: str, tmp_path: Path) -> None:
    assert told(tmp_path, f"Handler: app.handler\nCode: {code}\n") == []


@pytest.mark.parametrize("runtime", ["java21", "dotnet8"])
def test_runtimes_whose_files_are_not_known(runtime: str, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    assert told(tmp_path, f"Handler: a.B::c\nCode: src\nRuntime: {runtime}\n") == []


@pytest.mark.parametrize(("newer", "told"), [(1, True), (0, False), (-1, False)])
def test_an_older_python_than_declared(newer: int, told: bool, tmp_path: Path) -> None:
    here = sys.version_info.minor
    template = tmp_path / "template.yaml"
    code = f"Handler: app.handler\nCode: {{ZipFile: ''}}\nRuntime: python3.{here + newer}\n"
    template.write_text(function_template(code))
    said = [(each.level, each.message) for each in code_diagnostics(load([template]))]
    message = f"functions for Python 3.{here + newer} are run by 3.{here} here"
    assert said == ([("info", message)] if told else [])


def test_a_handler_without_its_file_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = tmp_path / "template.yaml"
    properties = "Handler: app.handler\nCode: ./src\nRuntime: python3.12\n"
    template.write_text(function_template(properties))
    (tmp_path / "src").mkdir()
    main(["check", str(template)])
    assert capsys.readouterr().out.count("app.py") == 1
