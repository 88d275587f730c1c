"""Times, durations and sizes in the few characters that a column has."""

from __future__ import annotations

from datetime import datetime, tzinfo


def clock(us: int, *, millis: bool = True, zone: tzinfo | None = None) -> str:
    """Microseconds since the epoch as `12:04:11.204` in `zone` (None: the local time zone)."""
    try:
        moment = datetime.fromtimestamp(us / 1e6, zone)
    except (OverflowError, ValueError, OSError):
        return "??:??:??.???" if millis else "??:??:??"
    text = moment.strftime("%H:%M:%S")
    return f"{text}.{moment.microsecond // 1000:03d}" if millis else text


def day(us: int, zone: tzinfo | None = None) -> str:
    """Microseconds since the epoch as `2025-03-01`."""
    try:
        return datetime.fromtimestamp(us / 1e6, zone).strftime("%Y-%m-%d")
    except (OverflowError, ValueError, OSError):
        return "????-??-??"


def duration(us: int) -> str:
    """Microseconds as `0.4 ms`, `12 ms`, `1.24 s`, `3 min`."""
    if us < 9_950:
        return f"{us / 1e3:.1f} ms"
    if us < 999_500:
        return f"{round(us / 1e3)} ms"
    if us < 99_995_000:
        return f"{us / 1e6:.2f} s" if us < 9_995_000 else f"{us / 1e6:.1f} s"
    return f"{round(us / 60e6)} min"


def size(count: int) -> str:
    """Bytes as `–` (none), `812 B`, `3 kB`, `2.4 MB`."""
    if count <= 0:
        return "–"
    if count < 1000:
        return f"{count} B"
    for unit in ("kB", "MB", "GB"):
        count_in = count / 1000
        if count_in < 9.95:
            return f"{count_in:.1f} {unit}"
        if count_in < 999.5 or unit == "GB":
            return f"{round(count_in)} {unit}"
        count = round(count_in)
    raise AssertionError


def number(count: int) -> str:
    """`1204` as `1,204`."""
    return f"{count:,}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 match`, `2 matches`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
