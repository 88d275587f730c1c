"""The registry of open WebSockets, and their ids."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gateway.connection_effects import (
    ConnectionState,
    DeleteConnection,
    GetConnection,
    PostToConnection,
)
from inspector.gateway.websocket.closing import DELETED, Closing
from inspector.runtime.connection_ids import connection_id, message_id
from inspector.runtime.connections import Connection, Connections

NOW = 1_790_328_009_176
GET = GetConnection("api", "dev", "one")
POST = PostToConnection("api", "dev", "one", b"hello")
DELETE = DeleteConnection("api", "dev", "one")


class Kept:
    """A link that keeps what goes over it."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closed: list[Closing] = []

    def send(self, data: bytes) -> None:
        self.sent.append(data)

    def close(self, closing: Closing) -> None:
        self.closed.append(closing)


def known(identifier: str = "one", **more: object) -> Connection:
    values = {"id": identifier, "api_id": "api", "stage": "dev", "connected_ms": NOW,
              "last_active_ms": NOW, "source_ip": "192.0.2.1", "user_agent": "ua"}  # fmt: skip
    return Connection(**{**values, **more})  # type: ignore[arg-type]


def test_an_open_connection_is_told_sent_to_and_deleted() -> None:
    link, connections = Kept(), Connections(lambda: NOW + 5)
    connections.add(known(link=link))
    opened = ConnectionState("open", NOW, NOW, "192.0.2.1", "ua")
    assert connections.perform(GET) == opened
    assert connections.perform(POST) == opened
    assert link.sent == [b"hello"]
    assert connections.perform(GET).last_active_ms == NOW + 5
    assert connections.perform(DELETE).state == "open"
    assert link.closed == [DELETED]
    assert [connections.perform(each).state for each in (GET, POST, DELETE)] == ["gone"] * 3
    assert (link.sent, link.closed) == ([b"hello"], [DELETED])


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, "connecting"),
        ({"api_id": "other", "link": Kept()}, "gone"),
        ({"stage": "prod", "link": Kept()}, "gone"),
    ],
)
def test_what_is_not_open_gets_nothing(more: dict[str, object], state: str) -> None:
    connections = Connections()
    connections.add(known(**more))
    assert connections.perform(POST).state == state
    link = more.get("link")
    assert not isinstance(link, Kept) or not link.sent


def test_an_id_that_never_was_and_one_that_was_long_ago() -> None:
    connections = Connections(remembered=2)
    assert connections.perform(GET).state == "unknown"
    for identifier in ("one", "two", "three"):
        connections.add(known(identifier))
        connections.close(identifier)
    states = [connections.perform(GetConnection("api", "dev", each)).state
              for each in ("one", "two", "three")]  # fmt: skip
    assert states == ["unknown", "gone", "gone"]
    assert len(connections) == 0


@given(st.integers(0, 2**45), st.integers(0, 7_200_000))
def test_ids_look_as_amazons_do(now_ms: int, later: int) -> None:
    connection = connection_id(now_ms)
    message = message_id(connection, now_ms + later)
    for each in (connection, message):
        assert re.fullmatch(r"[\w-]{9}QAYKE[\w-]{3}A==", each)
        decoded = base64.urlsafe_b64decode(each)
        assert base64.urlsafe_b64encode(decoded).decode() == each
        assert len(decoded) == 13
    assert message[-11:] == connection[-11:]


def test_no_id_comes_twice() -> None:
    connection = connection_id(NOW)
    assert len({message_id(connection, NOW) for _ in range(200_000)}) == 200_000
