"""Policies: each part of a statement, conditions, and agreement with another evaluator."""

from __future__ import annotations

import json
import os
import random
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gateway.policy.conditions import filled, holds
from inspector.gateway.policy.document import Condition, PolicyError, read
from inspector.gateway.policy.evaluation import Asked, Caller, Decision, evaluate
from inspector.gateway.policy.matching import arn_like, like

ARN = "arn:aws:execute-api:us-east-1:123456789012:abcdef123/prod/GET/pets/7"
ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}
DENY = {**ALLOW, "Effect": "Deny"}


def decided(*statements: dict[str, Any], **asked: Any) -> Decision:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return evaluate(read(document), Asked("execute-api:Invoke", ARN, **asked))


def test_a_deny_goes_before_any_allow_and_is_named() -> None:
    decision = decided(ALLOW, {**DENY, "Sid": "No"})
    assert (decision.verdict, decision.deciding and decision.deciding.sid) == ("deny", "No")
    assert [judged.fits for judged in decision.statements] == [True, True]


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:user/ann"}}, "principal"),
        ({"Action": "execute-api:InvalidateCache"}, "action"),
        ({"Resource": "arn:aws:execute-api:*:*:abcdef123/dev/*"}, "resource"),
        ({"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}, "condition"),
    ],
)
def test_the_first_part_that_does_not_fit_is_named(changed: dict[str, Any], part: str) -> None:
    decision = decided({**ALLOW, **changed}, context={"aws:sourceip": ("192.0.2.1",)})
    assert decision.verdict == "silent"
    assert decision.deciding is None
    [judged] = decision.statements
    assert judged.part == part
    if part == "condition":
        assert judged.condition == Condition("IpAddress", "aws:SourceIp", ("10.0.0.0/8",))
        assert judged.actual == ("192.0.2.1",)


def test_what_is_excluded() -> None:
    others = {"Effect": "Deny", "Principal": "*", "NotAction": "execute-api:Invoke*",
              "NotResource": "arn:aws:execute-api:*:*:*/prod/GET/*"}  # fmt: skip
    assert decided(others).verdict == "silent"
    assert decided({**others, "NotAction": "s3:*"}).verdict == "silent"
    assert decided({**others, "NotAction": "s3:*", "NotResource": "*/dev/*"}).verdict == "deny"


def test_principals() -> None:
    ann = Caller("arn:aws:iam::123456789012:user/ann", "123456789012")
    session = Caller("arn:aws:sts::123456789012:assumed-role/reader/s1", "123456789012")

    def covers(principal: object, caller: Caller, key: str = "Principal") -> bool:
        statement = {**ALLOW, key: principal}
        if key != "Principal":
            del statement["Principal"]
        return decided(statement, caller=caller).verdict == "allow"

    assert covers({"AWS": "arn:aws:iam::123456789012:user/ann"}, ann)
    assert covers({"AWS": ["123456789012"]}, ann)
    assert covers({"AWS": "arn:aws:iam::123456789012:root"}, ann)
    assert covers({"AWS": "*"}, Caller())
    assert covers({"AWS": "arn:aws:iam::123456789012:role/reader"}, session)
    assert covers({"AWS": session.arn}, session)
    assert covers({"Service": "lambda.amazonaws.com"}, Caller(service="lambda.amazonaws.com"))
    assert not covers({"AWS": "arn:aws:iam::123456789012:user/*"}, ann), "no wildcards in names"
    assert not covers({"AWS": "123456789012"}, Caller())
    assert not covers({"AWS": ann.arn}, ann, "NotPrincipal")
    assert covers({"AWS": ann.arn}, session, "NotPrincipal")


def test_arns_part_by_part() -> None:
    assert arn_like("arn:aws:execute-api:*:*:abcdef123/*/GET/pets/*", ARN)
    assert arn_like("arn:aws:execute-api:us-east-1:123456789012:*", ARN)
    assert arn_like("arn:aws:execute-api:us-east-1:*", ARN), "what is not said is any"
    assert arn_like("*", ARN)
    assert not arn_like("arn:aws:execute-api:us-east-1", ARN)
    assert not arn_like("arn:aws:execute-api:*:abcdef123/*", ARN), "no wildcard spans a colon"
    assert arn_like("arn:aws:execute-api:*:*:abcdef12?/prod/*", ARN)


def test_a_resource_may_be_abbreviated() -> None:
    assert decided({**ALLOW, "Resource": "execute-api:/prod/*/pets/*"}).verdict == "allow"
    assert decided({**ALLOW, "Resource": "execute-api:/dev/*"}).verdict == "silent"


