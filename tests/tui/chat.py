"""Made-up events of a chat's WebSockets: real answers of the pipeline, for the screen and replays."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from inspector.definitions import Bundle, Options, read
from inspector.definitions.deployed import deployed
from inspector.gateway.connection_effects import ConnectionState
from inspector.gateway.effects import Effect, FunctionAnswer, InvokeFunction, Reply
from inspector.gateway.environment import Socket
from inspector.gateway.pipeline import converse
from inspector.message import Headers, Request
from inspector.recording.exchange import Exchange, Performed
from inspector.recording.writer import Writer
from inspector.runtime.drive import drive
from tests.gateway.build import ENVIRONMENT

DEFINITION = """\
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action }
  Live:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: live, AutoDeploy: true }
  Guard:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      Name: guard
      AuthorizerType: REQUEST
      AuthorizerUri: &room arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:room/invocations
      IdentitySource: [route.request.querystring.token]
  Room:
    Type: AWS::ApiGatewayV2::Integration
    Properties: { ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: *room }
  Mock:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: MOCK
      RequestTemplates: { $default: '{"statusCode": 200}' }
      TemplateSelectionExpression: \\$default
  Pong:
    Type: AWS::ApiGatewayV2::IntegrationResponse
    Properties:
      ApiId: !Ref Api
      IntegrationId: !Ref Mock
      IntegrationResponseKey: $default
      TemplateSelectionExpression: \\$default
      ResponseTemplates:
        $default: |
          {
            "pong": $NUMBER,
            "for": "$context.authorizer.name",
            "on": "$context.connectionId"
          }
  Connect:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: $connect
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Guard
      Target: !Sub integrations/${Room}
  Disconnect:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: $disconnect, Target: !Sub "integrations/${Room}" }
  Say:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Api, RouteKey: say, Target: !Sub "integrations/${Room}" }
  Ping:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: ping
      RouteResponseSelectionExpression: $default
      Target: !Sub integrations/${Mock}
  PingAnswer:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Api, RouteId: !Ref Ping, RouteResponseKey: $default }
""".replace("$NUMBER", "3")
BUNDLE = Bundle({"chat.yaml": DEFINITION}, Options())
ID = "gbiku27WzQAYKEjhnA=="
MORNING_US = 1_700_000_000_000_000
SOCKET = Socket(
    "MESSAGE", ID, MORNING_US // 1000 - 3_500, message_id="gbiku1eWzQAYKEjhnA==", stage="live",
    host="127.0.0.1:8080", user_agent="chat/1.0", authorizer={"principalId": "ann", "name": "ann"},
)  # fmt: skip


def _reply(effect: Effect) -> Reply:
    if not isinstance(effect, InvokeFunction):
        return ConnectionState("open", SOCKET.connected_ms, SOCKET.connected_ms, "127.0.0.1")
    event = json.loads(effect.payload)
    said: dict[str, Any] = {"statusCode": 200, "body": "said"}
    if event.get("type") == "REQUEST":
        allow = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": "*"}
        said = {"principalId": "ann", "policyDocument": {"Statement": [allow]},
                "context": {"name": "ann"}}  # fmt: skip
    return FunctionAnswer(json.dumps(said).encode(), request_id="id-1", log="in the room\n")


def exchange(number: int, request: Request, socket: Socket | None) -> Exchange:
    """One exchange as the gateway would have recorded it."""
    environment = replace(ENVIRONMENT, socket=socket, time_ms=MORNING_US // 1000 + number * 437)
    performed: list[Performed] = []

    def perform(effect: Effect) -> Reply:
        reply = _reply(effect)
        performed.append(Performed(effect, reply, 400, 4_100))
        return reply

    served = deployed(read(BUNDLE)).apis[0]
    answer = drive(converse(served, request, environment), perform)
    return Exchange(
        started_us=MORNING_US + number * 437_000,
        duration_us=5_200,
        request=request,
        response=answer.response,
        environment=environment,
        host="127.0.0.1",
        outcome=answer.outcome,
        trace=answer.trace,
        performed=tuple(performed),
        api_id=answer.api_id,
        stage=answer.stage,
        resource=answer.resource,
        definition=BUNDLE.digest,
        stopped_at=answer.stopped_at,
        response_type=answer.response_type,
        request_size=len(request.body),
        response_size=len(answer.response.body),
    )


def message(said: object, number: int = 0) -> Exchange:
    """A message: text, or what becomes JSON."""
    text = said if isinstance(said, str) else json.dumps(said)
    headers = Headers((("Host", SOCKET.host),))
    return exchange(number, Request("MESSAGE", "/live", headers, text.encode()), SOCKET)


def conversation() -> list[Exchange]:
    """A handshake, messages that are answered, dropped and refused, a post, and the end."""
    opening = replace(SOCKET, event="CONNECT", message_id=None, stage="", authorizer={})
    fields = (("Host", SOCKET.host), ("User-Agent", "chat/1.0"), ("Upgrade", "websocket"))
    end = replace(SOCKET, event="DISCONNECT", message_id=None, close_code=1009)
    return [
        exchange(0, Request("GET", "/live?token=ann", Headers(fields)), opening),
        message({"action": "ping"}, 1),
        message({"action": "say", "text": "hi"}, 2),
        message({"action": "shout"}, 3),
        exchange(4, Request("POST", "/live/@connections/gbiku27WzQAYKEjhnA%3D%3D",
                            Headers(fields), b"to ann"), None),
        exchange(5, Request("DISCONNECT", "/live"), end),
    ]  # fmt: skip


def record(path: Path, exchanges: Iterable[Exchange] | None = None) -> Path:
    """A recording that holds them."""
    writer = Writer(path)
    writer.define(BUNDLE.digest, BUNDLE.to_json())
    for each in conversation() if exchanges is None else exchanges:
        writer.put(each)
    assert writer.flush(30)
    writer.close()
    return path
