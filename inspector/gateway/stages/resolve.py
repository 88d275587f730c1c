"""Which API, which stage; and the limits that hold before either is asked.

Sources: captures-2026.md section 4 (a stage that does not exist: 403 ForbiddenException, 23
bytes). The answer to a body over 10 MB is plain text without Amazon's headers and cannot be
customised: pasted from an EDGE API in koki-develop/lgtm-generator#10 (September 2021); whether
REGIONAL APIs say the same is not known. Users quote `HTTP header is larger than 10240 bytes.` for
too many headers: in the same form, and therefore with the same status here. Custom domains:
access-control facts, section 8 (no base path fits: 403 Forbidden); what functions are told behind
one was seen on AWS by LocalStack's authors (issue 12295). A disabled default endpoint: 403
Forbidden (developer guide, "Disable the default endpoint for REST APIs").
"""

from __future__ import annotations

from inspector.gateway.deploy import ServedApi
from inspector.gateway.domains import Led, domain_of, lead
from inspector.gateway.environment import Environment
from inspector.gateway.method_override import overridden
from inspector.gateway.paths import Target, location_of, split
from inspector.gateway.refusal import Refusal, too_long
from inspector.gateway.results import Resolved
from inspector.gateway.trace import Fact, Step
from inspector.message import Request
from inspector.model import DomainName, Source

#: Characters of `https://` before host and target.
_SCHEME = 8


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
    too_much = _too_much(served, request, facts)
    if too_much is not None:
        return too_much
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
    return Resolved(deployment, target, overridden(request), environment, request)


def _too_much(served: ServedApi, request: Request, facts: dict[str, Fact]) -> Refusal | None:
    """What is refused before anything else is looked at, in the front's own words."""
    limits, fields = served.limits, request.headers.fields
    size = len(request.body)
    if limits.payload is not None and size > limits.payload:
        text = f"HTTP content length exceeded {limits.payload} bytes."
        return _refused("resolve.too-large", served, {**facts, "size": size}, limits.payload, text)
    size = len(request.target) + len(request.host) + _SCHEME
    at_the_edge = served.api.endpoint_type == "EDGE"
    longest = limits.url_at_the_edge if at_the_edge else limits.url
    if longest is not None and size > longest:
        return too_long("resolve", "resolve.url-too-long", served.api.source,
                        {**facts, "size": size, "limit": longest})  # fmt: skip
    size = sum([len(name) + len(value) for name, value in fields])
    if limits.headers is not None and size > limits.headers:
        text = f"HTTP header is larger than {limits.headers} bytes."
        code = "resolve.headers-too-large"
        return _refused(code, served, {**facts, "size": size}, limits.headers, text)
    return None


def _refused(
    code: str, served: ServedApi, facts: dict[str, Fact], limit: int, text: str
) -> Refusal:
    facts["limit"] = limit
    return Refusal(
        "resolve", code, "REQUEST_TOO_LARGE", facts, served.api.source,
        customizable=False, plain=text,
    )  # fmt: skip


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
