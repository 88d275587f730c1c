"""Route precedence: Amazon's own table, and every table of routes against an exhaustive search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gateway.http_api.routes import RouteTable, segments_of

SEGMENTS = ("a", "b", "{x}", "{y}")
PATHS = st.lists(st.sampled_from(SEGMENTS), max_size=4).flatmap(
    lambda parts: st.sampled_from([parts, [*parts, "{rest+}"]])
)
ROUTES = st.lists(st.tuples(PATHS, st.sampled_from(["GET", "POST", "ANY"])), max_size=12)
REQUEST_PATHS = st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=1, max_size=5)


def rank(template: list[str], path: list[str]) -> tuple[int, ...] | None:
    """How specific a template is for a path: greedy or not first, then segment by segment."""
    kinds: list[int] = []
    for index, segment in enumerate(template):
        if segment.endswith("+}"):
            rest = path[index:]
            return (1, *kinds, 2) if rest else None
        if index >= len(path):
            return None
        if segment.startswith("{"):
            if not path[index]:
                return None
            kinds.append(1)
        elif segment != path[index]:
            return None
        else:
            kinds.append(0)
    return (0, *kinds) if len(path) == len(template) else None


@given(ROUTES, REQUEST_PATHS, st.sampled_from(["GET", "POST", "PUT"]), st.booleans())
def test_a_match_is_the_most_specific_of_all(
    routes: list[tuple[list[str], str]], parts: list[str], method: str, default: bool
) -> None:
    keys = [f"{verb} /{'/'.join(template)}" for template, verb in routes]
    table = RouteTable(
        [*zip(keys, routes, strict=True), *([("$default", ([], "$default"))] if default else [])]
    )
    path = "/" + "/".join(parts)
    segments = segments_of(path)
    candidates = [
        (found, verb == "ANY", index)
        for index, (template, verb) in enumerate(routes)
        if verb in (method, "ANY") and (found := rank(template, segments)) is not None
    ]
    match = table.match(method, path)
    if not candidates:
        assert (None if match is None else match.found[1]) == ("$default" if default else None)
        return
    best = min(candidates)
    assert match is not None
    assert match.found == routes[best[2]]


@given(REQUEST_PATHS)
def test_variables_hold_what_stood_in_the_path(parts: list[str]) -> None:
    table = RouteTable([("GET /{one}/{two}", 1), ("GET /a/{rest+}", 2), ("$default", 3)])
    path = "/" + "/".join(parts)
    match = table.match("GET", path)
    assert match is not None
    values = match.path_parameters
    if match.found == 1:
        assert path == f"/{values['one']}/{values['two']}"
    elif match.found == 2:
        assert path == f"/a/{values['rest']}"
    else:
        assert values == {}


AMAZONS = (
    "GET /pets/dog/1",
    "GET /pets/dog/{id}",
    "GET /pets/{proxy+}",
    "ANY /{proxy+}",
    "$default",
)


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("GET", "/pets/dog/1", "GET /pets/dog/1"),
        ("GET", "/pets/dog/2", "GET /pets/dog/{id}"),
        ("GET", "/pets/cat/1", "GET /pets/{proxy+}"),
        ("POST", "/test/5", "ANY /{proxy+}"),
        ("GET", "/", "$default"),
        ("GET", "/pets/", "GET /pets/{proxy+}"),
    ],
)
def test_the_table_of_the_developer_guide(method: str, path: str, key: str) -> None:
    match = RouteTable([(each, each) for each in AMAZONS]).match(method, path)
    assert match is not None
    assert match.found == key


def test_a_full_match_goes_before_a_greedy_one() -> None:
    table = RouteTable([("GET /a/{rest+}", "greedy"), ("GET /{x}/b", "full")])
    match = table.match("GET", "/a/b")
    assert match is not None
    assert (match.found, match.path_parameters) == ("full", {"x": "a"})
