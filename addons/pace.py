"""How fast requests may come: as fast as they can be recorded.

A writer that falls behind (large bodies, a slow disk) would have to drop exchanges in the end.
Requests wait a moment instead, which slows the client and loses nothing; where nothing is written
at all (a full disk), the writer is not crowded but in trouble, and traffic goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

#: Seconds between two looks, and how often a request looks before it goes on all the same.
LOOK = 0.005
LOOKS = 200


def never() -> bool:
    """Nobody waits for anything."""
    return False


class Pace:
    """Holds requests back while `crowded` says so, each for a second at most."""

    def __init__(self, crowded: Callable[[], bool] = never) -> None:
        self.crowded = crowded

    async def wait(self) -> None:
        """Until there is room again."""
        for _ in range(LOOKS):
            if not self.crowded():
                return
            await asyncio.sleep(LOOK)
