"""Functions at rest: what is not used ends after a while, and costs nothing until then."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import psutil
import pytest

from inspector.runtime.functions.functions import Functions
from tests.runtime.functions.workshop import Workshop, invoke

WHO = "import os\ndef handler(event, context): return os.getpid()\n"


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    made = Workshop(tmp_path)
    made.write(WHO)
    return made


async def pid_of(functions: Functions) -> int:
    return int(json.loads((await invoke(functions)).payload))


def test_a_process_that_nobody_needs_is_ended_and_the_next_event_starts_another(
    workshop: Workshop,
) -> None:
    async def use(functions: Functions) -> None:
        first = await pid_of(functions)
        async with asyncio.timeout(20):
            while psutil.pid_exists(first):
                await asyncio.sleep(0.01)
        assert await pid_of(functions) != first

    workshop.run(use, idle=0.05)


def test_until_then_it_is_kept(workshop: Workshop) -> None:
    async def use(functions: Functions) -> None:
        assert len({await pid_of(functions) for _ in range(3)}) == 1

    workshop.run(use)


def test_nothing_is_looked_at_while_nobody_is_at_work(workshop: Workshop) -> None:
    async def use(functions: Functions) -> None:
        await pid_of(functions)
        async with asyncio.timeout(20):
            while any("_watch_memory" in repr(task) for task in asyncio.all_tasks()):
                await asyncio.sleep(0.01)
        await pid_of(functions)
        assert any("_watch_memory" in repr(task) for task in asyncio.all_tasks())

    workshop.run(use)
