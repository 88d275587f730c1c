"""Base64 of a function that its client was given as text (pain 60)."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Note
from inspector.gateway.explain.preparing import binary_types


def left_as_text(case: Case) -> Iterator[Note]:
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
