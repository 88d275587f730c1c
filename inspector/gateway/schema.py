"""Models: JSON Schema draft 4, with references between models, circular ones included.

Sources: facts 221-224 (recorded). Wording of what is wrong: that of the validator Amazon runs
(json-schema-validator for Java), as pasted from `$context.error.validationErrorString`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any

from jsonschema import Draft4Validator
from jsonschema.exceptions import UnknownType, ValidationError, best_match
from jsonschema.validators import extend
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT4

from inspector.gateway import ecma
from inspector.gateway.java.errors import JavaError
from inspector.model import RestApi

_BASE = "https://apigateway.amazonaws.com/restapis/"
#: A reference to a model as a whole, in any of its forms.
_REFERENCE = re.compile(r"(?:/models/|#/definitions/|#/components/schemas/)([^/#]+)$")
_TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer",
          float: "number", type(None): "null"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wrong:
    """One fault of a body. `at` is the place in the body; `keys` lead to `keyword` in `model`."""

    at: tuple[str | int, ...]
    text: str
    found: Any
    keyword: str
    wanted: Any
    model: str
    keys: tuple[str | int, ...]


class BodySchema:
    """One model, ready to judge bodies."""

    def __init__(self, name: str, validator: Draft4Validator) -> None:
        self.name = name
        self._validator = validator

    def errors(self, document: Any) -> list[str]:
        """What is wrong with a body, in the words of Amazon's validator; empty if nothing is."""
        try:
            # One missing property is one error here, and all of them one in Amazon's words.
            faults = self._validator.iter_errors(document)
            found = dict.fromkeys((tuple(each.absolute_path), _worded(each)) for each in faults)
            return [text for _, text in found]
        except Unresolvable as error:
            return [f"unresolvable reference {error}"]
        except UnknownType as error:
            return [f"unknown type {error.type}"]
        except RecursionError:
            return ["validation loop: a model refers to itself"]

    def wrongs(self, document: Any) -> list[Wrong]:
        """The same with the keyword that each fault breaks, for those who explain."""
        try:
            return [self._located(error) for error in self._validator.iter_errors(document)]
        except (Unresolvable, UnknownType, RecursionError):
            return []

    def _located(self, error: Any) -> Wrong:
        deeper = best_match(error.context) if error.context else None
        if deeper is not None:
            return self._located(deeper)
        model, keys = self._keyword(list(error.absolute_schema_path))
        return Wrong(
            tuple(error.absolute_path), _worded(error), error.instance, str(error.validator),
            error.validator_value, model, keys,
        )  # fmt: skip

    def _keyword(self, path: list[str | int]) -> tuple[str, tuple[str | int, ...]]:
        """The model that holds a keyword and the way to it: the path leaves references out."""
        siblings: Any = self._validator.schema["definitions"]  # type: ignore[index]
        model: str = self.name
        keys: list[str | int] = []
        here: Any = siblings.get(model)
        for key in path:
            while isinstance(here, Mapping) and isinstance(here.get("$ref"), str):
                found = _REFERENCE.search(here["$ref"])
                if found is None or found[1] not in siblings or found[1] == model:
                    break
                model, keys, here = found[1], [], siblings[found[1]]
            keys.append(key)
            try:
                here = here[key]
            except (KeyError, IndexError, TypeError):
                here = None
        return model, tuple(keys)


class Schemas:
    """All models of an API, by name."""

    def __init__(self, api: RestApi) -> None:
        self._schemas: dict[str, Any] = {
            name: _plain(model.schema) for name, model in api.models.items()
        }
        self._prefix = f"{_BASE}{api.id}/models/"
        self._ready: dict[str, BodySchema] = {}

    def of(self, name: str) -> BodySchema | None:
        """The model of this name, None where the API has none."""
        if name not in self._schemas:
            return None
        if name not in self._ready:
            self._ready[name] = BodySchema(name, self._validator(name))
        return self._ready[name]

    def _validator(self, name: str) -> Draft4Validator:
        # The model stands among its siblings, so that `#/definitions/X` and
        # `#/components/schemas/X` reach them; the URL form is resolved by the registry.
        document = {
            "$ref": f"#/definitions/{_escaped(name)}",
            "definitions": self._schemas,
            "components": {"schemas": self._schemas},
        }
        registry: Registry[Any] = Registry(retrieve=self._retrieve)  # type: ignore[call-arg]
        made: Draft4Validator = _Validator(document, registry=registry)
        return made

    def _retrieve(self, uri: str) -> Resource[Any]:
        name = uri.rpartition("/models/")[2]
        found = self._schemas.get(name) if uri.startswith(_BASE) else None
        if found is None:
            raise KeyError(uri)
        siblings = {"definitions": self._schemas, "components": {"schemas": self._schemas}}
        content = {**found, **siblings} if isinstance(found, dict) else found
        return Resource.from_contents(content, default_specification=DRAFT4)


