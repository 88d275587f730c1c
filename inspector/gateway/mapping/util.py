"""`$util`: the six helper functions that Amazon documents, and no others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from inspector.gateway.java.text import to_text
from inspector.gateway.jsonpath.errors import JsonPathError
from inspector.gateway.jsonpath.reader import parse_json
from inspector.gateway.mapping import codecs
from inspector.gateway.velocity.host import Host, HostMethod, JavaError, NoSuchMethodError


def escape_javascript(value: object) -> str | None:
    """Text made safe between quotes, of any value."""
    return None if value is None else codecs.escape_javascript(to_text(value))


def parse(text: object) -> object:
    """JSON text as maps, JSON arrays and values; raises `JavaError` for what is no JSON."""
    if text is None:
        return None
    if not isinstance(text, str):
        raise NoSuchMethodError
    try:
        return parse_json(text)
    except JsonPathError as error:
        raise JavaError(error.java_class, str(error)) from error


def _of_text(function: Callable[[str], str]) -> Callable[[object], str | None]:
    """A method `(String)`: null gives null, and other types find no method."""

    def apply(text: object) -> str | None:
        if text is None:
            return None
        if not isinstance(text, str):
            raise NoSuchMethodError
        try:
            return function(text)
        except ValueError as error:
            raise JavaError("java.lang.IllegalArgumentException", str(error)) from error

    return apply


METHODS: Final[dict[str, HostMethod]] = {
    "escapeJavaScript": escape_javascript,
    "parseJson": parse,
    "urlEncode": _of_text(codecs.url_encode),
    "urlDecode": _of_text(codecs.url_decode),
    "base64Encode": _of_text(codecs.base64_encode),
    "base64Decode": _of_text(codecs.base64_decode),
}
"""All of them take one argument."""


class Util(Host):
    """`$util`."""

    __slots__ = ()

    java_class = "Util"
    text_functions = METHODS | {"escapeJavaScript": codecs.escape_javascript}

    def velocity_method(self, name: str, arity: int) -> HostMethod | None:
        """One of `METHODS`."""
        return METHODS.get(name) if arity == 1 else None


UTIL: Final = Util()
