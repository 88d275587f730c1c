"""Which stage; and the limits that hold before anything is asked.

Sources: http-api.md, sections 1 and 2; captures-2026.md, section 4 (no stage: 404, 23 bytes). The
answers to a body over 10 MB and to too many bytes of headers are users' reports, not recorded.
Behind a custom domain `rawPath` leaves the mapping's path out, `path` of format 1.0 has it (guide,
"Work with API mappings"). A disabled endpoint answers 404 as an API without a stage does: inferred.
"""

from __future__ import annotations

from inspector.gateway.domains import Led, domain_of, lead
from inspector.gateway.environment import Environment
from inspector.gateway.http_api import paths
from inspector.gateway.http_api.deploy import ServedHttpApi
from inspector.gateway.http_api.paths import location_of, split
from inspector.gateway.http_api.refusal import HttpRefusal
from inspector.gateway.http_api.results import Staged
from inspector.gateway.trace import Fact, Step
from inspector.message import Request
from inspector.model import DomainName

#: What stands between the parts of a line of the head: blanks, colon, line ends, the protocol.
_AROUND_LINE, _AROUND_FIELD = len("  HTTP/1.1\r\n"), len(": \r\n")


def resolve(
    served: ServedHttpApi, request: Request, environment: Environment, trace: list[Step]
) -> Staged | HttpRefusal:
    """Find the stage in the first segment of the path, or take `$default`; or follow the domain."""
    led = None
    domain = domain_of(served.domains, request.host) if served.domains else None
    if domain is None:
        target = split(request.target, served.deployments)
    else:
        location, query = location_of(request.target)
        led = lead(domain, location, request.headers)
        if led is None or led.api_id != served.api.id:
            return _nowhere(domain, location, led)
        target = paths.led(led.stage, led.path, location, query, led.base_path)
    deployment = served.deployments.get(target.stage)
    facts: dict[str, Fact] = {
        "api": served.api.id,
        "stage": target.stage,
        "host": request.host,
    }
    limits = served.limits
    if limits.payload is not None and len(request.body) > limits.payload:
        facts |= {"size": len(request.body), "limit": limits.payload}
        return HttpRefusal(
            "resolve", "resolve.too-large", "REQUEST_TOO_LARGE", facts, served.api.source
        )
    size = _size_of_head(request)
    if limits.headers is not None and size > limits.headers:
        facts |= {"size": size, "limit": limits.headers}
        return HttpRefusal(
            "resolve", "resolve.head-too-large", "REQUEST_HEADERS_TOO_LARGE", facts,
            served.api.source,
        )  # fmt: skip
    if led is None and served.api.disable_execute_api_endpoint and _is_default(served, request):
        facts["domains"] = sorted(served.domains)
        code = "resolve.endpoint-disabled"
        return HttpRefusal("resolve", code, "NOT_FOUND", facts, served.api.source)
    if deployment is None:
        facts["stages"] = list(served.deployments)
        code = "resolve.no-default-stage"
        return HttpRefusal("resolve", code, "NOT_FOUND", facts, served.api.source)
    if led is None:
        trace.append(Step("resolve", "ok", "resolve.stage", facts, deployment.stage.source))
    else:
        facts |= {"base_path": led.base_path or "(none)", "path": target.path}
        trace.append(Step("resolve", "ok", "resolve.domain", facts, led.source))
    return Staged(deployment, target, request, environment)


def _is_default(served: ServedHttpApi, request: Request) -> bool:
    """Whether the Host names the default endpoint, which local names do not."""
    return request.host.partition(":")[0].lower() == served.api.host.lower()


def _nowhere(domain: DomainName, location: str, led: Led | None) -> HttpRefusal:
    """403 like a REST API's: the domain refuses before any API is known."""
    facts: dict[str, Fact] = {
        "domain": domain.name,
        "path": location,
        "base_paths": [each.path or "(none)" for each in domain.mappings],
    }
    if led is None:
        return HttpRefusal("resolve", "resolve.no-mapping", "ACCESS_DENIED", facts, domain.source)
    facts["led_to"] = led.api_id
    return HttpRefusal("resolve", "resolve.not-served", "ACCESS_DENIED", facts, led.source)


def _size_of_head(request: Request) -> int:
    line = len(request.method) + len(request.target) + _AROUND_LINE
    return line + sum(
        len(name) + len(value) + _AROUND_FIELD for name, value in request.headers.fields
    )
