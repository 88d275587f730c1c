"""How Java prints numbers; doubles as Java 17 printed them (tests/data/java/doubles.txt)."""

from __future__ import annotations

import struct
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gateway.java.numbers import (
    decimal_text,
    double_text,
    integer_class,
    integer_text,
    wrap_int,
    wrap_long,
)

DOUBLES = Path(__file__).parents[2] / "data" / "java" / "doubles.txt"


def test_doubles_print_as_java_printed_them():
    lines = [line.split() for line in DOUBLES.read_text("ascii").splitlines()]
    wrong = [
        (printed, mine)
        for bits, printed in lines
        if (mine := double_text(struct.unpack(">d", bytes.fromhex(bits))[0])) != printed
    ]
    assert len(lines) > 800
    assert wrong == []


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_printed_reads_back_as_the_same_double(value):
    assert float(double_text(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e10, "1.0E10"), (10000000.0, "1.0E7"), (9999999.0, "9999999.0"), (0.001, "0.001"),
        (0.0001, "1.0E-4"), (100.0, "100.0"), (-0.0, "-0.0"), (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"), (float("nan"), "NaN"), (1e23, "9.999999999999999E22"),
    ],
)  # fmt: skip
def test_double(value, text):
    assert double_text(value) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("3.141592653589793238462643", "3.141592653589793238462643"),
        ("-0.000000000000000000", "0E-18"),
        ("1.0E+25", "1.0E+25"),
        ("0.00000012345678901234567", "1.2345678901234567E-7"),
    ],
)
def test_big_decimal(text, printed):
    assert decimal_text(Decimal(text)) == printed


def test_integers_of_any_length():
    assert integer_text(-(10**5000)) == "-1" + "0" * 5000
    assert integer_text(42) == "42"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (2**31 - 1, "Integer"), (-(2**31), "Integer"), (2**31, "Long"), (-(2**63), "Long"),
        (2**63, "BigInteger"),
    ],
)  # fmt: skip
def test_class_by_range(value, name):
    assert integer_class(value).endswith("." + name)


def test_overflow_keeps_the_low_bits():
    assert wrap_int(2**31) == -(2**31)
    assert wrap_int(-(2**31) - 1) == 2**31 - 1
    assert wrap_long(2**63) == -(2**63)
    assert wrap_long(5) == 5
