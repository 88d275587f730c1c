"""The headers of CORS, as an HTTP API's configuration has them.

Source: http-api.md, section 8 (developer guide, "Configuring CORS for an HTTP API"): headers are
sent where the request's Origin is allowed; what the integration says of CORS is replaced. Users'
pastes have `vary: origin` behind the origin, also with `*`, and the same headers on the gateway's
own 401 and 500. That an unmatched 404 has none is inferred from one report.
"""

from __future__ import annotations

from inspector.message import Field, Request
from inspector.model import Cors

_PREFIX = "access-control-"


def allowed_origin(cors: Cors, origin: str | None) -> str | None:
    """What `access-control-allow-origin` says to this origin, None where it is not allowed."""
    if origin is None:
        return None
    for each in cors.allow_origins:
        if each == "*":
            return "*"
        if _fits(each, origin):
            return origin
    return None


def _fits(allowed: str, origin: str) -> bool:
    """The origin itself, or any of a scheme (`https://*`)."""
    if allowed.endswith("://*"):
        return origin.lower().startswith(allowed[:-1].lower())
    return allowed.lower() == origin.lower()


def for_answer(cors: Cors, request: Request, vary: str) -> tuple[Field, ...]:
    """The headers of an actual answer; none for an origin that is not allowed."""
    origin = allowed_origin(cors, request.headers.get("origin"))
    if origin is None:
        return ()
    fields = [("access-control-allow-origin", origin), ("vary", vary)]
    if cors.allow_credentials:
        fields.append(("access-control-allow-credentials", "true"))
    if cors.expose_headers:
        fields.append(("access-control-expose-headers", ",".join(cors.expose_headers)))
    return tuple(fields)


def for_preflight(cors: Cors, request: Request, vary: str) -> tuple[Field, ...]:
    """The headers of a preflight's answer; none where origin, method or headers are not allowed."""
    origin = allowed_origin(cors, request.headers.get("origin"))
    if origin is None or unmet(cors, request):
        return ()
    fields = [("access-control-allow-origin", origin), ("vary", vary)]
    if cors.allow_methods:
        fields.append(("access-control-allow-methods", ",".join(cors.allow_methods)))
    if cors.allow_headers:
        fields.append(("access-control-allow-headers", ",".join(cors.allow_headers)))
    if cors.allow_credentials:
        fields.append(("access-control-allow-credentials", "true"))
    if cors.max_age is not None:
        fields.append(("access-control-max-age", str(cors.max_age)))
    return tuple(fields)


def unmet(cors: Cors, request: Request) -> list[str]:
    """What a preflight asks for and the configuration does not allow, in words."""
    found = []
    method = request.headers.get("access-control-request-method")
    methods = {each.upper() for each in cors.allow_methods}
    if method is not None and "*" not in methods and method.upper() not in methods:
        found.append(f"method {method}")
    allowed = {each.lower() for each in cors.allow_headers}
    asked = request.headers.get("access-control-request-headers") or ""
    names = () if "*" in allowed else (each.strip() for each in asked.split(","))
    found.extend(f"header {name}" for name in names if name and name.lower() not in allowed)
    return found


def is_cors_header(name: str) -> bool:
    """Whether a header of the integration's is one that the configuration replaces."""
    return name.lower().startswith(_PREFIX)
