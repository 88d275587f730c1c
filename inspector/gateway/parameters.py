"""Mapping expressions (`method.request.querystring.x`, `'literal'` …), compiled once.

Sources: the developer guide's request and response parameter mapping reference; facts 114-132.
A source that is absent yields None, and the mapping adds nothing (fact 119).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from inspector.gateway.client_view import ClientView
from inspector.gateway.context import look_up
from inspector.gateway.java.text import to_text
from inspector.gateway.jsonpath.errors import JsonPathError
from inspector.gateway.jsonpath.paths import compile_path
from inspector.gateway.jsonpath.reader import parse_json
from inspector.message import Headers
from inspector.model import ParameterMapping, Source

Values = str | list[str] | None


class InvalidBodyError(Exception):
    """A mapping reads the body, which looks like JSON and is not (fact 15)."""


@dataclass(slots=True)
class Scope:
    """What an expression can refer to. `context` is asked only where an expression needs it."""

    client: ClientView
    context: Callable[[], dict[str, object]]
    stage_variables: Mapping[str, str]
    answer_headers: Headers | None = None
    answer_body: bytes = b""


Getter = Callable[[Scope], Values]


@dataclass(frozen=True, slots=True)
class CompiledMapping:
    """One compiled mapping: where it goes, how its value is had, where it was declared."""

    place: str
    name: str
    expression: str
    get: Getter
    source: Source


def compile_mappings(
    mappings: tuple[ParameterMapping, ...], prefix: str
) -> tuple[CompiledMapping, ...]:
    """Those mappings whose target begins with `prefix` (`integration.request.` …)."""
    compiled = []
    for mapping in mappings:
        if not mapping.target.startswith(prefix):
            continue
        place, _, name = mapping.target[len(prefix) :].partition(".")
        getter = compile_expression(mapping.expression)
        compiled.append(CompiledMapping(place, name, mapping.expression, getter, mapping.source))
    return tuple(compiled)


def compile_expression(expression: str) -> Getter:
    """The reader of one expression; one that Amazon does not know reads nothing."""
    if len(expression) >= 2 and expression[0] == expression[-1] == "'":
        literal = expression[1:-1]
        return lambda scope: literal
    for prefix, make in _SOURCES:
        if expression.startswith(prefix):
            return make(expression[len(prefix) :])
    return lambda scope: None


def as_text(values: Values) -> str | None:
    """Several values as the one text of a header: joined by commas (fact 132, claimed)."""
    return ",".join(values) if isinstance(values, list) else values


def _header(name: str) -> Getter:
    # Names are compared with case (132; guide, "Important notes for REST APIs").
    return lambda scope: scope.client.header_values.get(name)


def _all_headers(name: str) -> Getter:
    def get(scope: Scope) -> Values:
        return [value for field, value in scope.client.headers if field == name] or None

    return get


def _path(name: str) -> Getter:
    return lambda scope: scope.client.path_parameters.get(name)


def _query(name: str) -> Getter:
    return lambda scope: scope.client.query_values.get(name)


def _all_query(name: str) -> Getter:
    return lambda scope: [value for field, value in scope.client.query if field == name] or None


def _context(name: str) -> Getter:
    return lambda scope: look_up(scope.context(), name)


def _stage_variable(name: str) -> Getter:
    return lambda scope: scope.stage_variables.get(name)


def _request_body(path: str) -> Getter:
    read = _body_reader(path)
    return lambda scope: read(scope.client.body_text)


def _answer_header(name: str) -> Getter:
    """The last of its values, as of a request's header (132, claimed of both)."""
    values = _answer_all_headers(name)

    def get(scope: Scope) -> Values:
        found = values(scope)
        return found[-1] if isinstance(found, list) else None

    return get


def _answer_all_headers(name: str) -> Getter:
    def get(scope: Scope) -> Values:
        # Names are compared with case here too (guide, "Important notes for REST APIs").
        return [value for field, value in scope.answer_headers or () if field == name] or None

    return get


def _answer_body(path: str) -> Getter:
    read = _body_reader(path)
    return lambda scope: read(scope.answer_body.decode("utf-8", "replace"))


def _body_reader(path: str) -> Callable[[str], Values]:
    """Whole body (`path` empty) or the value at a JSONPath; an empty body is `{}` (fact 131)."""
    try:
        compiled = compile_path("$" + path) if path else None
    except JsonPathError:
        return lambda body: None

    def read(body: str) -> Values:
        body = body or "{}"
        if body.lstrip()[:1] not in ("{", "[", '"', "'"):
            return None if compiled else body
        try:
            document = parse_json(body)
        except JsonPathError as error:
            raise InvalidBodyError(str(error)) from error
        if compiled is None:
            return body
        try:
            found = compiled.read(document)
        except JsonPathError:
            return None
        return None if found is None else to_text(found)

    return read


_SOURCES: tuple[tuple[str, Callable[[str], Getter]], ...] = (
    ("method.request.header.", _header),
    ("method.request.multivalueheader.", _all_headers),
    ("method.request.path.", _path),
    ("method.request.querystring.", _query),
    ("method.request.multivaluequerystring.", _all_query),
    ("method.request.body", _request_body),
    ("integration.response.header.", _answer_header),
    ("integration.response.multivalueheader.", _answer_all_headers),
    ("integration.response.body", _answer_body),
    ("context.", _context),
    ("stageVariables.", _stage_variable),
)
