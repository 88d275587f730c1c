"""What an HTTP API's refusals explain: the nearest route, its line, what to try."""

from __future__ import annotations

from typing import Any

from inspector.gateway.explain import Explanation
from inspector.testing import Gateway


def gateway(*keys: str, **more: Any) -> Gateway:
    integration = {"type": "HTTP_PROXY", "httpMethod": "ANY", "uri": "http://b.example/",
                   "payloadFormatVersion": "1.0"}  # fmt: skip
    paths: dict[str, Any] = {}
    for key in keys:
        method, _, path = key.partition(" ")
        name = "x-amazon-apigateway-any-method" if method == "ANY" else method.lower()
        paths.setdefault(path, {})[name] = {"x-amazon-apigateway-integration": integration}
    return Gateway(
        {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": paths, **more}
    )


def explained(of: Gateway, method: str, path: str, **options: Any) -> Explanation:
    return of.explain(of.request(method, path, **options))


def test_a_slash_too_much_is_told_with_the_request_that_matches() -> None:
    of = gateway("GET /orders", "POST /other")
    found = explained(of, "GET", "/orders/?a=b")
    assert found.part == "path"
    assert found.checks[2].text == "a slash at the end differs"
    [attempt] = found.tries
    assert attempt.request is not None
    assert attempt.request.target == "/orders?a=b"
    assert of.send(attempt.request).status == 200
    assert not {"Resource policy", "Method request"} & {check.name for check in found.checks}


def test_the_nearest_routes_and_what_differs() -> None:
    of = gateway("GET /orders/{id}", "GET /Orders", "DELETE /far/away/from/here")
    wrong_method = explained(of, "PUT", "/orders/7")
    assert wrong_method.part == "method"
    assert [check.text for check in wrong_method.checks if check.name == "GET /orders/{id}"] == [
        "its method is GET"
    ]
    wrong_case = explained(of, "GET", "/orders")
    assert "upper and lower case differ" in [check.text for check in wrong_case.checks]
    assert "DELETE /far/away/from/here" not in [check.name for check in wrong_case.checks]


def test_a_preflight_that_is_refused_names_the_line() -> None:
    cors = {"allowOrigins": ["https://a.example"], "allowMethods": ["GET"]}
    asked = {"Origin": "https://b.example", "Access-Control-Request-Method": "GET"}
    of = gateway("GET /a", **{"x-amazon-apigateway-cors": cors})
    found = explained(of, "OPTIONS", "/a", headers=asked)
    assert (found.rule, found.part) == ("cors.preflight-not-allowed", "header Origin")
    assert found.source is not None
    assert found.source.pointer.endswith("/allowOrigins")


def test_a_preflight_that_a_route_catches() -> None:
    cors = {"allowOrigins": ["https://a.example"], "allowMethods": ["GET"]}
    asked = {"Origin": "https://b.example", "Access-Control-Request-Method": "GET"}
    of = gateway("ANY /a", **{"x-amazon-apigateway-cors": cors})
    found = explained(of, "OPTIONS", "/a", headers=asked)
    assert [note.rule for note in found.notes] == ["cors.caught", "cors.http-api"]
