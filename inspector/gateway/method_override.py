"""X-HTTP-Method-Override: a REST API takes a request for another method than it was sent with.

Source: the developer guide, "Important notes for REST APIs": the method is overridden, and the
header reaches a backend only where the integration request maps it. Which values count is not
known: here those that a method can be declared for. That a signature is checked over what was sent
is inferred; HTTP APIs are not said to do so.
"""

from __future__ import annotations

from dataclasses import replace

from inspector.message import Request

NAME = "x-http-method-override"
#: The methods that an API can declare.
METHODS = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"))


def overridden(request: Request) -> Request:
    """The request as it counts; the same one where no header says otherwise."""
    asked = request.headers.get(NAME)
    if asked is None or asked.strip().upper() not in METHODS:
        return request
    method = asked.strip().upper()
    return request if method == request.method else replace(request, method=method)
