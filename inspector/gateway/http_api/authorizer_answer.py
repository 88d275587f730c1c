"""What a Lambda authorizer of an HTTP API may answer: a policy, or with simple responses a Boolean.

Source: access-control facts, section 5, the recorded matrix: the other format is 500, so is an
unknown shape; the text "true" counts as true; a returned `errorMessage` of Unauthorized is 401;
in 1.0 a context with a list, an object, null or `claims` is 500, in 2.0 all of it is kept but
`claims`, which is dropped. Inferred: that `principalId` may be absent, as on WebSocket APIs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inspector.gateway import untrusted_json
from inspector.gateway.authorizer_answer import InvalidAnswerError
from inspector.gateway.policy.document import Policy, PolicyError, read


@dataclass(frozen=True, slots=True)
class HttpAuthorizerAnswer:
    """A `policy` to be judged, or (simple) whether the caller is `authorized`.

    `members` are the context, keys sorted, in 1.0 as text; `unauthorized` is the answer that says
    so in words.
    """

    policy: Policy | None = None
    authorized: bool = False
    members: Mapping[str, object] = field(default_factory=dict)
    principal: str | None = None
    unauthorized: bool = False


def parse(payload: bytes, version: str, *, simple: bool) -> HttpAuthorizerAnswer:
    """The answer in a function's result. Raises `InvalidAnswerError`."""
    try:
        document = untrusted_json.loads(payload)
    except ValueError as error:
        raise InvalidAnswerError("", f"it is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise InvalidAnswerError("", "an object is expected")
    if document.get("errorMessage") == "Unauthorized":
        return HttpAuthorizerAnswer(unauthorized=True)
    context = _context(document.get("context"), version)
    if simple:
        return HttpAuthorizerAnswer(authorized=_authorized(document), members=context)
    if "policyDocument" not in document:
        reason = "a policyDocument is expected"
        if "isAuthorized" in document:
            reason += "; isAuthorized is for format 2.0 with enableSimpleResponses"
        raise InvalidAnswerError("policyDocument", reason)
    try:
        policy = read(document["policyDocument"])
    except PolicyError as error:
        raise InvalidAnswerError(f"policyDocument{error.at}", error.reason) from error
    return HttpAuthorizerAnswer(policy, members=context, principal=_principal(document))


def _authorized(document: Mapping[str, Any]) -> bool:
    said = document.get("isAuthorized")
    if isinstance(said, bool):
        return said
    if isinstance(said, str) and said.lower() in ("true", "false"):
        return said.lower() == "true"
    reason = "isAuthorized is expected, true or false"
    if "policyDocument" in document:
        reason += "; the authorizer takes simple responses, not policies"
    raise InvalidAnswerError("isAuthorized", reason)


def _principal(document: Mapping[str, Any]) -> str | None:
    said = document.get("principalId")
    if isinstance(said, dict | list):
        raise InvalidAnswerError("principalId", "principalId must be a text")
    return None if said is None else _text(said)


def _context(given: object, version: str) -> dict[str, object]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise InvalidAnswerError("context", "context must be an object")
    if version == "2.0":
        return {name: given[name] for name in sorted(given) if name != "claims"}
    for name, value in given.items():
        if name == "claims":
            raise InvalidAnswerError("context.claims", "claims is a reserved name in format 1.0")
        if value is None or isinstance(value, dict | list):
            kind = "null" if value is None else "a list" if isinstance(value, list) else "an object"
            reason = f"context.{name} is {kind}, which format 1.0 does not take"
            raise InvalidAnswerError(f"context.{name}", reason)
    return {name: _text(given[name]) for name in sorted(given)}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)
