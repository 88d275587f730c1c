"""Whether the body of a request is text in an event, or base64.

Source: http-api.md, section 3: which content types count as text is on no page that was read; this
is the list that users report (text/*, JSON, JavaScript, XML and what is built on the last two). A
body of any other type, and one without a type, is base64; so is text that is no UTF-8.
"""

from __future__ import annotations

from base64 import b64encode

from inspector.gateway.client_view import media_type_of
from inspector.message import Request

_TEXT = frozenset({"application/json", "application/javascript", "application/xml"})


def is_text(content_type: str | None) -> bool:
    """Whether a body of this Content-Type is given to functions as it is."""
    if content_type is None:
        return False
    media_type = media_type_of(content_type)
    return (
        media_type.startswith("text/")
        or media_type in _TEXT
        or media_type.endswith(("+json", "+xml"))
    )


def body_of(request: Request) -> tuple[str | None, bool]:
    """The body for an event (None: there is none), and whether it is base64."""
    if not request.body:
        return None, False
    if is_text(request.headers.get("content-type")):
        try:
            return request.body.decode(), False
        except UnicodeDecodeError:
            pass
    return b64encode(request.body).decode("ascii"), True
