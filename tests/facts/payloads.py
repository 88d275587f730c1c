"""Cases of payload format 2.0: events, and answers inferred; recorded on function URLs, mostly."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.testing import Gateway
from tests.facts.compare import body_checks, checks, differs, header_checks
from tests.facts.function import Function
from tests.facts.http_probe import FUNCTION
from tests.facts.shortfall import Shortfall, unknown

KNOWN = {
    "id", "theme", "kind", "surface", "source", "recorded", "evidence", "validated", "note",
    "request", "backend", "expect",
}  # fmt: skip
_EVENT = {
    "event", "event_subset", "event_headers", "event_headers_present", "event_headers_absent",
    "event_keys", "requestContext_keys",
}  # fmt: skip


#: By the surface that a case was recorded on.
_DEFINITIONS: Mapping[str, dict[str, Any]] = {
    "lambda-function-url": {
        "Resources": {
            "Url": {
                "Type": "AWS::Lambda::Url",
                "Properties": {"AuthType": "NONE", "TargetFunctionArn": "function"},
            }
        }
    },
    "http-api": {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/$default": {
                "x-amazon-apigateway-any-method": {
                    "x-amazon-apigateway-integration": {
                        "type": "AWS_PROXY",
                        "uri": FUNCTION,
                        "payloadFormatVersion": "2.0",
                    }
                }
            }
        },
    },
}


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Send the request to a function's URL, or to an API whose `$default` route is one."""
    yield from (unknown(key) for key in case if key not in KNOWN)
    function = Function(case.get("backend") or {"kind": "lambda"}, proxied=True)
    yield from function.unknown_keys()
    gateway = Gateway(_DEFINITIONS[case.get("surface", "http-api")], function=function)
    asked = case.get("request") or {}
    body = asked.get("body", "")
    content = base64.b64decode(asked["body_b64"]) if "body_b64" in asked else body
    result = gateway.request(
        asked.get("method", "GET"), asked.get("path", "/"), headers=asked.get("headers") or {},
        body=content,
    )  # fmt: skip
    expect = case["expect"]
    seen = {key: value for key, value in expect.items() if key in _EVENT}
    if seen:
        yield from function.judge(seen, gateway.api.host)
    yield from checks(
        {key: value for key, value in expect.items() if key not in _EVENT},
        {
            "status": lambda wanted: differs("status", wanted, result.status),
            **header_checks(result.headers),
            **body_checks(result.body),
        },
    )
