"""Every recorded case that is built, one test each. The rest is named, so that it is not forgotten."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.facts.__main__ import main
from tests.facts.runner import read, run

DATA = Path(__file__).parent.parent / "data" / "aws"
THEMES = (
    "routing", "parameter-mapping", "http", "selection", "passthrough", "mock", "headers",
    "gateway-responses", "trace", "stage-variables", "validation", "lambda-proxy",
    "lambda-custom", "binary", "vtl", "api-keys", "test-invoke", "canary", "import", "export",
    "payload-v2",
)  # fmt: skip
ACCESS = (
    "policy", "sigv4", "authorizer", "jwt", "http-api", "event", "metrics", "websocket",
    "websocket-tables",
)  # fmt: skip
#: Cases of `authorizer` that fail, each with its reason on the page.
NOT_YET = ("rest2-09",)
CASES = [
    case
    for case in [
        *read(DATA / f"{theme}.jsonl" for theme in THEMES),
        *read(DATA.parent / "access" / f"{theme}.jsonl" for theme in ACCESS),
    ]
    if case.get("kind") != "authorizer" or not case["id"].startswith(NOT_YET)
]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_amazon_answers_so(case: dict[str, Any]) -> None:
    assert run(case) == []


def test_a_case_that_cannot_be_run_names_the_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strange = {**CASES[0], "id": "strange", "weather": "fine"}
    (tmp_path / "cases.jsonl").write_text(json.dumps(strange) + "\n" + json.dumps(CASES[0]))
    assert main([str(tmp_path / "cases.jsonl")]) == 1
    out = capsys.readouterr().out
    assert "strange: unknown key 'weather'" in out
    assert out.endswith("1 passed, 1 failed\n")
