"""Who only looks runs no function, and reads nothing outside of the definition's folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.definitions import load
from inspector.gateway.effects import FunctionAnswer
from inspector.recording.writer import Writer
from tests.function_template import function_template
from tests.tui.test_functions import exchange

pytestmark = pytest.mark.slow

#: Notes what a command opens and starts. An audit hook hears of it from the interpreter itself.
WATCHED = """
import json, sys
seen = []
def hook(event, arguments):
    if event in ("open", "os.listdir", "os.scandir"):
        seen.append([event, str(arguments[0])])
    elif event.startswith(("subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")):
        seen.append([event, repr(arguments)])
sys.addaudithook(hook)
file, *words = sys.argv[1:]
from inspector.cli.app import main
try:
    code = main(words)
finally:
    with open(file, "w") as told:
        json.dump(seen, told)
sys.exit(code)
"""
TEMPLATE = function_template("Handler: app.handler\nCode: ../outside\n")
CODE = "import pathlib\npathlib.Path(__file__).with_suffix('.ran').touch()\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A definition whose function's code is in a folder beside its own, and a recording."""
    for folder in ("inside", "outside"):
        (tmp_path / folder).mkdir()
    (tmp_path / "inside" / "functions" / "pets").mkdir(parents=True)
    for code in (tmp_path / "outside", tmp_path / "inside" / "functions" / "pets"):
        (code / "app.py").write_text(CODE)
    template = tmp_path / "inside" / "template.yaml"
    template.write_text(TEMPLATE)
    (tmp_path / "inside" / "x.vtl").write_text("$input.body")
    bundle = load([template]).bundle
    writer = Writer(tmp_path / "inside" / "recording.db")
    writer.define(bundle.digest, bundle.to_json())
    writer.store(exchange(FunctionAnswer(b'{"statusCode":200}')), 10)
    writer.close()
    return tmp_path


SENDING = [("invoke", "template.yaml", "GET", "/"), ("explain", "template.yaml", "GET", "/"),
           ("cors", "template.yaml", "/", "--origin", "https://shop.example")]  # fmt: skip


def watched(project: Path, words: tuple[str, ...]) -> tuple[int, list[str], list[Path]]:
    """Runs a command: its exit code, the programs it started, and what it read of the project."""
    told = project / "told.json"
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(told), *words],
        cwd=project / "inside",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    seen = json.loads(told.read_text())
    started = [name for event, name in seen if event not in {"open", "os.listdir", "os.scandir"}]
    read = [Path(name) for _, name in seen if name.startswith(str(project)) and name != str(told)]
    return done.returncode, started, read


@pytest.mark.parametrize(
    "words",
    [
        ("check", "template.yaml"),
        ("render", "x.vtl"),
        ("db", "info", "recording.db"),
        ("db", "extract", "recording.db", "--event", "1"),
        ("explain", "recording.db", "1"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_command_that_only_looks(project: Path, words: tuple[str, ...]) -> None:
    code, started, read = watched(project, words)
    assert code == 0
    assert started == []
    assert all((project / "inside") in path.parents for path in read)
    assert not [path for path in read if "functions" in path.parts]
    assert list(project.rglob("*.ran")) == []


@pytest.mark.parametrize("words", SENDING, ids=lambda words: words[0])
def test_a_request_runs_the_function_that_it_reaches(project: Path, words: tuple[str, ...]) -> None:
    _, started, _ = watched(project, words)
    assert started
    assert [path.name for path in project.rglob("*.ran")] == ["app.ran"]


@pytest.mark.parametrize("words", SENDING, ids=lambda words: words[0])
def test_a_request_that_is_to_run_none(project: Path, words: tuple[str, ...]) -> None:
    code, started, read = watched(project, (*words, "--no-functions"))
    assert code == (0 if words[0] == "explain" else 1)
    assert started == []
    assert all((project / "inside") in path.parents for path in read)
    assert list(project.rglob("*.ran")) == []
