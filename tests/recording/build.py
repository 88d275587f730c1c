"""Exchanges to record, and what hypothesis may make of them."""

from __future__ import annotations

from hypothesis import strategies as st

from inspector.gateway.connection_effects import ConnectionState, PostToConnection
from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    BackendRequest,
    BackendStream,
    CallBackend,
    CallService,
    FunctionAnswer,
    FunctionStream,
    InvokeFunction,
    ResponseStarted,
    StreamEnded,
)
from inspector.gateway.environment import Caller, ClientCertificate, Environment, Socket
from inspector.gateway.trace import Step
from inspector.message import Headers, Request, Response
from inspector.model import Source
from inspector.recording.exchange import Exchange, Performed

ENVIRONMENT = Environment(1_700_000_000_000, "id-1", "ext=", "1-2-3", "0123456789abcdef")


def exchange(number: int = 0, body: bytes = b'{"name": "rex"}', **changes: object) -> Exchange:
    values: dict[str, object] = {
        "started_us": 1_700_000_000_000_000 + number,
        "duration_us": 1_000,
        "request": Request("GET", f"/dev/pets/{number}", Headers((("Host", "api.test"),))),
        "response": Response(200, Headers((("X-A", "1"),)), body),
        "environment": ENVIRONMENT,
        "host": "api.test",
        "outcome": "answered",
        "response_size": len(body),
    }
    return Exchange(**{**values, **changes})  # type: ignore[arg-type]


LATIN = st.text(st.characters(max_codepoint=255), max_size=12)
ANY = st.text(max_size=12)
OPTIONAL = st.none() | ANY
#: With lone surrogates, which JSON and SQLite have their trouble with.
WILD = st.text(st.characters(exclude_categories=()), max_size=12)
BODIES = st.binary(max_size=40) | st.binary(max_size=4).map(lambda part: part * 700)
HEADERS = st.lists(st.tuples(LATIN, LATIN), max_size=4).map(Headers.of)
NUMBERS = st.integers(0, 2**62)
FACTS = st.dictionaries(
    ANY,
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WILD
    | st.lists(WILD, max_size=3)
    | st.dictionaries(ANY, ANY, max_size=3),
    max_size=4,
)
NAMES = st.sampled_from(["api", "route", "authorize", "integrate", "response"])
SOURCES = st.none() | st.builds(Source, ANY, NUMBERS, NUMBERS, ANY)
STEPS = st.builds(
    Step, NAMES, st.sampled_from(["ok", "refused", "failed", "passed"]), ANY, FACTS, SOURCES
)
CALLERS = st.builds(
    Caller,
    ANY,
    OPTIONAL,
    OPTIONAL,
    st.none() | st.builds(ClientCertificate, ANY, ANY, ANY, ANY, ANY, ANY),
    OPTIONAL,
)
SOCKETS = st.builds(
    Socket,
    st.sampled_from(["CONNECT", "MESSAGE", "DISCONNECT"]),
    ANY,
    NUMBERS,
    OPTIONAL,
    st.none() | NUMBERS,
    ANY,
    ANY,
    ANY,
    OPTIONAL,
    st.dictionaries(ANY, ANY, max_size=2),
)
ENVIRONMENTS = st.builds(
    Environment, NUMBERS, ANY, ANY, ANY, ANY, ANY, ANY, CALLERS, st.none() | SOCKETS
)
REQUESTS = st.builds(BackendRequest, LATIN, ANY, HEADERS, BODIES)
EFFECTS = (
    st.builds(CallBackend, REQUESTS, NUMBERS, st.booleans(), st.booleans())
    | st.builds(CallService, ANY, ANY, OPTIONAL, REQUESTS, NUMBERS, OPTIONAL)
    | st.builds(InvokeFunction, ANY, BODIES, NUMBERS, st.booleans(), ANY, st.booleans())
    | st.builds(ResponseStarted, NUMBERS, HEADERS)
    | st.builds(PostToConnection, ANY, ANY, ANY, BODIES)
)
REPLIES = (
    st.builds(BackendAnswer, NUMBERS, HEADERS, BODIES)
    | st.builds(BackendFailure, st.sampled_from(["timeout", "dns", "other"]), ANY)
    | st.builds(BackendStream, NUMBERS, HEADERS)
    | st.builds(FunctionAnswer, BODIES, OPTIONAL, ANY, ANY)
    | st.builds(FunctionStream, BODIES, ANY)
    | st.builds(StreamEnded, NUMBERS, BODIES, st.none() | ANY, ANY)
    | st.builds(ConnectionState, st.sampled_from(["open", "gone"]), NUMBERS, NUMBERS, ANY, OPTIONAL)
)
EXCHANGES = st.builds(
    Exchange,
    started_us=NUMBERS,
    duration_us=NUMBERS,
    request=st.builds(Request, LATIN, LATIN, HEADERS, BODIES),
    response=st.none() | st.builds(Response, st.integers(100, 999), HEADERS, BODIES),
    environment=ENVIRONMENTS,
    host=LATIN,
    outcome=st.sampled_from(["answered", "refused", "failed", "passed", "broken"]),
    trace=st.lists(STEPS, max_size=4).map(tuple),
    performed=st.lists(st.builds(Performed, EFFECTS, REPLIES, NUMBERS, NUMBERS), max_size=3).map(
        tuple
    ),
    api_id=OPTIONAL,
    stage=OPTIONAL,
    resource=OPTIONAL,
    definition=OPTIONAL,
    engine=ANY,
    stopped_at=OPTIONAL,
    response_type=OPTIONAL,
    origin=st.sampled_from(["live", "replayed", "simulated"]),
    replay_of=st.none() | NUMBERS,
    request_size=NUMBERS,
    response_size=NUMBERS,
    error=OPTIONAL,
    timings=st.dictionaries(ANY, NUMBERS, max_size=3),
)
