"""`python -m tests.benchmarks recording`: a large recording, opened, paged, filtered, counted.

Figures to reach at 1,000,000 exchanges: first page of each filter under 100 ms, its count under
1 s, a page by key under 5 ms, the reader's memory under 150 MB.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from inspector.recording.filters import EVERYTHING, parse
from inspector.recording.reader import Reader
from inspector.recording.recording_file import RecordingFile
from inspector.recording.schema import open_for_writing
from inspector.recording.sessions import Session
from tests.benchmarks.traffic import RARE, exchanges

FILTERS: Final = (
    "status:5xx",
    "-status:200",
    "method:POST path:/pets",
    "path:/orders/1999",
    "path:/pets/123 status:404",
    "outcome:refused",
    "stage:integrate outcome:failed",
    "since:10m",
    "duration:>1s",
    f'body:"{RARE}"',
    "body:available -method:GET",
    "orders or origin:replayed",
)


#: The recording is so many times what the writer wrote: the rest is copied within SQLite.
COPIES: Final = 10


def main(argv: Sequence[str]) -> int:
    """Build, then measure in a process of its own, whose memory is the reader's alone."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks recording")
    parser.add_argument("--exchanges", type=int, default=1_000_000)
    parser.add_argument("--dir", type=Path, help="where to build (default: a temporary folder)")
    parser.add_argument("--no-index", action="store_true", help="leave the text index unmade")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.read:
        print(json.dumps(measure(args.read)))
        return 0
    with tempfile.TemporaryDirectory(dir=args.dir) as folder:
        path = Path(folder) / "large.db"
        built = build(path, args.exchanges, index=not args.no_index)
        command = [sys.executable, "-m", "tests.benchmarks", "recording", "--read", str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    result = {"built": built, **json.loads(done.stdout)}
    report(result)
    if args.json:
        args.json.write_text(json.dumps(result, indent=2) + "\n")
    return 0


def build(path: Path, count: int, *, index: bool) -> dict[str, Any]:
    """A tenth by the writer's own transactions, nine tenths as copies of it, and the text index.

    Copies have bodies of their own: nothing that a filter has to look through is shared.
    """
    began = time.perf_counter()
    file = RecordingFile(path, Session("command", None, "benchmark"), 16 << 20)
    share = -(-count // COPIES)
    source = exchanges(share, end_us=time.time_ns() // 1000)
    while batch := list(islice(source, 256)):
        file.write(batch)
    copied = time.perf_counter()
    connection = open_for_writing(path)
    for copy in range(1, COPIES):
        _copy(connection, copy, share)
    connection.close()
    written = time.perf_counter()
    while index and file.index_more():
        pass
    indexed = time.perf_counter()
    file.close()
    return {
        "exchanges": count,
        "write_us_an_exchange": round((copied - began) / share * 1e6, 1),
        "copy_s": round(written - copied, 1),
        "index_s": round(indexed - written, 1),
        "megabytes": round(path.stat().st_size / 1e6, 1),
    }


def _copy(connection: sqlite3.Connection, copy: int, share: int) -> None:
    """The first tenth again, with ids and bodies of its own, `copy` microseconds later."""
    first_bodies = "(SELECT max(response_body) FROM exchanges WHERE id <= :share)"
    values = {"share": share, "copy": copy, "shift": copy * share}
    highest = connection.execute(f"SELECT {first_bodies}", values).fetchone()[0] + share
    values["bodies"] = copy * highest
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO blobs SELECT id + :bodies, randomblob(16), size, form, coding, data"
        f" FROM blobs WHERE id <= {highest}",
        values,
    )
    connection.execute(
        "INSERT INTO exchanges SELECT id + :shift, started_us + :copy, duration_us, kind_id,"
        " target_id, request_size, response_size, request_body + :bodies, response_body + :bodies,"
        " replay_of, error, connection, close_code FROM exchanges WHERE id <= :share",
        values,
    )
    connection.execute(
        "INSERT INTO stories SELECT first_id + :shift, last_id + :shift, heads, story"
        " FROM stories WHERE last_id <= :share",
        values,
    )
    connection.execute("COMMIT")


def measure(path: Path) -> dict[str, Any]:
    """All figures in milliseconds; the median of three for a page, the first time for a count."""
    began = time.perf_counter()
    reader = Reader(path)
    first = reader.page(EVERYTHING)
    opened = time.perf_counter() - began
    newest = first[0].id
    deep = [newest * part // 10 for part in range(1, 10)]
    down = max(_timed(lambda at=at: reader.page(EVERYTHING, before=at))[0] for at in deep)
    up = max(_timed(lambda at=at: reader.page(EVERYTHING, after=at))[0] for at in deep)
    total_ms, total = _timed(lambda: reader.count(EVERYTHING))
    exchange_ms = max(_timed(lambda at=at: reader.exchange(at))[0] for at in deep)
    found = []
    for text in FILTERS:
        chosen = parse(text)
        page_ms, rows = _timed(lambda chosen=chosen: reader.page(chosen))
        count_ms, matches = _timed(lambda chosen=chosen: reader.count(chosen))
        assert len(rows) == min(50, matches), text
        found.append({"filter": text, "page_ms": page_ms, "count_ms": count_ms, "found": matches})
    return {
        "open_and_first_page_ms": round(opened * 1000, 2),
        "page_before_ms": down,
        "page_after_ms": up,
        "count_all_ms": total_ms,
        "count_all": total,
        "exchange_ms": exchange_ms,
        "filters": found,
        "reader_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def report(result: dict[str, Any]) -> None:
    """The figures, readably."""
    for key, value in result.items():
        if key != "filters":
            print(f"{key:24} {value}")
    print(f"{'filter':40} {'page ms':>9} {'count ms':>9} {'found':>9}")
    for row in result["filters"]:
        numbers = f"{row['page_ms']:9.2f} {row['count_ms']:9.2f} {row['found']:9,}"
        print(f"{row['filter']:40} {numbers}")


def _timed(work: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return round((time.perf_counter() - began) * 1000, 2), found
