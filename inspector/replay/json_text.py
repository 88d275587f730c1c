"""JSON as text: laid out or made compact without decoding it.

Key order, duplicate keys, the spelling of numbers and escapes stay as they were sent.
"""

from __future__ import annotations

import json
import re

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')
INDENT = "  "
_DEEPEST = 60  # levels that are indented; beyond it only the brackets tell


def is_json(text: str) -> bool:
    """Whether `text` is one JSON object or array (however deep), which is worth laying out."""
    head = text.lstrip()[:1]
    if not head or head not in "{[":
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    except RecursionError:
        return _balanced(text)
    return True


def _balanced(text: str) -> bool:
    level = 0
    for match in TOKEN.finditer(text):
        level += {"{": 1, "[": 1, "}": -1, "]": -1}.get(match[0], 0)
        if level < 0:
            return False
    return level == 0


def compact(text: str) -> str:
    """The same JSON without a blank between its tokens."""
    return "".join(match[0] for match in TOKEN.finditer(text))


def pretty(text: str) -> str:
    """The same JSON, one member a line."""
    parts: list[str] = []
    depth, tokens = 0, [match[0] for match in TOKEN.finditer(text)]
    for number, token in enumerate(tokens):
        following = tokens[number + 1] if number + 1 < len(tokens) else ""
        if token in "{[" and following not in {"}", "]"}:
            depth += 1
            parts.append(token + "\n" + INDENT * min(depth, _DEEPEST))
        elif token in "}]" and number and tokens[number - 1] not in {"{", "["}:
            depth = max(depth - 1, 0)
            parts.append("\n" + INDENT * min(depth, _DEEPEST) + token)
        elif token == ",":
            parts.append(",\n" + INDENT * min(depth, _DEEPEST))
        else:
            parts.append(": " if token == ":" else token)
    return "".join(parts)
