"""Who may connect: tokens of the form NAME.WORD in the query."""

from __future__ import annotations

from typing import Any

WORDS = {"ann": "sesame", "ben": "sesame", "zoe": "sesame"}
BANNED = {"zoe"}


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A policy for `$connect`; 401 for a token that nobody has, 403 for one who is banned."""
    name, _, word = event["queryStringParameters"]["token"].partition(".")
    if WORDS.get(name) != word:
        raise Exception("Unauthorized")  # noqa: TRY002 - the word that API Gateway looks for
    effect = "Deny" if name in BANNED else "Allow"
    return {
        "principalId": name,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": effect,
                    "Resource": event["methodArn"],
                }
            ],
        },
        "context": {"name": name, "length": len(name)},
    }
