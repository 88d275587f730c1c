"""Parameter mapping: every source, every action, both directions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gateway.http_api.expressions import LOOKED_AT
from inspector.gateway.http_api.parameter_mapping import change_query, compile_changes, made
from inspector.gateway.query import parse
from inspector.message import Headers, Response
from inspector.model import ParameterMapping, Source
from inspector.testing import DefinitionError, Gateway, Result

HERE = Source("a", 1, 1, "")


def gateway(
    requested: dict[str, str] | None = None,
    answered: dict[str, dict[str, str]] | None = None,
    *,
    answer: Response | None = None,
    function: bool = False,
) -> Gateway:
    integration: dict[str, Any] = {
        "type": "AWS_PROXY" if function else "HTTP_PROXY",
        "httpMethod": "POST" if function else "ANY",
        "uri": "arn:aws:lambda:us-east-1:1:function:f" if function else "http://b.example/x/{id}",
        "payloadFormatVersion": "2.0" if function else "1.0",
        "requestParameters": requested or {},
        "responseParameters": answered or {},
    }
    path = {"x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": integration}}
    document = {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {"/p/{id}": path},
    }
    return Gateway(
        document, backend=lambda _: answer or Response(200), variables={"v": "stage-value"}
    )


def send(of: Gateway) -> Result:
    headers = [("X-A", "1"), ("x-a", "2"), ("User-Agent", "probe")]
    body = json.dumps({"a": {"b": [1, {"c": "deep"}]}, "n": 7, "o": {"k": None}})
    return of.post("/p/seven?q=1&q=2&r=x", headers=headers, body=body)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("$request.header.x-A", "1,2"),
        ("$request.querystring.q", "1,2"),
        ("$request.querystring.Q", None),
        ("$request.path", "/p/seven"),
        ("$request.path.id", "seven"),
        ("$request.body.a.b[1].c", "deep"),
        ("$request.body.n", "7"),
        ("$request.body.o", '{"k":null}'),
        ("$request.body.nothing", None),
        ("$stageVariables.v", "stage-value"),
        ("$context.routeKey", "ANY /p/{id}"),
        ("$context.identity.userAgent", "probe"),
        ("$context.nothing", None),
        ("static", "static"),
        ("''", ""),
        ("${request.path.id}-${stageVariables.v}", "seven-stage-value"),
        ("a ${request.querystring.none} b", "a  b"),
        ("$5", "$5"),
    ],
)
def test_every_source(expression: str, value: str | None) -> None:
    [asked] = send(gateway({"append:header.found": expression})).backend_requests
    assert asked.headers.get("found") == value


def test_a_json_path_sees_the_first_hundred_kilobytes() -> None:
    of = gateway({"append:header.found": "$request.body.a"})
    large = json.dumps({"a": "x", "b": "y" * LOOKED_AT})
    [asked] = of.post("/p/1", body=large).backend_requests
    assert asked.headers.get("found") is None


def test_headers_are_appended_overwritten_and_removed() -> None:
    [asked] = send(gateway({
        "append:header.x-a": "3", "overwrite:header.user-agent": "mine", "remove:header.host": "''",
        "append:header.copy": "$request.header.user-agent",
    })).backend_requests  # fmt: skip
    assert asked.headers.all("x-a") == ("1", "2", "3")
    assert asked.headers.all("user-agent") == ("mine",)
    assert asked.headers.get("copy") == "probe", "values are those of the client's request"
    assert asked.headers.get("host") == "b.example"


def test_query_and_path() -> None:
    [asked] = send(gateway({
        "append:querystring.q": "3", "overwrite:querystring.r": "a b", "remove:querystring.none": "''",
        "overwrite:path": "/other/${request.path.id}",
    })).backend_requests  # fmt: skip
    assert asked.url == "http://b.example/other/seven?q=1&q=2&q=3&r=a%20b"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("/v1/$request.path.id", "/v1/seven"),
        ("/dev$request.path", "/dev/p/seven"),
        ("$request.path.id/x", "seven/x"),
        ("$request.header.x-a/x", "1,2/x"),
        ("$request.header.x-a; $request.header.x-a", "1,2; $request.header.x-a"),
        ("id $context.requestId.", "id EP5y6FQaIAMEXLA=."),
        ("v=$stageVariables.v", "v=stage-value"),
        ("n: $request.body.n", "n: 7"),
        ("a $context.nothing", "a "),
        ("${request.path.id} $request.path.id", "seven $request.path.id"),
        ("5 $ and $contextual", "5 $ and $contextual"),
    ],
)
def test_one_variable_may_stand_in_a_text_without_braces(expression: str, value: str) -> None:
    [asked] = send(gateway({"append:header.found": expression})).backend_requests
    assert asked.headers.get("found") == value


def test_the_host_is_not_reserved() -> None:
    [asked] = send(gateway({"overwrite:header.Host": "$request.path.id.example"})).backend_requests
    assert asked.headers.all("host") == ("b.example",), "nothing is called so"
    [asked] = send(
        gateway({"overwrite:header.Host": "${request.path.id}.example"})
    ).backend_requests
    assert asked.headers.all("host") == ("seven.example",)
    assert asked.url.startswith("http://b.example/x/seven")


def test_a_function_sees_the_mapped_request() -> None:
    [call] = send(gateway(
        {"overwrite:header.x-a": "new", "remove:querystring.q": "''", "overwrite:path": "/else"},
        function=True,
    )).invocations  # fmt: skip
    event = json.loads(call.payload)
    assert (event["headers"]["x-a"], event["rawQueryString"], event["rawPath"]) == (
        "new", "r=x", "/else",
    )  # fmt: skip
    assert event["queryStringParameters"] == {"r": "x"}


def test_the_developer_guides_example_of_answers() -> None:
    rules = {
        "500": {"append:header.header1": "$context.requestId", "overwrite:statuscode": "403"},
        "404": {"append:header.error": "$stageVariables.v"},
    }
    broken = gateway(answered=rules, answer=Response(500)).get("/p/1")
    assert (broken.status, broken.headers.get("header1")) == (403, "EP5y6FQaIAMEXLA=")
    missing = gateway(answered=rules, answer=Response(404)).get("/p/1")
    assert (missing.status, missing.headers.get("error")) == (404, "stage-value")
    fine = gateway(answered=rules, answer=Response(200)).get("/p/1")
    assert "header1" not in fine.headers


def test_sources_of_answers() -> None:
    answer = Response(200, Headers.of([("X-B", "1"), ("x-b", "2")]), b'{"a":{"b":true}}')
    rules = {"200": {"overwrite:header.h": "$response.header.x-b", "append:header.b": "$response.body.a.b",
                     "remove:header.x-b": "''"}}  # fmt: skip
    result = gateway(answered=rules, answer=answer).get("/p/1")
    assert (result.headers.get("h"), result.headers.get("b")) == ("1,2", "true")
    assert "x-b" not in result.headers


@pytest.mark.parametrize(
    ("requested", "answered", "code"),
    [
        ({"append:header.Authorization": "x"}, {}, "reserved-header"),
        ({"append:header.apigw-x": "x"}, {}, "reserved-header"),
        ({"remove:header.X-Amzn-Trace-Id": "''"}, {}, "reserved-header"),
        ({"add:header.x": "y"}, {}, "mapping-key"),
        ({"append:path": "/x"}, {}, "mapping-key"),
        ({"overwrite:statuscode": "200"}, {}, "mapping-key"),
        ({"append:header.x": "$request.method"}, {}, "mapping-expression"),
        ({"append:header.x": "$request.body..a"}, {}, "mapping-expression"),
        ({"append:header.x": "${response.header.a}"}, {}, "mapping-expression"),
        ({}, {"200": {"overwrite:path": "/x"}}, "mapping-key"),
        ({}, {"200": {"append:querystring.x": "y"}}, "mapping-key"),
        ({}, {"200": {"append:header.via": "x"}}, "reserved-header"),
        ({}, {"all": {"append:header.x": "y"}}, "response-parameters"),
    ],
)
def test_what_amazon_refuses(
    requested: dict[str, str], answered: dict[str, dict[str, str]], code: str
) -> None:
    with pytest.raises(DefinitionError) as refused:
        gateway(requested, answered)
    assert [each.code for each in refused.value.diagnostics] == [code]


NAMES = st.sampled_from(["a", "b", "c d", "é"])
QUERIES = st.lists(st.tuples(NAMES, st.text(max_size=3)), max_size=5)


@given(QUERIES, st.lists(st.tuples(st.sampled_from(["append", "overwrite", "remove"]), NAMES,
                                   st.sampled_from(["1", "x y", "&="])), max_size=4))  # fmt: skip
def test_a_query_changes_as_its_pairs_do(
    pairs: list[tuple[str, str]], changes: list[tuple[str, str, str]]
) -> None:
    from urllib.parse import urlencode  # noqa: PLC0415  a second opinion

    model = list(pairs)
    for action, name, value in changes:
        if action != "append":
            model = [pair for pair in model if pair[0] != name]
        if action != "remove":
            model.append((name, value))
    mappings = [ParameterMapping(f"{a}:querystring.{n}", v, HERE) for a, n, v in changes]
    compiled = compile_changes(mappings)
    query = change_query(urlencode(pairs), made(compiled, None))  # type: ignore[arg-type]
    assert list(parse(query)) == model
