"""Where custom domains lead."""

from __future__ import annotations

import pytest

from inspector.gateway.domains import lead
from inspector.model import (
    DomainMapping,
    DomainName,
    HeaderMatch,
    RoutingCondition,
    RoutingRule,
    Source,
)

HERE = Source("t.yaml", 1, 1, "")


def domain(*paths: str, rules: tuple[RoutingRule, ...] = (), mode="API_MAPPING_ONLY") -> DomainName:
    mappings = tuple(DomainMapping(path, path or "root", "prod", HERE) for path in paths)
    return DomainName(
        name="api.example.com", source=HERE, mappings=mappings, rules=rules, routing_mode=mode
    )


def rule(priority: int, *conditions: RoutingCondition, strip: bool = False) -> RoutingRule:
    return RoutingRule(
        source=HERE, priority=priority, api_id=f"rule{priority}", stage="s",
        conditions=conditions, strip_base_path=strip,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "api_id", "rest"),
    [
        ("/v1/pets", "v1", "/pets"),
        ("/v1", "v1", "/"),
        ("/v10/pets", "root", "/v10/pets"),
        ("/v1/orders/7?a=b", "v1/orders", "/7?a=b"),
        ("/v1?x=/y", "v1", "/?x=/y"),
        ("/", "root", "/"),
    ],
)
def test_the_longest_mapping_wins_by_whole_segments(path, api_id, rest) -> None:
    led = lead(domain("", "v1", "v1/orders"), path, ())
    assert led is not None
    assert (led.api_id, led.stage, led.path) == (api_id, "prod", rest)


def test_without_a_mapping_nothing_is_found() -> None:
    assert lead(domain("v1"), "/v2", ()) is None


def test_a_mapping_without_a_stage_takes_it_from_the_path() -> None:
    mapping = DomainMapping("v1", "api", None, HERE)
    led = lead(DomainName(name="d", source=HERE, mappings=(mapping,)), "/v1/beta/pets", ())
    assert led is not None
    assert (led.stage, led.path) == ("beta", "/pets")


def test_rules_are_asked_by_priority_and_all_conditions_hold() -> None:
    header = RoutingCondition((), (HeaderMatch("x-version", "alpha*?"),))
    base = RoutingCondition(("v1", "v1/orders"), ())
    rules = (rule(20), rule(10, header, base, strip=True))
    found = domain("", rules=rules, mode="ROUTING_RULE_THEN_API_MAPPING")
    led = lead(found, "/v1/orders/7", [("X-Version", "alpha-2?")])
    assert led is not None
    assert (led.api_id, led.base_path, led.path) == ("rule10", "v1/orders", "/7")
    for path, value in (("/v2", "alpha?"), ("/v1", "alpha"), ("/v1", "beta?")):
        other = lead(found, path, [("X-Version", value)])
        assert other is not None
        assert other.api_id == "rule20"


@pytest.mark.parametrize(
    ("mode", "api_id"),
    [
        ("API_MAPPING_ONLY", "root"),
        ("ROUTING_RULE_ONLY", None),
        ("ROUTING_RULE_THEN_API_MAPPING", "root"),
    ],
)
def test_the_routing_mode_says_what_is_asked(mode, api_id) -> None:
    rules = (rule(1, RoutingCondition(("never",), ())),)
    led = lead(domain("", rules=rules, mode=mode), "/a", ())
    assert (led.api_id if led else None) == api_id
