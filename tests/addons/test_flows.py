from __future__ import annotations

import pytest

from addons.flows import reason


@pytest.mark.parametrize(
    ("status", "phrase"),
    [
        (200, b"OK"),
        (431, b"Request Header Fields Too Large"),
        (504, b"Gateway Time-out"),
        (299, b""),
    ],
)
def test_the_usual_phrase_of_a_status(status, phrase):
    assert reason(status) == phrase
