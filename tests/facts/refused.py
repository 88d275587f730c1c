"""What a case expects of a definition that is not accepted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.testing import DefinitionError
from tests.facts.compare import differs
from tests.facts.shortfall import Shortfall

#: Keys of an expectation that quote Amazon's sentence, or part of it.
_QUOTES = ("configError", "error", "message", "messagePrefix", "messageContains", "body")


def refused(expect: Mapping[str, Any], error: DefinitionError) -> Iterator[Shortfall]:
    """The definition is refused: expected, or not."""
    said = str(error)
    for key, wanted in expect.items():
        if key == "configAccepted":
            yield from differs(key, wanted, False)
        elif key in _QUOTES:
            text = _quoted(wanted)
            if text not in said:
                yield Shortfall(key, text, said)
        elif key == "messagePattern":
            if not re.search(wanted, said):
                yield Shortfall(key, wanted, said)
        elif key != "status" or wanted != 400:
            yield Shortfall(key, wanted, f"the definition is refused: {said}")


def _quoted(wanted: Any) -> str:
    if isinstance(wanted, Mapping):
        return str(wanted.get("message", json.dumps(wanted)))
    return str(wanted)
