"""Our look-ups of headers find what mitmproxy's own find."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.http import Headers

from addons import header_lookups
from addons.header_lookups import contains, got, made

# Where mitmproxy has them from; another test of this process may have put ours in their place.
_OWN_GET, _OWN_CONTAINS, _OWN_MADE = Mapping.get, Mapping.__contains__, header_lookups._make
_BYTES = st.sampled_from([b"Host", b"host", b"HOST", b"Cookie", b"x-\xe9", b"x-\xc3\xa9", b""])
_FIELDS = st.lists(st.tuples(_BYTES, st.binary(max_size=4)), max_size=6)
_NAMES = st.one_of(
    _BYTES,
    st.sampled_from(["host", "Host", "cookie", "COOKIE", "x-\xe9", "x-\xc9", "x-\udce9", "", "no"]),
)


@given(_FIELDS, _NAMES)
def test_the_same_is_found(fields: list[tuple[bytes, bytes]], name: str | bytes) -> None:
    headers = Headers(fields)
    assert got(headers, name, "none") == _OWN_GET(headers, name, "none")
    assert contains(headers, name) is _OWN_CONTAINS(headers, name)


@given(_FIELDS)
def test_the_same_is_made(fields: list[tuple[bytes, bytes]]) -> None:
    ours, own = Headers.__new__(Headers), Headers.__new__(Headers)
    made(ours, tuple(fields), x_more="1")
    _OWN_MADE(own, tuple(fields), x_more="1")
    assert ours.fields == own.fields
    made(ours, tuple(fields))
    _OWN_MADE(own, tuple(fields))
    assert ours.fields == own.fields


def test_what_is_no_name_is_refused_as_before() -> None:
    with pytest.raises(TypeError):
        _OWN_CONTAINS(Headers(), 1)
    with pytest.raises(TypeError):
        contains(Headers(), 1)
