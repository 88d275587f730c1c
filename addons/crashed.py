"""Where the core itself breaks: the client gets Amazon's 500, the record says what broke."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import inspector
from addons.exchanges import Asked
from inspector.gateway.deploy import Served
from inspector.gateway.pipeline import Answer, broken_down
from inspector.gateway.trace import Fact

#: Frames of the traceback that are kept, the innermost.
_FRAMES = 8
_LOG = logging.getLogger(__name__)
_ROOT = Path(inspector.__file__).parent.parent


def crashed(served: Served, asked: Asked, error: Exception) -> Answer:
    """The answer, with the innermost frames in its trace; told in the log, too."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    lines = [f"{_short(each.filename)}:{each.lineno} in {each.name}" for each in frames]
    facts: dict[str, Fact] = {
        "error": f"{type(error).__name__}: {error}"[:500],
        "at": lines[-1] if lines else "",
        "traceback": "\n".join(lines),
    }
    _LOG.error("%s %s broke down: %s", asked.request.method, asked.request.target, facts["error"])
    return broken_down(served, asked.request, asked.environment, facts)


def _short(name: str) -> str:
    path = Path(name)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name
