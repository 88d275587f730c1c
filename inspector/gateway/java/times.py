"""The `%t` conversions of `String.format`: a Long as milliseconds since 1970, in UTC and English."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _hour12(at: datetime) -> int:
    return at.hour % 12 or 12


_FIELDS: Final[dict[str, Callable[[datetime], str]]] = {
    "H": lambda at: f"{at.hour:02d}",
    "I": lambda at: f"{_hour12(at):02d}",
    "k": lambda at: str(at.hour),
    "l": lambda at: str(_hour12(at)),
    "M": lambda at: f"{at.minute:02d}",
    "S": lambda at: f"{at.second:02d}",
    "L": lambda at: f"{at.microsecond // 1000:03d}",
    "N": lambda at: f"{at.microsecond * 1000:09d}",
    "p": lambda at: "am" if at.hour < 12 else "pm",
    "z": lambda _: "+0000",
    "Z": lambda _: "UTC",
    "s": lambda at: str(int((at - _EPOCH).total_seconds())),
    "Q": lambda at: str((at - _EPOCH) // timedelta(milliseconds=1)),
    "B": lambda at: _MONTHS[at.month - 1],
    "b": lambda at: _MONTHS[at.month - 1][:3],
    "h": lambda at: _MONTHS[at.month - 1][:3],
    "A": lambda at: _DAYS[at.weekday()],
    "a": lambda at: _DAYS[at.weekday()][:3],
    "C": lambda at: f"{at.year // 100:02d}",
    "Y": lambda at: f"{at.year:04d}",
    "y": lambda at: f"{at.year % 100:02d}",
    "j": lambda at: f"{at.timetuple().tm_yday:03d}",
    "m": lambda at: f"{at.month:02d}",
    "d": lambda at: f"{at.day:02d}",
    "e": lambda at: str(at.day),
    "R": lambda at: _joined(at, "H:M"),
    "T": lambda at: _joined(at, "H:M:S"),
    "r": lambda at: _joined(at, "I:M:S ") + _FIELDS["p"](at).upper(),
    "D": lambda at: _joined(at, "m/d/y"),
    "F": lambda at: _joined(at, "Y-m-d"),
    "c": lambda at: _joined(at, "a b d ") + _joined(at, "H:M:S Z Y"),
}
CONVERSIONS: Final = frozenset(_FIELDS)


def time_text(letter: str, milliseconds: int) -> str:
    """The field of a moment. Raises `OverflowError` for years that nobody writes with four digits."""
    return _FIELDS[letter](_EPOCH + timedelta(milliseconds=milliseconds))


def _joined(at: datetime, pattern: str) -> str:
    return "".join(_FIELDS[each](at) if each.isalpha() else each for each in pattern)
