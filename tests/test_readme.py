"""The examples of the README run as they stand there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
EXAMPLES = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
PETS = """\
openapi: 3.0.1
info: {title: pets, version: "1"}
paths:
  /pets/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: fine}}
      x-amazon-apigateway-integration:
        type: http_proxy
        httpMethod: GET
        uri: http://pets.example.com/v1/{id}
        requestParameters: {integration.request.path.id: method.request.path.id}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "api.yaml").write_text(PETS)
    shutil.copy(ROOT / "sample_apis" / "inventory" / "openapi.yaml", tmp_path / "inventory.yaml")
    shutil.copy(ROOT / "sample_apis" / "chat" / "template.yaml", tmp_path / "chat.yaml")
    return tmp_path


def test_scripts(project: Path) -> None:
    scripts = [each for each in EXAMPLES if "def test_" not in each]
    assert len(scripts) >= 2
    _run(project, "-c", "\n".join(scripts))


def test_tests(project: Path) -> None:
    (tests,) = (each for each in EXAMPLES if "def test_" in each)
    (project / "test_api.py").write_text(tests)
    (project / "pytest.ini").write_text("[pytest]\ngateway_definition = api.yaml\n")
    known = any(each.value == "inspector.pytest_plugin" for each in entry_points(group="pytest11"))
    plugin = [] if known else ["-p", "inspector.pytest_plugin"]
    assert "2 passed" in _run(project, "-m", "pytest", "-q", *plugin, "test_api.py")


def _run(folder: Path, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
