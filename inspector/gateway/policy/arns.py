"""The ARN under which a call is judged, and what a policy may know of a call.

Source: access-control facts, sections 2 and 3 (the actual path, not the template; the account
masked in what callers are told).
"""

from __future__ import annotations

from datetime import UTC, datetime

from inspector.gateway.environment import Environment
from inspector.gateway.identity import Identity
from inspector.gateway.policy.conditions import Context
from inspector.gateway.policy.evaluation import role_of
from inspector.gateway.results import Routed
from inspector.message import Request
from inspector.model.place import apis_arn

INVOKE = "execute-api:Invoke"


def method_arn(routed: Routed) -> str:
    """`arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/VERB/path`."""
    resolved = routed.resolved
    api, path = resolved.deployment.api, resolved.target.path.lstrip("/")
    place = f"{api.id}/{resolved.deployment.stage.name}/{resolved.request.method}/{path}"
    return f"{apis_arn(api.region, api.account)}:{place}"


def called_as(routed: Routed) -> list[str]:
    """Under which ARNs an integration's function may be told that it is called."""
    resolved = routed.resolved
    api, verb = resolved.deployment.api, resolved.request.method
    path = routed.plan.resource.path
    place = f"{api.id}/{resolved.deployment.stage.name}/{verb}{path}"
    return [f"{apis_arn(api.region, api.account)}:{place}", method_arn(routed)]


def masked(arn: str) -> str:
    """The ARN with all but the last four digits of the account starred out."""
    parts = arn.split(":", 5)
    parts[4] = f"********{parts[4][-4:]}"
    return ":".join(parts)


def conditions_of(routed: Routed, identity: Identity | None) -> Context:
    """The condition keys of a call of a REST API."""
    resolved = routed.resolved
    private = resolved.deployment.api.endpoint_type == "PRIVATE"
    return conditions(resolved.request, resolved.environment, identity, private=private)


def conditions(
    request: Request, environment: Environment, identity: Identity | None, *, private: bool = False
) -> Context:
    """The condition keys of a call, in lower case.

    Sources: developer guide, "AWS condition keys that can be used in API Gateway resource
    policies"; IAM user guide, "AWS global condition context keys": through a VPC endpoint there is
    no aws:SourceIp but aws:VpcSourceIp, a role's session is the role, only users have a name.
    """
    caller = environment.caller
    moment = datetime.fromtimestamp(environment.time_ms / 1000, UTC)
    private = private and caller.vpc_endpoint is not None
    known: dict[str, str | None] = {
        "aws:vpcsourceip" if private else "aws:sourceip": caller.source_ip,
        "aws:sourcevpc": caller.vpc_id,
        "aws:sourcevpce": caller.vpc_endpoint,
        "aws:securetransport": "true" if environment.scheme == "https" else "false",
        "aws:useragent": request.headers.get("user-agent"),
        "aws:referer": request.headers.get("referer"),
        "aws:currenttime": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:epochtime": str(environment.time_ms // 1000),
    }
    if identity is not None:
        known |= _of_signer(identity)
    return {name: (value,) for name, value in known.items() if value is not None}


def _of_signer(identity: Identity) -> dict[str, str | None]:
    role = role_of(identity.arn)
    is_user = ":user/" in identity.arn
    return {
        "aws:principalarn": role or identity.arn,
        "aws:principalaccount": identity.account,
        "aws:userid": identity.caller,
        "aws:username": identity.arn.rpartition("/")[2] if is_user else None,
        "aws:principalorgid": identity.organization,
        "aws:principaltype": _kind(identity.arn, role),
        **{name.lower(): value for name, value in identity.conditions},
    }


def _kind(arn: str, role: str | None) -> str:
    if role is not None:
        return "AssumedRole"
    if ":federated-user/" in arn:
        return "FederatedUser"
    return "Account" if arn.endswith(":root") else "User"
