"""A policy document as data, with lists where a single value was written.

Source: IAM user guide, "Grammar of the IAM JSON policy language".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Effect = Literal["Allow", "Deny"]


class PolicyError(Exception):
    """No policy. `at` is the place as a JSON pointer, such as `/Statement/1/Effect`."""

    def __init__(self, at: str, reason: str) -> None:
        super().__init__(f"{at or '/'}: {reason}")
        self.at = at
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Names:
    """`Action` or `NotAction` (and so on): the patterns, and whether they are excluded.

    `at` is the element's place, as a JSON pointer in the document.
    """

    patterns: tuple[str, ...]
    excluded: bool = False
    at: str = ""


@dataclass(frozen=True, slots=True)
class Principals:
    """`Principal` or `NotPrincipal`: patterns by kind (`AWS`, `Service` …), `*` as AWS `*`."""

    named: Mapping[str, tuple[str, ...]]
    excluded: bool = False
    at: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one key, with the values to compare with."""

    operator: str
    key: str
    values: tuple[str, ...]
    at: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. What is None was not written: it then restricts nothing."""

    index: int
    sid: str | None
    effect: Effect
    principals: Principals | None
    actions: Names | None
    resources: Names | None
    conditions: tuple[Condition, ...]
    at: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """A document that was understood."""

    version: str
    statements: tuple[Statement, ...]

    @property
    def has_variables(self) -> bool:
        """`${…}` is text in older versions (IAM user guide, Version)."""
        return self.version != OLD_VERSION


#: What a policy without a Version is.
OLD_VERSION = "2008-10-17"


def read(document: object) -> Policy:
    """The policy in parsed JSON. Raises `PolicyError`."""
    if not isinstance(document, Mapping):
        raise PolicyError("", "a policy is a JSON object")
    statements = document.get("Statement", document.get("statement"))
    place = "/Statement/{}"
    if isinstance(statements, Mapping):
        statements, place = [statements], "/Statement"
    if not isinstance(statements, list | tuple):
        raise PolicyError("/Statement", "a list of statements is expected")
    version = document.get("Version", OLD_VERSION)
    if not isinstance(version, str):
        raise PolicyError("/Version", "text is expected")
    return Policy(
        version, tuple(_statement(i, each, place.format(i)) for i, each in enumerate(statements))
    )


def _statement(index: int, raw: object, at: str) -> Statement:
    if not isinstance(raw, Mapping):
        raise PolicyError(at, "a statement is a JSON object")
    effect = raw.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise PolicyError(f"{at}/Effect", f"Allow or Deny is expected, not {effect!r}")
    sid = raw.get("Sid")
    return Statement(
        index,
        sid if isinstance(sid, str) else None,
        effect,
        _principals(raw, at),
        _names(raw, "Action", at),
        _names(raw, "Resource", at),
        tuple(_conditions(raw.get("Condition"), at)),
        at,
    )


def _names(raw: Mapping[str, Any], member: str, at: str) -> Names | None:
    for key, excluded in ((member, False), (f"Not{member}", True)):
        if key in raw:
            return Names(_texts(raw[key], f"{at}/{key}"), excluded, f"{at}/{key}")
    return None


def _principals(raw: Mapping[str, Any], at: str) -> Principals | None:
    for key, excluded in (("Principal", False), ("NotPrincipal", True)):
        if key not in raw:
            continue
        value = raw[key]
        if value == "*":
            return Principals({"AWS": ("*",)}, excluded, f"{at}/{key}")
        if not isinstance(value, Mapping):
            raise PolicyError(f"{at}/{key}", '"*" or an object such as {"AWS": …} is expected')
        named = {str(kind): _texts(each, f"{at}/{key}/{kind}") for kind, each in value.items()}
        return Principals(named, excluded, f"{at}/{key}")
    return None


def _conditions(raw: object, at: str) -> list[Condition]:
    if raw is None:
        return []
    if not isinstance(raw, Mapping):
        raise PolicyError(f"{at}/Condition", "an object is expected")
    found = []
    for operator, keys in raw.items():
        if not isinstance(keys, Mapping):
            raise PolicyError(f"{at}/Condition/{operator}", "an object is expected")
        for key, values in keys.items():
            where = f"{at}/Condition/{_token(operator)}/{_token(key)}"
            found.append(Condition(str(operator), str(key), _texts(values, where), where))
    return found


def _token(key: object) -> str:
    """A key in a JSON pointer (RFC 6901)."""
    return str(key).replace("~", "~0").replace("/", "~1")


def _texts(value: object, at: str) -> tuple[str, ...]:
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(_text(each, at) for each in values)


def _text(value: object, at: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise PolicyError(at, f"text is expected, not {type(value).__name__}")
