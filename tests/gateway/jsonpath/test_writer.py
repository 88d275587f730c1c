"""The quick ways to write JSON say what the slow one says."""

from __future__ import annotations

import math
from decimal import Decimal
from random import Random

import pytest

from inspector.gateway.jsonpath import writer

CHARACTERS = 'ab\\"/\n\t\x01\x1f\x7f\x80\x9fé ÿ\u2000\u20ac\u20ff\u2100\ud800😀%e+-.0'
NUMBERS = [0, 1, -7, 1e16, 1e-7, 1e22, 0.001, 0.0009, 1e7, 12345678.5, 9999999.5, 2.5, -0.0, 1 << 63, 1 << 70,
    math.inf, math.nan, Decimal("1.50"), 1e-5, 100.0]  # fmt: skip


def value(random: Random, depth: int = 3) -> object:
    kind = random.random()
    if depth == 0 or kind < 0.5:
        text = "".join(random.choices(CHARACTERS, k=random.randrange(6)))
        return random.choice(
            [text, random.choice(NUMBERS), True, False, None, "null", "1e5", "plain"]
        )
    if kind < 0.75:
        return [value(random, depth - 1) for _ in range(random.randrange(4))]
    return {
        f"k{n}é"[: random.randrange(1, 4)]: value(random, depth - 1)
        for n in range(random.randrange(4))
    }


def test_quick_and_slow_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(11)
    values = [value(random) for _ in range(4000)]
    quick = [(writer.json_text(each), writer.array_text([each])) for each in values]
    kept = sum(writer._quickly(each) is not None for each in values)
    monkeypatch.setattr(writer, "_quickly", lambda _: None)
    slow = [(writer.json_text(each), writer.array_text([each])) for each in values]
    assert [(v, q, s) for v, q, s in zip(values, quick, slow, strict=True) if q != s] == []
    assert 1000 < kept < 3900
