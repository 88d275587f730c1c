"""A small run of `python -m tests.benchmarks chaos`."""

from __future__ import annotations

import pytest

from tests.benchmarks.chaos import DEEDS, chaos


@pytest.mark.slow
def test_whatever_functions_do_none_is_lost() -> None:
    run = chaos(400, seed=3)
    assert run.answered.total() == 400
    assert set(run.answered) == set(DEEDS)
    assert (run.wrong, run.lost, run.left) == ([], [], [])
