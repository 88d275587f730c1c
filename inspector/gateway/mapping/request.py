"""`$input`: the body and the parameters of the request, or of the backend's response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from inspector.gateway.java.text import to_text
from inspector.gateway.jsonpath.errors import JsonPathError
from inspector.gateway.jsonpath.paths import UNLIMITED, compile_path
from inspector.gateway.jsonpath.reader import parse_json
from inspector.gateway.jsonpath.writer import json_text
from inspector.gateway.velocity.host import MISSING, Host, HostMethod, JavaError, NoSuchMethodError

_UNREAD = object()


def _wrong_number(*_: object) -> NoReturn:
    """Velocity takes a method without parameters for a match of any call, and Java refuses."""
    raise JavaError("java.lang.IllegalArgumentException", "wrong number of arguments")


_GROUPS = ("path", "querystring", "header")


class Input(Host):
    """`$input`. The body is parsed at most once, when a path first asks for it.

    What paths answer is live: a template that changes it changes what it reads later
    (facts/velocity.md, "values are live").
    """

    __slots__ = ("_body", "_document", "_groups", "_parameters", "_visits")

    java_class = "Input"

    def __init__(
        self,
        body: str | None,
        parameters: tuple[Mapping[str, object], Mapping[str, object], Mapping[str, object]],
        max_visits: float = UNLIMITED,
    ) -> None:
        self._body = body
        self._document: object = _UNREAD
        self._groups: dict[str, object] | None = None
        self._parameters = parameters
        self._visits = max_visits

    def velocity_shown(self) -> str:
        """The body."""
        return self.body()

    def velocity_property(self, name: str) -> object:
        """`$input.body`."""
        return self.body() if name in ("body", "Body") else MISSING

    def velocity_method(self, name: str, arity: int) -> HostMethod | None:
        """`json(path)`, `path(path)`, `params()`, `params(name)`, `getBody()`."""
        if arity == 1:
            if name == "json":
                return self.json
            if name == "path":
                return self.path
            if name == "params":
                return self.parameter
        if name not in {"params", "getBody"}:
            return None
        if arity:
            return _wrong_number
        return self.parameters if name == "params" else self.body

    def body(self) -> str:
        """The text as it came; `{}` for an empty one (facts 75, 76)."""
        return self._body or "{}"

    def path(self, expression: object) -> object:
        """The value at a JSONPath; null where there is none, and for a body that is no JSON."""
        document = self._document
        if document is _UNREAD:
            document = self._parsed()
        if expression is not None and not isinstance(expression, str):
            raise NoSuchMethodError
        if document is None:
            return None
        if expression == "$":
            return document
        try:
            return compile_path(expression or "").read(document, self._visits)
        except JsonPathError as error:
            raise JavaError(error.java_class, str(error)) from error

    def json(self, expression: object) -> str:
        """The value as JSON text; two quotes where there is none, and for null (fact 86)."""
        # The whole body is what most templates ask for.
        value = self._document if expression == "$" else self.path(expression)
        if value is _UNREAD:
            value = self._parsed()
        if value is None:
            return '""'
        try:
            return json_text(value)
        except RecursionError:  # a template put a map into itself
            raise JavaError("java.lang.StackOverflowError") from None

    def parameters(self) -> dict[str, object]:
        """The maps path, querystring and header (fact 80)."""
        if self._groups is None:
            pairs = zip(_GROUPS, self._parameters, strict=True)
            self._groups = {name: dict(group) for name, group in pairs}
        return self._groups

    def parameter(self, name: object) -> str:
        """A parameter of that name: of the path, else the query string, else a header; or empty."""
        if name is not None and not isinstance(name, str):
            return _wrong_number()
        if self._groups is None:
            for given in self._parameters:
                value = given.get(name)  # type: ignore[arg-type]  # null is no name of any
                if value is not None:
                    return value if type(value) is str else to_text(value)
            return ""
        for kind in _GROUPS:  # which a template may have changed
            group = self._groups.get(kind)
            value = group.get(name) if isinstance(group, dict) else None
            if value is not None:
                return value if type(value) is str else to_text(value)
        return ""

    def _parsed(self) -> object:
        try:
            self._document = None if self._body is None else parse_json(self._body)
        except JsonPathError:
            self._document = None
        return self._document


Input.text_methods = {"json": Input.json, "path": Input.path, "params": Input.parameter}
