"""Why an event of a WebSocket ended as it did: the pains 66 to 72, each with its line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from inspector.gateway.effects import FunctionAnswer
from inspector.gateway.explain import Explanation
from inspector.message import Headers, Request
from inspector.testing import Gateway, Result
from tests.gateway.websocket import apis
from tests.gateway.websocket.socket_api import Play, integration, response, route, serve

API_ID = "abc123defg"


def gateway(routes: Mapping[str, Mapping[str, Any]], function: Any = None, **more: Any) -> Gateway:
    return Gateway(apis.template(routes, **more), function=function)


def line(found: Explanation, gateway: Gateway) -> str:
    """The text of the line that is blamed."""
    assert found.source is not None
    files = gateway._loaded.bundle.files
    return files[found.source.file].splitlines()[found.source.line - 1].strip()


def fn(**answers: Any) -> Any:
    """A function that answers by route key."""
    return lambda event: answers.get(
        event["requestContext"]["routeKey"].replace("$", ""), {"statusCode": 200}
    )


def states(found: Explanation) -> dict[str, str]:
    return {each.stage: each.state for each in found.checks if not each.inner}


def messaged(made: Gateway, message: Any) -> tuple[Result, Explanation]:
    result = made.connect().send(message)
    return result, made.explain(result)


# --- 66: no route ------------------------------------------------------------------------------


def test_a_member_that_is_not_the_one_of_the_expression() -> None:
    made = gateway({"join": apis.route(apis.function()), "leave": apis.route(apis.function())})
    result, found = messaged(made, {"route": "join", "room": "tea"})
    assert result.status == 403
    assert "$request.body.action comes to nothing, which is no route" in found.sentence
    assert 'The message has route: "join", and the expression reads action.' in found.sentence
    assert found.remedy == "Send it as action, or let the expression read $request.body.route."
    assert '"RouteSelectionExpression"' in line(found, made)
    assert any('"RouteKey": "join"' in made._loaded.bundle.files[each.file].splitlines()[
        each.line - 1] for each in found.lines)  # fmt: skip
    assert found.tries[0].command == '{"route": "join", "room": "tea", "action": "join"}'
    assert {row.label: row.expected for row in found.evidence}["its value"] == "join, leave"
    assert states(found)["route"] == "failed"
    assert states(found)["integrate"] == "unreached"


def test_a_misspelt_member_is_renamed() -> None:
    made = gateway({"join": apis.route(apis.function())})
    _, found = messaged(made, {"actoin": "join", "room": "tea"})
    [tried] = found.tries
    assert tried.command == '{"action": "join", "room": "tea"}'
    assert tried.request is not None
    assert (tried.request.method, tried.request.body.decode()) == ("MESSAGE", tried.command)


def test_a_route_that_is_nearly_it_and_one_that_is_nested() -> None:
    made = gateway({"join": apis.route(apis.function())})
    _, slip = messaged(made, {"action": "Join"})
    assert "Route join is nearly it: 'Join' and 'join' differ in upper and lower case." in (
        slip.sentence
    )
    assert slip.part == "body"
    _, nested = messaged(made, {"data": {"action": "join"}})
    assert 'The message has data.action: "join"' in nested.sentence
    _, text = messaged(made, "join")
    assert text.sentence.startswith("The message is no JSON")


def test_a_default_route_that_hides_a_slip() -> None:
    made = gateway({"join": apis.route(apis.function()), "$default": apis.route(apis.function())})
    _, found = messaged(made, {"action": "jion"})
    assert found.rule is None
    assert "But: Route $default took the message. Route join is nearly it" in found.sentence
    assert line(found, made) == '"RouteKey": "join",'
    assert found.remedy == 'Send {"action": "join"}'
    saying = gateway({"join": apis.route(apis.function()), "$default": apis.route(apis.function())},
                     fn(default={"statusCode": 200, "body": "what?"}))  # fmt: skip
    _, dropped = messaged(saying, {"action": "jion"})
    assert "Route join is nearly it" in dropped.sentence
    assert dropped.remedy == found.remedy
    _, meant = messaged(made, {"text": "hello"})
    assert "nearly" not in meant.sentence


# --- 67: nothing comes back ----------------------------------------------------------------------


def test_a_body_that_is_dropped() -> None:
    made = gateway(
        {"ping": apis.route(apis.function())}, fn(ping={"statusCode": 200, "body": "pong"})
    )
    _, found = messaged(made, {"action": "ping"})
    assert "answered 4 bytes, which are dropped: the route has no route response" in found.sentence
    assert "RouteResponseSelectionExpression" in str(found.remedy)
    assert states(found)["send"] == "noted"
    assert line(found, made).startswith('"R0": {')


def test_an_error_status_that_no_client_sees() -> None:
    failing = fn(ping={"statusCode": 503, "body": "no"})
    made = gateway({"ping": apis.route(apis.function(), two_way=True)}, failing)
    result, found = messaged(made, {"action": "ping"})
    assert result.frame == "no"
    assert found.sentence == (
        "Function f answered 503, which no client of a WebSocket sees: the client is sent the body "
        "alone, as if nothing was wrong."
    )
    _, hidden = messaged(
        gateway({"ping": apis.route(apis.function())}, failing), {"action": "ping"}
    )
    assert "sent nothing: the route has no route response" in hidden.sentence


def test_a_route_without_integration() -> None:
    made = gateway({"ping": apis.route()})
    _, found = messaged(made, {"action": "ping"})
    assert "Route ping has no integration: nobody is asked" in found.sentence


# --- 68, 69: @connections ------------------------------------------------------------------------


def managed(state: str, **times: int) -> Explanation:
    from inspector.gateway.connection_effects import ConnectionState  # noqa: PLC0415

    play = Play(serve(route("x")), state=ConnectionState(state, **times))  # type: ignore[arg-type]
    return play.manage("POST", "/dev/@connections/gbiku27WzQAYKEjhnA%3D%3D", b"hi").explain()


def test_a_post_while_connect_was_under_way() -> None:
    found = managed("connecting", connected_ms=1_699_999_999_880)
    assert found.status == 410
    assert "still under way: nothing can be sent before it has answered" in found.sentence
    rows = {row.label: row.value for row in found.evidence}
    assert rows["connected"] == "22:13:19.880 UTC (120 ms before the call)"
    assert rows["posted"] == "22:13:20.000 UTC"
    assert "Post after $connect has answered" in str(found.remedy)


def test_a_connection_that_is_gone_and_one_that_never_was() -> None:
    gone = managed("gone", connected_ms=1_699_999_900_000, last_active_ms=1_699_999_950_000)
    assert gone.sentence == "Connection gbiku27WzQAYKEjhnA== is closed."
    assert {row.label: row.value for row in gone.evidence}["last active"].endswith(
        "(50 s before the call)"
    )
    play = Play(serve(route("x")))
    from inspector.gateway.connection_effects import ConnectionState  # noqa: PLC0415

    play.state = ConnectionState("unknown")
    cut = play.manage("GET", "/dev/@connections/gbiku27WzQAYKEjhnA").explain()
    assert cut.status == 400
    assert "Ids end in =" in cut.sentence


@pytest.mark.parametrize(
    ("target", "status", "said"),
    [
        ("/@connections/x%3D", 403, "lacks the stage"),
        ("/dev/dev/@connections/x%3D", 404, "has the stage twice"),
        ("/prod/@connections/x%3D", 403, "'prod' is no stage"),
    ],
)
def test_a_wrong_url(target: str, status: int, said: str) -> None:
    found = Play(serve(route("x"))).manage("POST", target).explain()
    assert found.status == status
    assert said in found.sentence
    used = next(row for row in found.evidence if row.label == "URL used")
    assert used.value.endswith(target)
    assert str(used.expected).endswith("amazonaws.com/dev/@connections/x%3D")


def test_the_stage_behind_a_custom_domain_that_names_it_already() -> None:
    mapping = {"DomainName": "chat.example.com", "ApiId": {"Ref": "Api"}, "Stage": "dev"}
    made = gateway(
        {"x": apis.route(apis.function())},
        Mapped={"Type": "AWS::ApiGatewayV2::ApiMapping", "Properties": mapping},
    )
    host = Headers((("Host", "chat.example.com"),))
    found = made.explain(made.send(Request("POST", "/dev/@connections/x%3D", host, b"hi")))
    assert "custom domain whose mapping names it already" in found.sentence
    used = next(row for row in found.evidence if row.label == "URL used")
    assert str(used.expected).endswith("//chat.example.com/@connections/x%3D")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Sec-WebSocket-Version": "8"}, "Sec-WebSocket-Version: 8"),
        ({"Sec-WebSocket-Key": ""}, "Sec-WebSocket-Key: missing"),
        ({"Upgrade": ""}, "Upgrade: missing"),
    ],
)
def test_a_handshake_that_lacks_something(changes: dict[str, str], said: str) -> None:
    whole = {"Host": "chat.example", "Connection": "Upgrade", "Upgrade": "websocket",
             "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}  # fmt: skip
    sent = [(name, value) for name, value in {**whole, **changes}.items() if value]
    made = gateway({"x": apis.route(apis.function())})
    found = made.explain(made.send(Request("GET", "/dev", Headers.of(sent), b"")))
    assert f"is no handshake of RFC 6455 ({said})" in found.sentence
    assert found.part == f"header {said.partition(':')[0]}"
    assert found.tries[0].command == "wscat -c wss://chat.example/dev"
    plain = made.explain(made.get("/"))
    assert plain.sentence.startswith("A WebSocket API takes plain requests to @connections alone")
    assert plain.tries[0].text == "connect with a client"


def test_another_method() -> None:
    found = Play(serve(route("x"))).manage("PUT", "/dev/@connections/x").explain()
    assert (found.sentence, found.part) == ("@connections knows no method PUT.", "method")


# --- 70: handshakes ------------------------------------------------------------------------------


def test_connect_refused_by_its_function() -> None:
    made = gateway(
        {"$connect": apis.route(apis.function())}, fn(connect={"statusCode": 401, "body": "who?"})
    )
    found = made.explain(made.connect().handshake)
    assert found.sentence.startswith(
        "Function f answered 401 to $connect: the handshake is refused"
    )
    assert {row.label: row.value for row in found.evidence}["body"] == "who?"
    assert "IntegrationUri" in line(found, made)
    assert states(found)["send"] == "failed"


def guarded(function: Any) -> Gateway:
    made = apis.guarded()
    return gateway({"$connect": made["connect"]}, function, Guard=made["Guard"])


def test_a_policy_that_is_made_for_methods() -> None:
    def guard(event: Mapping[str, Any]) -> Any:
        resource = event["methodArn"].rpartition("/")[0] + "/GET/*"
        allow = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": resource}
        return {"principalId": "a", "policyDocument": {"Statement": [allow]}}

    made = guarded(guard)
    found = made.explain(made.connect("?token=x").handshake)
    assert found.status == 403
    assert "its Resource does not cover this ARN" in found.sentence
    assert "$connect: one that is made for methods and paths" in str(found.remedy)
    assert found.part == "query token"


def test_identity_that_is_missing_or_repeated() -> None:
    made = guarded(fn())
    missing = made.explain(made.connect().handshake)
    assert (missing.status, missing.part) == (401, "query token")
    assert "route.request.querystring.token is missing or empty" in missing.sentence
    assert "the query parameter token" in str(missing.remedy)
    assert "TTL" not in str(missing.remedy), "a WebSocket's authorizer has none"
    wanted = apis.guarded(IdentitySource=["route.request.header.X-Token"])
    bare = gateway({"$connect": wanted["connect"]}, fn(), Guard=wanted["Guard"])
    tries = bare.explain(bare.connect().handshake).tries
    assert [each.text for each in tries] == ["connect with X-Token"]
    assert str(tries[0].command).startswith("wscat -c wss://")
    assert str(tries[0].command).endswith("/dev -H 'X-Token: VALUE'")
    guard = apis.guarded(IdentitySource=["route.request.header.Authorization"])
    twice = gateway({"$connect": guard["connect"]}, fn(), Guard=guard["Guard"])
    headers = [("Authorization", "a"), ("Authorization", "b")]
    found = twice.explain(twice.connect(headers=headers).handshake)
    assert (found.status, found.part) == (400, "header Authorization")
    assert {row.label: row.value for row in found.evidence}["header Authorization"] == "2 times"
    assert "IdentitySource" in line(found, twice)


def test_a_longer_path_and_another_stage() -> None:
    play = Play(serve(route("$connect")))
    longer = play.connect("/dev/room?token=a").explain()
    assert "behind dev stands /room" in longer.sentence
    assert longer.tries[0].command is not None
    assert longer.tries[0].command.endswith("amazonaws.com/dev?token=a")
    other = play.connect("/dve?token=a").explain()
    assert "'dve' is no stage" in other.sentence
    assert [each.text for each in other.tries] == ["connect to the stage dev"]
    assert str(other.tries[0].command).endswith("amazonaws.com/dev?token=a'")
    none = play.connect("/").explain()
    assert none.sentence.startswith("The path names no stage of API ")
    assert str(none.tries[0].command).endswith("amazonaws.com/dev")


def test_a_stage_behind_a_custom_domain() -> None:
    mapping = {"DomainName": "chat.example.com", "ApiId": {"Ref": "Api"}, "Stage": "dev",
               "ApiMappingKey": "live"}  # fmt: skip
    made = gateway(
        {"x": apis.route(apis.function())},
        Mapped={"Type": "AWS::ApiGatewayV2::ApiMapping", "Properties": mapping},
    )
    host = {"Host": "chat.example.com"}
    found = made.explain(made.connect("/live/dev?token=a", headers=host).handshake)
    assert "custom domain, whose mapping leads /live to the stage dev" in found.sentence
    assert found.remedy == "Connect to /live, and put what stands behind it into the query."
    assert str(found.tries[0].command).endswith("://chat.example.com/live?token=a")


@pytest.mark.parametrize(
    ("error", "said", "remedy"),
    [
        ({"errorType": "ForbiddenException", "errorMessage": "An error occurred "
          "(ForbiddenException) when calling the PostToConnection operation: Forbidden"},
         "@connections refused its call", "the stage once"),
        ({"errorType": "GoneException", "errorMessage": "UnknownError"},
         "A connection that it posted to is gone", "remove ids at $disconnect"),
        ({"errorType": "EndpointConnectionError", "errorMessage": "Could not connect to the "
          'endpoint URL: "https://x.example/@connections/a%3D"'},
         "does not lead to this gateway", "https://{domainName}/{stage}"),
        ({"errorType": "ClientError", "errorMessage": "An error occurred (BadRequestException) "
          "when calling the PostToConnection operation: Invalid connectionId: a"},
         "an exchange of its own", "requestContext.connectionId"),
        ({"errorType": "EndpointConnectionError", "errorMessage": "Could not connect to the "
          f'endpoint URL: "https://{API_ID}.execute-api.us-east-1.amazonaws.com/dev/@connections/a%3D"'},
         "Nobody answers for @connections there", "run `inspector up`"),
        ({"errorType": "NoCredentialsError", "errorMessage": "Unable to locate credentials"},
         "run `inspector up`", "--endpoint"),
    ],
)  # fmt: skip
def test_a_function_that_was_refused_by_connections(
    error: dict[str, str], said: str, remedy: str
) -> None:
    made = Gateway(
        apis.template({"ping": apis.route(apis.function())}),
        api_id=API_ID,
        function=lambda event: FunctionAnswer(json.dumps(error).encode(), "Unhandled"),
    )
    _, found = messaged(made, {"action": "ping"})
    assert said in found.sentence
    assert remedy in str(found.remedy)


def test_what_is_said_already_is_no_note_as_well() -> None:
    made = gateway(
        {"ping": apis.route(apis.function())}, fn(ping={"statusCode": 200, "body": "pong"})
    )
    _, found = messaged(made, {"action": "ping"})
    assert "send.socket-dropped" in [each.rule for each in found.notes]
    assert "send.socket-dropped" not in [each.rule for each in found.untold_notes]


@pytest.mark.parametrize(
    ("offered", "chosen", "said"),
    [
        ("a, b", None, "the client offered a, b and none was chosen"),
        (None, "c", "a sub-protocol c that the client did not offer"),
    ],
)
def test_sub_protocols_that_make_a_browser_hang_up(
    offered: str | None, chosen: str | None, said: str
) -> None:
    headers = {} if chosen is None else {"Sec-WebSocket-Protocol": chosen}
    made = gateway(
        {"$connect": apis.route(apis.function())},
        fn(connect={"statusCode": 200, "headers": headers, "body": ""}),
    )
    sent = {} if offered is None else {"Sec-WebSocket-Protocol": offered}
    found = made.explain(made.connect(headers=sent).handshake)
    assert found.status == 101
    assert said in found.sentence
    assert "A browser hangs up at once" in str(found.remedy)
    assert "IntegrationUri" in line(found, made)


# --- 71, 72: what a connection holds, and its end --------------------------------------------------


def test_the_context_that_a_connection_holds() -> None:
    def guard(event: Mapping[str, Any]) -> Any:
        if "methodArn" not in event:
            return {"statusCode": 200}
        allow = {"Action": "*", "Effect": "Allow", "Resource": "*"}
        return {"principalId": "ann", "policyDocument": {"Statement": [allow]},
                "context": {"room": "tea"}}  # fmt: skip

    made = apis.guarded()
    routes = {"$connect": made["connect"], "join": apis.route(apis.function())}
    open_one = gateway(routes, guard, Guard=made["Guard"])
    found = open_one.explain(open_one.connect("?token=x").send({"action": "join"}))
    held = next(note for note in found.notes if note.rule == "authorize.held")
    assert "room=tea" in held.text
    assert "principalId=ann" in held.text


@pytest.mark.parametrize(
    ("code", "age_ms", "said", "remedy"),
    [
        (1000, 3_500, "1000: a normal close", None),
        (1009, 3_500, "1009: the message was too large", "Send less at a time"),
        (1003, 3_500, "1003: a binary frame was sent", "Send text"),
        (1001, 601_000, "nothing for ten minutes", "at least every ten minutes"),
        (1001, 7_200_000, "two hours that a connection may last are over", "connect anew"),
        (1006, 3_500, "broke off without a close", None),
        (4001, 3_500, "a code of the application's own", None),
        (None, 3_500, "without a code", None),
    ],
)
def test_what_a_close_means(code: int | None, age_ms: int, said: str, remedy: str | None) -> None:
    found = Play(serve(route("x"))).disconnect(code, age_ms=age_ms).explain()
    assert said in found.sentence
    assert remedy is None or remedy in str(found.remedy)
    assert (found.remedy is None) == (remedy is None)


# --- integrations --------------------------------------------------------------------------------


def test_a_malformed_answer_and_a_crash() -> None:
    made = gateway({"ping": apis.route(apis.function())}, fn(ping="pong"))
    _, found = messaged(made, {"action": "ping"})
    assert "is no proxy answer" in found.sentence
    assert "IntegrationUri" in line(found, made)

    def crash(_: Any) -> None:
        raise KeyError("room")

    broken = gateway({"ping": apis.route(apis.function())}, crash)
    _, failed = messaged(broken, {"action": "ping"})
    assert "raised KeyError" in failed.sentence
    assert failed.part == "body"


def test_a_message_that_does_not_fit_its_model() -> None:
    model = {"Type": "AWS::ApiGatewayV2::Model", "Properties": {
        "ApiId": {"Ref": "Api"}, "Name": "Join", "ContentType": "application/json",
        "Schema": {"type": "object", "required": ["room"]},
    }}  # fmt: skip
    asking = apis.route(
        apis.function(), ModelSelectionExpression="$request.body.action",
        RequestModels={"join": "Join"},
    )  # fmt: skip
    made = gateway(
        {"join": asking, "$default": {**asking, "integration": apis.function()}}, Join=model
    )
    _, found = messaged(made, {"action": "join"})
    assert (found.status, found.part) == (400, "body")
    assert line(found, made).strip('",') == "room"
    assert any(each.inner and each.state == "failed" for each in found.checks)
    _, other = messaged(made, {"action": "joined"})
    assert "for which the route has no model" in other.sentence
    assert "join is nearly it" in other.sentence


def test_an_answer_that_no_integration_response_takes() -> None:
    mock = apis.mock('{"statusCode": 200}')
    made = gateway({"ping": apis.route(mock, two_way=True, responses={"/5../": {}})})
    _, found = messaged(made, {"action": "ping"})
    assert "No integration response fits '200' (there is /5../)" in found.sentence
    assert "IntegrationResponseKey" in line(found, made)


def test_an_answer_that_is_fine_is_not_blamed_for_what_might_come() -> None:
    made = gateway({"ping": apis.route(apis.mock(), two_way=True, responses={"/2../": {}})})
    _, found = messaged(made, {"action": "ping"})
    assert "But" not in found.sentence
    assert "definition.no-catch-all" in [each.rule for each in found.notes]


def test_templates_that_break() -> None:
    made = gateway({"ping": apis.route(apis.mock('{"statusCode": #if(200}'), two_way=True)})
    _, found = messaged(made, {"action": "ping"})
    assert found.rule == "map-request.template-failed"
    assert "statusCode" in line(found, made)
    none = gateway({"ping": apis.route(apis.mock('{"status": 200}'), two_way=True)})
    _, unset = messaged(none, {"action": "ping"})
    assert "names no statusCode" in unset.sentence
    never = integration("MOCK", request_templates={}, passthrough_behavior="NEVER",
                        responses=(response(),))  # fmt: skip
    play = Play(serve(route("ping", two_way=True), integrations={"chat": never}))
    refused = play.message({"action": "ping"}).explain()
    assert "passthroughBehavior NEVER forbids" in refused.sentence


def test_too_many_messages() -> None:
    settings = {"DefaultRouteSettings": {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 1}}
    made = gateway({"say": apis.route(apis.function())}, stage=settings)
    socket = made.connect()
    assert socket.send({"action": "say"}).status == 200
    found = made.explain(socket.send({"action": "say"}))
    assert (found.status, found.part) == (429, "how often it was sent")
    assert "Too many requests" in found.sentence
    assert "Throttling" in line(found, made)
    assert found.tries == ()


def test_a_key_that_is_not_sent_and_a_handshake_that_is_not_signed() -> None:
    keyed = gateway({"$connect": apis.route(apis.function(), ApiKeyRequired=True)})
    found = keyed.explain(keyed.connect().handshake)
    assert (found.status, found.part) == (403, "header x-api-key")
    assert "no x-api-key header came" in found.sentence
    assert line(found, keyed) == '"ApiKeyRequired": true,'
    signed = gateway({"$connect": apis.route(apis.function(), AuthorizationType="AWS_IAM")})
    bare = signed.explain(signed.connect().handshake)
    assert (bare.status, bare.part) == (403, "signature")
    assert line(bare, signed) == '"AuthorizationType": "AWS_IAM",'
    assert [each.kind for each in bare.tries] == ["command"]


def test_nothing_is_offered_that_would_send_an_event_by_plain_http() -> None:
    play = Play(serve(route("$connect"), route("join")))
    found = [play.connect("/x").explain(), play.message({"action": "x"}).explain()]
    assert all(each.kind not in ("request", "wait") for one in found for each in one.tries)
