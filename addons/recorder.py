"""Records flows: those that the gateway answered, and those of hosts we hold no definition for."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from mitmproxy import http

from addons.flows import host_of, request_of, response_of
from addons.passing_frames import end_exchange, joined, message_exchange
from inspector import __version__
from inspector.gateway.environment import Environment
from inspector.message import Request, Response
from inspector.recording.exchange import Exchange
from inspector.replay.resend import REPLAY_HEADER, replayed
from inspector.runtime.callers import certificate_from
from inspector.runtime.circumstances import Circumstances
from inspector.runtime.failures import STOPPED

#: Set in a flow's metadata by the gateway: it records that flow itself.
OURS = "inspector.ours"
_REPLAY_OF = "inspector.replay_of"
#: Bytes of a passing body that are kept, unless the user wants more.
KEPT = 1024 * 1024

Put = Callable[[Exchange], None]


class Tee:
    """Passes chunks on, counts them and keeps the first of them."""

    def __init__(self, most: int) -> None:
        self.size = 0
        self.kept = bytearray()
        self._most = most

    def __call__(self, chunk: bytes) -> bytes:
        self.size += len(chunk)
        if len(self.kept) < self._most:
            self.kept += chunk[: self._most - len(self.kept)]
        return chunk


class Recorder:
    """An addon. Streams what passes, so that neither memory nor the first byte suffers.

    `forget_frames`: mitmproxy keeps all messages of a WebSocket as long as it is open, for screens
    that only its own programs have.
    """

    def __init__(
        self,
        put: Put,
        circumstances: Circumstances,
        kept: int = KEPT,
        *,
        forget_frames: bool = False,
    ) -> None:
        self._put = put
        self._circumstances = circumstances
        self._kept = kept
        self._forget_frames = forget_frames
        self._passing: dict[str, http.HTTPFlow] = {}

    def done(self) -> None:
        """What is still passing is cut off by the end of the gateway."""
        while self._passing:
            _, flow = self._passing.popitem()
            self._record(flow, STOPPED)

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """A body that mitmproxy is going to stream is teed."""
        if OURS in flow.metadata:
            return
        self._passing[flow.id] = flow
        replay_of = replayed(flow.request.headers.pop(REPLAY_HEADER, None))
        if replay_of is not None:
            flow.metadata[_REPLAY_OF] = replay_of
        if flow.request.stream:
            flow.metadata["inspector.up"] = tee = Tee(self._kept)
            flow.request.stream = tee

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Every passing answer is streamed: the first byte does not wait for the last."""
        if OURS in flow.metadata or flow.response is None:
            return
        flow.metadata["inspector.down"] = tee = Tee(self._kept)
        flow.response.stream = tee

    def response(self, flow: http.HTTPFlow) -> None:
        """The answer of another host went by."""
        if self._passing.pop(flow.id, None) is not None:
            self._record(flow, None)

    def error(self, flow: http.HTTPFlow) -> None:
        """Another host could not be reached, or somebody went away."""
        if self._passing.pop(flow.id, None) is not None and flow.error is not None:
            self._record(flow, flow.error.msg)

    def websocket_message(self, flow: http.HTTPFlow) -> None:
        """A message of another host's WebSocket goes by."""
        if OURS in flow.metadata or flow.websocket is None:
            return
        environment = environment_of(flow, self._circumstances)
        messages = flow.websocket.messages
        self._put(message_exchange(flow, messages[-1], environment, self._kept))
        if self._forget_frames:
            messages.clear()

    def websocket_end(self, flow: http.HTTPFlow) -> None:
        """It is over."""
        if OURS not in flow.metadata:
            self._put(end_exchange(flow, environment_of(flow, self._circumstances)))

    def _record(self, flow: http.HTTPFlow, error: str | None) -> None:
        up, down = flow.metadata.get("inspector.up"), flow.metadata.get("inspector.down")
        request = request_of(flow, bytes(up.kept) if up else None)
        response: Response | None = None
        if flow.response is not None:
            response = response_of(flow.response, bytes(down.kept) if down else None)
        self._put(self._exchange(flow, request, response, error, up, down))

    def _exchange(
        self,
        flow: http.HTTPFlow,
        request: Request,
        response: Response | None,
        error: str | None,
        up: Tee | None,
        down: Tee | None,
    ) -> Exchange:
        environment = environment_of(flow, self._circumstances)
        if flow.websocket is not None:
            environment = joined(flow, environment)
        began, replay_of = flow.request.timestamp_start, flow.metadata.get(_REPLAY_OF)
        request_size = up.size if up else len(request.body)
        response_size = down.size if down else len(response.body if response else b"")
        cut = request_size > len(request.body) or (
            response is not None and response_size > len(response.body)
        )
        return Exchange(
            started_us=int(began * 1e6),
            duration_us=max(0, int((time.time() - began) * 1e6)),
            request=request,
            response=response,
            environment=environment,
            host=host_of(flow.request),
            outcome="broken" if error else "passed",
            engine=__version__,
            origin="replayed" if replay_of else "live",
            replay_of=replay_of,
            request_size=request_size,
            response_size=response_size,
            error=error,
            body_cap=self._kept if cut else None,
        )


def environment_of(flow: http.HTTPFlow, circumstances: Circumstances) -> Environment:
    """When and as whom a flow came; the client's own certificate, where none is simulated."""
    address = flow.client_conn.peername
    environment = circumstances.now(
        "https" if flow.client_conn.tls else "http",
        flow.request.http_version,
        address[0],
    )
    shown = flow.client_conn.certificate_list
    if not shown or environment.caller.certificate is not None:
        return environment
    text = b"".join(each.to_pem() for each in shown).decode("ascii")
    caller = replace(environment.caller, certificate=certificate_from(text))
    return replace(environment, caller=caller)
