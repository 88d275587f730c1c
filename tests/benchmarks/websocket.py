"""WebSockets against bare mitmdump, in one run and interleaved, with the recording on.

A round trip is a message and its answer: here a route with a MOCK integration, there an echo
server behind a proxy that passes frames on. And many connections at once: nothing may be lost, and
nobody may get what is another's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from inspector.recording.filters import parse
from inspector.recording.reader import Reader
from tests.addons.live import live
from tests.addons.socket_api import WHO, socket_api
from tests.benchmarks.frames import Client
from tests.benchmarks.proxy import Running, process

CONNECTIONS = (1, 8)
MESSAGE = b'{"action": "none", "said": "a message of some sixty bytes"}'


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks websocket")
    parser.add_argument("--json", type=Path, help="keep the figures in this file")
    parser.add_argument("--seconds", type=float, default=2, help="for each measurement (2)")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved repetitions (3)")
    parser.add_argument("--open", type=int, default=500, help="connections at once (500)")
    parser.add_argument("--messages", type=int, default=20, help="of each of those (20)")
    args = parser.parse_args(arguments)
    figures = measure(args.seconds, args.rounds, args.open, args.messages)
    report(figures)
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return 0 if all(figures["crowd"][name] == 0 for name in ("lost", "mixed_up", "missing")) else 1


def measure(seconds: float, rounds: int, opened: int, messages: int) -> dict[str, Any]:
    """The two proxies in turn, then the crowd."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        echo = stack.enter_context(process("-m", "tests.benchmarks.frames"))
        bare = stack.enter_context(
            process(
                "-c",
                "from mitmproxy.tools.main import mitmdump; mitmdump()",
                *("-q", "--mode", f"reverse:http://127.0.0.1:{echo.port}"),
                *("--listen-host", "127.0.0.1", "--listen-port"),
            )
        )
        gateway = stack.enter_context(live(folder, socket_api(default=WHO), {}))
        ours = Running(int(gateway.url.rpartition(":")[2]), 0, None)
        found: dict[str, Any] = {"round_trips": {}}
        answered = 0
        for connections in CONNECTIONS:
            runs = []
            for _ in range(rounds):
                reference = asyncio.run(_round_trips(bare.port, connections, seconds))
                run = asyncio.run(_round_trips(ours.port, connections, seconds))
                answered += run
                runs.append((reference / seconds, run / seconds))
            found["round_trips"][f"{connections} connections"] = {
                "bare_per_second": statistics.median(each for each, _ in runs),
                "gateway_per_second": statistics.median(each for _, each in runs),
                "ratio": statistics.median(run / reference for reference, run in runs),
            }
        found["crowd"] = asyncio.run(_crowd(ours.port, opened, messages))
        gateway.child.stop()
        with Reader(gateway.db) as reader:
            recorded = reader.count(parse("method:MESSAGE"))
        found["crowd"]["missing"] = answered + opened * (messages + 1) - recorded
    return found


async def _round_trips(port: int, connections: int, seconds: float) -> int:
    clients = [await Client.open(port, "/dev") for _ in range(connections)]
    end = time.perf_counter() + seconds

    async def talk(client: Client) -> int:
        count = 0
        while time.perf_counter() < end:
            client.send(MESSAGE)
            await client.receive(1)
            count += 1
        client.close()
        return count

    return sum(await asyncio.gather(*map(talk, clients)))


async def _crowd(port: int, opened: int, messages: int) -> dict[str, Any]:
    """Each asks who it is, then sends all its messages without waiting for the answers."""
    began = time.perf_counter()
    clients = [await Client.open(port, "/dev") for _ in range(opened)]
    connected = time.perf_counter()

    async def talk(client: Client) -> tuple[str, int, int]:
        client.send(b"who am I")
        [first] = await client.receive(1)
        mine = first.split()[0]
        for number in range(messages):
            client.send(b"message %d" % number)
        answers: list[bytes] = []
        try:
            async with asyncio.timeout(60):
                while len(answers) < messages:
                    answers += await client.receive(1)
        except (TimeoutError, EOFError):
            pass
        mixed_up = sum(each.split()[0] != mine for each in answers)
        return mine.decode(), messages - len(set(answers)), mixed_up

    found = await asyncio.gather(*map(talk, clients))
    took = time.perf_counter() - connected
    for client in clients:
        client.close()
    return {
        "connections": len({mine for mine, _, _ in found}),
        "handshakes_per_second": opened / (connected - began),
        "messages_per_second": opened * (messages + 1) / took,
        "lost": sum(lost for _, lost, _ in found),
        "mixed_up": sum(mixed for _, _, mixed in found),
    }


def report(figures: dict[str, Any]) -> None:
    """For people."""
    for name, case in figures["round_trips"].items():
        print(
            f"{name:15} bare {case['bare_per_second']:7,.0f}/s   "
            f"gateway {case['gateway_per_second']:7,.0f}/s   ratio {case['ratio']:.2f}"
        )
    crowd = figures["crowd"]
    print(
        f"{crowd['connections']:,} open at once: {crowd['handshakes_per_second']:,.0f} handshakes/s, "
        f"{crowd['messages_per_second']:,.0f} messages/s; lost {crowd['lost']}, mixed up "
        f"{crowd['mixed_up']}, not recorded {crowd['missing']}"
    )
