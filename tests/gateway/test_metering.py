"""Keys, plans, quotas and throttles, through the pipeline and against an exact model."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gateway.effects import Bucket, Meter, QuotaCount
from inspector.gateway.narration import describe
from inspector.model import (
    ApiKey,
    MethodSettings,
    PlanStage,
    Quota,
    Source,
    StageKey,
    Throttle,
    UsagePlan,
)
from inspector.runtime.meters import Meters
from inspector.testing import Gateway, Result

SOURCE = Source("test", 1, 1, "")
KEY = ApiKey(id="k1", source=SOURCE, value="secret-of-ann", name="ann")
STAGE = StageKey("api1", "dev", SOURCE)


def gateway(*, plan: dict[str, Any] | None = None, key: ApiKey = KEY, **options: Any) -> Gateway:
    mock = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200"}},
    }
    method = {"responses": {"200": {"description": "x"}}, "security": [{"key": []}],
              "x-amazon-apigateway-integration": mock}  # fmt: skip
    document = {
        "openapi": "3.0.1",
        "info": {"title": "metered", "version": "1"},
        "paths": {"/pets": {"get": method}, "/open": {"get": {**method, "security": []}}},
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}
        },
    }
    declared = {"api_stages": (PlanStage(STAGE),), "keys": ("k1",), **(plan or {})}
    plans = [UsagePlan(id="p1", source=SOURCE, **declared)]
    return Gateway(document, api_id="api1", api_keys=[key], usage_plans=plans, **options)


def call(served: Gateway, path: str = "/pets", key: str | None = KEY.value) -> Result:
    return served.get(path, headers={} if key is None else {"X-API-Key": key})


def step(result: Result) -> str:
    return next(describe(each) for each in result.answer.trace if each.stage == "meter")


@pytest.mark.parametrize(
    ("served", "key", "words"),
    [
        (gateway(), None, "no x-api-key header came"),
        (gateway(), "wrong", "Nobody has the API key"),
        (gateway(key=replace(KEY, enabled=False)), KEY.value, "API key ann is disabled"),
        (gateway(plan={"keys": ()}), KEY.value, "in no usage plan of this stage"),
        (gateway(plan={"api_stages": ()}), KEY.value, "in no usage plan of this stage"),
    ],
)
def test_each_broken_link_is_the_same_answer_and_another_sentence(
    served: Gateway, key: str | None, words: str
) -> None:
    result = call(served, key=key)
    assert (result.status, result.text) == (403, '{"message":"Forbidden"}')
    assert result.response.headers.get("x-amzn-ErrorType") == "ForbiddenException"
    assert words in step(result)


def test_a_key_lets_in() -> None:
    assert call(gateway()).status == 200


def test_an_open_method_asks_nothing() -> None:
    result = call(gateway(), "/open", None)
    assert result.status == 200
    assert result.answer.trace[2].stage != "meter"


def test_a_spent_quota() -> None:
    served = gateway(plan={"quota": Quota(2, "DAY", 0, SOURCE)})
    assert [call(served).status for _ in range(3)] == [200, 200, 429]
    result = call(served)
    assert result.text == '{"message":"Limit Exceeded"}'
    assert "2 of 2 a day" in step(result)
    assert call(served, "/open").status == 429, "a key that is not asked for is metered, too"
    assert call(served, "/open", None).status == 200
    later = replace(served.environment, time_ms=served.environment.time_ms + 86_400_000)
    served.environment = later
    assert call(served).status == 200


def test_the_limits_of_plan_and_method_in_their_order() -> None:
    single = PlanStage(STAGE, {"/pets/GET": Throttle(1.0, 1, SOURCE)})
    served = gateway(plan={"api_stages": (single,), "throttle": Throttle(10.0, 3, SOURCE)})
    assert call(served).status == 200
    result = call(served)
    assert (result.status, result.text) == (429, '{"message":"Too Many Requests"}')
    assert result.response.headers.get("x-amzn-ErrorType") == "TooManyRequestsException"
    assert "bucket plan p1 key k1 /pets/GET is empty" in step(result)
    assert [call(served, "/open").status for _ in range(3)] == [200, 200, 429]
    served.environment = replace(served.environment, time_ms=served.environment.time_ms + 1_000)
    assert call(served).status == 200


LIMITS = st.tuples(st.integers(1, 20), st.integers(1, 5))


@given(LIMITS, st.lists(st.integers(0, 1_500), max_size=40))
def test_a_bucket_is_a_token_bucket(limits: tuple[int, int], gaps: list[int]) -> None:
    rate, burst = limits
    meters, bucket = Meters(), Bucket("b", float(rate), burst)
    tokens, now = Fraction(burst), 0
    for gap in gaps:
        now += gap
        tokens = min(Fraction(burst), tokens + Fraction(gap * rate, 1000))
        if 0 < abs(tokens - 1) < Fraction(1, 1_000_000):
            return  # floating point may fall on either side
        expected = tokens >= 1
        reply = meters.take(Meter(None, (bucket,), now))
        if abs(tokens - 1) > Fraction(1, 1_000_000):
            assert (reply.refused is None) is expected
        if reply.refused is None:
            tokens -= 1


def test_periods_begin_at_midnight_on_monday_and_on_the_first() -> None:
    meters = Meters()
    friday = 1_764_331_199_000  # 2025-11-28T11:59:59Z
    for period, days in (("DAY", 1), ("WEEK", 3), ("MONTH", 3)):
        quota = QuotaCount(f"q {period}", 1, period)  # type: ignore[arg-type]
        assert meters.take(Meter(quota, (), friday)).refused is None
        reply = meters.take(Meter(quota, (), friday))
        assert reply.refused == "quota"
        assert reply.wait_ms == (days * 24 - 12) * 3_600_000 + 1_000
        assert meters.take(Meter(quota, (), friday + reply.wait_ms)).refused is None


def test_what_is_refused_takes_nothing() -> None:
    meters = Meters()
    full, empty = Bucket("full", 1.0, 5), Bucket("empty", 0.001, 1)
    meters.take(Meter(None, (empty,), 0))
    for _ in range(10):
        assert meters.take(Meter(None, (full, empty), 0)).refused == "throttle"
    assert meters.take(Meter(None, (full,), 0)).levels == (4.0,)


def test_a_stage_throttles_everybody() -> None:
    served = gateway()
    deployment = next(iter(served._served.deployments.values()))
    settings = {"*/*": MethodSettings(source=SOURCE, throttle=Throttle(1.0, 2, SOURCE))}
    stage = replace(deployment.stage, method_settings=settings)
    traffic = replace(deployment.traffic, stage=stage)
    throttled = replace(deployment, traffic=traffic, throttled=traffic.throttled)
    served._served = replace(served._served, deployments={"dev": throttled})
    assert [call(served, "/open", None).status for _ in range(3)] == [200, 200, 429]
