"""A warm function through the whole gateway against bare mitmdump, in one run and interleaved.

The function says hello, the bare proxy passes a backend's answer of the same size on; the gateway
records. A cold start is a request that finds no process: the one after an edit of the code.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx

from inspector.cli.gateway_child import GatewayChild
from inspector.cli.settings import Settings
from inspector.definitions import Options
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.recording.schema import open_for_writing
from tests.addons.live import api
from tests.benchmarks.backend import SMALL
from tests.benchmarks.load import Measured, load
from tests.benchmarks.proxy import Running, process

#: The least ratio to bare mitmdump, and the most milliseconds of a cold start.
LEAST, COLD_MS = 1.3, 400
CONNECTIONS = (1, 8)
COLD_STARTS = 9
_ARN = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:{}/invocations"
)
_PYTHON = (
    f"def handler(event, context):\n    return {{'statusCode': 200, 'body': {SMALL.decode()!r}}}\n"
)
_NODE = f"export const handler = async () => ({{statusCode: 200, body: {SMALL.decode()!r}}});\n"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks functions")
    parser.add_argument("--json", type=Path, help="keep the figures in this file")
    parser.add_argument("--seconds", type=float, default=3, help="for each measurement (3)")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved repetitions (3)")
    args = parser.parse_args(arguments)
    figures = measure(args.seconds, args.rounds)
    report(figures)
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return 0 if figures["missing"] == 0 else 1


def measure(seconds: float, rounds: int) -> dict[str, Any]:
    """Each runtime that is here, the two proxies in turn, then cold starts."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        backend = stack.enter_context(process("-m", "tests.benchmarks.backend"))
        bare = stack.enter_context(
            process(
                "-c",
                "from mitmproxy.tools.main import mitmdump; mitmdump()",
                *("-q", "--mode", f"reverse:http://127.0.0.1:{backend.port}"),
                *("--listen-host", "127.0.0.1", "--listen-port"),
            )
        )
        codes = _functions(folder)
        gateway, db = stack.enter_context(_serving(folder, list(codes)))
        found: dict[str, Any] = {"warm": {}, "cold_ms": {}}
        answered = 0
        for name, code in codes.items():
            found["cold_ms"][name] = _cold_starts(f"{gateway.url}/dev/{name}", code)
            answered += COLD_STARTS
            for connections in CONNECTIONS:
                runs: list[tuple[Measured, Measured]] = []
                for _ in range(rounds):
                    reference = load(bare.url + "/s", connections, seconds)
                    run = load(f"{gateway.url}/dev/{name}", connections, seconds)
                    answered += run.requests
                    runs.append((reference, run))
                found["warm"][f"{name}, {connections} connections"] = _case(runs)
        gateway.child.stop()
        with Reader(db) as reader:
            found["missing"] = max(0, answered - reader.count(EVERYTHING))
    return found


def _functions(folder: Path) -> dict[str, Path]:
    """The code of each function, by its name."""
    codes = {"python": ("app.py", _PYTHON)}
    if shutil.which("node"):
        codes["node"] = ("index.mjs", _NODE)
    found = {}
    for name, (file, text) in codes.items():
        found[name] = folder / "functions" / name / file
        found[name].parent.mkdir(parents=True)
        found[name].write_text(text, "utf-8")
    return found


@contextmanager
def _serving(folder: Path, names: Sequence[str]) -> Iterator[tuple[Running, Path]]:
    integrations = {
        name: {"type": "aws_proxy", "httpMethod": "POST", "uri": _ARN.format(name)}
        for name in names
    }
    definition, db = folder / "api.json", folder / "bench.db"
    definition.write_text(json.dumps(api(**integrations)), "utf-8")
    open_for_writing(db).close()
    settings = Settings(
        definitions=(str(definition),), options=Options(), host="127.0.0.1", port=0, db=str(db)
    )
    with GatewayChild(settings) as child:
        port = int(child.wait_ready().rpartition(":")[2])
        yield Running(port, child._process.pid, child), db


def _cold_starts(url: str, code: Path) -> list[float]:
    """Milliseconds of requests that each find other code than the one before."""
    taken = []
    with httpx.Client(trust_env=False, timeout=30) as client:
        for _ in range(COLD_STARTS):
            code.write_text(f"{code.read_text('utf-8')}\n", "utf-8")
            time.sleep(0.2)  # an edit is looked for ten times a second
            started = time.perf_counter()
            client.get(url).raise_for_status()
            taken.append((time.perf_counter() - started) * 1e3)
    return sorted(taken)


def _case(runs: list[tuple[Measured, Measured]]) -> dict[str, Any]:
    ratios = sorted(run.per_second / reference.per_second for reference, run in runs)
    ours = sorted((run for _, run in runs), key=lambda run: run.per_second)[len(runs) // 2]
    return {
        "ratio": statistics.median(ratios),
        "ratios": ratios,
        "bare_per_second": statistics.median(reference.per_second for reference, _ in runs),
        "gateway": asdict(ours),
        "bad": sum(run.bad for _, run in runs),
    }


def report(figures: dict[str, Any]) -> None:
    """A line for each case."""
    print(
        f"{'warm':28}{'ratio':>7}{'least':>7}{'bare/s':>9}{'ours/s':>9}{'p50 ms':>9}{'p99 ms':>9}"
    )
    for name, case in figures["warm"].items():
        ours = case["gateway"]
        times = f"{ours['p50_us'] / 1e3:9.2f}{ours['p99_us'] / 1e3:9.2f}"
        rates = f"{case['bare_per_second']:9.0f}{ours['per_second']:9.0f}"
        bad = f"  {case['bad']} not 2xx" if case["bad"] else ""
        print(f"{name:28}{case['ratio']:7.2f}{LEAST:7.2f}{rates}{times}{bad}")
    for name, taken in figures["cold_ms"].items():
        middle = statistics.median(taken)
        print(f"cold start, {name}: median {middle:.0f} ms, slowest {taken[-1]:.0f} ({COLD_MS})")
    print(f"recording: {figures['missing']} of the answered are missing")
