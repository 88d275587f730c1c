"""What a Lambda authorizer of a REST API may answer.

Source: access-control facts, section 4. Members it may not have make the answer invalid
(recorded in the log: `Unrecognized field "errorType" , not marked as ignorable`), and so do
objects and lists in the context. Inferred from recordings of WebSocket APIs, whose authorizers give
the same sentences: `principalId` may be absent, null, empty or a number, and what is null is left
out of the context.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inspector.gateway import untrusted_json
from inspector.gateway.policy.document import Policy, PolicyError, read

_MEMBERS = ("principalId", "policyDocument", "context", "usageIdentifierKey")


class InvalidAnswerError(Exception):
    """The answer cannot be used; `key` is the member that is wrong.

    `logged` is what Amazon's log says of it, where that is known.
    """

    def __init__(self, key: str, reason: str, logged: str | None = None) -> None:
        super().__init__(reason)
        self.key = key
        self.reason = reason
        self.logged = logged


@dataclass(frozen=True, slots=True)
class AuthorizerAnswer:
    """A policy, with what goes on to templates and the backend."""

    policy: Policy
    members: Mapping[str, object]
    usage_key: str | None


def parse(payload: bytes) -> AuthorizerAnswer:
    """The answer in a function's result. Raises `InvalidAnswerError`."""
    try:
        document = untrusted_json.loads(payload)
    except ValueError as error:
        raise InvalidAnswerError("", f"Invalid JSON in response: {error}") from error
    if document is None:
        raise InvalidAnswerError("", "it is null; a policy is expected", _NO_POLICY)
    if not isinstance(document, dict):
        raise InvalidAnswerError("", "Invalid JSON in response: an object is expected")
    for name in document:
        if name not in _MEMBERS:
            reason = f'Unrecognized field "{name}" , not marked as ignorable'
            raise InvalidAnswerError(name, f"Invalid JSON in response: {reason}")
    principal = document.get("principalId")
    if isinstance(principal, dict | list):
        raise InvalidAnswerError("principalId", "principalId must be a text", _no_text(principal))
    try:
        policy = read(document.get("policyDocument"))
    except PolicyError as error:
        key = f"policyDocument{error.at}"
        raise InvalidAnswerError(key, error.reason, _NO_POLICY) from error
    usage_key = document.get("usageIdentifierKey")
    members = _context(document.get("context"))
    if principal is not None:
        members["principalId"] = _text(principal)
    return AuthorizerAnswer(policy, members, usage_key if isinstance(usage_key, str) else None)


def _context(given: object) -> dict[str, object]:
    """Scalars as text (recorded: `true`, `1.5`, `0`)."""
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise InvalidAnswerError("context", "context must be an object")
    members: dict[str, object] = {}
    for name, value in given.items():
        if isinstance(value, dict | list):
            reason = f"context.{name} is an object or a list, which REST APIs do not take"
            raise InvalidAnswerError(f"context.{name}", reason, _no_text(value))
        if value is not None:
            members[name] = _text(value)
    return members


#: Pasted: ExpanseLLC/lambda_authorizer#1.
_NO_POLICY = "Could not parse policy"


def _no_text(value: dict[str, Any] | list[Any]) -> str:
    """As pasted for a list (dev.to/dborgenvik); for an object by the pattern of that parser."""
    token = "START_ARRAY" if isinstance(value, list) else "START_OBJECT"
    return (
        "Invalid JSON in response: Can not deserialize instance of java.lang.String out of "
        f"{token} token"
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)
