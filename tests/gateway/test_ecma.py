"""Regular expressions of models are JavaScript's."""

from __future__ import annotations

import pytest

from inspector.gateway import ecma
from inspector.gateway.java.errors import JavaError

GUID = "^[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$"


@pytest.mark.parametrize(
    ("expression", "text", "occurs"),
    [
        ("", "x", True),
        (GUID, "12345678-1234-1234-1234-123456789012", True),
        (r"^[\w.%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$", "a.b@c.de", True),
        ("^[a-z]+$", "abc\n", False),
        (r"^\w+$", "é", False),
        (r"^\d+$", "\u0661", False),
        (r"^\s$", "\u00a0", True),
        (r"^[\s]$", "\u00a0", True),
        (r"^\S$|^[^\s]$", "\u00a0", False),
        (r"^[\S]+$", "ab", True),
        ("^.$", "\u2028", False),
        ("^.$", "\x85", True),
        (r"\bfoo\b", "éfoo", True),
        (r"foo\B", "foob", True),
        (r"^\p{2}\/\-\Q\Z$", "pp/-QZ", True),
        (r"^\x41\u0042\cA\v\f$", "AB\x01\x0b\x0c", True),
        (r"^[\b]$", "\b", True),
        (r"^[\w-.]+$", "a-.", True),
        (r"^[a-c-e]+$", "a-e", True),
        (r"^[a-z&&[^b]]$", "&]", True),
        (r"^[#\[\]]+$", "#[]", True),
        ("[^]", "\n", True),
        ("[]", "a", False),
        (r"^(a)\1$", "aa", True),
        (r"\2(a)", "\x02a", True),
        (r"\0", "\0", True),
        ("^(?<year>[0-9]+)$", "12", True),
        ("^(?!foo).*$", "foobar", False),
        ("(?<=a)b", "ab", True),
        ("a{", "a{", True),
        ("}]", "}]", True),
        (r"^\(+$", "((", True),
        ("^a{2,}?$", "aaa", True),
        ("a#b c", "a#b c", True),
    ],
)
def test_expressions(expression: str, text: str, occurs: bool) -> None:
    assert ecma.pattern(expression).occurs(text) is occurs


@pytest.mark.parametrize(
    "expression",
    ["(", ")", "[a", "[\\", "\\", "*a", "a|*", "(+)", "{2}", "a**", "a++", "a{1}{2}", "(?i)a",
     "[z-a]", "(?x"],
)  # fmt: skip
def test_what_is_no_expression(expression: str) -> None:
    with pytest.raises(JavaError):
        ecma.pattern(expression)
