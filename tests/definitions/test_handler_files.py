"""A handler whose file is not in its folder: which of runtime, handler and code is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.cli.app import main
from inspector.definitions import Diagnostic, load
from inspector.definitions.handler_files import missing_files
from inspector.definitions.places import Places

TEMPLATE = """\
Resources:
  Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: x, ProtocolType: HTTP}}
  Work:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: work
      Runtime: python3.12
      Handler: jobs.run
      Code: code
"""
ROUTE = """\
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: !GetAtt Work.Arn
      PayloadFormatVersion: "2.0"
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: GET /, Target: !Sub "integrations/${Integration}"}
"""


def _warnings(folder: Path, old: str = "", new: str = "") -> tuple[list[Diagnostic], list[str]]:
    code = folder / "code"
    code.mkdir()
    (code / "jobs.py").write_text("def run(event, context): ...\n")
    (code / "inner").mkdir()
    (code / "inner" / "deep.py").write_text("")
    other = folder / "other"
    other.mkdir()
    (other / "index.mjs").write_text("")
    text = TEMPLATE.replace(old, new)
    file = folder / "template.yaml"
    file.write_text(text)
    found = [each for each in load([file]).diagnostics if each.code == "handler-file"]
    return found, text.splitlines()


@pytest.mark.parametrize(
    "new",
    ["Handler: jobs.run", "Handler: inner/deep.run", "Handler: inner.deep.run", "Runtime: java21",
     "Code: nowhere", "Handler: jobs.other"],
)  # fmt: skip
def test_nothing_is_said_of_what_fits_or_cannot_be_told(new: str, tmp_path: Path) -> None:
    key = new.partition(":")[0]
    [old] = [line for line in TEMPLATE.splitlines() if line.strip().startswith(f"{key}:")]
    assert _warnings(tmp_path, old.strip(), new)[0] == []


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        ("Runtime: python3.12", "Runtime: nodejs20.x", "such as python3.12"),
        ("Handler: jobs.run", "Handler: job.run", "Write Handler: jobs.run"),
        ("Handler: jobs.run", "Handler: index.handler", "Write Handler: jobs.handler"),
        ("Code: code", "Code: other", "Point Code at the folder"),
    ],
)
def test_the_property_that_does_not_fit_is_named(
    old: str, new: str, mend: str, tmp_path: Path
) -> None:
    [found], lines = _warnings(tmp_path, old, new)
    assert new in lines[found.source.line - 1]
    assert mend in found.remedy


def test_a_handler_that_is_not_written_is_looked_for_in_its_properties(tmp_path: Path) -> None:
    [found], lines = _warnings(tmp_path, "      Handler: jobs.run\n", "")
    assert lines[found.source.line - 1].strip() == "Properties:"
    assert "none is written" in found.message


def test_outside_of_the_templates_folder_nothing_is_looked_at_unless_it_runs(
    tmp_path: Path,
) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "code").mkdir()
    file = inner / "template.yaml"
    file.write_text(TEMPLATE.replace("Code: code", "Code: ../code"))
    loaded = load([file])
    assert [each for each in loaded.diagnostics if each.code == "handler-file"] == []
    functions, places = loaded.definition.functions, Places.of(loaded.bundle)
    [found] = missing_files(functions, places, outside=True)
    assert "looks for jobs.py in ../code" in found.message


def test_explain_looks_wherever_the_code_that_ran_lies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "jobs.py").write_text("def run(event, context): return {}\n")
    file = inner / "template.yaml"
    text = TEMPLATE.replace("Code: code", "Code: ../code").replace("jobs.run", "tasks.run")
    file.write_text(text + ROUTE)
    main(["explain", str(file), "GET", "/", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert "tasks.run" in text.splitlines()[told["source"]["line"] - 1]
    assert told["remedy"] == "Write Handler: jobs.run"
