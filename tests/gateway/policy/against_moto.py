"""Random policies, judged by us, by moto's IAM evaluator, and by the guide's rules in regexes.

moto knows Action, NotAction, Resource and `*`. Where it differs from the guide the cause is one of
`CAUSES`, each of which has its own test; anything else counts as unexplained.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from inspector.gateway.policy.document import read
from inspector.gateway.policy.evaluation import Asked, evaluate

#: What moto does otherwise, by the trait of a policy that brings it out.
CAUSES = {
    "condition": "a condition that is not met makes moto deny, whatever the Effect",
    "not-resource": "moto does not know NotResource: it permits, even in a Deny",
    "question-mark": "moto's ? is a regular expression's, so that it may even raise",
    "inner-star": "moto's * within a part runs on past the colon",
    "case": "moto compares actions with case",
}
VERDICTS = {"PERMITTED": "allow", "DENIED": "deny", "NEUTRAL": "silent"}
Policy = dict[str, Any]


@dataclass(slots=True)
class Comparison:
    """What came of it. `explained` by cause."""

    policies: int = 0
    agreed: int = 0
    explained: Counter[str] = field(default_factory=Counter)
    unexplained: list[tuple[Policy, str, str, str, str]] = field(default_factory=list)


def compare(count: int, seed: int = 7) -> Comparison:
    """Judge `count` random policies. Unexplained are those that contradict moto or the guide."""
    chance, found = random.Random(seed), Comparison()
    for _ in range(count):
        policy, asked = some_policy(chance), some_question(chance)
        ours = evaluate(read(policy), asked).verdict
        moto = _by_moto(
            import_module("moto.iam.access_control").IAMPolicy(
                {"policy_document": json.dumps(policy)}
            ),
            asked,
        )
        found.policies += 1
        if ours != by_the_guide(policy, asked):
            found.unexplained.append((policy, asked.action, asked.resource, ours, "guide"))
        elif ours == moto:
            found.agreed += 1
        elif traits := traits_of(policy):
            found.explained.update(traits)
        else:
            found.unexplained.append((policy, asked.action, asked.resource, ours, moto))
    return found


def _by_moto(policy: Any, asked: Asked) -> str:
    given = {"aws:UserAgent": "curl"}
    try:
        verdict = policy.is_action_permitted(asked.action, asked.resource, None, given)
    except re.error:
        return "error"  # a ? at the beginning, as a regular expression
    return VERDICTS[verdict.name]


VERBS = ("GET", "PUT", "DELETE")
PATHS = ("pets", "pets/7", "pets/7/toys", "orders", "orders/2026/11")
APIS, STAGES, REGIONS = ("abc123", "abd123"), ("dev", "prod"), ("us-east-1", "eu-west-1")
ACTIONS = ("execute-api:Invoke", "execute-api:InvalidateCache", "s3:GetObject")


def some_question(chance: random.Random) -> Asked:
    return Asked(chance.choice(ACTIONS), _arn(chance), context={"aws:useragent": ("curl",)})


def _arn(chance: random.Random) -> str:
    return (
        f"arn:aws:execute-api:{chance.choice(REGIONS)}:123456789012:{chance.choice(APIS)}/"
        f"{chance.choice(STAGES)}/{chance.choice(VERBS)}/{chance.choice(PATHS)}"
    )


def some_policy(chance: random.Random) -> Policy:
    """One to four statements, most of them such as both understand."""
    odd = chance.random() < 0.2
    statements = [_statement(chance, odd=odd) for _ in range(chance.randint(1, 4))]
    one = len(statements) == 1 and chance.random() < 0.3
    return {"Version": "2012-10-17", "Statement": statements[0] if one else statements}


def _statement(chance: random.Random, *, odd: bool) -> Policy:
    statement: Policy = {"Effect": chance.choice(["Allow", "Allow", "Deny"])}
    key = "NotAction" if chance.random() < 0.2 else "Action"
    statement[key] = _some(chance, [_action(chance, odd=odd) for _ in range(3)])
    key = "NotResource" if odd and chance.random() < 0.3 else "Resource"
    statement[key] = _some(chance, [_pattern(chance, odd=odd) for _ in range(3)])
    if odd and chance.random() < 0.3:
        value = chance.choice(["curl", "wget"])
        statement["Condition"] = {"StringEquals": {"aws:UserAgent": value}}
    return statement


def _some(chance: random.Random, pool: list[str]) -> str | list[str]:
    found = pool[: chance.randint(1, 3)]
    return found[0] if len(found) == 1 else found


def _action(chance: random.Random, *, odd: bool) -> str:
    action = chance.choice(ACTIONS)
    if chance.random() < 0.5:
        at = chance.randint(0, len(action))
        action = action[:at] + "*" + (action[chance.randint(at, len(action)) :])
    if odd and chance.random() < 0.3:
        action = chance.choice([action.lower(), action.replace("e", "?", 1)])
    return action


def _pattern(chance: random.Random, *, odd: bool) -> str:
    """An ARN with some of its parts as wildcards; now and then all of it."""
    if chance.random() < 0.05:
        return "*"
    head, rest = _arn(chance).rsplit(":", 1)
    parts = head.split(":")
    for number in (3, 4):
        if chance.random() < 0.3:
            parts[number] = "*"
    if odd and chance.random() < 0.5:
        parts[3] = chance.choice(["us-*-1", "*-1", "us-east-?", "eu-*t-1"])
    pieces = rest.split("/")
    for number in range(1, len(pieces)):
        if chance.random() < 0.4:
            pieces[number] = chance.choice(
                ["*", pieces[number][:2] + "*", "*" + pieces[number][2:]]
            )
    if chance.random() < 0.3:
        pieces = [*pieces[: chance.randint(1, len(pieces))], "*"]
    return ":".join(parts) + ":" + "/".join(pieces)


def traits_of(policy: Policy) -> list[str]:
    """Which causes of difference a policy has in it."""
    statements = policy["Statement"]
    found = set()
    for statement in statements if isinstance(statements, list) else [statements]:
        actions = _listed(statement.get("Action", statement.get("NotAction")))
        resources = _listed(statement.get("Resource", statement.get("NotResource")))
        if "Condition" in statement:
            found.add("condition")
        if "NotResource" in statement:
            found.add("not-resource")
        if any("?" in each for each in [*actions, *resources]):
            found.add("question-mark")
        if any(re.search(r"\*[^:*]+:", each) for each in resources):
            found.add("inner-star")
        if any(each.islower() for each in actions):
            found.add("case")
    return sorted(found)


def by_the_guide(policy: Policy, asked: Asked) -> str:
    """The IAM user guide's rules in the plainest form: a regular expression for each pattern."""
    statements = policy["Statement"]
    effects = {
        each["Effect"]
        for each in (statements if isinstance(statements, list) else [statements])
        if _applies(each, asked)
    }
    return "deny" if "Deny" in effects else "allow" if "Allow" in effects else "silent"


