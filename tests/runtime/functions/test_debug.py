"""`--debug`: the function waits for a debugger, and real debuggers let it go on."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from inspector.runtime.functions.functions import Functions
from tests.runtime.functions.workshop import Workshop, invoke

pytestmark = pytest.mark.slow


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


async def _connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(20):
        while True:
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)


class Adapter:
    """A client of the Debug Adapter Protocol, as editors are."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._number = 0

    def send(self, command: str, **arguments: Any) -> None:
        self._number += 1
        message = {"seq": self._number, "type": "request", "command": command,
                   "arguments": arguments}  # fmt: skip
        body = json.dumps(message).encode()
        self._writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    async def wait(self, name: str) -> dict[str, Any]:
        """The next event or answer of this name."""
        while True:
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = int(head.split(b":")[1])
            message: dict[str, Any] = json.loads(await self._reader.readexactly(length))
            if name in (message.get("event"), message.get("command")):
                return message


def _debug(workshop: Workshop, attach: Callable[[], Awaitable[None]], **spec: Any) -> object:
    """The function's result, once a debugger has come."""
    results: list[object] = []

    async def use(functions: Functions) -> None:
        asked = asyncio.ensure_future(invoke(functions, 20))
        await attach()
        results.append(json.loads((await asyncio.wait_for(asked, 30)).payload))

    workshop.run(use, timeout_ms=100, **spec)
    return results[0]


def test_a_python_function_waits_for_debugpy_and_stops_at_a_breakpoint(
    workshop: Workshop, port: int
) -> None:
    pytest.importorskip("debugpy", reason="debugpy is not installed")
    file = workshop.write("def handler(event, context):\n    twice = event * 2\n    return twice\n")

    async def attach() -> None:
        adapter = Adapter(*await _connected(port))
        adapter.send("initialize", adapterID="test")
        adapter.send("attach", justMyCode=False)
        await adapter.wait("initialized")
        adapter.send("setBreakpoints", source={"path": str(file)}, breakpoints=[{"line": 3}])
        adapter.send("configurationDone")
        stopped = await adapter.wait("stopped")
        thread = stopped["body"]["threadId"]
        adapter.send("stackTrace", threadId=thread)
        frame = (await adapter.wait("stackTrace"))["body"]["stackFrames"][0]
        adapter.send("evaluate", expression="twice", frameId=frame["id"])
        assert (await adapter.wait("evaluate"))["body"]["result"] == "40"
        await asyncio.sleep(0.3)  # longer than the function's own time, which does not count
        adapter.send("continue", threadId=thread)

    assert _debug(workshop, attach, debug_port=port) == 40


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js here")
def test_a_node_function_waits_for_an_inspector(workshop: Workshop, port: int) -> None:
    workshop.write("exports.handler = async (event) => event * 3;\n", "index.js")

    async def attach() -> None:
        await _connected(port)
        async with _devtools(port) as send:
            await send("Runtime.enable")
            await send("Runtime.runIfWaitingForDebugger")
            await send("Debugger.enable")
            await send("Debugger.resume")

    spec = {"runtime": "nodejs20.x", "handler": "index.handler", "debug_port": port}
    assert _debug(workshop, attach, **spec) == 60


@asynccontextmanager
async def _devtools(port: int) -> AsyncIterator[Callable[[str], Awaitable[None]]]:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
            [target] = await answer.json(content_type=None)
        async with session.ws_connect(target["webSocketDebuggerUrl"]) as socket_:
            sent = 0

            async def send(method: str) -> None:
                nonlocal sent
                sent += 1
                await socket_.send_json({"id": sent, "method": method})
                while json.loads((await socket_.receive()).data).get("id") != sent:
                    pass

            yield send
