"""Every answer that was recorded of Velocity 1.7 with Jayway, in both modes."""

from __future__ import annotations

import pytest

from tests.gateway.velocity.cases import MODES, agree, expected, load, run

GOLDEN = [case for case in load("golden.jsonl") if not case.get("volatile")]
CATEGORIES = sorted({case["category"] for case in GOLDEN})


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("category", CATEGORIES)
def test_every_recorded_answer_is_ours(category, mode):
    for case in GOLDEN:
        if case["category"] == category:
            ours = run(case, mode)
            assert agree(ours, expected(case, mode)), (case["id"], case["template"], ours)


def test_the_recordings_are_all_there():
    assert len(GOLDEN) == 811
