from __future__ import annotations

import pytest
from mitmproxy.http import Headers, Request

from addons.flows import framing, host_of, reason


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


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ([], ("", False)),
        ([(b"CONTENT-length", b"12"), (b"host", b"a")], ("12", False)),
        ([(b"transfer-Encoding", b"chunked")], ("", True)),
        ([(b"content-length", b"1"), (b"Transfer-Encoding", b"x"), (b"Content-Length", b"2")],
         ("1", True)),
        ([(b"content-lengths", b"1"), (b"x-transfer-encoding", b"y")], ("", False)),
    ],
)  # fmt: skip
def test_how_a_body_is_framed(fields, found):
    assert framing(Headers(fields)) == found
