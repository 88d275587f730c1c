"""Models: the document's schemas by name, and those written in place, named by their content."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft4Validator, FormatChecker

from inspector.definitions.cursor import Cursor
from inspector.definitions.openapi.context import Context
from inspector.gateway import ecma
from inspector.gateway.java.errors import JavaError
from inspector.model import Model

Path = tuple[str | int, ...]
_LOCAL = re.compile(r"#/(?:components/schemas|definitions)/([^/]+)(/.*)?\Z")
#: What a reference may begin with: a place in the document, or Amazon's form of a model.
_OWN = ("#", "https://apigateway.amazonaws.com/restapis/")
_TYPES = frozenset(
    ("array", "boolean", "integer", "null", "number", "object", "string")
)  # fmt: skip
_ALPHANUMERIC = re.compile(r"[A-Za-z0-9]+\Z")


class Schemas:
    """All models of one document, growing while its methods are read.

    `any_name`: whoever calls looks at the models' names.
    """

    def __init__(self, context: Context, *, any_name: bool = False) -> None:
        self._context = context
        self._any_name = any_name
        self.models: dict[str, Model] = {}
        declared = self._declared()
        self._names = {name for name, cursor in declared if cursor.is_map}
        for name, cursor in declared:
            self._declare(name, cursor)

    def name_of(self, schema: Cursor) -> str | None:
        """The model a method means by `schema`: the one referred to, or a new one of its own.

        Amazon names schemas written in place `MODEL` and six random characters; here they are
        taken from the content, so that the same document gives the same model.
        """
        reference = schema.get("$ref")
        if reference is not None:
            return self._referred(reference)
        if not schema.is_map:
            self._context.wrong_type(schema, "a schema")
            return None
        self._check_types(schema)
        content = self._schema(schema)
        canonical = json.dumps(content, sort_keys=True, default=str)
        name = "MODEL" + hashlib.sha256(canonical.encode()).hexdigest()[:6]
        self.models.setdefault(name, Model(name, "application/json", content, schema.source))
        return name

    def _declared(self) -> list[tuple[str, Cursor]]:
        if self._context.swagger:
            return list(self._context.mapping(self._context.root, "definitions"))
        components = self._context.root.get("components")
        return list(self._context.mapping(components, "schemas")) if components else []

    def _declare(self, name: str, cursor: Cursor) -> None:
        if not cursor.is_map:
            self._context.wrong_type(cursor, "a schema")
            return
        if not self._any_name and not _ALPHANUMERIC.match(name):
            self._context.notes.warning(
                "model-name",
                f"Model name must be alphanumeric: {name}",
                cursor.key_source,
                "Rename the schema: Amazon has refused such names; here it is kept.",
            )
        self._check_types(cursor)
        self._check_references(name, cursor)
        self.models[name] = Model(name, "application/json", self._schema(cursor), cursor.source)

    def _check_types(self, schema: Cursor) -> None:
        """A type that JSON Schema does not have: Amazon takes no such model."""
        kind = schema.get("type")
        for named in (*kind.items(),) if kind is not None and kind.is_list else (kind,):
            if named is not None and not named.is_map and named.text not in _TYPES:
                message = f"Invalid model schema specified: there is no type {named.text!r}"
                remedy = f"Use one of {', '.join(sorted(_TYPES))}."
                self._context.notes.error("model-schema", message, named.source, remedy)
        for child in _inner(schema):
            self._check_types(child)

    def _check_references(self, name: str, schema: Cursor) -> None:
        """Amazon takes references to its own models and within the document, as users report."""
        reference = schema.get("$ref")
        if reference is None or not isinstance(reference.value, str):
            pass
        elif match := _LOCAL.match(reference.text):
            if _unescaped(match.group(1)) not in self._names:
                message = f"the model {name!r} refers to {reference.text!r}, which is no model"
                remedy = "Define it: as it is, no body fits the model."
                self._context.notes.warning("model-reference", message, reference.source, remedy)
        elif not reference.text.startswith(_OWN):
            message = (
                f"Unable to create model for '{name}': Invalid model specified: Validation Result: "
                "warnings : [], errors : [Model reference must be in canonical form]"
            )
            remedy = "Put the schema referred to into this document."
            self._context.notes.error("model-schema", message, reference.source, remedy)
        for child in _inner(schema):
            self._check_references(name, child)

    def _referred(self, reference: Cursor) -> str | None:
        match = _LOCAL.match(reference.text)
        name = _unescaped(match.group(1)) if match else ""
        if match and not match.group(2) and name in self.models:
            return name
        self._context.notes.warning(
            "model-not-found",
            f"Reference to model '{name or reference.text}' not found. Ignoring.",
            reference.source,
            "Define the schema, or correct the reference.",
        )
        return None

    def _schema(self, cursor: Cursor) -> dict[str, Any]:
        schema: dict[str, Any] = cursor.plain()
        for path, fault, harmless in _faults(schema):
            self._note(cursor, path, fault if harmless else f"{fault}; left out")
            if not harmless:
                _delete(schema, path)
        translated: dict[str, Any] = self._translated(schema)
        return translated

    def _note(self, cursor: Cursor, path: Path, fault: str) -> None:
        place = cursor
        for key in path:
            place = place.child(str(key)) or place
        self._context.notes.warning(
            "model-schema",
            f"Invalid model schema specified: {'/'.join(map(str, path))}: {fault}",
            place.source,
            "Correct it: Amazon makes no such model.",
        )

    def _translated(self, value: Any) -> Any:
        """References in Amazon's form, at any depth (fact 221)."""
        if isinstance(value, list):
            return [self._translated(item) for item in value]
        if isinstance(value, dict):
            found = {key: self._translated(member) for key, member in value.items()}
            reference = found.get("$ref")
            return {**found, "$ref": self._url(reference)} if isinstance(reference, str) else found
        return value

    def _url(self, reference: str) -> str:
        match = _LOCAL.match(reference)
        if match is None:
            return reference
        url = f"https://apigateway.amazonaws.com/restapis/{self._context.api_id}/models/"
        return f"{url}{match.group(1)}" + (f"#{match.group(2)}" if match.group(2) else "")


