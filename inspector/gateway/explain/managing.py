"""Calls of `@connections` that were refused: another URL, another time, another caller (68, 69)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from shlex import quote as quote_word
from urllib.parse import quote

from inspector.gateway.connection_effects import ConnectionState
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Cause, Try
from inspector.gateway.explain.sockets import told
from inspector.gateway.narration import Evidence
from inspector.gateway.trace import Step
from inspector.message import Request

_CALL = "/@connections/"


def no_management(case: Case, step: Step) -> Cause:
    """What is no call of `@connections`: the URL that was used beside the one that is expected."""
    cause = told(step)
    facts, host = step.facts, case.request.host
    stages = [str(each) for each in _listed(facts.get("stages"))]
    path, rest = case.request.target.partition("?")[0], str(facts["path"])
    connection = path.rpartition(_CALL)[2] if _CALL in path else ""
    call = f"{_CALL}{connection or 'ID'}"
    expected = f"/{next(iter(stages), 'STAGE')}{call}"
    twice = any(rest.startswith(f"/{each}{_CALL}") for each in stages)
    cause.part = "method" if rest.startswith(_CALL) and facts["stage"] in stages else "path"
    if path.startswith(_CALL):
        cause.sentence = (
            f"The URL lacks the stage: it begins with {_CALL}, where the stage is looked for."
        )
    elif path != f"/{facts['stage']}{rest}" and facts["stage"] in stages:
        expected = f"{path.removesuffix(rest)}{call}"
        if twice:
            cause.sentence = (
                f"The URL has the stage, and {host} is a custom domain whose mapping names it "
                "already."
            )
    elif twice:
        cause.sentence = "The URL has the stage twice."
    if "@connections" not in path:
        return _not_connected(case, cause).line(step.source)
    cause.evidence += [
        Evidence("URL used", f"{case.environment.scheme}://{host}{path}",
                 f"{case.environment.scheme}://{host}{expected}", ok=False),
        Evidence("method", str(facts["request"]), "GET, POST or DELETE"),
    ]  # fmt: skip
    cause.remedy = f"Call {case.environment.scheme}://{host}{expected}, by GET, POST or DELETE."
    return cause.line(step.source)


def _not_connected(case: Case, cause: Cause) -> Cause:
    """A plain request, or a handshake that lacks something, often lost at a proxy on the way."""
    request, scheme = case.request, "wss" if case.environment.scheme == "https" else "ws"
    command = f"wscat -c {quote_word(f'{scheme}://{request.host}{request.target}')}"
    if "websocket" in (request.headers.get("upgrade") or "").lower() or any(
        name.lower().startswith("sec-websocket-") for name, _ in request.headers
    ):
        checks = list(_handshake(request))
        wrong = [each for each in checks if not each.ok]
        cause.evidence += checks
        if wrong:
            named = ", ".join(f"{each.label}: {each.value}" for each in wrong)
            cause.sentence = (
                f"This asks for a WebSocket, and is no handshake of RFC 6455 ({named}): it counts "
                "as a plain request."
            )
            cause.remedy = (
                "Look at the client's library, or at a proxy before the gateway that takes headers "
                "away (nginx passes Upgrade and Connection on only where it is told to)."
            )
            cause.part = f"header {wrong[0].label}" if wrong[0].label != "method" else "method"
    cause.tries.append(Try("command", "connect with a client", command=command))
    return cause


def _handshake(request: Request) -> Iterator[Evidence]:
    """What a handshake needs (RFC 6455, section 4.1), and what came."""
    yield Evidence("method", request.method, "GET", ok=request.method == "GET")
    wanted = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    for name, value in wanted.items():
        came = ", ".join(request.headers.all(name))
        listed = [each.strip().lower() for each in came.split(",")]
        yield Evidence(name, came or "missing", value, ok=value.lower() in listed)
    key = request.headers.get("Sec-WebSocket-Key")
    yield Evidence("Sec-WebSocket-Key", key or "missing", "16 bytes in base64", ok=bool(key))


def gone(case: Case, step: Step) -> Cause:
    """410: the connection is closed, or its `$connect` had not answered yet."""
    cause = told(step, "connection")
    now, state = case.environment.time_ms, _state(case)
    cause.part = "path"
    if state is not None and state.connected_ms:
        begun = f"{clock(state.connected_ms)} ({_ago(now - state.connected_ms)} before the call)"
        cause.evidence.append(Evidence("connected", begun))
        if state.last_active_ms:
            ago = _ago(now - state.last_active_ms)
            text = f"{clock(state.last_active_ms)} ({ago} before the call)"
            cause.evidence.append(Evidence("last active", text))
    called = {"GET": "asked", "POST": "posted", "DELETE": "deleted"}
    cause.evidence.append(Evidence(called.get(case.request.method, "called"), clock(now)))
    if step.code == "manage.connecting":
        cause.sentence += " Amazon answers 410 as if the connection were gone."
    elif state is not None and state.state == "open":
        cause.sentence += " It was open a moment before, when the call came."
    return cause.line(step.source)


def unknown(case: Case, step: Step) -> Cause:
    """400: an id that was never given, often one that was not encoded, or cut off."""
    del case
    cause = told(step, "connection")
    cause.part = "path"
    connection = str(step.facts["connection"])
    if connection.startswith(_CALL[1:]):
        cause.sentence = f"The URL has {_CALL} twice, so that {connection} is taken for the id."
        cause.remedy = "Let the client's endpoint end with the stage: SDKs add the rest."
    elif not connection.endswith("="):
        cause.add("Ids end in =: this one has lost its end, perhaps in the URL's encoding.")
        url = f"{_CALL}{quote(connection + '=', safe='')}"
        cause.tries.append(Try("command", "call it with its end, percent-encoded", command=url))
    return cause.line(step.source)


def too_large(case: Case, step: Step) -> Cause:
    """413: more than a message may have."""
    del case
    cause = told(step, "size", "limit")
    cause.part = "body"
    return cause.line(step.source)


def _state(case: Case) -> ConnectionState | None:
    return next((reply for _, reply in case.performed if isinstance(reply, ConnectionState)), None)


def clock(milliseconds: int) -> str:
    """`12:04:11.204`, in UTC."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{moment:%H:%M:%S}.{milliseconds % 1000:03d} UTC"


def _ago(milliseconds: int) -> str:
    seconds = milliseconds / 1000
    return f"{milliseconds} ms" if milliseconds < 10_000 else f"{seconds:.0f} s"


def _listed(fact: object) -> list[object]:
    return list(fact) if isinstance(fact, list) else []
