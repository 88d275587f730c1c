"""How a sample's backend is served: on loopback, until whoever started it goes away."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress

from aiohttp import web


def serve(app: web.Application, port: int) -> None:
    """Serve on 127.0.0.1, print `http://127.0.0.1:PORT`, stop when standard input ends.

    A pipe ends with the process that holds its other end, however that dies; a terminal ends
    with Ctrl-D, or Ctrl-C.
    """
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(app, port))


async def _serve(app: web.Application, port: int) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)  # noqa: T201 - our answer
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    # What is neither pipe nor terminal cannot be watched: then only a signal ends us.
    with suppress(OSError):
        loop.add_reader(0, lambda: None if os.read(0, 4096) else ended.set())
    try:
        await ended.wait()
    finally:
        await runner.cleanup()
