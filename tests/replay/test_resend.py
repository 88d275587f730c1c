"""What a replay is said to repeat: anybody may send the header that says so."""

from __future__ import annotations

import pytest

from inspector.replay.resend import replayed


@pytest.mark.parametrize(
    ("header", "number"),
    [("7", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5_000, None), ("\u0663", None),
     ("-1", None), ("", None), (None, None)],
)  # fmt: skip
def test_only_a_number_that_a_recording_can_have(header: str | None, number: int | None) -> None:
    assert replayed(header) == number
