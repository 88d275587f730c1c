"""X-HTTP-Method-Override: the method that counts is the header's (guide, "Important notes")."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.testing import Gateway

BACKEND = {"type": "http_proxy", "httpMethod": "ANY", "uri": "http://pets.example/pets"}


def _gateway(**more: Any) -> Gateway:
    mapped = {
        **BACKEND,
        "requestParameters": {
            "integration.request.header.X-HTTP-Method-Override": (
                "method.request.header.X-HTTP-Method-Override"
            )
        },
    }
    parameters = [{"name": "X-HTTP-Method-Override", "in": "header"}]
    return Gateway(
        {
            "openapi": "3.0.1",
            "info": {"title": "pets", "version": "1"},
            "paths": {
                "/pets": {
                    "delete": {"x-amazon-apigateway-integration": BACKEND},
                    "post": {
                        "parameters": parameters, "x-amazon-apigateway-integration": mapped,
                    },
                }
            },
        },
        backend=lambda request: {"method": request.method},
        **more,
    )  # fmt: skip


@pytest.mark.parametrize("asked", ["DELETE", "delete", " Delete "])
def test_the_header_decides_and_goes_no_further(asked: str) -> None:
    result = _gateway().post("/pets", headers={"X-HTTP-Method-Override": asked})
    assert result.json() == {"method": "DELETE"}
    [sent] = result.backend_requests
    assert sent.headers.get("x-http-method-override") is None
    assert "It was sent as POST" in "\n".join(map(str, result.story))


def test_it_reaches_the_backend_where_it_is_mapped() -> None:
    result = _gateway().request("PUT", "/pets", headers={"X-HTTP-Method-Override": "POST"})
    [sent] = result.backend_requests
    assert sent.headers.get("x-http-method-override") == "POST"


def test_a_method_that_the_path_does_not_have_is_refused() -> None:
    gateway = _gateway()
    result = gateway.post("/pets", headers={"X-HTTP-Method-Override": "GET"})
    assert result.status == 403
    found = gateway.explain(result)
    assert found.part == "header X-HTTP-Method-Override"
    assert "has no method GET. It was sent as POST" in found.sentence


def test_what_is_no_method_and_an_http_api_leave_it_alone() -> None:
    odd = _gateway().post("/pets", headers={"X-HTTP-Method-Override": "BREW"})
    assert odd.json() == {"method": "POST"}
    paths = {"/pets": {"post": {"x-amazon-apigateway-integration": BACKEND}}}
    definition = {"openapi": "3.0.1", "info": {"title": "a", "version": "1"}, "paths": paths}
    http = Gateway(definition, api_type="http", backend=lambda request: {"is": request.method})
    sent = http.post("/pets", headers={"X-HTTP-Method-Override": "DELETE"})
    assert sent.json() == {"is": "POST"}
