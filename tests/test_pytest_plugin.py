"""The fixture `gateway` in a project of somebody else's, run by a pytest of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from importlib.metadata import entry_points
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
DEFINITION = """\
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
        uri: http://${stageVariables.host}/pets/{id}
        requestParameters: {integration.request.path.id: method.request.path.id}
"""


def run(folder: Path, tests: str, ini: str = "") -> str:
    (folder / "test_them.py").write_text(textwrap.dedent(tests))
    (folder / "pytest.ini").write_text(f"[pytest]\n{ini}\n")
    known = any(each.value == "inspector.pytest_plugin" for each in entry_points(group="pytest11"))
    plugin = [] if known else ["-p", "inspector.pytest_plugin"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugin, "test_them.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return ran.stdout + ran.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "apis").mkdir()
    (tmp_path / "apis" / "api.yaml").write_text(DEFINITION)
    return tmp_path


def test_a_definition_of_the_ini_file_or_of_a_mark(project: Path) -> None:
    out = run(
        project,
        """
        import pytest

        def test_the_ini_file_names_it(gateway):
            gateway.backend = lambda request: {"name": "rex"}
            assert gateway.get("/pets/7").status == 500  # the stage variable is missing

        @pytest.mark.gateway(variables={"host": "pets.example"}, backend=lambda request: "rex")
        def test_the_mark_sets_it_up(gateway):
            result = gateway.get("/pets/7")
            assert (result.text, result.backend_requests[0].url) == (
                "rex", "http://pets.example/pets/7"
            )

        @pytest.mark.gateway("apis/api.yaml", stage="prod")
        def test_the_mark_names_it(gateway):
            assert gateway.stage == "prod"

        def test_each_test_has_its_own(gateway):
            assert not gateway.results

        def test_several(make_gateway):
            one = make_gateway(variables={"host": "one.example"})
            other = make_gateway({
                "openapi": "3.0.1", "info": {"title": "t", "version": "1"},
                "paths": {"/": {"get": {"x-amazon-apigateway-integration": {
                    "type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'},
                    "responses": {"default": {"statusCode": "200"}},
                }}}},
            })
            assert one.get("/pets/7").status == other.get("/").status == 200
        """,
        "gateway_definition = apis/api.yaml\naddopts = --strict-markers",
    )
    assert "5 passed" in out, out


def test_a_definition_in_a_folder_above_the_tests(project: Path) -> None:
    """`service/tests/` beside `service/api.yaml`, and pytest runs for all services."""
    tests = project / "apis" / "tests" / "unit"
    tests.mkdir(parents=True)
    (tests / "test_deep.py").write_text(textwrap.dedent(
        """
        import pytest

        @pytest.mark.gateway("api.yaml", stage="prod")
        def test_it(gateway):
            assert gateway.stage == "prod"
        """
    ))  # fmt: skip
    out = run(project, "def test_nothing(): ...", "addopts = apis")
    assert "2 passed" in out, out


def test_a_failure_tells_the_story_of_the_requests(project: Path) -> None:
    out = run(
        project,
        """
        import pytest

        @pytest.mark.gateway("apis/api.yaml", variables={"host": "pets.example"})
        def test_it(gateway):
            assert gateway.get("/cats/7").status == 200
        """,
    )
    assert "gateway: GET /dev/cats/7 → 403" in out
    assert "No resource of the API matches /cats/7." in out


def test_without_a_definition_it_says_how_to_name_one(project: Path) -> None:
    out = run(project, "def test_it(gateway): ...")
    assert '@pytest.mark.gateway("api.yaml")' in out
    assert "gateway_definition" in out
    assert "Traceback" not in out


def test_a_definition_that_cannot_be_served_is_told_in_a_line(project: Path) -> None:
    out = run(
        project,
        """
        import pytest

        @pytest.mark.gateway("nowhere.yaml")
        def test_it(gateway): ...
        """,
    )
    assert "nowhere.yaml" in out
    assert "cannot be read: no such file" in out
    assert "testing.py" not in out
    assert "another exception" not in out


def test_nothing_is_imported_before_somebody_asks(project: Path) -> None:
    out = run(
        project,
        """
        import sys

        def test_it():
            assert not {"inspector.testing", "inspector.gateway", "mitmproxy"} & set(sys.modules)
        """,
    )
    assert "1 passed" in out, out
