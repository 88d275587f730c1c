"""An OPTIONS request that no route catches, of an API with a CORS configuration: answered here.

Source: http-api.md, section 8: 204, also where there is no OPTIONS route; without the CORS headers
where the origin, the method or a header is not allowed (users' reports).
"""

from __future__ import annotations

from inspector.gateway.http_api import cors, surface
from inspector.gateway.http_api.results import Staged
from inspector.gateway.http_api.stages.send import allow
from inspector.gateway.trace import Fact, Step
from inspector.message import Response


def preflight(staged: Staged, trace: list[Step]) -> Response | None:
    """The answer to a preflight, None where this is none or the API says nothing of CORS."""
    declared = staged.deployment.api.cors
    if declared is None or staged.request.method != "OPTIONS":
        return None
    request = staged.request
    fields = cors.for_preflight(declared, request, surface.vary(staged.deployment.api))
    origin = request.headers.get("origin")
    facts: dict[str, Fact] = {
        "origin": origin,
        "allow_origins": list(declared.allow_origins),
        "origin_allowed": cors.allowed_origin(declared, origin) is not None,
        "unmet": list(cors.unmet(declared, request)),
        "headers": dict(fields),
    }
    code = "cors.preflight" if fields else "cors.preflight-not-allowed"
    trace.append(Step("cors", "ok" if fields else "refused", code, facts, declared.source))
    return allow(fields, staged, trace)
