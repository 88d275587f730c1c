"""Our verdict on a call is that of a real browser, for REST and for HTTP APIs.

A page on one origin calls a gateway on another; each call is judged here from the same definition.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from inspector.cli.gateway_child import GatewayChild
from inspector.cli.settings import Settings
from inspector.definitions import Options
from inspector.gateway.browser.asking import ScriptCall, answered_call, preflight_of
from inspector.gateway.browser.judging import Judgement, judge
from inspector.message import Headers, Request
from inspector.recording.schema import open_for_writing
from inspector.testing import Gateway
from tests.gateway.browser import chromium

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium.PROGRAM is None, reason="there is no Chromium here"),
]
FUNCTION = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/none/invocations"
ALL = {"Origin": "*", "Methods": "GET,PUT,PATCH,DELETE", "Headers": "X-One,X-Two,Authorization"}


@dataclass(frozen=True)
class Case:
    """What a script does, and whether it is to get its answer."""

    path: str
    let_in: bool
    method: str = "PUT"
    headers: dict[str, str] = field(default_factory=dict)
    credentials: bool = False


def mock(status: str, allow: dict[str, str]) -> dict[str, Any]:
    """A method that answers with these Access-Control-Allow headers."""
    names = {f"method.response.header.Access-Control-Allow-{name}": f"'{value}'"
             for name, value in allow.items()}  # fmt: skip
    declared = {f"Access-Control-Allow-{name}": {"schema": {"type": "string"}} for name in allow}
    return {
        "responses": {status: {"description": "x", "headers": declared}},
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": f'{{"statusCode": {status}}}'},
            "responses": {"default": {"statusCode": status, "responseParameters": names}},
        },
    }


def resource(
    preflight: dict[str, str] | None, answer: dict[str, str], *, status: str = "200", **more: Any
) -> dict[str, Any]:
    methods = {name: {**mock("200", answer), **more} for name in ("get", "put", "patch", "post")}
    if preflight is not None:
        methods["options"] = mock(status, preflight)
    return methods


def rest(origin: str) -> dict[str, Any]:
    exact = {**ALL, "Origin": origin}
    token = {
        "type": "apiKey", "name": "Authorization", "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": FUNCTION},
    }  # fmt: skip
    guarded = resource(ALL, ALL)
    guarded["options"] = {**mock("200", ALL), "security": [{"auth": []}]}
    return {
        "openapi": "3.0.1",
        "info": {"title": "browsers", "version": "1"},
        "paths": {
            "/allowed": resource(ALL, ALL),
            "/exact": resource({**exact, "Credentials": "true"}, {**exact, "Credentials": "true"}),
            "/no-credentials": resource(exact, exact),
            "/wildcard-credentials": resource(
                {**ALL, "Credentials": "true"}, {**ALL, "Credentials": "true"}
            ),
            "/credentials-odd": resource(
                {**exact, "Credentials": "True"}, {**exact, "Credentials": "True"}
            ),
            "/other-origin": resource({**ALL, "Origin": "http://127.0.0.1:1"}, ALL),
            "/slash-origin": resource({**ALL, "Origin": origin + "/"}, ALL),
            "/several": resource({**ALL, "Origin": f"{origin}, http://x.example"}, ALL),
            "/nothing": resource({}, {}),
            "/answer-without": resource(ALL, {}),
            "/no-options": resource(None, ALL),
            "/no-header": resource({**ALL, "Headers": "X-Two"}, ALL),
            "/no-headers": resource({"Origin": "*", "Methods": "PUT"}, ALL),
            "/star-headers": resource({**ALL, "Headers": "*"}, ALL),
            "/star-credentials": resource(
                {**exact, "Headers": "*", "Credentials": "true"}, {**exact, "Credentials": "true"}
            ),
            "/bad-list": resource({**ALL, "Headers": "X-One X-Two"}, ALL),
            "/no-method": resource({**ALL, "Methods": "GET,POST"}, ALL),
            "/star-method": resource({**ALL, "Methods": "*"}, ALL),
            "/no-methods": resource({"Origin": "*", "Headers": "X-One"}, ALL),
            "/not-found": resource(ALL, ALL, status="404"),
            "/created": resource(ALL, ALL, status="201"),
            "/guarded": guarded,
            "/keyed": resource(ALL, ALL, security=[{"key": []}]),
            "/authorized": resource(ALL, ALL, security=[{"auth": []}]),
        },
        "components": {
            "securitySchemes": {
                "auth": token,
                "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
            }
        },
        "x-amazon-apigateway-gateway-responses": {
            "UNAUTHORIZED": {
                "responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}
            }
        },
    }


REST_CASES = [
    Case("/allowed", True),
    Case("/allowed", True, "PUT", {"X-One": "1", "x-two": "2"}),
    Case("/allowed", True, "GET", {"Authorization": "Bearer x"}),
    # No preflight, but no request template either: the refusal has no headers of CORS.
    Case("/allowed", False, "POST", {"Content-Type": "text/plain"}),
    Case("/allowed", False, "POST", {"Content-Type": "application/json"}),
    Case("/allowed", False, "GET", {"X-Three": "3"}),
    Case("/allowed", True, "PATCH"),
    Case("/allowed", False, "patch"),
    Case("/allowed", False, "GET", credentials=True),
    Case("/exact", True),
    Case("/exact", True, "PUT", {"X-One": "1"}, credentials=True),
    Case("/no-credentials", True),
    Case("/no-credentials", False, credentials=True),
    Case("/wildcard-credentials", False, credentials=True),
    Case("/credentials-odd", False, "GET", credentials=True),
    Case("/other-origin", False),
    Case("/slash-origin", False),
    Case("/several", False),
    Case("/nothing", False, "GET"),
    Case("/nothing", False),
    Case("/answer-without", False, "GET"),
    Case("/answer-without", False),
    Case("/no-options", True, "GET"),
    Case("/no-options", False),
    Case("/no-header", False, "GET", {"X-One": "1"}),
    Case("/no-headers", False, "PUT", {"X-One": "1"}),
    Case("/no-headers", True),
    Case("/star-headers", True, "GET", {"X-Three": "3"}),
    Case("/star-headers", True, "GET", {"Authorization": "Bearer x"}),  # doubtful: the standard
    Case("/star-credentials", False, "GET", {"X-Three": "3"}, credentials=True),
    Case("/bad-list", False, "GET", {"X-One": "1"}),
    Case("/no-method", False),
    Case("/no-method", True, "GET", {"X-One": "1"}),
    Case("/star-method", True),
    Case("/no-methods", False),
    Case("/no-methods", True, "POST", {"X-One": "1"}),
    Case("/not-found", False),
    Case("/created", True),
    Case("/guarded", False),
    Case("/keyed", False, "GET"),
    Case("/keyed", False),
    Case("/authorized", True, "GET"),
]


def http(origin: str, *, credentials: bool = False) -> dict[str, Any]:
    integration = {
        "type": "http_proxy", "httpMethod": "ANY", "uri": "http://backend.example/backend",
        "payloadFormatVersion": "1.0",
    }  # fmt: skip
    method = {"responses": {}, "x-amazon-apigateway-integration": integration}
    return {
        "openapi": "3.0.1",
        "info": {"title": "browsers", "version": "1"},
        "paths": {"/pets": {"get": method, "put": method},
                  "/any": {"x-amazon-apigateway-any-method": method}},
        "x-amazon-apigateway-cors": {
            "allowOrigins": [origin],
            "allowMethods": ["GET", "PUT"],
            "allowHeaders": ["x-one", "authorization"],
            "allowCredentials": credentials,
        },
    }  # fmt: skip


HTTP_CASES = [
    Case("/pets", True, "GET"),
    Case("/pets", True, "PUT", {"X-One": "1", "Authorization": "Bearer x"}),
    Case("/pets", False, "PUT", {"X-Two": "2"}),
    Case("/pets", False, "DELETE"),
    Case("/nowhere", False, "GET"),
]


@contextmanager
def served(folder: Path, document: dict[str, Any], backend: str, api_type: str) -> Iterator[str]:
    folder.mkdir()
    definition, db = folder / "api.json", folder / "live.db"
    definition.write_text(json.dumps(document))
    open_for_writing(db).close()
    settings = Settings(
        definitions=(str(definition),), host="127.0.0.1", port=0, db=str(db),
        options=Options(api_id="abc123defg", api_type=api_type),  # type: ignore[arg-type]
        backends={"backend.example": backend},
    )  # fmt: skip
    with GatewayChild(settings) as child:
        yield f"http://{child.wait_ready()}"


def judged(gateway: Gateway, case: Case, origin: str) -> Judgement:
    """By the same definition in this process; the call is sent only where a browser sends it."""
    call = ScriptCall(origin, case.method, tuple(case.headers.items()), case.credentials)
    fields = [("Host", gateway.api.host), *case.headers.items()]
    stage = "" if gateway.stage == "$default" else f"/{gateway.stage}"
    request = Request(call.sent_method, stage + case.path, Headers.of(fields))
    preflight = None
    if call.needs_preflight:
        asked = preflight_of(call, request.target, gateway.api.host)
        preflight = gateway.send(asked).response
        first = judge(call, preflight, None)
        if not first.allowed:
            return first
    return judge(call, preflight, gateway.send(answered_call(call, request)).response)


@pytest.mark.parametrize(
    ("name", "cases", "credentials"),
    [
        ("rest", REST_CASES, False),
        ("http", HTTP_CASES, False),
        ("http", [Case("/pets", True, "PUT", {"X-One": "1"}, credentials=True)], True),
        ("http", [Case("/pets", False, "GET", credentials=True)], False),
    ],
)  # fmt: skip
def test_our_verdict_is_the_browsers(
    tmp_path: Path, name: str, cases: list[Case], credentials: bool
) -> None:
    with chromium.page() as page:
        origin = page.origin
        document = rest(origin) if name == "rest" else http(origin, credentials=credentials)
        gateway = Gateway(document, api_id="abc123defg", api_type=name)  # type: ignore[arg-type]
        stage = "" if gateway.stage == "$default" else f"/{gateway.stage}"
        with served(tmp_path / "served", document, page.origin, name) as url:
            calls = [
                {"url": f"{url}{stage}{case.path}", "method": case.method,
                 "headers": case.headers, "credentials": case.credentials}
                for case in cases
            ]  # fmt: skip
            seen = page.run(calls, tmp_path / "profile")
        for case, status in zip(cases, seen, strict=True):
            ours = judged(gateway, case, page.origin)
            assert (status is not None) == ours.allowed, (case, status, ours)
            assert ours.allowed is case.let_in, (case, ours)
