"""A picture of the screen, exported by the app itself."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from inspector.tui.app import InspectorApp

_FONTS = re.compile(r"@font-face\s*\{.*?\}", re.DOTALL)


def screenshot(db: Path, size: tuple[int, int] = (110, 32), keys: tuple[str, ...] = ()) -> str:
    """SVG of the app on `db` after pressing `keys`, at `size` columns and rows."""

    async def take() -> str:
        app = InspectorApp(db)
        async with app.run_test(size=size) as pilot:
            await pilot.pause(0.4)
            for key in keys:
                await pilot.press(key)
                await pilot.pause(0.2)
            # Without the fonts of a foreign host: the viewer has a monospaced one of its own.
            return _FONTS.sub("", app.export_screenshot(title="inspector"))

    return asyncio.run(take())
