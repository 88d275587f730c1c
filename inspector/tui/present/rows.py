"""A row of the list: which columns fit in a width, and a recorded row drawn in them."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from inspector.gateway.trace import Outcome
from inspector.recording.rows import Row
from inspector.tui.present import phases, sockets, styles, units
from inspector.tui.present.phases import Phase
from inspector.tui.present.safe import clean, from_wire, ink

#: A path is drawn in full up to this width; wider terminals give the rest to the phases.
_PATH_MOST = 64
#: Cells of a handshake's path that its connection's id leaves it.
_LEAST_PATH = 16
_QUIET = frozenset(("resolve", "send", "stream"))


@dataclass(frozen=True, slots=True)
class Layout:
    """The width of each column, 0 where it is left out."""

    time: int
    method: int
    path: int
    status: int
    duration: int
    phases: int
    size: int

    @property
    def millis(self) -> bool:
        return self.time > 8


def layout(width: int) -> Layout:
    """The columns of a list of `width` cells. Two cells in front are the marker's.

    Where there is little room the phases go first, then the duration, then the time.
    """
    wide = width >= 100
    time = 12 if wide else 8 if width >= 52 else 0
    duration = 8 if width >= 44 else 0
    method, status, size = 7, 3, 8 if wide else 0
    fixed = 2 + (time and time + 2) + method + 1 + 1 + status + (duration and duration + 1)
    fixed += 2 + (size and size + 1)
    rest = max(width - fixed - 1, 8)
    story = min(max(rest * 3 // 5, 14), 62) if rest >= 34 else max(rest - 20, 0)
    story = story if story >= 4 else 0
    path = rest - story
    if path > _PATH_MOST:
        story, path = story + path - _PATH_MOST, _PATH_MOST
    return Layout(time, method, path, status, duration, story, size)


def header(columns: Layout) -> Text:
    """The names of the columns."""
    text = ink("  ")
    if columns.time:
        text.append(f"{'time':<{columns.time}}  ")
    text.append(f"{'method':<{columns.method}} {'path':<{columns.path}} {'':>{columns.status}}")
    if columns.duration:
        text.append(f" {'took':>{columns.duration}}")
    text.append(f"  {'phases'[: columns.phases]:<{columns.phases}}")
    if columns.size:
        text.append(f" {'size':>{columns.size}}")
    text.stylize(styles.DIM)
    return text


def draw(row: Row, columns: Layout, *, marked: bool = False) -> Text:
    """One row, exactly as wide as its columns."""
    text = ink("◆ " if marked else "  ", styles.ACCENT)
    if columns.time:
        moment = units.clock(row.started_us, millis=columns.millis)
        text.append(_fit(moment, columns.time), styles.DIM).append("  ")
    method = sockets.method(row)
    text.append(_fit(clean(method), columns.method), styles.of_method(method))
    text.append(" ")
    text.append_text(_path(row, columns.path))
    status = "—" if row.status is None else str(row.status)
    untold = row.status is None and row.outcome == "passed"
    style = styles.DIM if untold else styles.of_status(row.status)
    text.append(f" {status:>{columns.status}}", style)
    if columns.duration:
        text.append(f" {units.duration(row.duration_us):>{columns.duration}}", styles.DIM)
    text.append("  ")
    if columns.phases:
        story = phases.strip(phases_of(row), columns.phases)
        text.append_text(story)
        text.append(" " * max(columns.phases - cell_len(story.plain), 0))
    if columns.size:
        text.append(f" {units.size(row.response_size):>{columns.size}}", styles.DIM)
    return text


def _fit(text: str, width: int) -> str:
    return set_cell_size(text, width)


def _path(row: Row, width: int) -> Text:
    """The path, its query dimmed, a host in front where it is not one of our APIs."""
    text = Text(end="")
    if row.origin == "replayed":
        text.append("↻ ", styles.ACCENT)
    event = sockets.path(row)
    if event is not None:
        text.append_text(event)
        text.truncate(width, overflow="ellipsis", pad=True)
        return text
    if row.api_id is None and row.path.startswith("/"):
        text.append(clean(row.host), styles.DIM)
    text.append(clean(from_wire(row.path)))
    if row.query is not None:
        text.append("?" + clean(from_wire(row.query)), styles.DIM)
    name = sockets.opened(row)
    room = width - cell_len(name.plain)
    if name and room >= min(_LEAST_PATH, cell_len(text.plain)):
        text.truncate(room, overflow="ellipsis")
        text.append_text(name)
    text.truncate(width, overflow="ellipsis", pad=True)
    return text


def phases_of(row: Row) -> tuple[Phase, ...]:
    """The phases that a row's stages tell, quiet ones left out."""
    if row.outcome == "passed":
        return (Phase("passed through", "passed"),)
    if row.error is not None and not row.stages:
        return (Phase("passed through" if row.api_id is None else "gateway", "failed", row.error),)
    found = []
    for stage, outcome in row.stages:
        known: Outcome = outcome if outcome in styles.MARKS else "passed"
        stopped = known in {"refused", "failed"}
        if stage not in _QUIET or stopped:
            reason = _reason(row) if stopped else ""
            found.append(Phase(stage, known, reason))
    if not found and row.origin == "replayed":
        return (Phase("straight to the backend", "passed"),)
    return tuple(found)


def _reason(row: Row) -> str:
    """`ACCESS_DENIED` as words."""
    return (row.response_type or "").replace("_", " ").lower()
