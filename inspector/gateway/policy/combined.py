"""Two policies about one request: the caller's (or the authorizer's) and the API's own.

Source: developer guide, "How API Gateway resource policies affect authorization workflow", tables
A and B; access-control facts, section 2.
"""

from __future__ import annotations

from typing import Literal

from inspector.gateway.policy.evaluation import Verdict

Outcome = Literal["Allow", "ImplicitDeny", "ExplicitDeny"]


def alone(verdict: Verdict) -> Outcome:
    """One policy by itself: what it does not allow is denied."""
    if verdict == "deny":
        return "ExplicitDeny"
    return "Allow" if verdict == "allow" else "ImplicitDeny"


def combined(identity: Verdict, resource: Verdict, *, same_account: bool) -> Outcome:
    """Table A where caller and API are of one account (one Allow suffices), table B elsewhere."""
    if "deny" in (identity, resource):
        return "ExplicitDeny"
    allowed = (identity == "allow", resource == "allow")
    enough = any(allowed) if same_account else all(allowed)
    return "Allow" if enough else "ImplicitDeny"
