"""The names of the styles that `present` uses. A theme gives each its colours (`tui.theme`)."""

from __future__ import annotations

from inspector.gateway.trace import Outcome

DIM = "i.dim"
FAINT = "i.faint"
STRONG = "i.strong"
ACCENT = "i.accent"
OK = "i.ok"
WARN = "i.warn"
BAD = "i.bad"
NOTICE = "i.notice"
KEY = "i.key"
HEADER = "i.header"
STRING = "i.string"
NUMBER = "i.number"
LITERAL = "i.literal"
PUNCTUATION = "i.punctuation"
HIT = "i.hit"
CURRENT_HIT = "i.current-hit"
ADDED = "i.added"
REMOVED = "i.removed"
CHANGED = "i.changed"
CURSOR = "i.cursor"
CURSOR_AWAY = "i.cursor-away"
BAR = "i.bar"
THUMB = "i.thumb"
TRACK = "i.track"
TAB = "i.tab"
NOW = "i.now"

ALL = (
    DIM, FAINT, STRONG, ACCENT, OK, WARN, BAD, NOTICE, KEY, HEADER, STRING, NUMBER, LITERAL,
    PUNCTUATION, HIT, CURRENT_HIT, ADDED, REMOVED, CHANGED, CURSOR, CURSOR_AWAY, BAR, THUMB,
    TRACK, TAB, NOW,
)  # fmt: skip

#: How a stage ended: its mark and its style. Marks differ by shape, not by colour alone.
MARKS: dict[Outcome, tuple[str, str]] = {
    "ok": ("✓", OK),
    "refused": ("✗", BAD),
    "failed": ("!", BAD),
    "passed": ("·", DIM),
}

_METHODS = {
    "GET": ACCENT,
    "HEAD": ACCENT,
    "OPTIONS": DIM,
    "POST": OK,
    "PUT": WARN,
    "PATCH": WARN,
    "DELETE": BAD,
    "CONNECT": ACCENT,
    "MESSAGE": OK,
    "CLOSED": DIM,
    "DISCONNECT": DIM,
}


def of_method(method: str) -> str:
    """The style of a verb."""
    return _METHODS.get(method, STRONG)


def of_status(status: int | None) -> str:
    """The style of a status code; None is an exchange that got no answer."""
    if status is None or status >= 500:
        return BAD
    if status >= 400:
        return WARN
    return ACCENT if status >= 300 else OK
