"""Random templates, answered by the real engine and by ours, in both modes.

Needs Java and the engines (tests/oracle); a few hundred by default, `INSPECTOR_FUZZ_CASES=20000` for
many, `INSPECTOR_FUZZ_SEED` for others.
"""

from __future__ import annotations

import json
import os
from random import Random

import pytest

from tests.gateway.velocity import generator, oddities
from tests.gateway.velocity.cases import MODES, ORACLE_MODES, agree, run
from tests.oracle.engine import answers

CASES = int(os.environ.get("INSPECTOR_FUZZ_CASES", "300"))
SEED = int(os.environ.get("INSPECTOR_FUZZ_SEED", "20"))


@pytest.mark.slow
@pytest.mark.parametrize("make", [generator.case, oddities.case], ids=["usual", "odd"])
@pytest.mark.parametrize("mode", MODES)
def test_no_divergence(mode, make):
    random = Random(SEED)
    cases = [{"id": str(number), **make(random)} for number in range(CASES)]
    found = []
    for case, answer in zip(cases, answers(cases, ORACLE_MODES[mode]), strict=True):
        ours = run(case, mode)
        if not agree(ours, answer) and not volatile(answer):
            found.append((json.dumps(case), ours, answer))
    assert found[:5] == []


def volatile(answer):
    """Whether the engine printed an address, another one at each run, or a class of the oracle's own."""
    output = answer.get("output", "")
    return "@" in output or "VelocityOracle" in output
