"""`python -m tests.benchmarks tui`: the screen on a real pseudo-terminal, measured from outside.

Figures to reach: start to first paint under 1 s; a recording of 1,000,000 exchanges painted within
0.5 s of that, in under 150 MB; key to paint under 50 ms (99 of 100) while 1,000 exchanges a second
arrive from another process; idle under 1 % of a core.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import psutil

from inspector.recording.reader import Reader
from inspector.recording.writer import Writer
from inspector.tui import theme
from inspector.tui.present import styles
from tests.benchmarks.recording import build
from tests.benchmarks.terminal import Terminal
from tests.benchmarks.traffic import exchanges

LARGE: Final = 1_000_000
SMALL: Final = 2_000
RATE: Final = 1_000
PATIENCE: Final = 30.0
_CLOCK = re.compile(rb"\d\d:\d\d:\d\d\.\d{3}")


def main(argv: Sequence[str]) -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks tui")
    parser.add_argument("--exchanges", type=int, default=LARGE)
    parser.add_argument("--keys", type=int, default=400)
    parser.add_argument("--idle", type=float, default=10.0, metavar="SECONDS")
    parser.add_argument("--dir", type=Path, help="where the large recording is kept between runs")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.write:
        write_steadily(args.write)
        return 0
    folder = args.dir or Path(tempfile.gettempdir()) / "inspector-benchmarks"
    large = large_recording(folder, args.exchanges)
    with tempfile.TemporaryDirectory() as temporary:
        small = Path(temporary) / "small.db"
        build(small, SMALL, index=False)
        result = {
            "start": starts(small, 7),
            "large": {"exchanges": args.exchanges, **starts(large, 5)},
            "idle": idle(small, args.idle),
            "keys": keys_under_load(small, args.keys, opened=False),
            "keys_with_an_exchange_open": keys_under_load(small, args.keys // 2, opened=True),
        }
    print(json.dumps(result, indent=2))
    if args.json:
        args.json.write_text(json.dumps(result, indent=2) + "\n")
    return 0


def large_recording(folder: Path, count: int) -> Path:
    """Made once; a run that was broken off leaves nothing that passes for it."""
    path = folder / f"large-{count}.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".part")
        half.unlink(missing_ok=True)
        print(f"making a recording of {count:,} exchanges …", file=sys.stderr)
        build(half, count, index=False)
        half.rename(path)
    return path


def _open(path: Path) -> Terminal:
    return Terminal([sys.executable, "-m", "inspector", "open", str(path)])


def starts(path: Path, times: int) -> dict[str, float]:
    """Medians, in seconds since the program was started, and its memory in megabytes."""
    first, rows, memory = [], [], []
    for _ in range(times):
        with _open(path) as terminal:
            first.append(terminal.until(lambda text: "inspector" in text, PATIENCE))
            rows.append(terminal.until(lambda text: "/dev/" in text, PATIENCE))
            first[-1] -= terminal.began
            rows[-1] -= terminal.began
            terminal.until(lambda text: "exchanges" in text, PATIENCE)
            terminal.drain(0.5)
            memory.append(_memory(terminal))
    return {
        "first_paint_s": round(statistics.median(first), 3),
        "rows_painted_s": round(statistics.median(rows), 3),
        "rows_after_first_paint_s": round(
            statistics.median([after - before for before, after in zip(first, rows, strict=True)]),
            3,
        ),
        "resident_megabytes": max(memory),
    }


def _memory(terminal: Terminal) -> float:
    return round(psutil.Process(terminal.process.pid).memory_info().rss / 1e6, 1)


def idle(path: Path, seconds: float) -> dict[str, float]:
    """The share of a core that the screen takes when nothing happens."""
    with _open(path) as terminal:
        terminal.until(lambda text: "exchanges" in text, PATIENCE)
        terminal.drain(2.0)
        process = psutil.Process(terminal.process.pid)
        before, drawn = _spent(process), len(terminal.drawn)
        terminal.drain(seconds)
        share = (_spent(process) - before) / seconds
        return {"core_percent": round(share * 100, 2), "bytes": len(terminal.drawn) - drawn}


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def keys_under_load(path: Path, count: int, *, opened: bool) -> dict[str, Any]:
    """Milliseconds from a key to the cursor's row being drawn on another exchange."""
    command = [sys.executable, "-m", "tests.benchmarks", "tui", "--write", str(path)]
    with _open(path) as terminal:
        terminal.until(lambda text: "exchanges" in text, PATIENCE)
        writer = subprocess.Popen(command, stdout=subprocess.PIPE)
        try:
            assert writer.stdout is not None
            writer.stdout.readline()
            if opened:
                terminal.press("\r")
                terminal.until(lambda text: "Difference" in text, PATIENCE)
                terminal.press("\t")
            terminal.drain(1.0)
            before = _written(path)
            began = time.perf_counter()
            took = [_key(terminal, "k" if each % 80 < 40 else "j", each) for each in range(count)]
            rate = (_written(path) - before) / (time.perf_counter() - began)
        finally:
            writer.kill()
            writer.wait()
    took.sort()
    return {
        "keys": count,
        "arriving_a_second": round(rate),
        "p50_ms": round(took[count // 2] * 1000, 1),
        "p99_ms": round(took[count * 99 // 100] * 1000, 1),
        "worst_ms": round(took[-1] * 1000, 1),
    }


def _key(terminal: Terminal, key: str, number: int) -> float:
    """Press; the seconds until another row has the cursor's colour."""
    terminal.drain(0.01 + number % 7 * 0.006)
    before = _cursor(terminal.drawn[-200_000:])
    since = len(terminal.drawn)
    pressed = terminal.press(key)
    while time.perf_counter() - pressed < PATIENCE:
        if terminal.read(0.05):
            now = _cursor(terminal.drawn[since:])
            if now and now != before:
                return time.perf_counter() - pressed
    raise TimeoutError(f"{key!r} moved nothing")


def _cursor(drawn: bytes | bytearray) -> bytes:
    """The time that stands in the row last drawn in the cursor's colour."""
    pieces = _in_colour().findall(drawn)
    found = _CLOCK.findall(b"\n".join(pieces))
    return found[-1] if found else b""


def _in_colour(cache: list[re.Pattern[bytes]] = []) -> re.Pattern[bytes]:  # noqa: B006
    if not cache:
        colour = theme.palette(theme.DARK).styles[styles.CURSOR].bgcolor
        assert colour is not None
        assert colour.triplet is not None
        wanted = "48;2;{};{};{}".format(*colour.triplet)
        cache.append(re.compile(rb"\x1b\[[0-9;]*" + wanted.encode() + rb"[0-9;]*m([^\x1b]*)"))
    return cache[0]


def _written(path: Path) -> int:
    with Reader(path) as reader:
        return reader.newest_id() or 0


def write_steadily(path: Path) -> None:
    """`RATE` exchanges a second, until killed; a line once it has begun."""
    writer = Writer(path)
    made = list(exchanges(2_000, end_us=time.time_ns() // 1000))
    print("writing", flush=True)
    number, began, start_us = 0, time.perf_counter(), time.time_ns() // 1000
    while True:
        due = int((time.perf_counter() - began) * RATE)
        while number < due:
            # A millisecond apart, so that no two rows look alike.
            at = start_us + number * 1_000_000 // RATE
            writer.put(replace(made[number % len(made)], started_us=at))
            number += 1
        time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
