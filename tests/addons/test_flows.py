from __future__ import annotations

import pytest
from mitmproxy.http import Request

from addons.flows import host_of, reason


@pytest.mark.parametrize(
    ("status", "phrase"),
    [
        (200, b"OK"),
        (431, b"Request Header Fields Too Large"),
        (504, b"Gateway Time-out"),
        (299, b""),
    ],
)
def test_the_usual_phrase_of_a_status(status, phrase):
    assert reason(status) == phrase


@pytest.mark.parametrize(
    "host",
    ["a.example", "A.example:8080", "[::1]:80", "[::1]", "x:99999", "bad host", "\xe9.example", ""],
)
def test_the_host_is_the_one_that_mitmproxy_calls_pretty(host):
    request = Request.make("GET", "http://10.0.0.1:81/a", headers={"Host": host})
    assert host_of(request) == request.pretty_host


def test_without_a_header_it_is_where_the_request_goes():
    request = Request.make("GET", "http://10.0.0.1:81/a")
    assert host_of(request) == "10.0.0.1"
