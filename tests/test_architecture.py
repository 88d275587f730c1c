"""The shape of the whole: who imports whom, how large a room may grow, what a wheel holds."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("inspector", "addons", "sample_apis")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
#: Functions of samples, which import what Lambda has for them.
UNPACKED = set((ROOT / "sample_apis").glob("*/functions/**/*.py"))
CORE = [ROOT / "inspector" / "message.py", *(ROOT / "inspector" / "gateway").rglob("*.py")]
CORE += (ROOT / "inspector" / "model").rglob("*.py")

#: Lines. A screen of code, and a file that is read in one sitting.
LONGEST_FUNCTION = 60
LONGEST_FILE = 400

#: What the core may take from outside: values, text, numbers; no clock, no chance, no I/O.
PURE = {
    "__future__", "abc", "ast", "base64", "binascii", "bisect", "calendar", "collections",
    "contextlib", "copy", "dataclasses", "datetime", "decimal", "difflib", "email", "enum",
    "fractions", "functools", "hashlib", "heapq", "html", "hmac", "inspector", "ipaddress", "itertools",
    "json", "keyword", "math", "operator", "re", "shlex", "string", "struct", "sys", "types", "typing",
    "unicodedata", "urllib", "weakref", "zlib",
    "jsonschema", "orjson", "referencing",  # compute only; the validator is given no retriever
}  # fmt: skip


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_keep_to_the_contracts() -> None:
    linter = "from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", linter, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", CORE, ids=_name)
def test_the_core_imports_nothing_that_acts(path: Path) -> None:
    acting = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            acting += [a.name for a in node.names if a.name.split(".")[0] not in PURE]
        elif isinstance(node, ast.ImportFrom):
            package = (node.module or "").split(".")[0]
            if package not in PURE:
                acting.append(node.module)
    assert not acting


@pytest.mark.parametrize("path", CORE, ids=_name)
def test_the_core_evaluates_no_text_opens_no_file_and_asks_no_clock(path: Path) -> None:
    forbidden = {"eval", "exec", "compile", "open", "input", "print", "__import__", "globals"}
    clock = {"now", "today", "utcnow", "localtime"}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in forbidden
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert not (node.value.id in {"datetime", "date"} and node.attr in clock)


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_rooms_stay_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.slow
def test_every_dependency_is_imported_and_every_import_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extra = project["optional-dependencies"]["aws"]
    declared = {
        name.partition(">=")[0].partition("[")[0].strip().lower().replace("-", "_")
        for name in (*project["dependencies"], *extra)
    }
    modules = {"pyyaml": "yaml"}
    imported = {
        module.split(".")[0]
        for path in SOURCES
        if path not in UNPACKED
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for module in _modules(node)
    }
    imported.add("awslambdaric")  # run by name, in the processes of functions
    imported.remove("pytest")  # by the plugin alone, which pytest itself loads
    foreign = imported - set(sys.stdlib_module_names) - set(PACKAGES)
    assert foreign == {modules.get(name, name) for name in declared}


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [node.module or ""]
    return []
