"""Who signed a request: the IAM user or role session behind an access key."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """The caller as `$context.identity` shows him. `policies`: his IAM policy documents, as JSON.

    `arn` of a user (`arn:aws:iam::A:user/ann`) or a session (`arn:aws:sts::A:assumed-role/R/S`);
    `caller` the unique id (`AIDA…`, `AROA…:session`). `conditions` are condition keys that only
    the signer's credentials have (`aws:MultiFactorAuthPresent`, `aws:PrincipalTag/team`).
    `session_policies`: what his session was narrowed to, which has to allow as well.
    """

    access_key: str
    arn: str
    account: str
    caller: str = ""
    organization: str | None = None
    policies: tuple[str, ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    session_policies: tuple[str, ...] = ()
