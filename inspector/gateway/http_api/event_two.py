"""The event of format 2.0.

Sources: http-api.md, section 3 (recorded: key order, what is absent rather than null, header names
in lower case, repeated values joined by commas, cookies apart).
"""

from __future__ import annotations

import json
from typing import Any

from inspector.gateway import xray
from inspector.gateway.context import request_time
from inspector.gateway.http_api import surface
from inspector.gateway.http_api.body_text import body_of
from inspector.gateway.http_api.context import PROTOCOL
from inspector.gateway.http_api.results import Matched
from inspector.gateway.query import all_values


def payload(matched: Matched) -> bytes:
    """The event as the JSON that the function gets."""
    text = json.dumps(event(matched), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def event(matched: Matched) -> dict[str, Any]:
    """The event as values, keys in Amazon's order."""
    staged, client = matched.staged, matched.client
    body, encoded = body_of(staged.request)
    found: dict[str, Any] = {
        "version": "2.0",
        "routeKey": matched.plan.route.key,
        "rawPath": staged.target.raw_path,
        "rawQueryString": staged.target.query,
    }
    cookies = cookies_of(matched)
    if cookies:
        found["cookies"] = cookies
    found["headers"] = headers(matched)
    if client.query:
        found["queryStringParameters"] = {
            name: ",".join(values) for name, values in sorted(all_values(client.query).items())
        }
    found["requestContext"] = request_context(matched)
    if client.path_parameters:
        found["pathParameters"] = dict(sorted(client.path_parameters.items()))
    variables = staged.deployment.stage.variables
    if variables:
        found["stageVariables"] = dict(sorted(variables.items()))
    if body is not None:
        found["body"] = body
    found["isBase64Encoded"] = encoded
    return found


def cookies_of(matched: Matched) -> list[str]:
    """One entry a cookie, whichever header it came in."""
    pairs = (
        pair.strip()
        for value in matched.staged.request.headers.all("cookie")
        for pair in value.split(";")
    )
    return [pair for pair in pairs if pair]


def headers(matched: Matched) -> dict[str, str]:
    """Names in lower case and in order, repeated ones joined; what the front adds among them."""
    request, environment = matched.staged.request, matched.staged.environment
    found: dict[str, str] = {}
    for name, value in request.headers:
        lowered = name.lower()
        if lowered in _NOT_SHOWN:
            continue
        found[lowered] = f"{found[lowered]},{value}" if lowered in found else value
    found.setdefault("content-length", str(len(request.body)))
    found |= {
        xray.NAME.lower(): xray.value(request, environment),
        "x-forwarded-for": forwarded_for(matched),
        "x-forwarded-port": "443" if environment.scheme == "https" else "80",
        "x-forwarded-proto": environment.scheme,
    }
    return dict(sorted(found.items()))


def forwarded_for(matched: Matched) -> str:
    """The client's own X-Forwarded-For, if any, with its address behind."""
    given = ", ".join(matched.staged.request.headers.all("x-forwarded-for"))
    address = matched.staged.environment.caller.source_ip
    return f"{given}, {address}" if given else address


_NOT_SHOWN = frozenset({"cookie", "connection", "transfer-encoding", "keep-alive"})


def request_context(matched: Matched) -> dict[str, Any]:
    """Keys in the order that was recorded."""
    staged, access = matched.staged, matched.access
    environment, api, request = staged.environment, staged.deployment.api, staged.request
    host = request.host or api.host
    found: dict[str, Any] = {"accountId": surface.account(api), "apiId": api.id}
    certificate = environment.caller.certificate
    if certificate is not None:
        found["authentication"] = {
            "clientCert": {
                "clientCertPem": certificate.pem,
                "issuerDN": certificate.issuer,
                "serialNumber": certificate.serial,
                "subjectDN": certificate.subject,
                "validity": {
                    "notAfter": certificate.not_after,
                    "notBefore": certificate.not_before,
                },
            }
        }
    if access.kind is not None:
        found["authorizer"] = {access.kind: dict(access.members)}
    return found | {
        "domainName": host,
        "domainPrefix": host.partition(".")[0],
        "http": {
            "method": request.method,
            "path": staged.target.raw_path,
            "protocol": PROTOCOL,
            "sourceIp": environment.caller.source_ip,
            "userAgent": request.headers.get("user-agent") or "",
        },
        "requestId": surface.request_id(api, environment),
        "routeKey": matched.plan.route.key,
        "stage": staged.deployment.stage.name,
        "time": request_time(environment.time_ms),
        "timeEpoch": environment.time_ms,
    }
