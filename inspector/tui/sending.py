"""Sending a request again, and finding what was recorded of it. Blocking: called in a thread."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from inspector import __version__
from inspector.gateway.effects import CallBackend
from inspector.message import Request
from inspector.recording.exchange import Exchange
from inspector.recording.filters import parse
from inspector.recording.reader import Reader
from inspector.recording.sessions import Session
from inspector.recording.writer import Writer
from inspector.replay import resend
from inspector.replay.curl import url_of
from inspector.replay.passed import passed_to
from inspector.replay.sockets import why_not_sent
from inspector.tui.asking import NoAnswerError, ask

#: Seconds within which the gateway has written what it answered.
WRITTEN = 4.0
_LOOK = 0.03


class NotSentError(Exception):
    """The text says why, and what to do."""


def through_gateway(
    path: Path, exchange: Exchange, request: Request, url: str, replay_of: int
) -> int | None:
    """Send it to the gateway at `url`; the number of the exchange recorded of it.

    A request to a host of somebody else goes there with the gateway as its proxy; a WebSocket's
    message is said again on its connection. None where it was answered but not recorded in time.
    Raises `NotSentError`.
    """
    if not url:
        raise NotSentError("No gateway is running here: `inspector up` starts one.")
    impossible = why_not_sent(exchange)
    if impossible is not None:
        raise NotSentError(impossible)
    if exchange.environment.socket is not None:
        return _said(path, exchange.environment.socket.id, request.body, replay_of)
    chosen, elsewhere = parse(f"replay-of:{replay_of}"), passed_to(exchange)
    with Reader(path) as reader:
        before = reader.newest_id() or 0
        try:
            if elsewhere is not None:
                resend.through_proxy(request, url_of(request, elsewhere), url, replay_of)
            else:
                resend.through_gateway(request, url, replay_of)
        except resend.ResendError as error:
            raise NotSentError(str(error)) from error
        deadline = time.monotonic() + WRITTEN
        while time.monotonic() < deadline:
            found = reader.page(chosen, after=before, limit=1)
            if found:
                return found[0].id
            time.sleep(_LOOK)
    return None


def _said(path: Path, connection: str, text: bytes, replay_of: int) -> int | None:
    """Say a message on the connection that it was said on, if that is still open."""
    chosen = parse(f"replay-of:{replay_of}")
    with Reader(path) as reader:
        before = reader.newest_id() or 0
        said = text.decode("utf-8", "surrogatepass")
        try:
            asked = {"do": "say", "id": connection, "text": said, "replay_of": replay_of}
            ask(path, "connections", asked)
        except NoAnswerError as error:
            raise NotSentError(
                f"{error} A message can be sent again only on its connection: `inspector "
                "connections` lists those that are open, and says one on another."
            ) from error
        deadline = time.monotonic() + WRITTEN
        while time.monotonic() < deadline:
            found = reader.page(chosen, after=before, limit=1)
            if found:
                return found[0].id
            time.sleep(_LOOK)
    return None


def to_backend(path: Path, exchange: Exchange, places: Mapping[str, str], replay_of: int) -> int:
    """Send what the gateway had made of the request straight to the backend, record the answer.

    `places` are those of `--backend`. Raises `NotSentError`.
    """
    request, url = _backend_request(exchange)
    began, started = time.time_ns() // 1000, time.perf_counter()
    try:
        response = resend.to_backend(request, url, places)
    except resend.ResendError as error:
        raise NotSentError(str(error)) from error
    answered = Exchange(
        started_us=began,
        duration_us=int((time.perf_counter() - started) * 1e6),
        request=replace(request, target=url),
        response=response,
        environment=replace(exchange.environment, socket=None),
        host=exchange.host,
        outcome="answered",
        definition=exchange.definition,
        engine=__version__,
        origin="replayed",
        replay_of=replay_of,
        request_size=len(request.body),
        response_size=len(response.body),
    )
    writer = Writer(path, session=Session("terminal", None, __version__), index=False)
    try:
        return writer.store(answered)
    except (TimeoutError, ValueError) as error:
        raise NotSentError(f"Answered {response.status}, but not recorded: {error}") from error
    finally:
        writer.close()


def _backend_request(exchange: Exchange) -> tuple[Request, str]:
    """The request that reached the backend, and its URL."""
    for each in exchange.performed:
        if isinstance(each.effect, CallBackend):
            sent = each.effect.request
            return Request(sent.method, sent.url, sent.headers, sent.body), sent.url
    elsewhere = passed_to(exchange)
    if elsewhere is not None:
        return exchange.request, url_of(exchange.request, elsewhere)
    raise NotSentError("No backend was called in this exchange.")
