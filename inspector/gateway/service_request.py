"""The request for an AWS service, as Amazon sends it, but for the signature.

Sources: facts 191-198 (recorded); PutIntegration's `uri` in the API reference. An execution log
that a user pasted shows what becomes of `action/GetItem` with a mapped query: the URI
`https://dynamodb.us-east-1.amazonaws.com/?Action=GetItem&color=Red`, a header
`X-Amz-Target=DynamoDB_20120810.GetItem`, and a 500 for a URI with a blank in it (`Illegal
character in query`). The signature (`Authorization`, `X-Amz-Date`, `X-Amz-Content-Sha256`) is the
performer's: it depends on the clock and on secrets, and is no part of the exchange.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from inspector.gateway import http_request
from inspector.gateway.effects import BackendRequest, CallService
from inspector.gateway.http_request import Mapped
from inspector.gateway.results import Routed
from inspector.gateway.uri import UriTemplate, fill_stage_variables, pieces_of
from inspector.model import AwsService, Stage
from inspector.model.place import domain_of
from inspector.model.service_uri import parse_service

#: Services that are told the action by header as well. Recorded to work without a mapping of
#: their own: DynamoDB, Kinesis, Step Functions (fact 196); Firehose is inferred. EventBridge is
#: known to need the mapping, SSM to answer in the query protocol (fact 197).
TARGETS = {
    "dynamodb": "DynamoDB_20120810",
    "kinesis": "Kinesis_20131202",
    "states": "AWSStepFunctions",
    "firehose": "Firehose_20150804",
}
_ACTION = re.compile(r"(?:^|[&\s])Action=([A-Za-z0-9]+)")
#: Bytes of a form in which its action is looked for.
_LOOKED_AT = 4096
#: Services with one endpoint for the whole partition.
_GLOBAL = frozenset({"iam", "route53", "cloudfront", "organizations"})
#: What java.net.URI takes in a path or query; anything else cannot be signed.
_ILLEGAL = re.compile(r"[\x00-\x20\"<>\\^`{|}\x7f]|%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class ServiceTarget:
    """Where an AWS integration leads in one stage. `action` is None for a path."""

    service: str
    region: str
    action: str | None
    uri: UriTemplate


def target_of(integration: AwsService, stage: Stage, region: str) -> ServiceTarget | None:
    """The target with the stage's variables filled in, None where the URI names none."""
    declared = fill_stage_variables(integration.uri, stage.variables)
    parsed = parse_service(declared)
    if parsed is None or not parsed.service:
        return None
    region = parsed.region or region
    host = _host(parsed.service, parsed.subdomain, region)
    origin = f"https://{host}"
    if parsed.kind == "path":
        path, _, query = parsed.rest.partition("?")
        pieces = pieces_of("/" + path)
        return ServiceTarget(
            parsed.service, region, None, UriTemplate(declared, origin, host, pieces, query)
        )
    action = parsed.rest.partition("&")[0]
    uri = UriTemplate(declared, origin, host, ("/",), f"Action={parsed.rest}")
    return ServiceTarget(parsed.service, region, action, uri)


def build(
    routed: Routed, integration: AwsService, target: ServiceTarget, mapped: Mapped, body: bytes
) -> CallService:
    """The call for one exchange; `body` is what a template or passthrough made."""
    targeted(target, mapped)
    request: BackendRequest = http_request.build(routed, integration, target.uri, mapped, body)
    return CallService(
        target.service,
        target.region,
        target.action or action_in(request),
        request,
        integration.timeout_ms,
        integration.credentials,
    )


def targeted(target: ServiceTarget, mapped: Mapped) -> None:
    """Tell the action by header, where a service wants that and no mapping does."""
    if target.action is not None and target.service in TARGETS:
        given = {name.lower() for name in mapped.headers}
        if "x-amz-target" not in given:
            mapped.headers["X-Amz-Target"] = f"{TARGETS[target.service]}.{target.action}"


def action_in(request: BackendRequest) -> str | None:
    """The action that a request to a path names itself: by header, in its query or its form."""
    header = request.headers.get("x-amz-target")
    if header is not None:
        return header.rpartition(".")[2].strip() or None
    told = _ACTION.search(request.url.partition("?")[2])
    if told is None and is_form(request):
        told = _ACTION.search(request.body[:_LOOKED_AT].decode("utf-8", "replace"))
    return told[1] if told else None


def is_form(request: BackendRequest) -> bool:
    """Whether the body is a form, as the query protocol has it."""
    media_type = request.headers.get("content-type") or ""
    return media_type.strip().lower().startswith("application/x-www-form-urlencoded")


def illegal(url: str) -> tuple[int, str] | None:
    """Where a URL cannot be read by what signs it: (index, character), None where it can."""
    found = _ILLEGAL.search(url)
    return None if found is None else (found.start(), found[0])


def _host(service: str, subdomain: str, region: str) -> str:
    place = "" if service in _GLOBAL else f".{region}"
    return f"{subdomain + '.' if subdomain else ''}{service}{place}.{domain_of(region)}"
