"""Commands that an explanation offers, whole, so that they can be pasted into a shell.

What comes from the definition or the client is quoted: both are untrusted.
"""

from __future__ import annotations

from shlex import quote

from inspector.gateway.explain.case import Case


def sign(case: Case) -> str:
    """Sign the request for the address that the client used, which may not tell the region."""
    host, region = case.header("host") or "", ""
    if case.api is not None:
        host = host or case.api.host
        region = "" if host == case.api.host else f" --region {quote(case.api.region)}"
    url = f"{case.environment.scheme}://{host}{case.request.target}"
    return f"inspector sign {quote(case.request.method)} {quote(url)}{region}"


def token(case: Case) -> str:
    """Mint a token with what the route's authorizer asks for."""
    file = "DEFINITION" if case.method_source is None else quote(case.method_source.file)
    return f"inspector token {file} {quote(case.request.method)} {quote(case.path)}"
