"""The values of parameter mappings and of service parameters, compiled once.

Source: developer guide, "Transforming API requests and responses" and "Integration subtype
reference": one variable (`$request.header.x`), several in braces (`${request.path.a}/x`), or a
text. Several values are joined by commas. A JSON path sees the first 100 KB of a body and knows
neither `..` nor filters. One variable may stand in a text without braces (`/v1/$request.path.proxy`,
as many users write it; only several want them). What an absent variable gives is not documented: a
mapping of one variable that is absent does nothing here, in a text it leaves nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from inspector.gateway import untrusted_json
from inspector.gateway.client_view import ClientView
from inspector.gateway.content import whole
from inspector.gateway.context import look_up
from inspector.gateway.jsonpath.errors import JsonPathError
from inspector.gateway.jsonpath.paths import compile_path
from inspector.message import Headers

#: Bytes of a body that a JSON path is applied to.
LOOKED_AT = 100 * 1024
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
#: A variable without braces, as far as its name goes. That of a query or in a body may hold anything.
_BARE = re.compile(
    r"\$((?:request|response)\.(?:querystring\..+|body(?![\w-]).*|header\.[\w.!#%&'*+^`|~-]+)"
    r"|(?:context|stageVariables)(?:\.[\w:-]+)+"
    r"|request\.path(?![\w-])(?:\.[\w:-]+)*)",
    re.DOTALL,
)
#: A text that might have been meant for a variable.
_ALIKE = re.compile(r"\$[A-Za-z]\w*\.\w")
#: What looks like a variable and is none that there is.
_UNKNOWN = re.compile(r"\$((?:request|response)\..+)\Z", re.DOTALL)


@dataclass(slots=True)
class HttpScope:
    """What an expression can refer to. `context` is asked only where an expression needs it."""

    client: ClientView
    path: str
    context: Callable[[], dict[str, object]]
    stage_variables: Mapping[str, str]
    answer_status: int = 0
    answer_headers: Headers | None = None
    answer_body: bytes = b""


Value = Callable[[HttpScope], str | None]


def compile_value(text: str) -> Value:
    """The reader of one value; a variable that Amazon does not know gives nothing."""
    if text == "''":
        return lambda scope: ""
    pieces = _pieces(text)
    if len(pieces) == 1:
        return lambda scope: text
    readers = [_variable(piece) for piece in pieces[1::2]]
    if pieces[0] == pieces[-1] == "" and len(readers) == 1:
        return readers[0]

    def read(scope: HttpScope) -> str:
        values = [reader(scope) or "" for reader in readers]
        parts = [pieces[0]]
        for value, literal in zip(values, pieces[2::2], strict=True):
            parts += [value, literal]
        return "".join(parts)

    return read


def _pieces(text: str) -> list[str]:
    """Literal texts and the names of variables in turn, a text first and last."""
    pieces = _VARIABLE.split(text)
    if len(pieces) > 1:
        return pieces
    bare = _BARE.search(text)
    if bare is not None:
        return [text[: bare.start()], bare[1], text[bare.end() :]]
    unknown = _UNKNOWN.match(text)
    return ["", unknown[1], ""] if unknown is not None else [text]


def complaint(text: str, *, of_response: bool = False) -> str | None:
    """What is wrong with a value, None for one that can be read."""
    for name in _pieces(text)[1::2]:
        if not _known(name, of_response=of_response):
            return f"{name!r} is no variable that can be mapped here"
        for body in ("request.body.", "response.body."):
            if name.startswith(body) and (".." in name or "?(" in name):
                return "a JSON path here knows neither .. nor ?()"
    return None


def is_text_alike(text: str) -> bool:
    """It begins as a variable does, and is taken for a text."""
    return _ALIKE.match(text) is not None and len(_pieces(text)) == 1


def _known(name: str, *, of_response: bool) -> bool:
    shared = ("context.", "stageVariables.")
    own = (
        ("response.header.", "response.body")
        if of_response
        else ("request.header.", "request.querystring.", "request.path", "request.body")
    )
    return name.startswith((*shared, *own))


def _variable(name: str) -> Value:
    for prefix, make in _SOURCES:
        if name == prefix or name.startswith(prefix + ("" if prefix.endswith(".") else ".")):
            return make(name[len(prefix) :])
    return lambda scope: None


def _header(name: str) -> Value:
    return lambda scope: _joined(scope.client.request.headers.all(name))


def _query(name: str) -> Value:
    return lambda scope: _joined([value for key, value in scope.client.query if key == name])


def _path(rest: str) -> Value:
    if not rest:
        return lambda scope: scope.path
    name = rest[1:]
    return lambda scope: scope.client.path_parameters.get(name)


def _request_body(rest: str) -> Value:
    read = _body(rest)
    return lambda scope: read(scope.client.request.body)


def _context(name: str) -> Value:
    def read(scope: HttpScope) -> str | None:
        found = look_up(scope.context(), name)
        return None if found is None else whole(found)

    return read


def _stage_variable(name: str) -> Value:
    return lambda scope: scope.stage_variables.get(name)


def _answer_header(name: str) -> Value:
    return lambda scope: _joined((scope.answer_headers or Headers()).all(name))


def _answer_body(rest: str) -> Value:
    read = _body(rest)
    return lambda scope: read(scope.answer_body)


def _joined(values: tuple[str, ...] | list[str]) -> str | None:
    return ",".join(values) if values else None


def _body(rest: str) -> Callable[[bytes], str | None]:
    """The whole body, or the value at a path in it."""
    if not rest:
        return lambda body: body.decode("utf-8", "replace") if body else None
    try:
        compiled = compile_path(f"${rest}")
    except JsonPathError:
        return lambda body: None

    def read(body: bytes) -> str | None:
        try:
            found = compiled.read(untrusted_json.loads(body[:LOOKED_AT]))
        except (ValueError, JsonPathError):
            return None
        return None if found is None else as_text(found)

    return read


def as_text(value: object) -> str:
    """A JSON value as text: itself, or compact JSON."""
    text = (
        value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    )
    return whole(text)


_SOURCES: tuple[tuple[str, Callable[[str], Value]], ...] = (
    ("request.header.", _header),
    ("request.querystring.", _query),
    ("request.path", _path),
    ("request.body", _request_body),
    ("response.header.", _answer_header),
    ("response.body", _answer_body),
    ("context.", _context),
    ("stageVariables.", _stage_variable),
)
