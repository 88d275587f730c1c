"""Commands that an explanation offers, whole, so that they can be pasted into a shell.

What comes from the definition or the client is quoted: both are untrusted.
"""

from __future__ import annotations

from shlex import quote

from inspector.gateway.explain.case import Case
from inspector.message import Request

#: Headers that a WebSocket's client writes by itself.
_OF_HANDSHAKE = frozenset(("host", "connection", "upgrade", "user-agent", "content-length"))


def sign(case: Case) -> str:
    """Sign the request for the address that the client used, which may not tell the region."""
    host, region = case.header("host") or "", ""
    if case.api is not None:
        host = host or case.api.host
        region = "" if host == case.api.host else f" --region {quote(case.api.region)}"
    scheme = case.environment.scheme
    if case.environment.socket is not None:
        scheme = "wss" if scheme == "https" else "ws"
    url = f"{scheme}://{host}{case.request.target}"
    return f"inspector sign {quote(case.request.method)} {quote(url)}{region}"


def connect(case: Case, request: Request) -> str:
    """Open a WebSocket by this handshake: wscat, as in Amazon's guide."""
    scheme = "wss" if case.environment.scheme == "https" else "ws"
    host = request.host or (case.api.host if case.api is not None else "")
    options = "".join(
        f" -H {quote(f'{name}: {value}')}"
        for name, value in request.headers
        if name.lower() not in _OF_HANDSHAKE and not name.lower().startswith("sec-websocket-")
    )
    return f"wscat -c {quote(f'{scheme}://{host}{request.target}')}{options}"


def token(case: Case) -> str:
    """Mint a token with what the route's authorizer asks for."""
    file = "DEFINITION" if case.method_source is None else quote(case.method_source.file)
    return f"inspector token {file} {quote(case.request.method)} {quote(case.path)}"
