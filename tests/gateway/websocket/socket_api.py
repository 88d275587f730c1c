"""Small WebSocket APIs for tests, built as values: no file, no reader."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from inspector.gateway.access_effects import CheckSignature, SignatureChecked
from inspector.gateway.connection_effects import (
    ConnectionState,
    DeleteConnection,
    GetConnection,
    PostToConnection,
)
from inspector.gateway.effects import (
    BackendAnswer,
    CallBackend,
    Effect,
    FunctionAnswer,
    InvokeFunction,
    Reply,
)
from inspector.gateway.environment import Socket
from inspector.gateway.explain import Case, Explanation, explain
from inspector.gateway.pipeline import Answer, converse
from inspector.gateway.told import Told
from inspector.gateway.trace import Step
from inspector.gateway.websocket.deploy import ServedWebSocketApi, deploy_websocket_api
from inspector.message import Headers, Request
from inspector.model import (
    AccessLog,
    HttpRequestAuthorizer,
    Route,
    RouteSettings,
    Source,
    Stage,
    Template,
    WebSocketApi,
    WebSocketIntegration,
    WebSocketIntegrationResponse,
)
from inspector.runtime.drive import drive
from tests.gateway.build import ENVIRONMENT

SOURCE = Source("chat.yaml", 7, 3, "/Resources/Api")
CONNECTED_MS = ENVIRONMENT.time_ms - 3_500
SOCKET = Socket(
    "MESSAGE", "gbiku27WzQAYKEjhnA==", CONNECTED_MS, message_id="gbiku27WzQAYKEjhnB==", stage="dev",
    host="abc123defg.execute-api.us-east-1.amazonaws.com", user_agent="ua",
)  # fmt: skip
FUNCTION = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:chat/invocations"
)
#: What stands in for the functions: an event in, an answer or an exception out.
Handler = Callable[[Mapping[str, Any]], Any]


def integration(kind: str = "AWS_PROXY", **fields: Any) -> WebSocketIntegration:
    """An integration `chat`; with a function unless it is another kind's."""
    defaults: dict[str, Any] = {"uri": FUNCTION} if kind.startswith("AWS") else {}
    if kind.startswith("HTTP"):
        defaults = {"uri": "http://backend.example/", "method": "POST"}
    return WebSocketIntegration(id="chat", type=kind, source=SOURCE, **{**defaults, **fields})  # type: ignore[arg-type]


def response(key: str = "$default", body: str | None = None) -> WebSocketIntegrationResponse:
    """An integration response, with a template where `body` is given."""
    templates = {} if body is None else {"$default": Template(body, SOURCE)}
    return WebSocketIntegrationResponse(key=key, source=SOURCE, templates=templates)


def route(key: str, *, two_way: bool = False, **fields: Any) -> Route:
    """A route to the integration `chat`."""
    answering = {"responses": ("$default",), "route_response_selection": "$default"}
    return Route(
        **{"id": f"r-{key}", "key": key, "source": SOURCE, "integration": "chat",
           **(answering if two_way else {}), **fields}
    )  # fmt: skip


def authorizer(**fields: Any) -> HttpRequestAuthorizer:
    """An authorizer `who` that wants a header."""
    sources = ("route.request.header.Authorization",)
    return HttpRequestAuthorizer(
        **{"name": "who", "source": SOURCE, "uri": FUNCTION, "identity_source": sources, **fields}
    )


def serve(
    *routes: Route,
    integrations: Mapping[str, WebSocketIntegration] | None = None,
    log: str | None = None,
    settings: RouteSettings | None = None,
    **fields: Any,
) -> ServedWebSocketApi:
    """An API with the one stage `dev`."""
    stage = Stage(
        "dev", {}, SOURCE, auto_deploy=True, default_route_settings=settings,
        access_log=None if log is None else AccessLog("arn:x", log, SOURCE),
    )  # fmt: skip
    defaults = {"route_selection_expression": "$request.body.action", "name": "chat"}
    api = WebSocketApi(
        **{**defaults, "id": "abc123defg", "source": SOURCE, "account": "123456789012",
           "region": "us-east-1", "routes": {each.key: each for each in routes},
           "integrations": integrations or {"chat": integration()}, "stages": (stage,), **fields}
    )  # fmt: skip
    return deploy_websocket_api(api)


