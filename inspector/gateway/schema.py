"""Models: JSON Schema draft 4, with references between models, circular ones included.

Sources: facts 221-224 (recorded). Wording of what is wrong: that of the validator Amazon runs
(json-schema-validator for Java), as pasted from `$context.error.validationErrorString`: fields in
the order of their names (the README of an AWS sample shows four), one sentence for what `oneOf`
and its like hold; that nothing is said of what lies within a wrong value is the library's own way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
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
from inspector.model import RestApi, WebSocketApi

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
            return _told(self._validator.iter_errors(document))
        except Unresolvable as error:
            return [f"unresolvable reference {error}"]
        except UnknownType as error:
            return [f"unknown type {error.type}"]
        except RecursionError:
            return ["validation loop: a model refers to itself"]

    def wrongs(self, document: Any) -> list[Wrong]:
        """The same with the keyword that each fault breaks, for those who explain."""
        try:
            faults = self._validator.iter_errors(document)
            found = [self._located(each) for fault in faults for each in _each(fault)]
        except (Unresolvable, UnknownType, RecursionError):
            return []
        # All missing properties of a place are one fault in Amazon's words, and so here.
        single = {(each.at, each.text, each.model, each.keys): each for each in reversed(found)}
        return [each for each in found if single[each.at, each.text, each.model, each.keys] is each]

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

    def __init__(self, api: RestApi | WebSocketApi) -> None:
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


def _told(faults: Iterable[Any]) -> list[str]:
    found: dict[tuple[str | int, ...], set[tuple[str, str]]] = {}
    for fault in faults:
        # One missing property is one fault here, and all of them one in Amazon's words.
        found.setdefault(tuple(fault.absolute_path), set()).add((fault.validator, _worded(fault)))
    return [
        text
        for place in sorted(found)
        if not any(place[:depth] in found for depth in range(len(place)))
        for _, text in sorted(found[place])
    ]


def _each(fault: Any) -> Iterator[Any]:
    """A fault, or all that the schemas of an `allOf` find wrong."""
    if fault.validator != "allOf":
        yield fault
        return
    for inner in fault.context:
        yield from _each(inner)


def _worded(error: Any) -> str:
    word = _WORDS.get(str(error.validator))
    text: str = error.message if word is None else word(error)
    return text


def _quoted(values: Any) -> str:
    return json.dumps(values, separators=(",", ":"), ensure_ascii=False)


def _missing(error: Any) -> str:
    names = sorted(name for name in error.validator_value if name not in error.instance)
    return f"object has missing required properties ({_quoted(names)})"


def _wrong_type(error: Any) -> str:
    wanted = error.validator_value
    allowed = set(wanted) if isinstance(wanted, list) else {wanted}
    if "number" in allowed:
        allowed.add("integer")
    found = _TYPES.get(type(error.instance), "unknown")
    return (
        f"instance type ({found}) does not match any allowed primitive type "
        f"(allowed: {_quoted(sorted(allowed))})"
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
    over = error.validator == "maximum"
    extreme, compared = ("maximum", "greater") if over else ("minimum", "lower")
    if found == limit:
        strictly = "lower" if over else "greater"
        return f"numeric instance is not strictly {strictly} than the required {extreme} {limit}"
    return (
        f"numeric instance is {compared} than the required {extreme} ({extreme}: {limit}, "
        f"found: {found})"
    )


def _size(error: Any) -> str:
    size, limit = len(error.instance), error.validator_value
    extreme, bound = ("many", "most") if error.validator == "maxProperties" else ("few", "least")
    return (
        f"object has too {extreme} properties (found {size} but schema requires at {bound} {limit})"
    )


def _further(error: Any) -> str:
    known = len(error.schema.get("items", ()))
    return (
        f"schema only allows {known} elements in array but instance has "
        f"{len(error.instance)} elements"
    )


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
        yield ValidationError(f"remainder of division is not zero ({found} / {wanted})")


def _verdicts(validator: Any, wanted: Any, found: Any) -> list[list[ValidationError]]:
    return [
        list(validator.descend(found, each, schema_path=index)) for index, each in enumerate(wanted)
    ]


def _judge_all(validator: Any, wanted: Any, found: Any, _: Any) -> Iterator[ValidationError]:
    broken = [each for each in _verdicts(validator, wanted, found) if each]
    if broken:
        fit = len(wanted) - len(broken)
        message = (
            "instance failed to match all required schemas "
            f"(matched only {fit} out of {len(wanted)})"
        )
        yield ValidationError(message, context=[fault for each in broken for fault in each])


def _judge_any(validator: Any, wanted: Any, found: Any, _: Any) -> Iterator[ValidationError]:
    verdicts = _verdicts(validator, wanted, found)
    if all(verdicts):
        message = f"instance failed to match at least one required schema among {len(wanted)}"
        yield ValidationError(message, context=[fault for each in verdicts for fault in each])


def _judge_one(validator: Any, wanted: Any, found: Any, _: Any) -> Iterator[ValidationError]:
    verdicts = _verdicts(validator, wanted, found)
    fit = sum(not each for each in verdicts)
    if fit != 1:
        message = (
            f"instance failed to match exactly one schema (matched {fit} out of {len(wanted)})"
        )
        yield ValidationError(message, context=[fault for each in verdicts for fault in each])


def _is_multiple(found: float, wanted: float) -> bool:
    ratio = Fraction(repr(found)) / Fraction(repr(wanted)) if isfinite(found) else None
    return ratio is not None and ratio.denominator == 1


_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft4Validator,
    {
        "allOf": _judge_all,
        "anyOf": _judge_any,
        "oneOf": _judge_one,
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
    "maxProperties": _size,
    "minProperties": _size,
    "uniqueItems": lambda _: "array must not contain duplicate elements",
    "additionalItems": _further,
    "not": lambda _: "instance matched a schema which it should not have",
    "additionalProperties": _unwanted,
    "enum": _not_listed,
    "pattern": _no_pattern,
}
