"""JSON that somebody else wrote: what cannot be read is a ValueError, however it is broken."""

from __future__ import annotations

import json
from typing import Any, NoReturn


def loads(text: str | bytes) -> Any:
    """The value. Raises ValueError, also for `NaN` and for nesting too deep to be read."""
    if isinstance(text, bytes):
        text = text.decode(json.detect_encoding(text), "surrogatepass")
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


#: Made once: `json.loads` makes one at each call that names a `parse_constant`.
_DECODER = json.JSONDecoder(parse_constant=_no_number)