def _plain(value: Any) -> Any:
    """Mutable copies of what the model holds frozen: jsonschema knows dicts and lists only."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _worded(error: Any) -> str:
    word = _WORDS.get(str(error.validator))
    if word is None:
        deeper = best_match(error.context) if error.context else None
        return error.message if deeper is None else f"{error.message}: {_worded(deeper)}"
    return word(error)


def _quoted(values: Any) -> str:
    return json.dumps(values, separators=(",", ":"), ensure_ascii=False)


def _missing(error: Any) -> str:
    names = sorted(name for name in error.validator_value if name not in error.instance)
    return f"object has missing required properties ({_quoted(names)})"


def _wrong_type(error: Any) -> str:
    wanted = error.validator_value
    allowed = sorted(wanted) if isinstance(wanted, list) else [wanted]
    found = _TYPES.get(type(error.instance), "unknown")
    return (
        f"instance type ({found}) does not match any allowed primitive type "
        f"(allowed: {_quoted(allowed)})"
    )


def _length(error: Any) -> str:
    text, limit = error.instance, error.validator_value
    if error.validator == "maxLength":
        return f'string "{text}" is too long (length: {len(text)}, maximum allowed: {limit})'
    return f'string "{text}" is too short (length: {len(text)}, required minimum: {limit})'


def _items(error: Any) -> str:
    size, limit = len(error.instance), error.validator_value
    extreme, bound = ("long", "most") if error.validator == "maxItems" else ("short", "least")
    return (
        f"array is too {extreme}: must have at {bound} {limit} elements "
        f"but instance has {size} elements"
    )


def _bound(error: Any) -> str:
    limit, found = error.validator_value, error.instance
    if error.validator == "maximum":
        return (
            f"numeric instance is greater than the required maximum (maximum: {limit}, "
            f"found: {found})"
        )
    return f"numeric instance is lower than the required minimum (minimum: {limit}, found: {found})"


def _unwanted(error: Any) -> str:
    names = sorted(_additional(error.instance, error.schema))
    return f"object instance has properties which are not allowed by the schema: {_quoted(names)}"


def _not_listed(error: Any) -> str:
    return (
        f"instance value ({_quoted(error.instance)}) not found in enum "
        f"(possible values: {_quoted(error.validator_value)})"
    )


def _fits(expression: str, text: str) -> bool:
    """Whether it occurs, which it does not where it is none or takes too long."""
    try:
        return ecma.pattern(expression).occurs(text)
    except JavaError:
        return False


def _additional(instance: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name in instance:
        if name not in known and not any(_fits(each, name) for each in patterns):
            yield name


def _judge_pattern(validator: Any, wanted: str, found: Any, _: Any) -> Iterator[ValidationError]:
    if validator.is_type(found, "string") and not _fits(wanted, found):
        yield ValidationError(f"{found!r} does not match {wanted!r}")


def _judge_named(validator: Any, wanted: Any, found: Any, _: Any) -> Iterator[ValidationError]:
    if validator.is_type(found, "object"):
        for expression, schema in wanted.items():
            for name, value in found.items():
                if _fits(expression, name):
                    yield from validator.descend(value, schema, name, expression)


def _judge_additional(
    validator: Any, wanted: Any, found: Any, schema: Any
) -> Iterator[ValidationError]:
    if not validator.is_type(found, "object"):
        return
    names = list(_additional(found, schema))
    if validator.is_type(wanted, "object"):
        for name in names:
            yield from validator.descend(found[name], wanted, path=name)
    elif not wanted and names:
        yield ValidationError(f"Additional properties are not allowed: {names}")


def _judge_multiple(validator: Any, wanted: float, found: Any, _: Any) -> Iterator[ValidationError]:
    """In decimal numbers: 1.13 is a multiple of 0.01."""
    if validator.is_type(found, "number") and not _is_multiple(found, wanted):
        yield ValidationError(f"{found!r} is not a multiple of {wanted}")


def _is_multiple(found: float, wanted: float) -> bool:
    ratio = Fraction(repr(found)) / Fraction(repr(wanted)) if isfinite(found) else None
    return ratio is not None and ratio.denominator == 1


_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft4Validator,
    {
        "pattern": _judge_pattern,
        "patternProperties": _judge_named,
        "additionalProperties": _judge_additional,
        "multipleOf": _judge_multiple,
    },
)


def _no_pattern(error: Any) -> str:
    return (
        f'ECMA 262 regex "{error.validator_value}" does not match input string "{error.instance}"'
    )


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "required": _missing,
    "type": _wrong_type,
    "maxLength": _length,
    "minLength": _length,
    "maxItems": _items,
    "minItems": _items,
    "maximum": _bound,
    "minimum": _bound,
    "additionalProperties": _unwanted,
    "enum": _not_listed,
    "pattern": _no_pattern,
}
