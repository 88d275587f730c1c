"""The gateway addon: flows of APIs that we hold are answered here, by the pure core.

It runs under our own master (`inspector up`) and as `mitmdump -s addons/gateway.py --set
inspector_definition=api.yaml --set inspector_db=inspector.db`.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import replace
from pathlib import Path

from mitmproxy import connection, http, tls
from mitmproxy.net.tls import Verify
from mitmproxy.proxy import layer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # for `mitmdump -s`

from addons.conversations import Conversations
from addons.crashed import crashed
from addons.doors import Doors
from addons.exchanges import Asked, exchange_of, misdirected
from addons.flows import answer, framing, host_of, request_of
from addons.mitmdump import MitmdumpGateway
from addons.pace import Pace
from addons.performing import Performer
from addons.recorder import KEPT, OURS, Put, environment_of
from addons.relay import Relay
from addons.service import Service
from addons.socket_events import SocketEvents
from addons.sockets import Sockets, is_upgrade
from inspector.gateway.access_effects import CheckCertificate, CheckSignature
from inspector.gateway.answer import Answer, Conversation
from inspector.gateway.connection_effects import GetConnection
from inspector.gateway.deploy import Gateway, Served
from inspector.gateway.domains import domain_of
from inspector.gateway.effects import ResponseStarted, StreamEnded
from inspector.gateway.limits import AMAZONS
from inspector.gateway.pipeline import converse
from inspector.gateway.websocket.deploy import ServedWebSocketApi
from inspector.message import Headers, Request, Response
from inspector.recording.exchange import Performed
from inspector.replay.resend import REPLAY_HEADER, replayed
from inspector.runtime.circumstances import Circumstances
from inspector.runtime.failures import STOPPED
from inspector.runtime.means import Means
from inspector.runtime.stream import BodyStream

_RELAYED, _HOST = "inspector.relayed", "inspector.host"
#: Bytes of a body that Amazon takes.
PAYLOAD_LIMIT = AMAZONS.payload or 0
#: Stands for any body over the limit; the system gives its pages only to who reads them.
_TOO_MUCH = bytes(PAYLOAD_LIMIT + 1)


class UnexpectedEffectError(Exception):
    """The core would go on with a body that is not there."""


class GatewayAddon:
    """Answers the flows of the APIs that `service` holds; all others pass."""

    def __init__(
        self,
        service: Service,
        means: Means,
        circumstances: Circumstances,
        put: Put,
        kept: int = KEPT,
    ) -> None:
        self._service = service
        self._means = means
        self._circumstances = circumstances
        self._put = put
        self._relay = Relay(kept)
        self._doors = Doors()
        self._tasks: set[asyncio.Task[None]] = set()
        self._conversations = Conversations(put)
        self.pace = Pace()
        self.sockets = Sockets(
            SocketEvents(service, means, circumstances, self._conversations, self.pace)
        )

    async def running(self) -> None:
        """The relay is there before the first request."""
        if not self._relay.port:
            await self._relay.start()

    async def done(self) -> None:
        """Hang up. What is under way is told so, answered and recorded as far as it came."""
        await self.sockets.stop()
        await self._means.close()
        await self._relay.stop(STOPPED)
        await self._conversations.come_to_an_end()

    def next_layer(self, nextlayer: layer.NextLayer) -> None:
        """See through which door a connection comes."""
        self._doors.look(nextlayer)

    def client_disconnected(self, client: connection.Client) -> None:
        """The door is closed."""
        self._doors.leave(client)

    def http_connect(self, flow: http.HTTPFlow) -> None:
        """A tunnel to one of our hosts leads here: no connection to Amazon is tried."""
        if self._service.gateway.holds(flow.request.host):
            flow.response = http.Response.make(200)
            flow.response.reason = "Connection established"
            flow.response.headers.clear()

    def tls_clienthello(self, data: tls.ClientHelloData) -> None:
        """Nor for its certificate, where mitmproxy would first ask the real host."""
        address = data.context.server.address
        if address is not None and self._service.gateway.holds(address[0]):
            data.establish_server_tls_first = False

    def tls_start_client(self, data: tls.TlsData) -> None:
        """Ask for a certificate, where the domain does: every one is taken, the core judges it."""
        domain = domain_of(self._service.gateway.domains, data.context.client.sni or "")
        if domain is not None and domain.truststore_uri is not None and data.ssl_conn is not None:
            data.ssl_conn.set_verify(Verify.VERIFY_PEER.value, _take_any)

    def requestheaders(self, flow: http.HTTPFlow) -> None:
        """A body over the limit is never buffered: the relay answers it (413)."""
        served = self._served(flow)
        if served is None:
            self._stream_what_passes(flow)
            return
        flow.metadata[OURS] = served
        if isinstance(served, Response) or served.limits.payload is None:
            return
        declared, chunked = framing(flow.request.headers)
        too_large = declared.isdecimal() and int(declared) > PAYLOAD_LIMIT
        unknown = not declared and flow.request.is_http2
        if too_large or unknown or chunked:
            self._prepare_for_too_much(flow, served, int(declared) if too_large else None)

    def _stream_what_passes(self, flow: http.HTTPFlow) -> None:
        """Mitmproxy does so itself, but where our own bodies may be of any size."""
        declared, _ = framing(flow.request.headers)
        if declared.isdecimal() and int(declared) > PAYLOAD_LIMIT:
            flow.request.stream = flow.request.stream or True

    async def request(self, flow: http.HTTPFlow) -> None:
        """Answer a request that is ours."""
        served = flow.metadata.get(OURS)
        if served is None or flow.response is not None or flow.error is not None:
            return
        relayed = flow.metadata.pop(_RELAYED, None)
        if relayed is not None:
            if flow.request.stream:
                return  # the relay is answering it
            path, *original = relayed
            self._relay.forget(path)
            data = flow.request.data
            data.scheme, data.host, data.port, data.path = original
        if isinstance(served, Response):
            flow.response = answer(flow, served, time.time())
            self._put(misdirected(self._asked(flow, request_of(flow)), served))
            return
        if isinstance(served, ServedWebSocketApi) and is_upgrade(flow.request):
            await self.sockets.shake_hands(flow, served, flow.metadata[_HOST])
            return
        if self.pace.crowded():
            await self.pace.wait()
        await self._converse(flow, served)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """What the relay sends is passed on as it comes."""
        if OURS not in flow.metadata or flow.response is None:
            return
        if flow.response.status_code == 101:
            self.sockets.passed_on(flow)
        elif flow.request.port == self._relay.port:
            flow.response.stream = True

    def error(self, flow: http.HTTPFlow) -> None:
        """The client may have vanished before his handshake was completed."""
        if OURS in flow.metadata:
            self.sockets.gave_up(flow)

    def websocket_start(self, flow: http.HTTPFlow) -> None:
        """A handshake is completed."""
        served = flow.metadata.get(OURS)
        if isinstance(served, ServedWebSocketApi):
            self.sockets.began(flow, served)

    def websocket_message(self, flow: http.HTTPFlow) -> None:
        """A message goes by, on its way to the broker or from it."""
        if OURS in flow.metadata:
            self.sockets.forget_frames(flow)

    def websocket_end(self, flow: http.HTTPFlow) -> None:
        """A connection is over."""
        if OURS in flow.metadata:
            self.sockets.ended(flow)

    async def _converse(self, flow: http.HTTPFlow, served: Served) -> None:
        """The conversation of one request. Returns when the client can be answered."""
        request = request_of(flow)
        replay_of = request.headers.get(REPLAY_HEADER)
        if replay_of is not None:
            del flow.request.headers[REPLAY_HEADER]
            request = request_of(flow)
        asked = self._asked(flow, request, replay_of)
        streaming: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        async def send_stream(head: ResponseStarted, body: BodyStream) -> StreamEnded:
            path, ended = self._relay.announce(head, body)
            streaming.set_result(path)
            return await ended

        performer = Performer(self._means, send_stream)
        carried_through = self._conversations.carry_through(asked, served, performer)
        if not served.streams:
            result = await carried_through
        else:
            task = asyncio.ensure_future(carried_through)
            await asyncio.wait((task, streaming), return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                self._to_relay(flow, streaming.result())
                self._record_later(task, performer)
                return
            result = task.result()
        flow.response = answer(flow, result.response, time.time())
        gone = not flow.client_conn.state & connection.ConnectionState.CAN_READ
        self._conversations.record(result, performer, gone=gone)

    def _asked(self, flow: http.HTTPFlow, request: Request, replay_of: str | None = None) -> Asked:
        return Asked(
            request,
            environment_of(flow, self._circumstances),
            time.time_ns() // 1000,
            time.perf_counter_ns(),
            self._service.digest,
            flow.metadata[_HOST],
            replayed(replay_of),
        )

    def _record_later(self, task: asyncio.Task[Answer], performer: Performer) -> None:
        async def finish() -> None:
            self._conversations.record(await task, performer)

        waiting = asyncio.ensure_future(finish())
        self._tasks.add(waiting)
        waiting.add_done_callback(self._tasks.discard)

    def _to_relay(self, flow: http.HTTPFlow, path: str) -> None:
        """By the data underneath: the properties would write the relay into the Host header."""
        data = flow.request.data
        data.scheme, data.host, data.port = b"http", "127.0.0.1", self._relay.port
        data.path, data.content = path.encode("ascii"), b""

    def _prepare_for_too_much(self, flow: http.HTTPFlow, served: Served, size: int | None) -> None:
        """Point the upstream at the relay, should mitmproxy begin to stream the body.

        It does so from the first byte over the limit, or at once where that is declared.
        """
        data = flow.request.data
        original = (data.scheme, data.host, data.port, data.path)
        asked = self._asked(flow, request_of(flow, _TOO_MUCH))
        conversation = converse(served, asked.request, asked.environment)
        performed: list[Performed] = []
        try:
            result = _refused(conversation, self._means, performed)
        except UnexpectedEffectError as error:
            result = crashed(served, asked, error)

        def record() -> None:
            kept = replace(asked, request=replace(asked.request, body=b""))
            self._put(exchange_of(kept, result, performed, request_size=size or PAYLOAD_LIMIT + 1))

        path = self._relay.refuse(result.response, record)
        self._to_relay(flow, path)
        flow.metadata[_RELAYED] = (path, *original)
        if size is not None:
            flow.request.stream = True

    def _served(self, flow: http.HTTPFlow) -> Served | Response | None:
        """The API a flow is for, an answer of our own, or None for a flow that passes."""
        gateway = self._service.current()
        request = flow.request
        host = flow.metadata[_HOST] = host_of(request)
        if gateway.domains:
            led = gateway.through_domain(request_of(flow, b""))
            if led is not None:
                return led
        served = gateway.api_for(host) or gateway.api_for(request.host)
        if served is not None:
            return served
        if not self._doors.straight(flow):
            return None
        return gateway.only or _which_api(gateway, host)


def _refused(conversation: Conversation, means: Means, performed: list[Performed]) -> Answer:
    """The answer of a conversation that ends before anything is asked that takes time.

    Raises `UnexpectedEffectError` where it does not.
    """
    try:
        effect = next(conversation)
        while isinstance(effect, CheckCertificate | CheckSignature | GetConnection):
            reply = means.answer_at_once(effect)
            performed.append(Performed(effect, reply, 0, 0))
            effect = conversation.send(reply)
    except StopIteration as end:
        result: Answer = end.value
        return result
    conversation.close()
    raise UnexpectedEffectError(f"a body over the limit was to be used: {effect.key}")


def _take_any(*_: object) -> bool:
    return True


def _which_api(gateway: Gateway, host: str) -> Response:
    names = "\n".join(f"  {served.api.host}  {served.api.name}" for served in gateway.apis)
    text = (
        f"inspector serves several APIs here, and {host!r} is none of them.\n"
        f"Name one in the Host header:\n{names}\n"
    )
    body = text.encode()
    fields = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    return Response(421, Headers.of(fields), body)


addons = [MitmdumpGateway(GatewayAddon)]
