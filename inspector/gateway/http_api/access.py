"""What is known of the caller of an HTTP API once his authorizer has let him in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from inspector.gateway.identity import Identity

AccessKind = Literal["jwt", "lambda", "iam"]


@dataclass(frozen=True, slots=True)
class Access:
    """The outcome of the authorizer.

    `kind` names the member of `requestContext.authorizer` in a 2.0 event, and `members` is what
    stands there: `{"claims": {…}, "scopes": [...] | None}` of a JWT, the context of a Lambda
    authorizer, the `iam` map of a signer. `members` are `$context.authorizer.*` as well (but for
    `iam`). `identity` is the signer of an IAM route, `principal` what a Lambda authorizer of
    format 1.0 named as `principalId`.
    """

    kind: AccessKind | None = None
    members: Mapping[str, object] = field(default_factory=dict)
    identity: Identity | None = None
    principal: str | None = None


#: An open route: nobody was asked.
OPEN = Access()
