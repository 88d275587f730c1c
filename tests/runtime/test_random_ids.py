"""Ids made of chance that is drawn ahead."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from inspector.runtime.random_ids import Chance, uuid4


@given(st.binary(min_size=16, max_size=16))
def test_a_uuid_is_one_of_version_4(chance: bytes) -> None:
    assert uuid4(chance) == str(UUID(bytes=chance, version=4))


def test_nothing_is_given_twice() -> None:
    chance = Chance(16)
    drawn = [chance.draw() for _ in range(2000)]
    assert {len(each) for each in drawn} == {16}
    assert len(set(drawn)) == len(drawn)
