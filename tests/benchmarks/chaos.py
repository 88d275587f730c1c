"""Functions that crash, hang and are edited, invoked through a running gateway: none is lost.

Each request says what its function is to do, and is to be answered as Amazon would; the recording
must hold each with Lambda's own words for what became of it; and when the gateway has ended no
process of a function is left.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from inspector.cli.gateway_child import GatewayChild
from inspector.cli.settings import Settings
from inspector.definitions import Options
from inspector.gateway.effects import FunctionAnswer
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.recording.schema import open_for_writing
from tests.function_template import function_template

INVOCATIONS, CONNECTIONS = 10_000, 12
#: Seconds between two edits of the code.
EDITS = (0.2, 1.5)
#: What a function is told to do, how often of a thousand, and what Lambda says of it.
DEEDS: dict[str, tuple[int, str]] = {
    "answer": (900, ""),
    "raise": (40, '"errorMessage": "asked to"'),
    "exit": (20, "Runtime exited with error: exit status 7"),
    "quit": (10, "Runtime exited without providing a reason"),
    "kill": (15, "Runtime exited with error: signal: killed"),
    "sleep": (15, "Task timed out after 1.00 seconds"),
}
CODE = """
import os, signal, time
def handler(event, context):
    asked = event["queryStringParameters"]
    print("asked for", asked["n"])
    if asked["do"] == "raise":
        raise ValueError("asked to")
    if asked["do"] == "exit":
        os._exit(7)
    if asked["do"] == "quit":
        os._exit(0)
    if asked["do"] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if asked["do"] == "sleep":
        time.sleep(30)
    return {"statusCode": 200, "body": asked["n"]}
"""
TEMPLATE = function_template("Handler: app.handler\nTimeout: 1\nCode: code\n")


@dataclass(slots=True)
class Run:
    """What came of it. `wrong` and `lost` must be empty, and nothing `left`."""

    answered: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    edits: int = 0
    seconds: float = 0.0

    @property
    def fine(self) -> bool:
        """Whether each was answered as Amazon would, none was lost, and no process is left."""
        return not (self.wrong or self.lost or self.left)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks chaos")
    parser.add_argument("--json", type=Path, help="keep the figures in this file")
    parser.add_argument("--invocations", type=int, default=INVOCATIONS, help=f"({INVOCATIONS})")
    parser.add_argument("--seed", type=int, default=None, help="repeats a run's deeds")
    args = parser.parse_args(arguments)
    seed = random.randrange(10**6) if args.seed is None else args.seed
    run = chaos(args.invocations, seed)
    done = ", ".join(f"{count:,} {deed}" for deed, count in run.answered.most_common())
    print(f"seed {seed}: {run.answered.total():,} invocations in {run.seconds:.0f} s ({done})")
    print(f"{run.edits} edits of the code, {len(run.wrong)} wrong, {len(run.lost)} lost, "
          f"{len(run.left)} processes left")  # fmt: skip
    for each in (*run.wrong[:10], *run.left[:10]):
        print(f"  {each}")
    if args.json:
        figures = {"seed": seed, "answered": run.answered, "wrong": run.wrong, "lost": run.lost,
                   "left": run.left, "edits": run.edits, "seconds": run.seconds}  # fmt: skip
        args.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return 0 if run.fine else 1


def chaos(invocations: int, seed: int) -> Run:
    """So many invocations, `CONNECTIONS` at a time."""
    run, chance = Run(), random.Random(seed)
    deeds = chance.choices(list(DEEDS), [share for share, _ in DEEDS.values()], k=invocations)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "code").mkdir()
        (folder / "code" / "app.py").write_text(CODE)
        (folder / "template.yaml").write_text(TEMPLATE)
        db = folder / "chaos.db"
        open_for_writing(db).close()
        settings = Settings(
            definitions=(str(folder / "template.yaml"),),
            options=Options(),
            host="127.0.0.1",
            port=0,
            db=str(db),
        )
        with GatewayChild(settings) as child:
            url = f"http://{child.wait_ready()}/dev/"
            started = time.monotonic()
            asyncio.run(_invoke_all(url, deeds, folder / "code" / "app.py", chance, run))
            run.seconds = time.monotonic() - started
        _compare(db, deeds, run)
        run.left = _left(folder)
    return run


async def _invoke_all(
    url: str, deeds: list[str], code: Path, chance: random.Random, run: Run
) -> None:
    waiting = list(enumerate(deeds))
    waiting.reverse()
    editing = asyncio.ensure_future(_edit(code, chance, run))

    async def one(session: aiohttp.ClientSession) -> None:
        while waiting:
            number, deed = waiting.pop()
            async with session.get(f"{url}?do={deed}&n={number}") as answer:
                body = await answer.text()
            run.answered[deed] += 1
            fine = (answer.status, body) == (200, str(number))
            if deed != "answer":
                document = json.loads(body)
                fine = answer.status == 502 and document == {"message": "Internal server error"}
            if not fine:
                run.wrong.append(f"{deed} {number}: {answer.status} {body}")

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(one(session) for _ in range(CONNECTIONS)))
    editing.cancel()


async def _edit(code: Path, chance: random.Random, run: Run) -> None:
    """As an editor saves: another file in its place."""
    while True:
        await asyncio.sleep(chance.uniform(*EDITS))
        run.edits += 1
        draft = code.with_suffix(".draft")
        draft.write_text(f"{CODE}\n# edit {run.edits}\n")
        draft.replace(code)


def _compare(db: Path, deeds: list[str], run: Run) -> None:
    """Each is in the recording, with what Lambda says of such a deed and with what was printed."""
    found: dict[int, str] = {}
    with Reader(db) as reader:
        seen = 0
        while rows := reader.page(EVERYTHING, after=seen, limit=500):
            seen = rows[0].id
            for row in rows:
                exchange = reader.exchange(row.id)
                number = int(exchange.request.target.rpartition("=")[2])
                reply: Any = exchange.performed[0].reply
                found[number] = _wrong(reply, deeds[number], number)
    run.lost = [number for number in range(len(deeds)) if number not in found]
    run.wrong += [f"recorded {number}: {text}" for number, text in found.items() if text]


def _wrong(reply: object, deed: str, number: int) -> str:
    if not isinstance(reply, FunctionAnswer):
        return f"{deed}: {reply}"
    if DEEDS[deed][1] not in reply.payload.decode():
        return f"{deed}: {reply.payload.decode()}"
    if not reply.log.startswith(f"asked for {number}\n"):
        return f"{deed}: printed {reply.log!r}"
    return ""


def _left(folder: Path) -> list[str]:
    """Processes that run in the function's folder still; given a moment to be reaped."""
    deadline = time.monotonic() + 5
    while True:
        left = []
        for process in psutil.process_iter(["pid", "cwd", "cmdline", "status"]):
            cwd = process.info["cwd"] or ""
            if cwd.startswith(str(folder)) and process.info["status"] != psutil.STATUS_ZOMBIE:
                left.append(f"{process.info['pid']} {process.info['cmdline']}")
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.05)
