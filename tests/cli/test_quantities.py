from __future__ import annotations

import argparse

import pytest

from inspector.cli import quantities


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("10m", 600),
        ("12h", 43_200),
        ("7d", 604_800),
        ("2W", 1_209_600),
        ("1.5h", 5400),
    ],
)
def test_durations(text, seconds):
    assert quantities.seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "7", "d", "-1d", "7 days", "1e3s", "∞d"])
def test_what_is_no_duration(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is not a duration"):
        quantities.seconds(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("512", 512),
        ("1kB", 1000),
        ("2GB", 2 * 10**9),
        ("1 GiB", 2**30),
        ("1.5mb", 1500000),
    ],
)
def test_sizes(text, size):
    assert quantities.size(text) == size


@pytest.mark.parametrize("text", ["", "GB", "-1", "2 gigs", "0x10"])
def test_what_is_no_size(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is not a size"):
        quantities.size(text)


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("1204", 1204)])
def test_numbers(text, number):
    assert quantities.number(text) == number


@pytest.mark.parametrize("text", ["", "0", "-1", "x", "1.5", "²"])
def test_what_is_no_number(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is not a whole number of at least 1"):
        quantities.number(text)
