"""The gateway's end of the `control` table: what other processes ask of it while it runs."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from inspector.recording.control import Ask, Control
from inspector.recording.schema import RecordingError
from inspector.runtime.callers import CallerError, caller_from, content_of, summary
from inspector.runtime.circumstances import Circumstances
from inspector.runtime.state import Item, State

#: Seconds between two looks; a look costs a few microseconds.
LOOK = 0.1
#: Seconds that the event loop may take to look.
LOOP_PATIENCE = 2.0
#: So many looks between two clean-ups of what nobody asks for any more.
_CLEAN = 6000

#: Does what is asked and gives what to answer; raises ValueError with a sentence.
Handler = Callable[[Any], Any]


class ControlServer:
    """A thread with a connection of its own. Each topic has its handler, called in that thread."""

    def __init__(self, path: Path, handlers: Mapping[str, Handler]) -> None:
        self._path, self._handlers = path, dict(handlers)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="control", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer nothing more."""
        self._stop.set()
        self._thread.join(1.0)

    def _run(self) -> None:
        control: Control | None = None
        looks = 0
        while not self._stop.wait(LOOK):
            # A file in trouble is the writer's to report; the next look tries again.
            try:
                control = control or Control(self._path, "gateway")
                if control.changed():
                    for ask in control.pending(tuple(self._handlers)):
                        self._answer(control, ask)
                looks += 1
                if looks % _CLEAN == 0:
                    control.expire()
            except (RecordingError, sqlite3.Error):
                _close(control)
                control = None
        _close(control)

    def _answer(self, control: Control, ask: Ask) -> None:
        try:
            control.answer(ask.id, self._handlers[ask.topic](ask.payload))
        except (ValueError, TimeoutError) as error:
            control.answer(ask.id, None, str(error) or "The gateway is too busy to look.")


def _close(control: Control | None) -> None:
    if control is not None:
        control.close()


def caller_handler(circumstances: Circumstances) -> Handler:
    """Topic `caller`: null asks who is simulated, an object simulates that one, {} nobody.

    The answer is `{"caller": {…}, "summary": "…"}`, both empty where nobody is simulated.
    """

    def handle(payload: Any) -> dict[str, Any]:
        if payload is not None:
            if not isinstance(payload, dict):
                raise CallerError("A caller is an object of texts.")
            circumstances.caller = caller_from(payload) if payload else None
        caller = circumstances.caller
        if caller is None:
            return {"caller": {}, "summary": ""}
        return {"caller": content_of(caller), "summary": summary(caller) or caller.source_ip}

    return handle


def state_handler(state: State, loop: asyncio.AbstractEventLoop) -> Handler:
    """Topic `state`: what the gateway remembers, and forgetting it.

    `{"do": "list"}` answers `{"items": […]}` (`runtime.state.Item`), with `"values": true` with what
    entries hold; `{"do": "reset", "ids": […]}`, or `"ids": null` for all, answers what was reset.
    """

    def handle(payload: Any) -> dict[str, Any]:
        asked = payload if isinstance(payload, dict) else {}
        now_ms = time.time_ns() // 1_000_000

        async def work() -> list[Item]:
            if asked.get("do", "list") == "list":
                return state.items(now_ms, values=bool(asked.get("values")))
            if asked["do"] != "reset" or not isinstance(asked.get("ids"), list | None):
                raise ValueError("Ask to list, or to reset ids.")
            return state.reset(asked["ids"], now_ms)

        # Caches and meters belong to the event loop, which this thread is not.
        found = asyncio.run_coroutine_threadsafe(work(), loop).result(LOOP_PATIENCE)
        return {"items": [item.as_data() for item in found]}

    return handle
