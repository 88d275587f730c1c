"""The format of an access log's line, with its variables filled in.

Source: logs-and-metrics.md, section 3; what is unavailable, and what is no variable, is `-`.
"""

from __future__ import annotations

import re
from typing import Final

from inspector.gateway.context import look_up

_NAME = re.compile(r"\$context\.([A-Za-z_]\w*(?:[.:-]\w+)*)|\$\{context\.([^}]*)\}")
ABSENT: Final = "-"


def render(template: str, found: dict[str, object]) -> str:
    """A format with its variables filled in."""
    return _NAME.sub(lambda name: look_up(found, name[1] or name[2]) or ABSENT, template)
