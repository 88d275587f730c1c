"""Queries and headers on their way: what is sent is what arrives, whatever it is."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from inspector.gateway.query import all_values, last_values, parse, write
from inspector.gateway.visible import NOT_SENT, forwarded
from inspector.message import Headers, Request
from inspector.testing import Gateway

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PAIRS = st.lists(st.tuples(TEXTS, TEXTS).filter(lambda pair: pair != ("", "")), max_size=6)
#: A raw query as clients send it: escapes whole and broken, plus signs, bytes beyond ASCII.
RAW = st.lists(
    st.sampled_from(["a", "=", "&", "+", "%20", "%2B", "%", "%zz", "%C3%A9", "%FF", "é", "/", "?"]),
    max_size=12,
).map("".join)
NAMES = st.text("abcXYZ-", min_size=1, max_size=8).map(lambda name: f"X-{name}")
VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=12)
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=6)


def gateway() -> Gateway:
    proxied = {"type": "http_proxy", "httpMethod": "ANY", "uri": "http://backend.example/"}
    function = {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
        "arn:aws:lambda:us-east-1:123456789012:function:f/invocations",
    }

    def any_method(integration: dict[str, Any]) -> dict[str, Any]:
        method = {"responses": {}, "x-amazon-apigateway-integration": integration}
        return {"x-amazon-apigateway-any-method": method}

    return Gateway(
        {
            "openapi": "3.0.1",
            "info": {"title": "t", "version": "1"},
            "paths": {"/proxy": any_method(proxied), "/function": any_method(function)},
        },
        function=lambda event: EVENTS.append(event) or {"statusCode": 200},
        api_type="rest",
    )


EVENTS: list[Any] = []
SERVED = gateway()


@given(PAIRS)
def test_a_query_that_is_written_reads_back(pairs: list[tuple[str, str]]) -> None:
    assert list(parse(write(pairs))) == pairs
    assert parse_qsl(write(pairs), keep_blank_values=True) == pairs


@given(RAW)
def test_a_query_is_read_as_forms_are(raw: str) -> None:
    found = parse(raw)
    assert list(found) == parse_qsl(raw, keep_blank_values=True)
    assert parse(write(found)) == found


@given(PAIRS)
def test_a_proxied_query_arrives(pairs: list[tuple[str, str]]) -> None:
    result = SERVED.get(f"/proxy?{urlencode(pairs)}")
    assert list(parse(urlsplit(result.backend_requests[0].url).query)) == pairs


@given(PAIRS)
def test_a_function_is_told_every_value_and_the_last(pairs: list[tuple[str, str]]) -> None:
    SERVED.get(f"/function?{urlencode(pairs)}")
    event = EVENTS[-1]
    assert event["multiValueQueryStringParameters"] == (all_values(tuple(pairs)) or None)
    assert event["queryStringParameters"] == (last_values(tuple(pairs)) or None)


@given(FIELDS)
def test_proxied_headers_arrive_in_order(fields: list[tuple[str, str]]) -> None:
    host = ("Host", SERVED.api.host)
    sent = Request("GET", "/dev/proxy", Headers.of([host, *fields]))
    result = SERVED.send(sent)
    arrived = [pair for pair in result.backend_requests[0].headers if pair[0].startswith("X-")]
    own = {"x-amzn-apigateway-api-id", "x-amzn-trace-id"}
    assert [pair for pair in arrived if pair[0].lower() not in own] == [
        pair for pair in fields if forwarded(pair[0]) and pair[0].lower() not in NOT_SENT
    ]


@given(FIELDS)
def test_a_function_is_told_every_header(fields: list[tuple[str, str]]) -> None:
    host = ("Host", SERVED.api.host)
    SERVED.send(Request("GET", "/dev/function", Headers.of([host, *fields])))
    event = EVENTS[-1]
    for name, value in dict(fields).items():
        if name.lower() not in {"x-api-key", "x-amzn-trace-id"}:
            assert event["headers"][name] == value
            assert event["multiValueHeaders"][name] == [v for n, v in fields if n == name]


@given(FIELDS)
def test_header_sets_are_looked_up_without_case(fields: list[tuple[str, str]]) -> None:
    headers = Headers.of(fields)
    for name, _ in fields:
        same = [value for field, value in fields if field.lower() == name.lower()]
        assert list(headers.all(name.swapcase())) == same
    assert list(headers) == fields
