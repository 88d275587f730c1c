"""The members of `$context`."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gateway.context import request_time


@pytest.mark.parametrize(
    ("time_ms", "text"),
    [
        (1583348638390, "04/Mar/2020:19:03:58 +0000"),  # of the guide's example event
        (0, "01/Jan/1970:00:00:00 +0000"),
        (1767225599999, "31/Dec/2025:23:59:59 +0000"),
        (1767225600000, "01/Jan/2026:00:00:00 +0000"),
    ],
)
def test_the_time_of_a_request(time_ms: int, text: str) -> None:
    assert request_time(time_ms) == text


@given(st.integers(0, 4_000_000_000_000))
def test_a_second_is_never_rounded_up(time_ms: int) -> None:
    shown = datetime.strptime(request_time(time_ms), "%d/%b/%Y:%H:%M:%S %z")
    assert shown == datetime.fromtimestamp(time_ms // 1000, UTC)
