"""The live path against bare mitmdump, in one run and interleaved, with the recording on.

Read the ratios: a machine's absolute figures tell about the machine.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from inspector.cli.gateway_child import GatewayChild
from inspector.cli.settings import Settings
from inspector.definitions import Options
from inspector.recording.filters import EVERYTHING
from inspector.recording.reader import Reader
from inspector.recording.schema import open_for_writing
from tests.addons.live import api, proxied
from tests.benchmarks.backend import SMALL
from tests.benchmarks.load import Measured, load

#: What is measured: name → path at the gateway, path at the bare proxy, least ratio.
CASES = {
    "HTTP_PROXY 60 B": ("/dev/s", "/s", 1.35),
    "HTTP_PROXY 100 KiB": ("/dev/l", "/l", 1.0),
    "MOCK 60 B": ("/dev/mock", "/s", 1.8),
}
CONNECTIONS = (1, 8)
#: Of mitmproxy's own start, on a busy machine.
START_LIMIT = 30.0


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks proxy")
    parser.add_argument("--json", type=Path, help="keep the figures in this file")
    parser.add_argument("--seconds", type=float, default=3, help="for each measurement (3)")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved repetitions (3)")
    args = parser.parse_args(arguments)
    figures = measure(args.seconds, args.rounds)
    report(figures)
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return 0 if figures["recording"]["missing"] == 0 else 1


def measure(seconds: float, rounds: int) -> dict[str, Any]:
    """All cases, the two proxies in turn."""
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
        gateway, db = stack.enter_context(serving(folder, backend.port))
        found: dict[str, Any] = {"cases": {}, "memory_mib": {}}
        answered = 0
        for name, (ours, theirs, least) in CASES.items():
            for connections in CONNECTIONS:
                runs: list[tuple[Measured, Measured]] = []
                for _ in range(rounds):
                    reference = load(bare.url + theirs, connections, seconds)
                    run = load(gateway.url + ours, connections, seconds)
                    answered += run.requests
                    runs.append((reference, run))
                found["cases"][f"{name}, {connections} connections"] = _case(runs, least)
        found["memory_mib"] = {"bare": _memory(bare.pid), "gateway": _memory(gateway.pid)}
        gateway.child.stop()
        found["recording"] = _recorded(db, answered)
    return found


class Running:
    """A process that listens."""

    def __init__(self, port: int, pid: int, child: Any) -> None:
        self.port, self.pid, self.child = port, pid, child
        self.url = f"http://127.0.0.1:{port}"


@contextmanager
def process(*arguments: str) -> Iterator[Running]:
    """A Python process with a free port as its last argument, waited for until it listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    child = subprocess.Popen([sys.executable, *arguments, str(port)])
    try:
        _await_port(port)
        yield Running(port, child.pid, child)
    finally:
        child.terminate()
        child.wait()


@contextmanager
def serving(folder: Path, backend_port: int) -> Iterator[tuple[Running, Path]]:
    """Our gateway with a recording."""
    mock = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {
            "default": {
                "statusCode": "200",
                "responseTemplates": {"application/json": SMALL.decode()},
            }
        },
    }
    document = api(s=proxied("/s"), l=proxied("/l"), mock=mock)
    method = document["paths"]["/mock"]["x-amazon-apigateway-any-method"]
    method["responses"] = {"200": {"description": "ok"}}
    definition, db = folder / "api.json", folder / "bench.db"
    definition.write_text(json.dumps(document), "utf-8")
    open_for_writing(db).close()
    settings = Settings(
        definitions=(str(definition),),
        options=Options(),
        host="127.0.0.1",
        port=0,
        db=str(db),
        backends={"backend.example": f"http://127.0.0.1:{backend_port}"},
    )
    with GatewayChild(settings) as child:
        port = int(child.wait_ready().rpartition(":")[2])
        yield Running(port, child._process.pid, child), db


def _await_port(port: int) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")


def _case(runs: list[tuple[Measured, Measured]], least: float) -> dict[str, Any]:
    ratios = sorted(run.per_second / reference.per_second for reference, run in runs)
    return {
        "ratio": statistics.median(ratios),
        "ratios": ratios,
        "least": least,
        "bare": asdict(_middle([reference for reference, _ in runs])),
        "gateway": asdict(_middle([run for _, run in runs])),
        "bad": sum(run.bad for _, run in runs),
    }


def _middle(runs: list[Measured]) -> Measured:
    return sorted(runs, key=lambda run: run.per_second)[len(runs) // 2]


def _memory(pid: int) -> float:
    return float(round(psutil.Process(pid).memory_info().rss / 2**20, 1))


def _recorded(db: Path, answered: int) -> dict[str, int]:
    """wrk counts what it received; what was under way when it stopped is recorded beyond that."""
    with Reader(db) as reader:
        kept = reader.count(EVERYTHING)
    return {"answered": answered, "recorded": kept, "missing": max(0, answered - kept)}


def report(figures: dict[str, Any]) -> None:
    """A line for each case."""
    print(f"{'':34}{'ratio':>7}{'least':>7}{'bare/s':>9}{'ours/s':>9}{'p50 ms':>9}{'p99 ms':>9}")
    for name, case in figures["cases"].items():
        ours = case["gateway"]
        times = f"{ours['p50_us'] / 1e3:9.2f}{ours['p99_us'] / 1e3:9.2f}"
        rates = f"{case['bare']['per_second']:9.0f}{ours['per_second']:9.0f}"
        bad = f"  {case['bad']} not 2xx" if case["bad"] else ""
        print(f"{name:34}{case['ratio']:7.2f}{case['least']:7.2f}{rates}{times}{bad}")
    memory, kept = figures["memory_mib"], figures["recording"]
    print(f"memory: gateway {memory['gateway']} MiB, bare {memory['bare']} MiB")
    print(
        f"recording: {kept['recorded']} of {kept['answered']} answered, missing {kept['missing']}"
    )
