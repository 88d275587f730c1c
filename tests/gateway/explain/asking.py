"""A definition written in a test, a request, and the explanation of what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inspector.gateway.explain import Explanation
from inspector.testing import Gateway


class Asked:
    """A definition in a file, so that lines have numbers; `line(text)` is the one holding `text`."""

    def __init__(self, folder: Path, text: str, name: str = "api.yaml", **options: Any) -> None:
        self.path = folder / name
        self.path.write_text(text)
        self.text = text
        self.gateway = Gateway(self.path, **options)

    def line(self, text: str) -> int:
        """The number of the only line that holds `text`."""
        [found] = [
            number for number, line in enumerate(self.text.splitlines(), 1) if text in line
        ]  # fmt: skip
        return found

    def why(self, method: str, path: str, **options: Any) -> Explanation:
        """Send it and explain what came of it."""
        return self.gateway.explain(self.gateway.request(method, path, **options))


def line_of(found: Explanation) -> int:
    """The line that decided."""
    assert found.source is not None
    return found.source.line
