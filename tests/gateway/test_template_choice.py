"""Which template an answer and a request get: section H of the facts, and the guide."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.gateway.templating import for_request, for_response
from inspector.model import Template
from tests.gateway.build import SOURCE

XML, JSON = "application/xml", "application/json"


def _templates(*keys: str, text: str = "x") -> dict[str, Template]:
    return {key: Template(text, SOURCE) for key in keys}


@pytest.mark.parametrize(
    ("keys", "accept", "chosen"),
    [
        ((XML, JSON), None, JSON),
        ((XML, JSON), "application/json", JSON),
        ((JSON, XML), "application/xml", XML),
        ((JSON, XML), "Application/XML; q=0.9", XML),
        ((XML, JSON), "text/html", XML),
        ((XML, JSON), "*/*", XML),
        ((JSON, XML), "application/xml,application/json", XML),
        ((JSON, XML), "text/html,application/xml;q=0.9", JSON),
        ((XML,), None, XML),
        ((XML,), "application/json", XML),
    ],
)
def test_an_answers_template_follows_the_first_type_accepted_else_the_first(
    keys: tuple[str, ...], accept: str | None, chosen: str
) -> None:
    assert for_response(_templates(*keys), accept).media_type == chosen


def test_an_empty_template_leaves_the_body_as_it_is() -> None:
    empty = _templates(JSON, text="")
    assert for_response({**empty, **_templates(XML)}, None).kind == "passthrough"
    assert for_request(empty, JSON, "NEVER").kind == "passthrough"
    assert for_request(empty, XML, "WHEN_NO_TEMPLATES").kind == "unsupported"


@pytest.mark.parametrize(
    ("keys", "media_type", "behavior", "expected"),
    [
        ((JSON,), JSON, "NEVER", "template"),
        ((JSON,), XML, "WHEN_NO_MATCH", "passthrough"),
        ((JSON,), XML, "WHEN_NO_TEMPLATES", "unsupported"),
        ((JSON,), XML, "NEVER", "unsupported"),
        ((), XML, "WHEN_NO_TEMPLATES", "passthrough"),
        ((), XML, "NEVER", "unsupported"),
        (("$default",), XML, "NEVER", "template"),
    ],
)
def test_a_requests_template_and_what_is_without_one(
    keys: tuple[str, ...], media_type: str, behavior: Any, expected: str
) -> None:
    """The tables of the guide's "Integration passthrough behaviors"."""
    assert for_request(_templates(*keys), media_type, behavior).kind == expected
