"""The README's picture, exported by the app itself: `python -m tests.tui.picture`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from inspector.tui.screenshot import screenshot
from tests.tui import shop

PICTURE = Path(__file__).parent.parent.parent / ".github" / "screen.svg"
#: To the request that no route matches, and into it.
KEYS = ("g", "g", "j", "j", "j", "j", "j", "enter", "1")


def main() -> None:
    """Write it."""
    with tempfile.TemporaryDirectory() as folder:
        recording = shop.record(Path(folder) / "inspector.db", shop.traffic(40))
        PICTURE.write_text(screenshot(recording, keys=KEYS), "utf-8")


if __name__ == "__main__":
    main()