@pytest.mark.parametrize(
    ("operator", "values", "given_values", "expected"),
    [
        ("StringEquals", ["a", "b"], ("b",), True),
        ("StringEquals", ["a"], None, False),
        ("StringEqualsIfExists", ["a"], None, True),
        ("StringNotEquals", ["a", "b"], ("b",), False),
        ("StringNotEquals", ["a"], None, True),
        ("StringEqualsIgnoreCase", "AbC", ("aBc",), True),
        ("StringLike", "vpce-*", ("vpce-1a2b",), True),
        ("StringNotLike", "vpce-*", ("vpce-1a2b",), False),
        ("IpAddress", ["10.0.0.0/8", "192.0.2.0/24"], ("192.0.2.9",), True),
        ("NotIpAddress", "192.0.2.0/24", ("192.0.2.9",), False),
        ("IpAddress", "2001:db8::/32", ("2001:db8::7",), True),
        ("IpAddress", "10.0.0.0/8", ("nonsense",), False),
        ("Bool", "true", ("true",), True),
        ("Bool", True, ("false",), False),
        ("NumericLessThan", 3600, ("120",), True),
        ("NumericGreaterThanEquals", "10", ("10",), True),
        ("DateGreaterThan", "2026-01-01T00:00:00Z", ("2026-11-24T10:00:00Z",), True),
        ("DateLessThan", "2026-01-01T00:00:00Z", ("1767225599",), True),
        ("ArnLike", "arn:aws:iam::*:role/r*", ("arn:aws:iam::1:role/reader",), True),
        ("ArnNotEquals", "arn:aws:iam::1:role/x", ("arn:aws:iam::1:role/reader",), True),
        ("Null", "true", None, True),
        ("Null", "true", ("x",), False),
        ("Null", "false", ("x",), True),
        ("BinaryEquals", "QmluYXJ5", ("QmluYXJ5",), True),
        ("ForAnyValue:StringEquals", ["a", "b"], ("c", "b"), True),
        ("ForAnyValue:StringEquals", ["a"], None, False),
        ("ForAllValues:StringEquals", ["a", "b"], ("b", "c"), False),
        ("ForAllValues:StringEquals", ["a", "b"], None, True),
        ("stringequals", "a", ("a",), True),
    ],
)
def test_operators(
    operator: str, values: object, given_values: tuple[str, ...] | None, expected: bool
) -> None:
    document = {"Statement": [{**ALLOW, "Condition": {operator: {"aws:Key": values}}}]}
    [condition] = read(document).statements[0].conditions
    context = {} if given_values is None else {"aws:key": given_values}
    assert holds(condition, context) is expected


def test_an_operator_that_does_not_exist_lets_nothing_pass() -> None:
    assert decided({**ALLOW, "Condition": {"StringSounds": {"aws:x": "y"}}}).verdict == "silent"


def test_policy_variables() -> None:
    context = {"aws:username": ("ann",)}
    assert filled("/${aws:username}/${aws:none, 'x'}/${*}/${aws:other}", context) == (
        "/ann/x/*/${aws:other}"
    )


@pytest.mark.parametrize(
    ("document", "at"),
    [
        ([], ""),
        ({}, "/Statement"),
        ({"Statement": [1]}, "/Statement/0"),
        ({"Statement": [{"Effect": "allow"}]}, "/Statement/0/Effect"),
        ({"Statement": [{**ALLOW, "Action": {}}]}, "/Statement/0/Action"),
        ({"Statement": [{**ALLOW, "Principal": "me"}]}, "/Statement/0/Principal"),
        ({"Statement": [{**ALLOW, "Condition": []}]}, "/Statement/0/Condition"),
    ],
)
def test_what_is_no_policy(document: object, at: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read(document)
    assert caught.value.at == at


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_wildcards_mean_what_they_mean_elsewhere(pattern: str, text: str) -> None:
    assert like(pattern, text) == fnmatchcase(text, pattern)


def test_a_hostile_pattern_takes_no_time() -> None:
    assert not like("*a" * 2_000 + "b", "a" * 4_000)


ACTIONS = ("execute-api:Invoke", "execute-api:*", "*", "execute-api:Inv*", "s3:GetObject")
RESOURCES = ("*", "arn:aws:execute-api:us-east-1:1:abc/*", "arn:aws:execute-api:us-east-1:1:abc/p/*",
             "arn:aws:execute-api:us-east-1:1:*", "arn:aws:execute-api:us-east-1:1:abc/*/GET/*",
             "arn:aws:execute-api:us-east-1:1:abc/p/GET/x")  # fmt: skip
ASKED = ("arn:aws:execute-api:us-east-1:1:abc/p/GET/x", "arn:aws:execute-api:us-east-1:1:abc/q/PUT/y",
         "arn:aws:execute-api:us-east-1:1:def/p/GET/x")  # fmt: skip


def test_agreement_with_motos_evaluator() -> None:
    """On what that one does as IAM does: statements without conditions, `*` inside of one part."""
    access_control = pytest.importorskip("moto.iam.access_control", reason="moto is not installed")
    chance = random.Random(7)
    expected = {"PERMITTED": "allow", "DENIED": "deny", "NEUTRAL": "silent"}
    for _ in range(int(os.environ.get("INSPECTOR_POLICIES", "1000"))):
        document = {"Version": "2012-10-17", "Statement": [
            {
                "Effect": chance.choice(["Allow", "Allow", "Deny"]),
                chance.choice(["Action", "Action", "NotAction"]): _some(chance, ACTIONS),
                "Resource": _some(chance, RESOURCES),
            }
            for _ in range(chance.randint(1, 4))
        ]}  # fmt: skip
        action, resource = chance.choice(ACTIONS[:1] + ACTIONS[4:]), chance.choice(ASKED)
        theirs = access_control.IAMPolicy({"policy_document": json.dumps(document)})
        verdict = theirs.is_action_permitted(action, resource).name
        ours = evaluate(read(document), Asked(action, resource)).verdict
        assert ours == expected[verdict], (document, action, resource)


def _some(chance: random.Random, pool: tuple[str, ...]) -> str | list[str]:
    found = chance.sample(pool, chance.randint(1, 3))
    return found[0] if len(found) == 1 else found
