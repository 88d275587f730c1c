"""Which API, which stage; and the limits that hold before either is asked.

Sources: captures-2026.md section 4 (a stage that does not exist: 403 ForbiddenException, 23
bytes). The answer to a body over 10 MB is plain text without Amazon's headers and cannot be
customised: pasted from an EDGE API in koki-develop/lgtm-generator#10 (September 2021); whether
REGIONAL APIs say the same is not known. Custom domains: access-control facts, section 8 (no base
path fits: 403 Forbidden); what functions are told behind one was seen on AWS by LocalStack's
authors (issue 12295). A disabled default endpoint: 403 Forbidden (developer guide, "Disable the
default endpoint for REST APIs").
"""

from __future__ import annotations

from inspector.gateway.deploy import ServedApi
from inspector.gateway.domains import Led, domain_of, lead
from inspector.gateway.environment import Environment
from inspector.gateway.paths import Target, location_of, split
from inspector.gateway.refusal import Refusal
from inspector.gateway.results import Resolved
from inspector.gateway.trace import Fact, Step
from inspector.message import Request
from inspector.model import DomainName, Source

#: Bytes; the quota page's "payload size" of REST APIs.
PAYLOAD_LIMIT = 10_485_760
TOO_LARGE_BODY = f"HTTP content length exceeded {PAYLOAD_LIMIT} bytes.".encode()


def resolve(
    served: ServedApi, request: Request, environment: Environment, trace: list[Step]
) -> Resolved | Refusal:
    """Find the stage in the first segment of the path, or where a custom domain leads."""
    led = None
    domain = domain_of(served.domains, request.host) if served.domains else None
    if domain is None:
        target = split(request.target)
    else:
        location, query = location_of(request.target)
        led = lead(domain, location, request.headers)
        if led is None or led.api_id != served.api.id:
            return _nowhere(domain, location, led)
        target = Target(led.stage, _single(led.path), location, query, through_domain=True)
    deployment = served.deployments.get(target.stage)
    facts: dict[str, Fact] = {
        "api": served.api.id,
        "stage": target.stage,
        "host": request.host,
    }
    if len(request.body) > PAYLOAD_LIMIT:
        size = {"size": len(request.body), "limit": PAYLOAD_LIMIT}
        return Refusal(
            "resolve", "resolve.too-large", "REQUEST_TOO_LARGE", {**facts, **size},
            served.api.source, customizable=False,
        )  # fmt: skip
    if deployment is None:
        facts["stages"] = list(served.deployments)
        return _forbidden("resolve.unknown-stage", facts, served.api.source)
    if led is None:
        if served.api.disable_execute_api_endpoint and _is_default(served, request):
            return _disabled(served, facts)
        trace.append(Step("resolve", "ok", "resolve.stage", facts, deployment.stage.source))
    else:
        facts |= {"base_path": led.base_path or "(none)", "path": target.path}
        trace.append(Step("resolve", "ok", "resolve.domain", facts, led.source))
    return Resolved(deployment, target, request, environment)


def _is_default(served: ServedApi, request: Request) -> bool:
    """Whether the Host names the default endpoint, which local names do not."""
    return request.host.partition(":")[0].lower() == served.api.host.lower()


def _single(path: str) -> str:
    return "/" + path.lstrip("/")


def _nowhere(domain: DomainName, location: str, led: Led | None) -> Refusal:
    facts: dict[str, Fact] = {
        "domain": domain.name,
        "path": location,
        "base_paths": [each.path or "(none)" for each in domain.mappings],
        "rules": [str(each.priority) for each in domain.rules],
    }
    code, source = "resolve.no-mapping", domain.source
    if led is not None:
        facts["led_to"], code, source = led.api_id, "resolve.not-served", led.source
    return _forbidden(code, facts, source)


def _disabled(served: ServedApi, facts: dict[str, Fact]) -> Refusal:
    facts["domains"] = sorted(served.domains)
    return _forbidden("resolve.endpoint-disabled", facts, served.api.source)


def _forbidden(code: str, facts: dict[str, Fact], source: Source) -> Refusal:
    return Refusal(
        "resolve", code, "ACCESS_DENIED", facts, source, message="Forbidden", customizable=False
    )
