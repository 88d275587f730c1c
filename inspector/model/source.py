"""Where in the user's files a declared value stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A place in a definition file.

    `file` is the name as given by the user; `line` and `column` count from 1 and point at the
    value (for a template: at its first character; for a mapping or list: at its key); `pointer`
    is the JSON pointer (RFC 6901) of the node in its document.
    """

    file: str
    line: int
    column: int
    pointer: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"
