"""The part of an exchange that only a closer look needs, as JSON and back, nothing lost.

An exchange is taken apart into its header sets (`heads`, apart because they are searched), its
bodies (stored by content) and the rest (`story`), in which a header set is `{"head": n}`, a body
`{"body": n}`, and an effect or reply `{"is": class, "of": [its fields]}`, so that a new kind of
effect is recorded as soon as it is in the union `Effect`. Lists and mappings that an effect holds
as plain JSON values are wrapped in `{"json": …}`. A line of `stories.story` is `[bodies, story]`,
where `bodies` are the ids in `blobs`, null for an empty one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from operator import attrgetter
from typing import Any, Final, get_args

import orjson

from inspector.gateway.access_effects import SignedText
from inspector.gateway.effects import BackendRequest, Bucket, Effect, QuotaCount, Reply
from inspector.gateway.environment import Caller, ClientCertificate, Environment, Socket
from inspector.gateway.identity import Identity
from inspector.gateway.trace import Trace, from_data
from inspector.message import Headers
from inspector.recording.exchange import Exchange, Performed

#: Before a line that orjson would not write, and would read otherwise than it was meant.
EXOTIC: Final = b" "
#: What may stand inside an effect or a reply beside plain JSON values.
KNOWN: Final[dict[str, type]] = {
    kind.__name__: kind
    for kind in (
        *get_args(Effect),
        *get_args(Reply),
        BackendRequest,
        Bucket,
        Identity,
        QuotaCount,
        SignedText,
    )
}


def _reader_of(kind: type) -> Callable[[Any], dict[str, Any]]:
    """Writes a value of this class; made once, because the hot path has no time to look."""
    name = kind.__name__
    names = [field.name for field in fields(kind)]
    if not names:
        return lambda _: {"is": name, "of": []}
    nested = [at for at, field in enumerate(fields(kind)) if _is_nested(str(field.type))]
    get = attrgetter(*names)

    def read(value: Any) -> dict[str, Any]:
        of = [get(value)] if len(names) == 1 else list(get(value))
        for at in nested:
            of[at] = {"json": of[at]}
        return {"is": name, "of": of}

    return read


def _is_nested(annotation: str) -> bool:
    return any(word in annotation for word in ("dict", "list", "Mapping", "Sequence", "Any"))


READERS: Final = {kind: _reader_of(kind) for kind in KNOWN.values()}


@dataclass(slots=True)
class Parts:
    """An exchange taken apart. `bodies` starts with the request's and the response's.

    `head_of` tells for each body the place of its header set in `heads`; `story` is JSON.
    """

    heads: list[tuple[tuple[str, str], ...]]
    bodies: list[bytes]
    head_of: list[int]
    story: bytes = b""

    def plain(self, value: Any) -> object:
        """What JSON has no form for: header sets and bodies go to their lists."""
        kind = type(value)
        read = READERS.get(kind)
        if read is not None:
            return read(value)
        if kind is Headers:
            self.heads.append(value.fields)
            return {"head": len(self.heads) - 1}
        if kind is bytes:
            self.bodies.append(value)
            self.head_of.append(len(self.heads) - 1)
            return {"body": len(self.bodies) - 1}
        if kind is Performed:
            return value.effect, value.reply, value.started_us, value.ended_us
        if kind is Environment:
            # One call for it and its caller: orjson writes such dataclasses by itself.
            return orjson.Fragment(orjson.dumps(value))
        if isinstance(value, Mapping):
            return dict(value)
        return {field.name: getattr(value, field.name) for field in fields(value)}


def take_apart(exchange: Exchange) -> Parts:
    """The parts of an exchange. Raises TypeError for what has no form in JSON."""
    story: dict[str, Any] = {"env": exchange.environment, "trace": _trace_data(exchange.trace)}
    if exchange.performed:
        story["performed"] = exchange.performed
    if exchange.timings:
        story["timings"] = exchange.timings
    if exchange.body_cap is not None:
        story["cap"] = exchange.body_cap
    parts = _parts(exchange)
    try:
        parts.story = orjson.dumps(story, parts.plain, orjson.OPT_PASSTHROUGH_DATACLASS)
    except TypeError:  # a lone surrogate, or an integer of more than 64 bits
        parts = _parts(exchange)
        story["env"] = asdict(exchange.environment)
        text = json.dumps(story, default=parts.plain, separators=(",", ":"))
        parts.story = EXOTIC + text.encode("ascii")
    return parts


def _parts(exchange: Exchange) -> Parts:
    request, response = exchange.request, exchange.response
    if response is None:
        return Parts([request.headers.fields, ()], [request.body, b""], [0, 1])
    heads = [request.headers.fields, response.headers.fields]
    return Parts(heads, [request.body, response.body], [0, 1])


def _trace_data(steps: Trace) -> list[object]:
    """As `gateway.trace.to_data`, which copies what need not be copied here."""
    return [
        (
            step.stage,
            step.outcome,
            step.code,
            step.facts,
            None
            if (source := step.source) is None
            else (source.file, source.line, source.column, source.pointer),
        )
        for step in steps
    ]


def line(parts: Parts, bodies: Sequence[int | None]) -> bytes:
    """The line of `stories.story`, with the ids of the bodies."""
    mark = EXOTIC if parts.story.startswith(EXOTIC) else b""
    return b"%b[%b,%b]" % (mark, orjson.dumps(bodies), parts.story)


def dumps(value: object) -> bytes:
    """One line of JSON, with the standard library for what orjson will not write."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return EXOTIC + json.dumps(value, separators=(",", ":")).encode("ascii")


def loads(text: bytes) -> Any:
    """What was written as JSON."""
    return json.loads(text) if text.startswith(EXOTIC) else orjson.loads(text)


def environment(data: dict[str, Any]) -> Environment:
    """The environment of a story."""
    caller = dict(data["caller"])
    if caller.get("certificate") is not None:
        shown = caller["certificate"]
        chain = tuple(shown.get("chain", ()))
        caller["certificate"] = ClientCertificate(**{**shown, "chain": chain})
    socket = data.get("socket")
    return Environment(
        **{
            **data,
            "caller": Caller(**caller),
            "socket": None if socket is None else Socket(**socket),
        }
    )


def trace(story: dict[str, Any]) -> Trace:
    """The trace of a story."""
    return from_data(story["trace"])


def performed(
    story: dict[str, Any], heads: Sequence[Headers], bodies: Sequence[bytes]
) -> tuple[Performed, ...]:
    """The effects of a story with their replies, header sets and bodies back in their places."""

    def whole(value: Any) -> Any:
        if isinstance(value, list):
            return tuple(map(whole, value))
        if not isinstance(value, dict):
            return value
        if "is" in value:
            return KNOWN[value["is"]](*map(whole, value["of"]))
        if "head" in value:
            return heads[value["head"]]
        return bodies[value["body"]] if "body" in value else value["json"]

    return tuple(
        Performed(whole(effect), whole(reply), started, ended)
        for effect, reply, started, ended in story.get("performed", ())
    )


def headers(pairs: Sequence[Sequence[str]]) -> Headers:
    """A header set of `heads`."""
    return Headers(tuple((name, value) for name, value in pairs))
