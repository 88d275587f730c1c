"""Which mapping template applies to a body.

Sources: section H of the facts (108-113); guide, "Select a VTL mapping template" and "Important
notes for REST APIs" (of several types in Accept the first counts).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from inspector.model import Template
from inspector.model.integration import PassthroughBehavior

Choice = Literal["template", "passthrough", "unsupported"]


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """`template` with the key it was found under, `passthrough`, or `unsupported` (415)."""

    kind: Choice
    media_type: str = ""
    template: Template | None = None


def for_request(
    templates: Mapping[str, Template], media_type: str, behavior: PassthroughBehavior
) -> TemplateChoice:
    """The template for a request body of this media type (facts 108, 111); empty: none needed."""
    for key in (media_type, "$default"):
        found = _by_media_type(templates, key)
        if found is not None:
            return _chosen(key, found)
    if behavior == "NEVER" or (behavior == "WHEN_NO_TEMPLATES" and templates):
        return TemplateChoice("unsupported")
    return TemplateChoice("passthrough")


def for_response(templates: Mapping[str, Template], accept: str | None) -> TemplateChoice:
    """The template for an answer: as accepted (JSON where nothing is said), else the first.

    An empty one leaves the body as it is (guide).
    """
    if not templates:
        return TemplateChoice("passthrough")
    wanted = (accept or "").partition(",")[0].partition(";")[0].strip().lower()
    for key in (wanted or "application/json", next(iter(templates))):
        found = _by_media_type(templates, key)
        if found is not None:
            return _chosen(key, found)
    return TemplateChoice("passthrough")


def _chosen(key: str, template: Template) -> TemplateChoice:
    if not template.text:
        return TemplateChoice("passthrough")
    return TemplateChoice("template", key, template)


def _by_media_type(templates: Mapping[str, Template], media_type: str) -> Template | None:
    found = templates.get(media_type)
    if found is not None or not templates:
        return found
    for key, template in templates.items():
        if key.partition(";")[0].strip().lower() == media_type:
            return template
    return None