def _applies(statement: Policy, asked: Asked) -> bool:
    return (
        _covers(statement, "Action", lambda each: _action_regex(each, asked.action))
        and _covers(statement, "Resource", lambda each: _resource_regex(each, asked.resource))
        and _holds(statement.get("Condition", {}), asked)
    )


def _covers(statement: Policy, element: str, matches: Any) -> bool:
    if element in statement:
        return any(map(matches, _listed(statement[element])))
    return not any(map(matches, _listed(statement[f"Not{element}"])))


def _holds(conditions: Mapping[str, Mapping[str, str]], asked: Asked) -> bool:
    wanted = conditions.get("StringEquals", {}).get("aws:UserAgent")
    return wanted is None or (wanted,) == asked.context["aws:useragent"]


def _action_regex(pattern: str, action: str) -> bool:
    regex = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(regex, action, re.IGNORECASE) is not None


def _resource_regex(pattern: str, resource: str) -> bool:
    """Stars before a colon and at the end run on; behind the fifth colon all is one part."""
    regex, colons = "", 0
    for index, character in enumerate(pattern):
        ends = pattern[index + 1 : index + 2] in ("", ":")
        anything = "." if colons >= 5 else "[^:]"
        if character == "*":
            regex += ".*" if ends else f"{anything}*"
        elif character == "?":
            regex += anything
        else:
            regex += re.escape(character)
            colons += character == ":"
    return re.fullmatch(regex, resource) is not None


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
