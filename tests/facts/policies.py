"""Cases of kind `policy`: a document and what is asked, or two verdicts to be combined."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.gateway.policy.combined import alone, combined
from inspector.gateway.policy.document import read
from inspector.gateway.policy.evaluation import Asked, Caller, Verdict, evaluate
from tests.facts.shortfall import Shortfall, unknown

_VERDICTS: Mapping[str, Verdict] = {"Allow": "allow", "Deny": "deny", "NoMatch": "silent"}
#: An API's stage, in a policy's ARN.
_STAGE = re.compile(r"arn:aws:execute-api:[^:]*:[0-9]*:\w+/\w+")
#: The caller of a case that names none; his account owns the API.
_CALLER = Caller("arn:aws:iam::123456789012:user/somebody", "123456789012")


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """The decision, and where it is given the resource that was asked for."""
    given, asked, expect = case["given"], case["request"], case["expect"]
    if "policy" in case or "policy" in given:
        document = case.get("policy", given.get("policy"))
        resource = _resource(asked, expect, document)
        context = {
            key.lower(): tuple(map(str, value if isinstance(value, list) else [value]))
            for key, value in asked.get("context", {}).items()
        }
        caller = Caller() if given.get("authType") == "NONE" else _caller(given, context)
        policy = read(document)
        decided = alone(evaluate(policy, Asked(asked["action"], resource, caller, context)).verdict)
    else:
        decided = combined(
            _VERDICTS[given["identityOrAuthorizerPolicy"]],
            _VERDICTS[given["resourcePolicy"]],
            same_account=given["accounts"] == "same-account",
        )
    if decided != expect["decision"]:
        yield Shortfall("decision", expect["decision"], decided)
    status = 200 if decided == "Allow" else 403
    if expect.get("status", status) != status:
        yield Shortfall("status", expect["status"], status)
    for key in expect.keys() - {"decision", "status", "authorizedResource"}:
        yield unknown(key)


def _caller(given: Mapping[str, Any], context: Mapping[str, tuple[str, ...]]) -> Caller:
    """Who the case says that he is, in so many words or by the condition keys of a signer."""
    [arn] = context.get("aws:principalarn", (given.get("caller"),))
    if arn is None:
        return _CALLER
    [account] = context.get("aws:principalaccount", (str(arn).split(":")[4],))
    return Caller(str(arn), account, context.get("aws:userid", (None,))[0])


def _resource(asked: Mapping[str, Any], expect: Mapping[str, Any], policy: object) -> str:
    """The ARN asked for. A management call is about every connection: the id is not in it."""
    context = asked.get("context", {})
    given = context.get("resource") or expect.get("authorizedResource")
    if given is None and "connectionId" in asked:
        named = _STAGE.search(json.dumps(policy))
        stage = "arn:aws:execute-api:us-east-1:000000000000:api/dev" if named is None else named[0]
        given = f"{stage}/{asked['method']}/@connections/{{connectionId}}"
    return str(given or "*")
