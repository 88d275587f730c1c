"""The words for what an authorizer's identity sources read."""

from __future__ import annotations

import re
from typing import Final

from inspector.gateway.trace import Fact

_SOURCE: Final = re.compile(
    r"(?:method\.request\.|route\.request\.|\$request\.)(header|querystring)\.(.+)"
)
_PLACES: Final = {"header": "the header", "querystring": "the query parameter"}


def to_send(fact: Fact) -> str:
    """What a client has to send, of a list of expressions: `the header Authorization`.

    What is no part of a request, such as a stage variable, stays as it is written.
    """
    return " and ".join(map(_worded, fact if isinstance(fact, list) else [str(fact)]))


def _worded(expression: str) -> str:
    found = _SOURCE.fullmatch(expression)
    return expression if found is None else f"{_PLACES[found[1]]} {found[2]}"
