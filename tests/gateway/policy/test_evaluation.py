"""Policies: each part of a statement, and who decides."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.gateway.policy.document import PolicyError, read
from inspector.gateway.policy.evaluation import (
    Asked,
    Caller,
    Decision,
    evaluate,
    evaluate_all,
)

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
    element = {"condition": "Condition/IpAddress/aws:SourceIp"}.get(part, part.capitalize())
    assert judged.at == f"/Statement/0/{element}"
    if part == "condition":
        assert judged.condition is not None
        assert (judged.condition.operator, judged.condition.key) == ("IpAddress", "aws:SourceIp")
        assert judged.condition.values == ("10.0.0.0/8",)
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


def test_a_resource_may_be_abbreviated() -> None:
    assert decided({**ALLOW, "Resource": "execute-api:/prod/*/pets/*"}).verdict == "allow"
    assert decided({**ALLOW, "Resource": "execute-api:/dev/*"}).verdict == "silent"


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


def test_several_policies_are_one() -> None:
    silent, allow = read({"Statement": [{**ALLOW, "Action": "s3:*"}]}), read({"Statement": ALLOW})
    decision = evaluate_all([silent, allow], Asked("execute-api:Invoke", ARN))
    assert (decision.verdict, decision.policy) == ("allow", 1)
    assert [each.policy for each in decision.statements] == [0, 1]


def test_the_nearest_allow_is_the_one_that_failed_last() -> None:
    far = {**ALLOW, "Action": "s3:*"}
    near = {**ALLOW, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}
    decision = decided(far, near, DENY | {"Action": "s3:*"})
    assert decision.nearest is not None
    assert decision.nearest.at == "/Statement/1/Condition/Bool/aws:SecureTransport"


def test_variables_are_text_before_2012() -> None:
    named = {**ALLOW, "Resource": "arn:aws:execute-api:*:*:*/prod/GET/${aws:username}/7"}
    context = {"aws:username": ("pets",)}
    for version, verdict in (("2012-10-17", "allow"), ("2008-10-17", "silent"), (None, "silent")):
        document = {"Statement": [named]} | ({"Version": version} if version else {})
        asked = Asked("execute-api:Invoke", ARN, context=context)
        assert evaluate(read(document), asked).verdict == verdict


def test_a_variable_brings_no_wildcard() -> None:
    named = {**ALLOW, "Resource": "arn:aws:execute-api:*:*:*/prod/GET/${aws:username}/7"}
    assert decided(named, context={"aws:username": ("*",)}).verdict == "silent"
    starred = ARN.replace("pets", "*")
    asked = Asked("execute-api:Invoke", starred, context={"aws:username": ("*",)})
    document = {"Version": "2012-10-17", "Statement": [named]}
    assert evaluate(read(document), asked).verdict == "allow"
