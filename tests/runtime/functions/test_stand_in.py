"""What stands in for the C half of Amazon's Python client where that is not to be had (macOS)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.gateway.effects import FunctionAnswer
from inspector.runtime.functions.functions import Functions
from inspector.runtime.functions.launch import _BOOTSTRAP
from tests.runtime.functions.workshop import Workshop, invoke

pytestmark = pytest.mark.slow

CODE = """
import os, runtime_client
assert "bootstrap" in runtime_client.__file__
def handler(event, context):
    if event == "raise":
        raise ValueError("n\u00f6")
    if isinstance(event, int):
        return "x" * event
    left = context.get_remaining_time_in_millis()
    return [event, context.aws_request_id, context.invoked_function_arn, context.client_context,
            os.environ.get("_X_AMZN_TRACE_ID"), 0 < left <= 3000]
"""


def _answers(workshop: Workshop, *events: object, **more: Any) -> list[FunctionAnswer]:
    workshop.write(CODE)
    found: list[FunctionAnswer] = []

    async def use(functions: Functions) -> None:
        found.extend([await invoke(functions, each, **more) for each in events])

    # It stands before what is installed, and so goes before the real one.
    workshop.run(use, concurrency=1, environment={"PYTHONPATH": str(_BOOTSTRAP / "python")})
    return found


def test_it_hands_over_what_the_real_one_does(workshop: Workshop) -> None:
    traced = {"trace_id": "Root=1-5759e988-bd862e3fe1be46a994272793"}
    for answer in _answers(workshop, "\u00fc\u20ac", "again", **traced):
        event, request_id, arn, client, trace, has_time = json.loads(answer.payload)
        assert event in ("\u00fc\u20ac", "again")
        assert (request_id, client, trace, has_time) == (
            answer.request_id, None, traced["trace_id"], True,
        )  # fmt: skip
        assert arn.endswith(":function:work")


def test_errors_and_answers_that_are_too_large(workshop: Workshop) -> None:
    raised, large, small = _answers(workshop, "raise", 6_300_000, 3)
    assert json.loads(raised.payload)["errorMessage"] == "n\u00f6"
    assert json.loads(large.payload)["errorType"] == "Function.ResponseSizeTooLarge"
    assert "Http response code: 413." in large.log
    assert small.payload == b'"xxx"'
