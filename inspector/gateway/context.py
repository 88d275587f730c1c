"""The members of `$context` for a REST API, from what the stages know.

Sources: facts 96-104 (recorded names, values, order), logs-and-metrics.md section 4.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from inspector.gateway.environment import ClientCertificate
from inspector.gateway.identity import Identity
from inspector.gateway.mapping.context import IDENTITY
from inspector.gateway.results import Resolved, Routed


def request_time(time_ms: int) -> str:
    """`dd/Mon/yyyy:HH:mm:ss +0000`, the common log format (fact 170)."""
    return _second(time_ms // 1000)


@lru_cache(maxsize=64)
def _second(seconds: int) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    month = _MONTHS[moment.month - 1]
    return f"{moment.day:02d}/{month}/{moment.year}:{moment:%H:%M:%S} +0000"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def client_certificate(certificate: ClientCertificate) -> dict[str, object]:
    """`identity.clientCert`, as the guide's example event has it."""
    return {
        "clientCertPem": certificate.pem,
        "subjectDN": certificate.subject,
        "issuerDN": certificate.issuer,
        "serialNumber": certificate.serial,
        "validity": {"notBefore": certificate.not_before, "notAfter": certificate.not_after},
    }


def of_resolved(resolved: Resolved) -> dict[str, object]:
    """What is known once API and stage are."""
    environment, api = resolved.environment, resolved.deployment.api
    identity: dict[str, object] = dict.fromkeys(IDENTITY)
    identity["sourceIp"] = environment.caller.source_ip
    identity["userAgent"] = resolved.request.headers.get("user-agent")
    certificate = environment.caller.certificate
    if certificate is not None:
        identity["clientCert"] = client_certificate(certificate)
    domain = resolved.request.host or api.host
    members: dict[str, object] = {
        "httpMethod": resolved.request.method,
        "extendedRequestId": environment.extended_request_id,
        "requestTime": request_time(environment.time_ms),
        "path": resolved.target.context_path,
        "accountId": api.account,
        "protocol": environment.protocol,
        "stage": resolved.deployment.stage.name,
        "domainPrefix": domain.partition(".")[0],
        "requestTimeEpoch": environment.time_ms,
        "requestId": environment.request_id,
        "identity": identity,
        "domainName": domain,
        "deploymentId": resolved.deployment.deployment_id,
        "apiId": api.id,
    }
    if resolved.deployment.is_canary is not None:  # only where there is a canary (fact 103)
        members["isCanaryRequest"] = resolved.deployment.is_canary
    return members


def of_routed(routed: Routed) -> dict[str, object]:
    """What is known once the method is: the whole `$context` of an open method."""
    resource = routed.plan.resource
    access = routed.access
    known: dict[str, object] = {"resourceId": resource.id}
    if access.authorizer:
        # Directly behind the resource (captures-2026, section 1: recorded for user pools).
        known["authorizer"] = dict(access.authorizer)
    known["resourcePath"] = resource.path
    known.update(of_resolved(routed.resolved))
    if access.identity is not None:
        known["identity"] = _signed(known["identity"], access.identity)
    if access.api_key is not None:
        assert isinstance(known["identity"], dict)
        known["identity"] = {**known["identity"], "apiKey": access.api_key}
        if access.api_key_id is not None:
            known["identity"]["apiKeyId"] = access.api_key_id
    return known


def _signed(members: object, identity: Identity) -> dict[str, object]:
    """The identity of a signer (access-control facts, section 3: recorded members)."""
    assert isinstance(members, dict)
    who = identity.caller or identity.access_key
    return {
        **members,
        "accountId": identity.account,
        "caller": who,
        "user": who,
        "accessKey": identity.access_key,
        "userArn": identity.arn,
        "principalOrgId": identity.organization,
    }


def look_up(context: dict[str, object], path: str) -> str | None:
    """The text of `a.b.c` in the context, None where there is no such member or it is null."""
    value: object = context
    for name in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    if value is None or isinstance(value, dict):
        return None
    return "true" if value is True else "false" if value is False else str(value)
