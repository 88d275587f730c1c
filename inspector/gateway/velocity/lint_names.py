"""The names that templates may use: variables, their members, Java's methods."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from inspector.gateway.java.chars import CHAR_METHODS
from inspector.gateway.java.fractions import (
    BIG_DECIMAL_METHODS,
    BOOLEAN_METHODS,
    DOUBLE_METHODS,
    FLOAT_METHODS,
)
from inspector.gateway.java.integers import BIG_INTEGER_METHODS, INTEGER_METHODS, LONG_METHODS
from inspector.gateway.java.lists import (
    ARRAY_METHODS,
    ITERATOR_METHODS,
    JSON_ARRAY_METHODS,
    LIST_METHODS,
    STREAM_METHODS,
)
from inspector.gateway.java.maps import ENTRY_METHODS, MAP_METHODS, SET_METHODS, VALUES_METHODS
from inspector.gateway.java.strings import STRING_METHODS

VARIABLES: Final = ("input", "util", "context", "stageVariables")
ENGINE_VARIABLES: Final = frozenset({"foreach", "velocityCount", "bodyContent", "macro", "null"})
"""What the engine itself defines, and `$null`, which people write because it has no value."""

INPUT_METHODS: Final[dict[str, frozenset[int]]] = {
    "json": frozenset({1}),
    "path": frozenset({1}),
    "params": frozenset({0, 1}),
    "getBody": frozenset({0}),
}
INPUT_PROPERTIES: Final = ("body",)
UTIL_METHODS: Final[dict[str, frozenset[int]]] = {
    name: frozenset({1})
    for name in (
        "escapeJavaScript", "parseJson", "urlEncode", "urlDecode", "base64Encode", "base64Decode",
    )
}  # fmt: skip
OVERRIDES: Final = {
    "requestOverride": ("header", "path", "querystring"),
    "responseOverride": ("header", "status"),
}

Table = Mapping[str, frozenset[int]]

_VARIABLE: Final = ("...", "[]")
_MANY: Final = 20


def _arities(*tables: Mapping[str, object]) -> dict[str, frozenset[int]]:
    """Names with the numbers of arguments they take, of `substring(int,int)` and its like."""
    found: dict[str, set[int]] = {"getClass": {0}, "toString": {0}, "equals": {1}, "hashCode": {0}}
    for table in tables:
        for signature in table:
            name, _, rest = signature.partition("(")
            parameters = rest.rstrip(")")
            count = parameters.count(",") + 1 if parameters else 0
            found.setdefault(name, set()).add(count)
            if parameters.endswith(_VARIABLE):
                found[name].update(range(count - 1, _MANY))
    return {name: frozenset(counts) for name, counts in found.items()}


BY_TYPE: Final[dict[str, Table]] = {
    "String": _arities(STRING_METHODS),
    "List": _arities(LIST_METHODS, JSON_ARRAY_METHODS),
    "Map": _arities(MAP_METHODS),
    "Set": _arities(SET_METHODS, VALUES_METHODS),
    "Array": _arities(ARRAY_METHODS),
    "Entry": _arities(ENTRY_METHODS),
}
ANY_TYPE: Final[Table] = _arities(
    STRING_METHODS, LIST_METHODS, JSON_ARRAY_METHODS, ARRAY_METHODS, ITERATOR_METHODS,
    STREAM_METHODS, MAP_METHODS, SET_METHODS, VALUES_METHODS, ENTRY_METHODS, INTEGER_METHODS,
    LONG_METHODS, BIG_INTEGER_METHODS, DOUBLE_METHODS, FLOAT_METHODS, BIG_DECIMAL_METHODS,
    BOOLEAN_METHODS, CHAR_METHODS,
    dict.fromkeys(("getName()", "getSimpleName()", "getTypeName()", "hasNext()")),
)  # fmt: skip

RETURNS: Final = {
    "size": "Integer",
    "length": "Integer",
    "indexOf": "Integer",
    "lastIndexOf": "Integer",
    "toString": "String",
    "substring": "String",
    "replace": "String",
    "replaceAll": "String",
    "replaceFirst": "String",
    "toLowerCase": "String",
    "toUpperCase": "String",
    "trim": "String",
    "concat": "String",
    "split": "Array",
    "keySet": "Set",
    "entrySet": "Set",
    "values": "Set",
    "contains": "Boolean",
    "containsKey": "Boolean",
    "isEmpty": "Boolean",
    "equals": "Boolean",
    "equalsIgnoreCase": "Boolean",
    "startsWith": "Boolean",
    "endsWith": "Boolean",
    "matches": "Boolean",
    "hasNext": "Boolean",
}
"""What methods of these names answer, whatever class they are of."""

_FOREIGN: Final = {
    "push": "add",
    "append": "add",
    "indexof": "indexOf",
    "includes": "contains",
    "has": "containsKey",
    "keys": "keySet",
    "len": "size",
    "count": "size",
    "lower": "toLowerCase",
    "upper": "toUpperCase",
    "strip": "trim",
    "toJson": "$input.json(...)",
    "toJSON": "$input.json(...)",
    "stringify": "$input.json(...)",
    "parse": "parseJson",
}


def suggestion(name: str, known: Mapping[str, object]) -> str:
    """` Did you mean X?` for the nearest known name, or nothing."""
    if name in _FOREIGN and (_FOREIGN[name] in known or _FOREIGN[name].startswith("$")):
        return f" Did you mean {_FOREIGN[name]}?"
    lowered = {each.lower(): each for each in known}
    close = get_close_matches(name.lower(), lowered, n=1, cutoff=0.75)
    return f" Did you mean {lowered[close[0]]}?" if close else ""
