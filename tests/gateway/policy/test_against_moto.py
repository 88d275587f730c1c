"""Agreement with moto's IAM evaluator, and why the two differ where they do.

10,000 policies: `python -m tests.benchmarks policies`.
"""

from __future__ import annotations

import json

import pytest

from inspector.gateway.policy.document import read
from inspector.gateway.policy.evaluation import Asked, evaluate
from tests.gateway.policy.against_moto import CAUSES, VERDICTS, compare, traits_of

access_control = pytest.importorskip("moto.iam.access_control", reason="moto is not installed")
ARN = "arn:aws:execute-api:us-east-1:123456789012:abc123/dev/GET/pets"
ALLOW = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}


def test_random_policies_are_judged_alike_or_differ_for_a_known_cause() -> None:
    found = compare(500)
    assert found.unexplained == []
    assert found.agreed > 400
    assert set(found.explained) <= set(CAUSES)


@pytest.mark.parametrize(
    ("cause", "statement", "ours", "motos"),
    [
        ("condition", {**ALLOW, "Condition": {"StringEquals": {"aws:UserAgent": "x"}}},
         "silent", "deny"),
        ("not-resource", {"Effect": "Deny", "Action": "*", "NotResource": "*"}, "silent", "allow"),
        ("question-mark", {**ALLOW, "Resource": "arn:aws:execute-api:us-east-?:*"},
         "allow", "silent"),
        ("inner-star", {**ALLOW, "Resource": "arn:aws:execute-api:us*2:abc123/*"},
         "silent", "allow"),
        ("case", {**ALLOW, "Action": "execute-api:invoke"}, "allow", "silent"),
    ],
)  # fmt: skip
def test_each_cause_by_itself(
    cause: str, statement: dict[str, object], ours: str, motos: str
) -> None:
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    assert traits_of(policy) == [cause]
    asked = Asked("execute-api:Invoke", ARN, context={"aws:useragent": ("curl",)})
    assert evaluate(read(policy), asked).verdict == ours
    theirs = access_control.IAMPolicy({"policy_document": json.dumps(policy)})
    verdict = theirs.is_action_permitted(
        asked.action, asked.resource, None, {"aws:UserAgent": "curl"}
    )
    assert VERDICTS[verdict.name] == motos
