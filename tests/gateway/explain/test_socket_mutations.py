"""One line of the chat is changed: the explanation of the event that it spoils names that line."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

import sample_apis
from inspector.gateway.effects import BackendAnswer, BackendFailure, BackendRequest
from inspector.message import Headers
from inspector.testing import Gateway

CHAT = sample_apis.load("chat").definitions[0]
BEFORE = CHAT.read_text("utf-8")
DOORKEEPER = runpy.run_path(str(CHAT.with_name("functions") / "doorkeeper" / "app.py"))["handler"]
FUNCTIONS = {
    "chat-doorkeeper": lambda event: DOORKEEPER(event, None),
    "chat-room": lambda _: {"statusCode": 200},
    "chat-help": lambda _: {"statusCode": 200, "body": '{"say": "what?"}'},
}
SEND = {"action": "send", "room": "tea", "text": "hi"}
PING, SHOUT, FAIL = (
    {"action": "ping"},
    {"action": "shout", "text": "hi"},
    {"action": "ping", "fail": True},
)
CONNECT = "?token=ann.sesame"


def _backend(request: BackendRequest) -> BackendAnswer | BackendFailure:
    """The words' backend, as the sample's own."""
    if not request.url.startswith("https://words.example.com/upper"):
        known = request.url.startswith("https://words.example.com/")
        return (
            BackendAnswer(404, Headers(), b"{}") if known else BackendFailure("dns", "no such host")
        )
    if request.method != "POST":
        return BackendAnswer(405, Headers(), b'{"reason": "POST"}')
    return BackendAnswer(200, Headers(), b'{"words": "HI"}')


#: What of the line is changed, what it becomes, and the event that it spoils.
CHANGES: list[tuple[str, str, str | dict[str, Any]]] = [
    ("RouteSelectionExpression: $request.body.action", "RouteSelectionExpression: $request.body.actoin", PING),
    ("RouteSelectionExpression: $request.body.action", "RouteSelectionExpression: $request.header.action", PING),
    ("RouteKey: ping", "RouteKey: png", PING),
    ("RouteKey: join", "RouteKey: Join", {"action": "join", "room": "tea"}),
    ("RouteKey: shout", "RouteKey: shouts", SHOUT),
    ("[route.request.querystring.token]", "[route.request.querystring.tokn]", CONNECT),
    ("[route.request.querystring.token]", "[route.request.header.token]", CONNECT),
    ("StageName: live", "StageName: dead", "live" + CONNECT),
    ("ModelSelectionExpression: $request.body.action", "ModelSelectionExpression: $request.body.actoin", SEND),
    ("RequestModels: { send: Message }", "RequestModels: { sent: Message }", SEND),
    ("required: [action, room, text]", "required: [action, room, texts]", SEND),
    ("action: { enum: [send] }", "action: { enum: [sent] }", SEND),
    ("minLength: 1, maxLength: 500", "minLength: 3, maxLength: 500", SEND),
    ("room: { type: string", "room: { type: integer", SEND),
    ('{"statusCode": #if(', '{"statuscode": #if(', PING),
    ("== true)503#{else}200#end}", "== true)503#{else}ok#end}", PING),
    ("== true)503#{else}200#end}", "== true)503#{else}200#ed}", PING),
    ("      IntegrationResponseKey: $default\n      TemplateSelectionExpression: \\$default\n      ResponseTemplates:\n        $default: |\n          #set",
     "      IntegrationResponseKey: /4\\d\\d/\n      TemplateSelectionExpression: \\$default\n      ResponseTemplates:\n        $default: |\n          #set", PING),
    ("#set($name = $context.authorizer.name)", "#set($name = $context.authorizer.name", PING),
    ("IntegrationResponseKey: /5\\d\\d/", "IntegrationResponseKey: /4\\d\\d/", FAIL),
    ("words: https://words.example.com", "words: https://words.exmaple.com", SHOUT),
    ("words: https://words.example.com", "wrds: https://words.example.com", SHOUT),
    ("IntegrationUri: ${stageVariables.words}/upper", "IntegrationUri: ${stageVariables.wrds}/upper", SHOUT),
    ("IntegrationUri: ${stageVariables.words}/upper", "IntegrationUri: ${stageVariables.words}/uper", SHOUT),
    ("IntegrationType: HTTP\n      IntegrationMethod: POST", "IntegrationType: HTTP\n      IntegrationMethod: GET", SHOUT),
    ('{"words": $input.json(\'$.text\'), "by"', '{"words": $input.json(\'$.text\', "by"', SHOUT),
    ("IntegrationResponseKey: /2\\d\\d/", "IntegrationResponseKey: /3\\d\\d/", SHOUT),
    ("{ Action: lambda:InvokeFunction, FunctionName: !Ref Room, Principal: apigateway.amazonaws.com",
     "{ Action: lambda:InvokeFunction, FunctionName: !Ref Room, Principal: events.amazonaws.com", CONNECT),
    ("FunctionName: !Ref Doorkeeper, Principal: apigateway.amazonaws.com", "FunctionName: !Ref Doorkeeper, Principal: s3.amazonaws.com", CONNECT),
    ('FunctionName: !Ref Help, Principal: apigateway.amazonaws.com, SourceArn: !Sub "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"',
     'FunctionName: !Ref Help, Principal: apigateway.amazonaws.com, SourceArn: !Sub "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/GET/*"', {"action": "?"}),
    ("functions/${Help.Arn}/invocations", "functions/${Doorkeeper.Arn}/invocations", {"action": "?"}),
    ("functions/${Doorkeeper.Arn}/invocations", "functions/${Room.Arn}/invocations", CONNECT),
    ("AuthorizationType: CUSTOM", "AuthorizationType: AWS_IAM", CONNECT),
    ("RouteSelectionExpression: $request.body.action", "RouteSelectionExpression: $reqest.body.action", PING),
    ("#{else}200#end}", "#{else}2000#end}", PING),
    ("        $default: |\n          #set", "        $defalt: |\n          #set", PING),
    ("        $default: '{\"pong\": null", "        $defalt: '{\"pong\": null", FAIL),
    ('"pong": "$context.connectionId"', '"pong": "$context.conectionId"', PING),
    ("$input.path('$.fail')", "$input.paht('$.fail')", FAIL),
    ("IntegrationResponseKey: /5\\d\\d/", "IntegrationResponseKey: /6\\d\\d/", FAIL),
    ("IntegrationResponseKey: /2\\d\\d/", "IntegrationResponseKey: x", SHOUT),
    ("      IntegrationType: AWS_PROXY\n      IntegrationMethod: POST\n      IntegrationUri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Room.Arn}",
     "      IntegrationType: AWS\n      IntegrationMethod: POST\n      IntegrationUri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Room.Arn}", CONNECT),
]  # fmt: skip


def test_nothing_is_suspected_where_all_is_well() -> None:
    gateway = Gateway(CHAT, backend=_backend, function=FUNCTIONS)
    socket = gateway.connect(CONNECT, headers={"Sec-WebSocket-Version": "13"})
    results = [socket.handshake, *map(socket.send, (SEND, PING, FAIL, SHOUT)), socket.close()]
    for result in results:
        found = gateway.explain(result)
        assert [note.rule for note in found.notes if note.rule != "authorize.held"] == [], result
        assert "But:" not in found.sentence


@pytest.mark.parametrize(("old", "new", "event"), CHANGES)
def test_a_changed_line_is_named(
    old: str, new: str, event: str | dict[str, Any], tmp_path: Path
) -> None:
    assert old in BEFORE
    after = BEFORE.replace(old, new, 1)
    file = tmp_path / "template.yaml"
    file.write_text(after)
    gateway = Gateway(file, backend=_backend, function=FUNCTIONS)
    if isinstance(event, str):
        path, _, query = event.rpartition("?")
        result = gateway.connect(
            f"?{query}", **({"raw_target": f"/{path}?{query}"} if path else {})
        ).handshake
    else:
        socket = gateway.connect(CONNECT)
        assert socket.open
        result = socket.send(event)
    found = gateway.explain(result)
    changed = next(
        number for number, (one, other) in enumerate(
            zip(BEFORE.splitlines(), after.splitlines(), strict=True), 1) if one != other
    )  # fmt: skip
    named = [each.line for each in (found.source, *found.lines) if each is not None]
    named += [note.source.line for note in found.notes if note.source is not None]
    assert changed in named[:4], (changed, named, found.sentence)
