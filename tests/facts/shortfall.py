"""How a case falls short."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One expectation that is not met. `unknown` marks a key that the runner does not know."""

    what: str
    expected: object
    got: object
    unknown: bool = False

    def __str__(self) -> str:
        if self.unknown:
            return f"unknown key {self.what!r}"
        return f"{self.what}: expected {_short(self.expected)}, got {_short(self.got)}"


def unknown(key: str) -> Shortfall:
    """A key of a case that this runner cannot judge."""
    return Shortfall(key, None, None, unknown=True)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 160 else text[:157] + "..."
