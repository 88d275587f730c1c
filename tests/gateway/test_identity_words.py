"""What a client is told to send, in words that are not the definition's."""

from __future__ import annotations

import pytest

from inspector.gateway.identity_words import to_send


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        (["method.request.header.Authorization"], "the header Authorization"),
        (["$request.header.X-Key"], "the header X-Key"),
        (
            ["method.request.querystring.token", "method.request.header.a.b"],
            "the query parameter token and the header a.b",
        ),
        (["stageVariables.who", "$context.stage"], "stageVariables.who and $context.stage"),
        ("method.request.header.A", "the header A"),
    ],
)
def test_what_is_to_be_sent(missing: list[str] | str, words: str) -> None:
    assert to_send(missing) == words
