"""The last stage: the handshake's answer, a frame, or nothing at all.

Sources: captures-2026.md, sections 2a and 3 (recorded: headers and bodies of refused handshakes, a
function's body is theirs; 101 has nothing of the gateway's own), websocket.md, sections 1, 4 and 5.
"""

from __future__ import annotations

from inspector.gateway.environment import Environment
from inspector.gateway.http_api.stages.send import date
from inspector.gateway.trace import Fact, Outcome, Step
from inspector.gateway.websocket.refusal import SocketRefusal, text_of
from inspector.gateway.websocket.results import Chosen, Mapped, chosen_of
from inspector.message import Field, Headers, Response

_PROTOCOL = "Sec-WebSocket-Protocol"
_JSON = "application/json; charset=UTF-8"
#: What a function may not say of the handshake's answer.
_OWN = frozenset(
    {"date", "content-type", "content-length", "connection", "x-amz-apigw-id", "upgrade",
     "transfer-encoding", "keep-alive"}
)  # fmt: skip


def send(mapped: Mapped, trace: list[Step]) -> Response:
    """The answer of an integration."""
    chosen = chosen_of(mapped)
    assert chosen is not None
    event = chosen.joined.socket.event
    if event == "CONNECT":
        return _shaken(mapped, chosen, trace)
    facts: dict[str, Fact] = {"status": mapped.status}
    source = None if chosen.plan is None else chosen.plan.route.source
    if event == "DISCONNECT":
        trace.append(Step("send", "ok", "send.socket-closed", facts, source))
        return Response(mapped.status)
    two_way = chosen.plan is not None and chosen.plan.two_way
    if not two_way:
        facts["size"] = len(mapped.body)
        code = "send.socket-dropped" if mapped.body else "send.socket-one-way"
        trace.append(Step("send", "ok", code, facts, source))
        return Response(mapped.status)
    facts["size"] = len(mapped.body)
    trace.append(Step("send", "ok", "send.frame", facts, source))
    return Response(mapped.status, Headers(), mapped.body)


def _shaken(mapped: Mapped, chosen: Chosen, trace: list[Step]) -> Response:
    source = None if chosen.plan is None else chosen.plan.route.source
    offered = chosen.joined.request.headers.get(_PROTOCOL)
    protocol = mapped.headers.get(_PROTOCOL)
    facts: dict[str, Fact] = {"status": mapped.status}
    if offered is not None or protocol is not None:
        facts |= {"offered": offered, "protocol": protocol}
    if 200 <= mapped.status < 300:
        trace.append(Step("send", "ok", "send.connected", facts, source))
        fields: tuple[Field, ...] = () if protocol is None else ((_PROTOCOL, protocol),)
        return Response(101, Headers(fields))
    trace.append(Step("send", "refused", "send.not-connected", facts, source))
    kind = mapped.headers.get("content-type") or _JSON
    extra = [pair for pair in mapped.headers.fields if pair[0].lower() not in _OWN]
    fields = (*_opening(chosen.joined.environment, kind, len(mapped.body)), *extra)
    return Response(mapped.status, Headers(fields), mapped.body)


def refuse(refusal: SocketRefusal, environment: Environment, trace: list[Step]) -> Response:
    """The gateway's own answer; the refusing stage's step goes into the trace first."""
    outcome: Outcome = "failed" if refusal.failed else "refused"
    trace.append(Step(refusal.stage, outcome, refusal.code, refusal.facts, refusal.source))
    facts: dict[str, Fact] = {
        "status": refusal.status,
        "type": refusal.type,
        "message": refusal.message,
    }
    socket = environment.socket
    if socket is not None and socket.event == "DISCONNECT":
        trace.append(Step("send", "ok", "send.socket-closed", facts))
        return Response(refusal.status)
    body = text_of(refusal, environment).encode("utf-8", "surrogatepass")
    if socket is not None and socket.event == "MESSAGE":
        trace.append(Step("send", "ok", "send.error-frame", facts))
        return Response(refusal.status, Headers(), body)
    trace.append(Step("send", "ok", "send.gateway-response", facts))
    return Response(refusal.status, Headers(_opening(environment, _JSON, len(body))), body)


def _opening(environment: Environment, kind: str, size: int) -> tuple[Field, ...]:
    return (
        ("Date", date(environment.time_ms // 1000)),
        ("Content-Type", kind),
        ("Content-Length", str(size)),
        ("Connection", "keep-alive"),
        ("x-amz-apigw-id", environment.extended_request_id),
    )
