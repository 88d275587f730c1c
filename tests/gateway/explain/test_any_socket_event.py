"""Whatever a client sends on a WebSocket, or posts to one, is explained, and never breaks a reader."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.gateway import narration
from inspector.gateway.connection_effects import ConnectionState
from inspector.gateway.execution_log import lines
from inspector.gateway.explain import to_data
from inspector.gateway.http_api.access_log import line
from inspector.gateway.metrics import published
from tests.gateway.websocket.socket_api import Play, Played, authorizer, route, serve

NAMES = st.sampled_from(["action", "route", "Action", "data", "$default", "$connect", "a.b", ""])
KEYS = st.sampled_from(["join", "jion", "leave", "$default", "$connect", "", "1"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | KEYS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
MESSAGES = VALUES.map(json.dumps) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ANSWERS = st.sampled_from(
    [{"statusCode": 200}, {"statusCode": 503, "body": "no"}, "text", None, 7, {"body": {}},
     {"statusCode": "200", "headers": {"Sec-WebSocket-Protocol": "x"}, "body": "hi"}]
)  # fmt: skip
SERVED = serve(
    route("$connect", authorization_type="CUSTOM", authorizer="who"), route("join"),
    route("leave", two_way=True), authorizers={"who": authorizer()},
    log="$context.requestId $context.authorizer.principalId $context.error.messageString",
)  # fmt: skip
FRAGMENTS = st.sampled_from(
    ["/", "/dev", "/@connections", "/x%3D", "/%", "?a=b", "/dev/@connections/a="]
)


def read(event: Played) -> None:
    """Every reader tells of it."""
    found = event.explain()
    json.dumps(to_data(found))
    assert found.sentence
    assert lines(event.told)
    line(event.told, 1)
    published(event.told, 1)
    for step in event.answer.trace:
        assert narration.describe(step) != step.code
        narration.remedy(step)
        narration.evidence(step)


@settings(max_examples=150, deadline=None)
@given(MESSAGES, ANSWERS)
def test_any_message(message: str, answer: Any) -> None:
    read(Play(SERVED, lambda _: answer).message(message))


@settings(max_examples=80, deadline=None)
@given(st.lists(FRAGMENTS, max_size=4), st.sampled_from(["GET", "POST", "DELETE", "PUT"]),
       st.sampled_from(["open", "connecting", "gone", "unknown"]))  # fmt: skip
def test_any_call(parts: list[str], method: str, state: Any) -> None:
    play = Play(SERVED, state=ConnectionState(state, 1_699_999_999_000, 1_699_999_999_500))
    read(play.manage(method, "".join(parts) or "/", b"x"))


@settings(max_examples=80, deadline=None)
@given(st.lists(FRAGMENTS, max_size=3), ANSWERS, st.lists(st.tuples(
    st.sampled_from(["Authorization", "Sec-WebSocket-Protocol"]), st.sampled_from(["", "a", "a, b"])
), max_size=3))  # fmt: skip
def test_any_handshake(parts: list[str], answer: Any, fields: list[tuple[str, str]]) -> None:
    def handler(event: Any) -> Any:
        if event.get("type") != "REQUEST":
            return answer
        allow = {"Action": "*", "Effect": "Allow", "Resource": "*"}
        return {"policyDocument": {"Statement": [allow]}, "context": {"n": 1, "t": "x"}}

    read(Play(SERVED, handler).connect("".join(parts) or "/", *fields))


@settings(max_examples=60, deadline=None)
@given(st.none() | st.integers(0, 5000), st.text(max_size=5), st.integers(-5, 10_000_000))
def test_any_close(code: int | None, reason: str, age_ms: int) -> None:
    read(Play(SERVED).disconnect(code, reason, age_ms))
