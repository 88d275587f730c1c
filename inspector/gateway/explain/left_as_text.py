"""Bytes that went their way as text: a function's base64, a request's body (pain 60)."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway import content
from inspector.gateway.client_view import media_type_of
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Note
from inspector.gateway.explain.preparing import binary_types
from inspector.model import Mock


def left_as_text(case: Case) -> Iterator[Note]:
    """On the way in, then on the way out."""
    yield from _body(case)
    yield from _answer(case)


def _body(case: Case) -> Iterator[Note]:
    """What decides is the request's Content-Type, among the API's binary media types."""
    step, integration, resolved = case.step_of("map-request"), case.integration, case.resolved
    if step is None or integration is None or resolved is None or isinstance(integration, Mock):
        return
    api, sent = resolved.deployment.api, case.header("content-type")
    if integration.content_handling == "CONVERT_TO_BINARY":
        return
    if content.listed(api.binary_media_types, sent):
        return
    if _is_text(case.request.body):
        return
    kind = media_type_of(sent) if sent else "application/json, which counts where none is sent,"
    text = f"The body is no UTF-8 and went on as text, with bytes lost: {kind} is no binary type."
    remedy = f"Declare {media_type_of(sent or '*/*')} in the API's binaryMediaTypes."
    source = next(iter(binary_types(case)), api.source)
    yield Note("map-request.left-as-text", text, source, remedy)


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _answer(case: Case) -> Iterator[Note]:
    """What decides is the first type of the request's Accept, among the API's binary media types."""
    step, resolved = case.step_of("map-response"), case.resolved
    if step is None or resolved is None or not step.facts.get("is_base64_encoded"):
        return
    if step.facts.get("decoded"):
        return
    api, accept = resolved.deployment.api, case.header("accept")
    declared = ", ".join(api.binary_media_types)
    remedy = f"Send a type that is: {declared}; or declare */*, which takes any that is sent."
    if not declared:
        why = "the API declares no binaryMediaTypes"
        remedy = "Declare the type in the API's binaryMediaTypes, or */*."
    elif accept is None:
        why = "the request has no Accept"
    else:
        first = accept.partition(",")[0].strip()
        why = f"{first}, the first type of Accept, is none of the API's binaryMediaTypes"
    text = f"The function's base64 went out as text: {why}."
    source = next(iter(binary_types(case)), api.source)
    yield Note("map-response.left-as-text", text, source, remedy)
