"""What is known of the caller once he is let in: who he is, and what his authorizer said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inspector.gateway.identity import Identity
from inspector.gateway.policy.document import Policy


@dataclass(frozen=True, slots=True)
class Access:
    """The outcome of the access stages.

    `authorizer` are the members of `$context.authorizer` (text, but for `integrationLatency`);
    `identity` is the signer of an IAM method; `usage_key` what a Lambda authorizer gave as
    `usageIdentifierKey` and `policy` its policy; `api_key` is the value that was sent, `api_key_id`
    whose it is.
    """

    authorizer: Mapping[str, object] = field(default_factory=dict)
    identity: Identity | None = None
    usage_key: str | None = None
    api_key: str | None = None
    api_key_id: str | None = None
    policy: Policy | None = None


#: An open method: nobody was asked.
OPEN = Access()
