"""Templates whose output was recorded on AWS, or asserted there (tests/data/aws/vtl.jsonl)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts.runner import read, run

DATA = Path(__file__).parents[2] / "data" / "aws" / "vtl.jsonl"
CASES = [case for case in read([DATA]) if case.get("kind") == "template"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_renders_as_recorded(case):
    assert run(case) == []


def test_the_file_is_whole():
    assert len(CASES) == 30
