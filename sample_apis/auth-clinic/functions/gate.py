"""The clinic's Lambda authorizer: what it answers is what the token says."""

from __future__ import annotations

from typing import Any


def handler(event: dict[str, Any], _context: object) -> object:
    """One answer for each of the mistakes that authorizers make."""
    said = _said(event)
    if said == "raise":
        raise Exception("Unauthorized")  # noqa: TRY002  the one text that becomes a 401
    if said == "crash":
        raise RuntimeError("the table of users is gone")
    if said == "nothing":
        return None
    if said == "status":
        return {"statusCode": 401, "body": "who are you?"}
    if said in ("simple", "simple-no"):
        return {"isAuthorized": said == "simple"}
    arn = event.get("methodArn") or event.get("routeArn") or "*"
    everything = "/".join(arn.split("/")[:2]) + "/*"
    effect = "Deny" if said == "deny" else "Allow"
    resource = {"narrow": arn, "elsewhere": arn.rpartition("/")[0] + "/elsewhere"}
    answer: dict[str, Any] = {
        "principalId": said or "guest",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": effect,
                    "Resource": resource.get(said, everything),
                }
            ],
        },
    }
    if said == "list":
        answer["context"] = {"groups": ["admin", "staff"]}
    return answer


def _said(event: dict[str, Any]) -> str:
    if "authorizationToken" in event:
        return str(event["authorizationToken"])
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    return headers.get("authorization") or headers.get("x-token") or ""
