"""Durations, sizes and numbers as people type them: `7d`, `90s`, `2GB`, `500 MB`."""

from __future__ import annotations

import argparse
import re

SECONDS = {"S": 1, "M": 60, "H": 3600, "D": 86400, "W": 7 * 86400}
BYTES = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
BYTES |= {"KIB": 2**10, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}

_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)")


def seconds(text: str) -> int:
    """Whole seconds from `90s`, `10m`, `12h`, `7d`, `2w`."""
    return _scaled(text, SECONDS, "a duration such as 90s, 10m, 12h, 7d or 2w")


def size(text: str) -> int:
    """Bytes from `500MB`, `2GB`, `1GiB`; a bare number is bytes."""
    return _scaled(text, BYTES, "a size such as 500MB, 2GB or 1GiB")


def number(text: str) -> int:
    """A whole number, from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)


def _scaled(text: str, units: dict[str, int], expected: str) -> int:
    match = _QUANTITY.fullmatch(text.strip())
    unit = None if match is None else units.get(match[2].upper())
    if match is None or unit is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not {expected}")
    return int(float(match[1]) * unit)
