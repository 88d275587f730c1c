"""The pytest fixtures `gateway` and `make_gateway`: your API, served in the test's own process.

    # pyproject.toml
    [tool.pytest.ini_options]
    gateway_definition = "api.yaml"          # relative to this file

    # test_api.py
    import pytest

    def test_a_pet_is_found(gateway):
        gateway.backend = lambda request: {"name": "rex"}
        assert gateway.get("/pets/7").json() == {"name": "rex"}

    @pytest.mark.gateway(stage="prod", variables={"table": "pets"})
    def test_the_table_is_the_stages(gateway):
        assert "table=pets" in gateway.get("/pets").backend_requests[0].url

    def test_two_of_them(make_gateway):
        assert make_gateway("other.yaml", backend=lambda request: "hi").get("/").text == "hi"

Each test has a gateway of its own: empty caches, full buckets. When a test fails, its report shows
what became of its requests, stage by stage. pytest loads this by itself once inspector is
installed beside it; nothing of inspector is imported before a test asks for a gateway.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from inspector.testing import Gateway

#: Makes a gateway: the arguments of `inspector.testing.Gateway`, the definition optional.
MakeGateway = Callable[..., "Gateway"]

_INI = "gateway_definition"
_MARK = "gateway"
_MADE: pytest.StashKey[list[Gateway]] = pytest.StashKey()
#: Requests whose stories a report shows, the last ones.
_SHOWN = 3


def pytest_addoption(parser: pytest.Parser) -> None:
    """The file that `gateway` serves where a test names none."""
    parser.addini(_INI, "the API definition that the fixture `gateway` serves", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark."""
    config.addinivalue_line(
        "markers",
        "gateway(definition=None, **settings): what the fixture `gateway` serves, and how "
        "(stage, variables, backend and the other settings of inspector.testing.Gateway)",
    )


@pytest.fixture
def make_gateway(request: pytest.FixtureRequest) -> MakeGateway:
    """Makes gateways: a definition (default: the one of the ini file) and settings."""
    from inspector.testing import Gateway  # noqa: PLC0415  not before somebody asks

    made: list[Gateway] = []
    request.node.stash[_MADE] = made

    def make(definition: Any = None, **settings: Any) -> Gateway:
        if definition is None:
            definition = _declared(request)
        elif isinstance(definition, str | Path):
            definition = _found(request, definition)
        made.append(Gateway(definition, **settings))
        return made[-1]

    return make


@pytest.fixture
def gateway(request: pytest.FixtureRequest, make_gateway: MakeGateway) -> Gateway:
    """The gateway of the definition that the test's mark, or the ini file, names."""
    from inspector.testing import DefinitionError  # noqa: PLC0415  not before somebody asks

    mark = request.node.get_closest_marker(_MARK)
    try:
        return make_gateway(*(mark.args if mark else ()), **(mark.kwargs if mark else {}))
    except DefinitionError as error:
        told = str(error)
    pytest.fail(f"the definition cannot be served: {told}", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test tells what became of its requests."""
    report = yield
    if report.when == "call" and report.failed:
        results = [each for made in item.stash.get(_MADE, []) for each in made.results]
        for result in results[-_SHOWN:]:
            head = f"{result.request.method} {result.request.target} → {result.status}"
            report.sections.append((f"gateway: {head}", "\n".join(result.story)))
    return report


def _declared(request: pytest.FixtureRequest) -> Path:
    named = str(request.config.getini(_INI))
    if not named:
        pytest.fail(
            "the fixture `gateway` does not know what to serve: name a definition with "
            f'@pytest.mark.gateway("api.yaml"), or set {_INI} in pytest\'s configuration',
            pytrace=False,
        )
    ini = request.config.inipath
    return (request.config.rootpath if ini is None else ini.parent) / named


def _found(request: pytest.FixtureRequest, definition: str | Path) -> Path:
    """Beside the test's file, else in the folders above it down from pytest's root, else as it is."""
    root, beside = request.config.rootpath, request.path.parent
    above = [each for each in beside.parents if each.is_relative_to(root)]
    paths = [folder / definition for folder in (beside, *above, root)]
    return next((path for path in paths if path.exists()), Path(definition))
