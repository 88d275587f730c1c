"""What a gateway remembers, looked at and reset."""

from __future__ import annotations

import json

import pytest

from inspector.gateway.effects import Bucket, Meter, QuotaCount, Store
from inspector.runtime.caches import Caches
from inspector.runtime.meters import Meters
from inspector.runtime.state import Item, State
from inspector.runtime.state_words import level, span, title

NOW = 1_700_000_000_000  # a Tuesday, 22:13:20 UTC


@pytest.fixture
def state() -> State:
    caches, meters = Caches(), Meters()
    quota = QuotaCount("plan gold key k1", 10, "DAY")
    buckets = (Bucket("stage api/dev */*", 2.0, 5), Bucket("shut", 0.0, 1))
    meters.take(Meter(quota, buckets, NOW))
    entry = json.dumps(["res1", "GET", {"method.request.path.id": "7"}])
    answer = json.dumps([200, [["X-A", "b"]], "aGVsbG8="]).encode()
    caches.store(Store("responses api/dev", entry, answer, NOW, 60_000, "request-1"))
    token = json.dumps(["Bearer secret-secret-abcdef"])
    caches.store(
        Store("authorizer api/dev auth", token, b'{"principalId": "ann"}', NOW, 300_000, "r")
    )
    return State(caches, meters)


def by_kind(state: State, now_ms: int = NOW, **options: bool) -> dict[str, Item]:
    return {item.kind: item for item in state.items(now_ms, **options) if item.name != "shut"}


def test_levels_rise_while_nobody_asks(state: State) -> None:
    assert by_kind(state)["bucket"].facts["tokens"] == 4.0
    later = by_kind(state, NOW + 250)["bucket"].facts
    assert (later["tokens"], later["next_ms"], later["full_ms"]) == (4.5, 0, 251)
    assert by_kind(state, NOW + 10_000)["bucket"].facts["tokens"] == 5.0
    shut = next(item for item in state.items(NOW) if item.name == "shut")
    assert (shut.facts["next_ms"], shut.facts["full_ms"]) == (None, None)
    assert "lets nothing pass" in level(shut.as_data())


def test_a_quota_says_when_it_begins_anew(state: State) -> None:
    item = by_kind(state)["quota"]
    assert item.facts["used"] == 1
    assert level(item.as_data()) == (
        "1 of 10 used a day since 2023-11-14; begins anew in 1 h 46 min"
    )


def test_entries_say_who_filled_them_and_hide_tokens(state: State) -> None:
    items = by_kind(state, NOW + 5_000, values=True)
    response, authorizer = items["response"], items["authorizer"]
    assert title(response.as_data()) == "api/dev GET res1 id=7"
    assert level(response.as_data()) == "5 s old, fresh for 55 s more; filled by request request-1"
    assert response.facts["value"] == {"status": 200, "headers": [["X-A", "b"]], "body": "hello"}
    assert title(authorizer.as_data()) == "api/dev auth for …abcdef"
    assert "secret" not in json.dumps(authorizer.as_data())
    assert "no longer fresh" in level(by_kind(state, NOW + 61_000)["response"].as_data())


def test_all_of_it_is_json(state: State) -> None:
    data = [item.as_data() for item in state.items(NOW, values=True)]
    assert json.loads(json.dumps(data)) == data


def test_one_thing_is_reset_or_all(state: State) -> None:
    ids = {item.kind: item.id for item in by_kind(state).values()}
    assert [item.kind for item in state.reset([ids["response"]], NOW)] == ["response"]
    assert "response" not in by_kind(state)
    assert [item.kind for item in state.reset([ids["quota"], "unknown"], NOW)] == ["quota"]
    assert len(state.reset(None, NOW)) == 3
    assert state.items(NOW) == []


def test_ids_stay_the_same(state: State) -> None:
    assert [item.id for item in state.items(NOW)] == [item.id for item in state.items(NOW + 1)]
    ids = [item.id for item in state.items(NOW)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "0 ms"), (999, "999 ms"), (4_250, "4.25 s"), (60_000, "1 min"), (185_000, "3 min 5 s"),
        (7_800_000, "2 h 10 min"), (7_200_000, "2 h"), (273_600_000, "3 d 4 h"),
        (86_400_000, "1 d"),
    ],
)  # fmt: skip
def test_spans(ms: int, text: str) -> None:
    assert span(ms) == text
