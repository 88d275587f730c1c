"""Routing: the recorded cases, and every tree against an exhaustive search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gateway.routing import RoutingTree, segments_of

SEGMENTS = ("a", "b", "{x}", "{y}")
PATHS = st.lists(st.sampled_from(SEGMENTS), max_size=4).flatmap(
    lambda parts: st.sampled_from([parts, [*parts, "{rest+}"]])
)
ROUTES = st.lists(st.tuples(PATHS, st.sampled_from(["GET", "POST", "ANY"])), max_size=12)
REQUEST_PATHS = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=5)


def rank(template: list[str], path: list[str]) -> tuple[int, ...] | None:
    """How specific a template is for a path, segment by segment; None where it does not match."""
    kinds = []
    for index, segment in enumerate(template):
        if segment.endswith("+}"):
            return (*kinds, 2) if len(path) > index else None
        if index >= len(path):
            return None
        if not segment.startswith("{"):
            if segment != path[index]:
                return None
            kinds.append(0)
        elif path[index]:
            kinds.append(1)
        else:
            return None
    return tuple(kinds) if len(path) == len(template) else None


@given(ROUTES, REQUEST_PATHS, st.sampled_from(["GET", "POST", "PUT"]))
def test_a_match_is_the_most_specific_of_all(
    routes: list[tuple[list[str], str]], path: list[str], method: str
) -> None:
    text = "/" + "/".join(path)
    segments = segments_of(text)
    tree = RoutingTree(
        ("/" + "/".join(template), verb, (tuple(template), verb)) for template, verb in routes
    )
    candidates = [
        (ranked, verb != method)
        for template, verb in routes
        if verb in (method, "ANY") and (ranked := rank(template, segments)) is not None
    ]
    found = tree.match(method, text)
    if not candidates:
        assert found is None
    else:
        assert found is not None
        template, verb = found.found
        assert rank(list(template), segments) == min(candidates)[0]
        assert (rank(list(template), segments), verb != method) == min(candidates)


@pytest.mark.parametrize(
    ("method", "path", "expected", "parameters"),
    [
        ("GET", "/part1/hardcoded-value", "hardcoded", {}),
        ("GET", "/part1/random-value", "proxy", {"param": "part1/random-value"}),
        ("GET", "/part1", "part1", {}),
        ("OPTIONS", "/test", "options", {"param": "test"}),
        ("OPTIONS", "/test/any", "any", {}),
        ("GET", "/test/any/", "any", {}),
        ("GET", "/pets/%2B@x", "pet", {"id": "%2B@x"}),
        ("GET", "/v//double/", "proxy", {"param": "v//double"}),
        ("GET", "/", None, {}),
        ("PATCH", "/test", None, {}),
    ],
)
def test_recorded_routes(
    method: str, path: str, expected: str | None, parameters: dict[str, str]
) -> None:
    """Facts 25-36: routing, backtracking, method in the match, slashes, no decoding."""
    tree = RoutingTree(
        [
            ("/{param+}", "GET", "proxy"),
            ("/{param+}", "OPTIONS", "options"),
            ("/part1", "GET", "part1"),
            ("/part1/hardcoded-value", "GET", "hardcoded"),
            ("/test", "POST", "post"),
            ("/test/any", "ANY", "any"),
            ("/pets/{id}", "GET", "pet"),
        ]
    )
    found = tree.match(method, path)
    assert (found.found if found else None) == expected
    if found:
        assert found.path_parameters == parameters