def _unescaped(name: str) -> str:
    return unquote(name).replace("~1", "/").replace("~0", "~")


def _inner(schema: Cursor) -> Iterator[Cursor]:
    """The schemas that one schema holds."""
    for key in ("properties", "patternProperties", "definitions"):
        named = schema.get(key)
        for _, child in named.entries() if named is not None else ():
            yield child
    for key in ("items", "additionalProperties", "not"):
        one = schema.get(key)
        if one is not None and one.is_map:
            yield one
    for key in ("allOf", "anyOf", "oneOf", "items"):
        listed = schema.get(key)
        yield from listed.items() if listed is not None else ()


def _delete(schema: Any, path: Path) -> None:
    for key in path[:-1]:
        schema = schema[key]
    del schema[path[-1]]


def _is_expression(value: object) -> bool:
    if isinstance(value, str):
        ecma.pattern(value)
    return True


_FORMATS = FormatChecker(formats=())
_FORMATS.checks("regex", raises=JavaError)(_is_expression)
_META = Draft4Validator(
    {
        **{key: value for key, value in Draft4Validator.META_SCHEMA.items() if key != "id"},
        "properties": {**Draft4Validator.META_SCHEMA["properties"], "$ref": {"type": "string"}},
    },
    format_checker=_FORMATS,
)


_KEYWORDS = frozenset(Draft4Validator.META_SCHEMA["properties"])


def _texts(value: Any) -> bool:
    return (
        isinstance(value, list)
        and 0 < len(value) == len(set(map(str, value)))
        and all(isinstance(each, str) for each in value)
    )


def _is_named(kind: Any) -> bool:
    """Whether a type is a name or a list of names, which have a check of their own."""
    members = kind if isinstance(kind, list) else [kind]
    return not any(isinstance(each, dict | list) for each in members)


def _common(schema: Any) -> bool:
    """Whether there is certainly nothing wrong: the library takes its time to say so."""
    if not isinstance(schema, dict):
        return False
    for key, value in schema.items():
        fine = _COMMON.get(key)
        if (not fine(value)) if fine is not None else key in _KEYWORDS:
            return False
    return True


#: The keywords that nearly all schemas are made of, and when there is nothing to say of them.
_COMMON: dict[str, Callable[[Any], bool]] = {
    "type": lambda value: isinstance(value, str) or _texts(value),
    "title": lambda value: isinstance(value, str),
    "description": lambda value: isinstance(value, str),
    "format": lambda value: isinstance(value, str),
    "$ref": lambda value: isinstance(value, str),
    "minLength": lambda value: type(value) is int and value >= 0,
    "maxLength": lambda value: type(value) is int and value >= 0,
    "required": _texts,
    "enum": _texts,
    "items": _common,
    "properties": lambda value: isinstance(value, dict) and all(map(_common, value.values())),
}


def _faults(schema: dict[str, Any]) -> list[tuple[Path, str, bool]]:
    """What draft 4 does not allow: where, why, and whether it can stay. The innermost comes first.

    Types have a check of their own, and OpenAPI's `exclusiveMinimum` may stand alone.
    """
    if _common(schema):
        return []
    found: dict[Path, tuple[str, bool]] = {}
    for error in _META.iter_errors(schema):
        path = tuple(error.absolute_path)
        said = error.validator == "anyOf" and path[-1] == "type" and _is_named(error.instance)
        if error.validator != "dependencies" and not said:
            found[path] = (error.message, error.validator in ("minItems", "uniqueItems"))
    return [(path, *found[path]) for path in sorted(found, reverse=True)]
