"""Functions with code of their own, really run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

from inspector.gateway.effects import FunctionAnswer, InvokeFunction
from inspector.runtime.functions.functions import Functions
from inspector.runtime.functions.spec import FunctionSpec

Use = Callable[[Functions], Awaitable[None]]


class Workshop:
    """Writes code into a folder, and runs it as functions."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.spec = FunctionSpec(
            name="work", runtime="python3.11", handler="app.handler", root=root
        )

    def write(self, code: str, name: str = "app.py") -> Path:
        """A file of the function."""
        path = self.root / name
        path.write_text(dedent(code))
        return path

    def run(self, use: Use, **changed: Any) -> None:
        """Use the function, and leave nothing running."""
        more = {"concurrency": changed.pop("concurrency", 4), "idle": changed.pop("idle", 60)}

        async def session() -> None:
            functions = Functions([replace(self.spec, **changed)], **more)
            try:
                await use(functions)
            finally:
                await functions.close()

        asyncio.run(session())

    def invoke(self, event: object = None, **changed: Any) -> FunctionAnswer:
        """One invocation of a fresh process."""
        answers: list[FunctionAnswer] = []

        async def once(functions: Functions) -> None:
            answers.append(await invoke(functions, event))

        self.run(once, **changed)
        return answers[0]


async def invoke(functions: Functions, event: object = None, **more: Any) -> FunctionAnswer:
    """The answer of `work`."""
    effect = InvokeFunction("work", json.dumps(event).encode(), 29_000, **more)
    answer = await functions.invoke(effect)
    assert isinstance(answer, FunctionAnswer), answer
    return answer
