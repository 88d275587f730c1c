"""Selection patterns are Java's regular expressions, over the whole text."""

from __future__ import annotations

import pytest

from inspector.gateway.selection import compile_responses, select
from inspector.model import IntegrationResponse, Source

PLACE = Source("api.yaml", 1, 1, "")


def selected(pattern: str, text: str) -> bool:
    plans = compile_responses(
        (
            IntegrationResponse("200", None, (), {}, None, PLACE),
            IntegrationResponse("400", pattern, (), {}, None, PLACE),
        )
    )
    found = select(plans, text)
    assert found is not None
    return found.declared.status == "400"


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"4\d{2}", "404", True),
        (r"4\d{2}", "4040", False),
        ("4..|5..", "503", True),
        (".*Bad.*", "a Bad thing", True),
        (".*Bad.*", "Bad\nthing", False),
        (r"(?s).*Bad.*", "Bad\nthing", True),
        (r"(\n|.)+", "Bad\nthing", True),
        (".*(?i)bad.*", "a BAD thing", True),
        (r"\QNot (found)\E.*", "Not (found) here", True),
        (r"\p{Upper}+\p{Digit}*", "ABC1", True),
        (r"[a-z&&[^b]]+", "ace", True),
        (r"[a-z&&[^b]]+", "abc", False),
        (r"a++b", "aab", True),
        (r"(?<kind>Bad|Worse): \k<kind>", "Bad: Bad", True),
        (r"\d+", "\u0661", False),
        (r".*\z", "end", True),
        (r"^Bad$", "Bad", True),
        ("(", "(", False),
    ],
)
def test_patterns(pattern: str, text: str, found: bool) -> None:
    assert selected(pattern, text) is found


def test_a_long_text_is_not_refused() -> None:
    text = "x" * 2000 + "one" + "x" * 2000 + "two" + "x" * 2000
    assert selected(".*one.*two.*", text)
