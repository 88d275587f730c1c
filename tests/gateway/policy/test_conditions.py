"""Condition operators by the IAM user guide, each with a value that fits, one that does not, none."""

from __future__ import annotations

import pytest

from inspector.gateway.policy.conditions import UnknownOperatorError, filled, holds, known
from inspector.gateway.policy.document import read

ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}
Given = tuple[str, ...] | None


def met(operator: str, values: object, given: Given, **more: tuple[str, ...]) -> bool:
    document = {"Statement": [{**ALLOW, "Condition": {operator: {"aws:Key": values}}}]}
    [condition] = read(document).statements[0].conditions
    return holds(condition, more if given is None else {"aws:key": given, **more})


@pytest.mark.parametrize(
    ("operator", "values", "fits", "misses"),
    [
        ("StringEquals", ["a", "b"], "b", "B"),
        ("StringEquals", "a*", "a*", "ab"),
        ("StringNotEquals", ["a", "b"], "c", "a"),
        ("StringEqualsIgnoreCase", "AbC", "aBc", "abd"),
        ("StringNotEqualsIgnoreCase", "AbC", "abd", "aBc"),
        ("StringLike", ["x", "vpce-?a*"], "vpce-1a2b", "vpce-a"),
        ("StringNotLike", "vpce-*", "vpc-1", "vpce-1a2b"),
        ("NumericEquals", "10", "10.0", "11"),
        ("NumericNotEquals", 10, "11", "10"),
        ("NumericLessThan", 3600, "3599.5", "3600"),
        ("NumericLessThanEquals", 3600, "3600", "3601"),
        ("NumericGreaterThan", "10", "11", "10"),
        ("NumericGreaterThanEquals", "10", "10", "9"),
        ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2026-01-01T00:00:01Z"),
        ("DateNotEquals", "2026-01-01", "2026-01-02", "2026-01-01T00:00:00Z"),
        ("DateLessThan", "2026-01-01T00:00:00Z", "1767225599", "1767225600"),
        ("DateLessThanEquals", "1767225600", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"),
        ("DateGreaterThan", "2026-01-01T00:00:00Z", "2026-11-24T10:00:00Z", "2026-01-01"),
        ("DateGreaterThanEquals", "2026-01-01", "2026-01-01", "2025-12-31"),
        ("Bool", "true", "true", "false"),
        ("Bool", True, "true", "false"),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", "YmluYXJ5"),
        ("IpAddress", ["10.0.0.0/8", "192.0.2.0/24"], "192.0.2.9", "192.0.3.9"),
        ("IpAddress", "192.0.2.9", "192.0.2.9", "192.0.2.8"),
        ("IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678::7", "2001:db8::7"),
        ("IpAddress", "10.0.0.0/8", "10.1.1.1", "2001:db8::7"),
        ("IpAddress", "10.0.0.0/8", "10.1.1.1", "nonsense"),
        ("NotIpAddress", "192.0.2.0/24", "192.0.3.9", "192.0.2.9"),
        ("ArnEquals", "arn:aws:iam::*:role/r*", "arn:aws:iam::1:role/reader", "arn:aws:iam::1:x"),
        ("ArnLike", "arn:aws:iam::*:role/r*", "arn:aws:iam::1:role/reader", "arn:aws:iam:a:b:c:d"),
        ("ArnNotEquals", "arn:aws:iam::1:role/x", "arn:aws:iam::1:role/y", "arn:aws:iam::1:role/x"),
        ("ArnNotLike", "arn:aws:iam::1:role/*", "arn:aws:iam::2:role/y", "arn:aws:iam::1:role/x"),
    ],
)
def test_operators(operator: str, values: object, fits: str, misses: str) -> None:
    """Without the key the answer is no, for the negated ones yes; with IfExists always yes."""
    assert met(operator, values, (fits,)) is True
    assert met(operator, values, (misses,)) is False
    negated = "Not" in operator
    assert met(operator, values, None) is negated
    assert met(f"{operator}IfExists", values, None) is True
    assert met(f"{operator}IfExists", values, (misses,)) is False
    assert met(operator.lower(), values, (fits,)) is True
    assert known(operator)


def test_null_asks_whether_the_key_is_there() -> None:
    assert met("Null", "true", None)
    assert not met("Null", "true", ("x",))
    assert met("Null", "false", ("x",))
    assert not met("Null", "false", None)
    assert met("Null", True, None)
    assert not known("NullIfExists")


@pytest.mark.parametrize(
    ("operator", "given", "expected"),
    [
        # Guide, "Multivalued context keys": every value has to be one of them; none is enough.
        ("ForAllValues:StringEquals", ("a", "b"), True),
        ("ForAllValues:StringEquals", ("a", "c"), False),
        ("ForAllValues:StringEquals", None, True),
        ("ForAllValues:StringEquals", (), True),
        ("ForAnyValue:StringEquals", ("c", "b"), True),
        ("ForAnyValue:StringEquals", ("c",), False),
        ("ForAnyValue:StringEquals", None, False),
        ("ForAnyValue:StringEquals", (), False),
        # Negated: each value is asked whether it is none of them.
        ("ForAllValues:StringNotEquals", ("c", "d"), True),
        ("ForAllValues:StringNotEquals", ("c", "a"), False),
        ("ForAnyValue:StringNotEquals", ("c", "a"), True),
        ("ForAnyValue:StringNotEquals", ("a", "b"), False),
        ("ForAnyValue:StringNotEquals", None, False),
        ("forallvalues:stringlike", ("a", "b"), True),
    ],
)
def test_quantifiers(operator: str, given: Given, expected: bool) -> None:
    assert met(operator, ["a", "b"], given) is expected


def test_an_operator_that_does_not_exist_lets_nothing_pass() -> None:
    assert not known("StringSounds")
    with pytest.raises(UnknownOperatorError):
        met("StringSounds", "a", ("a",))


def test_policy_variables() -> None:
    context = {"aws:username": ("ann",)}
    text = "/${aws:username}/${aws:none, 'x'}/${$}/${aws:other}"
    assert filled(text, context) == "/ann/x/$/${aws:other}"
    assert met("StringEquals", "${aws:username}-key", ("ann-key",), **context)
    assert met("StringLike", "${*}-?", ("*-1",))
    assert not met("StringLike", "${*}-?", ("x-1",))
    assert met("StringEquals", "${*}${?}${$}", ("*?$",))
