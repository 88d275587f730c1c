"""Condition operators: what each compares, and what it means where the request has no such key.

Source: IAM user guide, "IAM JSON policy elements: Condition operators" and "Multiple context keys
or values".
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

from inspector.gateway.policy.document import Condition
from inspector.gateway.policy.glob import literal, plain
from inspector.gateway.policy.matching import arn_like, like

#: What is known of a request, by lower-case key; a key with several values has all of them.
Context = Mapping[str, tuple[str, ...]]
Compare = Callable[[str, str], bool]

_VARIABLE = re.compile(r"\$\{([^}]*)\}")


class UnknownOperatorError(Exception):
    """An operator that IAM does not have."""


def holds(condition: Condition, context: Context, *, variables: bool = True) -> bool:
    """Whether a condition is met. Raises `UnknownOperatorError`.

    `variables` off: a policy of a version that has no policy variables (before 2012-10-17).
    """
    quantifier, name, optional = split(condition.operator)
    given = context.get(condition.key.lower())
    if name == "null":
        wants_none = condition.values[:1] != () and condition.values[0].lower() == "true"
        return (given is None) == wants_none
    if name not in _OPERATORS:
        raise UnknownOperatorError(condition.operator)
    compare, negated = _OPERATORS[name]
    if given is None:
        return optional or quantifier == "forallvalues" or (negated and quantifier is None)
    wanted = list(condition.values)
    if variables:
        wanted = [filled(value, context) for value in wanted]
    if compare not in _WITH_WILDCARDS:
        wanted = [plain(value) for value in wanted]

    def fits(value: str) -> bool:
        return any(_compared(compare, each, value) for each in wanted) != negated

    if quantifier == "foranyvalue":
        return any(fits(value) for value in given)
    if quantifier == "forallvalues" or negated:
        return all(fits(value) for value in given)
    return any(fits(value) for value in given)


def split(operator: str) -> tuple[str | None, str, bool]:
    """Quantifier, operator and whether it ends in IfExists, all in lower case."""
    quantifier, name = _quantifier(operator)
    name = name.lower()
    return quantifier, name.removesuffix("ifexists"), name.endswith("ifexists")


def known(operator: str) -> bool:
    """Whether IAM has this operator."""
    _, name, optional = split(operator)
    return name in _OPERATORS or (name == "null" and not optional)


def filled(text: str, context: Context) -> str:
    """Policy variables replaced: `${aws:username}`, `${key, 'default'}`, `${*}`, `${?}`, `${$}`.

    What they bring in has no wildcards (see `glob.literal`).
    """

    def value(match: re.Match[str]) -> str:
        name, _, default = match[1].partition(",")
        name = name.strip()
        if name in ("*", "?", "$"):
            return literal(name)
        known = context.get(name.lower())
        if known:
            return literal(known[0])
        return literal(default.strip().strip("'")) if default else match[0]

    return _VARIABLE.sub(value, text) if "${" in text else text


def _quantifier(operator: str) -> tuple[str | None, str]:
    prefix, colon, rest = operator.partition(":")
    if colon and prefix.lower() in ("forallvalues", "foranyvalue"):
        return prefix.lower(), rest
    return None, operator


def _compared(compare: Compare, wanted: str, given: str) -> bool:
    try:
        return compare(wanted, given)
    except ValueError:
        return False  # not a number, a date or an address: nothing that could fit


def _moment(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _address(wanted: str, given: str) -> bool:
    return ip_address(given) in ip_network(wanted, strict=False)


def _same_bytes(wanted: str, given: str) -> bool:
    return b64decode(wanted) == b64decode(given)


def _folded(wanted: str, given: str) -> bool:
    return wanted.casefold() == given.casefold()


#: Name without case → (how to compare, whether it asks for the opposite).
_OPERATORS: dict[str, tuple[Compare, bool]] = {
    "stringequals": (lambda wanted, given: wanted == given, False),
    "stringnotequals": (lambda wanted, given: wanted == given, True),
    "stringequalsignorecase": (_folded, False),
    "stringnotequalsignorecase": (_folded, True),
    "stringlike": (like, False),
    "stringnotlike": (like, True),
    "numericequals": (lambda wanted, given: float(given) == float(wanted), False),
    "numericnotequals": (lambda wanted, given: float(given) == float(wanted), True),
    "numericlessthan": (lambda wanted, given: float(given) < float(wanted), False),
    "numericlessthanequals": (lambda wanted, given: float(given) <= float(wanted), False),
    "numericgreaterthan": (lambda wanted, given: float(given) > float(wanted), False),
    "numericgreaterthanequals": (lambda wanted, given: float(given) >= float(wanted), False),
    "dateequals": (lambda wanted, given: _moment(given) == _moment(wanted), False),
    "datenotequals": (lambda wanted, given: _moment(given) == _moment(wanted), True),
    "datelessthan": (lambda wanted, given: _moment(given) < _moment(wanted), False),
    "datelessthanequals": (lambda wanted, given: _moment(given) <= _moment(wanted), False),
    "dategreaterthan": (lambda wanted, given: _moment(given) > _moment(wanted), False),
    "dategreaterthanequals": (lambda wanted, given: _moment(given) >= _moment(wanted), False),
    "bool": (_folded, False),
    "binaryequals": (_same_bytes, False),
    "ipaddress": (_address, False),
    "notipaddress": (_address, True),
    "arnequals": (arn_like, False),
    "arnlike": (arn_like, False),
    "arnnotequals": (arn_like, True),
    "arnnotlike": (arn_like, True),
}
#: What compares with patterns; all others take a `*` as itself.
_WITH_WILDCARDS = (like, arn_like)
