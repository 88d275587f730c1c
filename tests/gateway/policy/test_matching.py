"""Patterns of policies: what a wildcard stands for, in names, in resources and in ArnLike."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inspector.gateway.policy.glob import Glob, tokens
from inspector.gateway.policy.matching import action_like, arn_like, like, resource_like

ARN = "arn:aws:execute-api:us-east-1:123456789012:abcdef123/prod/GET/pets/7"


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
@example("", "a")
@example("**", "")
def test_wildcards_mean_what_they_mean_elsewhere(pattern: str, text: str) -> None:
    assert like(pattern, text) == fnmatchcase(text, pattern)
    assert Glob(tokens(pattern)).matches(text) == fnmatchcase(text, pattern)


def test_a_hostile_pattern_takes_no_time() -> None:
    assert not like("*a" * 2_000 + "b", "a" * 4_000)
    assert not resource_like("arn:aws:execute-api:*:*:" + "*a" * 1_000 + "b", ARN + "a" * 2_000)


@pytest.mark.parametrize(
    ("pattern", "covers"),
    [
        ("*", True),
        ("arn:aws:execute-api:*:*:abcdef123/*/GET/pets/*", True),
        ("arn:aws:execute-api:*:*:abcdef12?/prod/*", True),
        ("arn:aws:execute-api:*:*:*/*/*/pets/*", True),
        ("arn:aws:execute-api:*:*:*/*/GET/p*7", True),  # a star spans slashes
        ("arn:aws:execute-api:us-*-1:*:*", True),
        # What is not said is any (guide, Resource: missing parts are completed with *).
        ("arn:aws:execute-api:us-east-1:123456789012:*", True),
        ("arn:aws:execute-api:us-east-1", True),
        ("arn:aws:execute-api", True),
        ("arn:aws:lambda", False),
        # A star that ends a part may run on beyond the colon, one within it may not.
        ("arn:aws:execute-api:*:abcdef123/*", True),
        ("arn:*:abcdef123/*", True),
        ("arn:aws:execute-api:us*t-1:123456789012:*", True),
        ("arn:aws:execute-api:us*2:abcdef123/*", False),
        ("arn:aws:execute-api:us-east-1?123456789012:*", False),
        ("arn:aws:execute-api:eu-west-1:*:*", False),
        ("arn:aws:execute-api:*:*:abcdef123/prod/get/*", False),  # with case
        ("abcdef123/*", False),
        ("", False),
    ],
)
def test_resources(pattern: str, covers: bool) -> None:
    assert resource_like(pattern, ARN) is covers


def test_a_resource_may_be_abbreviated() -> None:
    assert resource_like("execute-api:/prod/*/pets/*", ARN)
    assert resource_like("execute-api:/*", ARN)
    assert not resource_like("execute-api:/dev/*", ARN)
    assert not resource_like("execute-api:/prod/POST/*", ARN)


def test_actions_have_no_case() -> None:
    assert action_like("EXECUTE-API:inv*", "execute-api:Invoke")
    assert not action_like("execute-api:Inv", "execute-api:Invoke")


@pytest.mark.parametrize(
    ("pattern", "covers"),
    [
        ("arn:aws:iam::1*:role/r*", True),
        ("arn:aws:iam::*:role/reader", True),
        ("arn:*:iam::*:role/*", True),
        ("*", True),
        ("arn:aws:iam::*", False),  # five parts: ArnLike looks at each of six
        ("arn:aws:*:role/reader", False),
        ("arn:aws:iam::123456789012:role/Reader", False),
    ],
)
def test_arn_like_looks_at_each_part(pattern: str, covers: bool) -> None:
    assert arn_like(pattern, "arn:aws:iam::123456789012:role/reader") is covers


def test_what_is_no_arn_is_compared_as_it_is() -> None:
    assert not arn_like("a*", "abc")
    assert arn_like("abc", "abc")
