"""The members of `$context` of an HTTP API, from what the stages know.

Sources: http-api.md, sections 3, 4 and 9; logs-and-metrics.md, section 4 (names); captures-2026.md,
section 4 (`requestId` = `extendedRequestId` = the header `apigw-requestid`; `path` with the stage);
developer guide, "Customizing HTTP API access logs" (`customDomain.basePathMatched`).
"""

from __future__ import annotations

from inspector.gateway.context import client_certificate, request_time
from inspector.gateway.http_api.results import Matched, Staged

#: `$context.protocol` is always this, whatever the client speaks (developer guide).
PROTOCOL = "HTTP/1.1"


def of_staged(staged: Staged) -> dict[str, object]:
    """What is known once API and stage are."""
    environment, api, request = staged.environment, staged.deployment.api, staged.request
    host = request.host or api.host
    identity: dict[str, object] = {
        "sourceIp": environment.caller.source_ip,
        "userAgent": request.headers.get("user-agent"),
    }
    if environment.caller.certificate is not None:
        identity["clientCert"] = client_certificate(environment.caller.certificate)
    led = {"basePathMatched": staged.target.base_path} if staged.target.base_path else {}
    return {
        "accountId": api.account,
        "apiId": api.id,
        "customDomain": led,
        "domainName": host,
        "domainPrefix": host.partition(".")[0],
        "extendedRequestId": environment.extended_request_id,
        "httpMethod": request.method,
        "identity": identity,
        "path": staged.target.raw_path,
        "protocol": PROTOCOL,
        "requestId": environment.extended_request_id,
        "requestTime": request_time(environment.time_ms),
        "requestTimeEpoch": environment.time_ms,
        "stage": staged.deployment.stage.name,
    }


def of_matched(matched: Matched) -> dict[str, object]:
    """What is known once the route is, and the caller."""
    known = {**of_staged(matched.staged), "routeKey": matched.plan.route.key}
    access = matched.access
    if access.kind in ("jwt", "lambda"):
        known["authorizer"] = dict(access.members)
        if access.principal is not None:
            known["authorizer"] = {**access.members, "principalId": access.principal}
    identity = known["identity"]
    assert isinstance(identity, dict)
    signer = access.identity
    if signer is not None:
        known["identity"] = {
            **identity,
            "accessKey": signer.access_key,
            "accountId": signer.account,
            "caller": signer.caller or signer.access_key,
            "principalOrgId": signer.organization,
            "user": signer.caller or signer.access_key,
            "userArn": signer.arn,
        }
    return known
