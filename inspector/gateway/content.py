"""Text or bytes: what contentHandling and binaryMediaTypes make of a body.

Sources: facts 200-212 (recorded with an S3 integration, in every combination).
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode

from inspector.gateway.client_view import media_type_of
from inspector.model.integration import ContentHandling


class NotBase64Error(Exception):
    """A body that has to be base64 is none: Amazon answers 500."""


def listed(declared: tuple[str, ...], value: str | None) -> bool:
    """Whether a Content-Type or Accept value names a binary media type of the API.

    Only the first entry of a list counts (211); `type/*` and `*/*` in the API match, `*/subtype`
    does not, and a wildcard in the request matches nothing but itself (212, 213). What is no media
    type (`application`) is matched by `*/*` alone (recorded: test_aws_proxy_binary_response).
    """
    if not declared or not value:
        return False
    media_type = media_type_of(value.partition(",")[0])
    kind, slash, _ = media_type.partition("/")
    return any(
        entry == "*/*"
        or (entry == media_type and not entry.startswith("*/"))
        or (slash and entry.endswith("/*") and entry[:-2] == kind)
        for entry in (each.lower() for each in declared)
    )


def of_request(body: bytes, handling: ContentHandling | None, *, binary: bool) -> bytes | str:
    """A request's body for the integration: bytes that pass, or text (200-203)."""
    if handling == "CONVERT_TO_TEXT":
        return b64encode(body).decode("ascii") if binary else as_text(body)
    if binary:
        return body
    return decoded(body) if handling == "CONVERT_TO_BINARY" else as_text(body)


def of_response(
    body: bytes, handling: ContentHandling | None, *, binary: bool, accepted: bool
) -> bytes | str:
    """A backend's body for the client. `accepted`: the client accepts a binary type (205-207)."""
    if handling == "CONVERT_TO_TEXT":
        return b64encode(body).decode("ascii") if binary else as_text(body)
    if handling == "CONVERT_TO_BINARY":
        return body if binary else decoded(body)
    if binary:
        return body if accepted else b64encode(body).decode("ascii")
    return decoded(body) if accepted else as_text(body)


def as_text(body: bytes) -> str:
    """UTF-8, with U+FFFD for each byte that is none (200)."""
    return body.decode("utf-8", "replace")


def whole(text: str) -> str:
    """The text with U+FFFD for half a surrogate pair, as others than Java read it from JSON."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def as_bytes(content: bytes | str) -> bytes:
    """What goes over the wire."""
    return content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content


def decoded(body: bytes) -> bytes:
    """Strict base64 (203). Raises `NotBase64Error`."""
    try:
        return b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotBase64Error(str(error)) from error