@dataclass(frozen=True, slots=True)
class Played:
    """What came of one event, and what its readers tell of."""

    served: ServedWebSocketApi
    told: Told

    @property
    def answer(self) -> Answer:
        """The end of the conversation."""
        return self.told.answer

    @property
    def codes(self) -> list[str]:
        """What the trace found."""
        return [step.code for step in self.answer.trace]

    def step(self, code: str) -> Step:
        """The step of a code."""
        return next(step for step in self.answer.trace if step.code == code)

    def explain(self) -> Explanation:
        """Why it ended so."""
        told = self.told
        done = tuple((effect, reply) for effect, reply, _ in told.performed)
        return explain(Case(told.request, told.environment, told.answer, performed=done))


class Play:
    """Plays the events of one API's connections; `handler` answers every function."""

    def __init__(
        self,
        served: ServedWebSocketApi,
        handler: Handler | None = None,
        state: ConnectionState | None = None,
    ) -> None:
        self.served = served
        self.handler: Handler = handler or (lambda _: {"statusCode": 200})
        self.state = state or ConnectionState("open", CONNECTED_MS, CONNECTED_MS + 50, "127.0.0.1")

    def connect(self, target: str = "/dev", *fields: tuple[str, str]) -> Played:
        """A handshake."""
        headers = Headers((("Host", SOCKET.host), ("User-Agent", "ua"), *fields))
        socket = replace(SOCKET, event="CONNECT", message_id=None, stage="")
        return self.send(Request("GET", target, headers), socket)

    def message(self, body: object, socket: Socket = SOCKET) -> Played:
        """A message: text, or what becomes JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        return self.send(Request("MESSAGE", "/dev", Headers(), text.encode()), socket)

    def disconnect(self, code: int | None = 1000, reason: str = "", age_ms: int = 3_500) -> Played:
        """The end of a connection."""
        socket = replace(
            SOCKET, event="DISCONNECT", message_id=None, close_code=code, close_reason=reason,
            connected_ms=ENVIRONMENT.time_ms - age_ms,
        )  # fmt: skip
        return self.send(Request("DISCONNECT", "/dev"), socket)

    def manage(self, method: str, target: str, body: bytes = b"") -> Played:
        """A call of `@connections`, signed with a key that nobody knows."""
        signed = (
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20231114/us-east-1/execute-api/aws4_request, "
            "SignedHeaders=host;x-amz-date, Signature=" + "0" * 64
        )
        headers = Headers(
            (("Host", SOCKET.host), ("X-Amz-Date", "20231114T221320Z"), ("Authorization", signed))
        )
        return self.send(Request(method, target, headers, body), None)

    def send(self, request: Request, socket: Socket | None) -> Played:
        """Any event."""
        environment = replace(ENVIRONMENT, socket=socket)
        performed: list[tuple[Effect, Reply, int]] = []

        def perform(effect: Effect) -> Reply:
            reply = self._reply(effect)
            performed.append((effect, reply, 16))
            return reply

        answer = drive(converse(self.served, request, environment), perform)
        return Played(self.served, Told(request, environment, answer, performed))

    def _reply(self, effect: Effect) -> Reply:
        if isinstance(effect, InvokeFunction):
            try:
                said = self.handler(json.loads(effect.payload))
            except RuntimeError as error:
                failed = {"errorMessage": str(error), "errorType": "RuntimeError"}
                return FunctionAnswer(json.dumps(failed).encode(), "Unhandled", request_id="id-1")
            return FunctionAnswer(json.dumps(said).encode(), request_id="id-1")
        if isinstance(effect, CallBackend):
            return BackendAnswer(200, Headers(), b'{"ok":true}')
        if isinstance(effect, GetConnection | PostToConnection | DeleteConnection):
            return self.state
        assert isinstance(effect, CheckSignature)
        return SignatureChecked(None)
