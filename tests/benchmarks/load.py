"""Load: wrk where it is installed, else a small closed-loop client; both give the same figures."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

_UNITS = {"us": 1.0, "ms": 1e3, "s": 1e6}


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests answered, those answered otherwise than 2xx, and what it took."""

    requests: int
    bad: int
    per_second: float
    p50_us: float
    p99_us: float


def load(url: str, connections: int, seconds: float) -> Measured:
    """Ask `url` over so many connections, each waiting for its answer, for so long."""
    if shutil.which("wrk") is not None:
        return _wrk(url, connections, seconds)
    return asyncio.run(_own(url, connections, seconds))


def _wrk(url: str, connections: int, seconds: float) -> Measured:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--latency", url]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def found(pattern: str) -> str:
        match = re.search(pattern, out)
        return match[1] if match else "0"

    def micros(share: str) -> float:
        match = re.search(rf"{share}\s+([\d.]+)(us|ms|s)\b", out)
        return float(match[1]) * _UNITS[match[2]] if match else 0.0

    bad = int(found(r"Non-2xx or 3xx responses: (\d+)"))
    bad += sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", out)))
    return Measured(
        int(found(r"(\d+) requests in")),
        bad,
        float(found(r"Requests/sec:\s+([\d.]+)")),
        micros("50%"),
        micros("99%"),
    )


async def _own(url: str, connections: int, seconds: float) -> Measured:
    place = urlsplit(url)
    request = f"GET {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode()
    taken: list[float] = []
    bad = 0
    began = time.perf_counter()

    async def one() -> None:
        nonlocal bad
        reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=2**20)
        while time.perf_counter() - began < seconds:
            start = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: *(\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
            taken.append((time.perf_counter() - start) * 1e6)
            bad += head[9:10] != b"2"
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    spent = time.perf_counter() - began
    taken.sort()
    p99 = taken[int(len(taken) * 0.99)]
    return Measured(len(taken), bad, len(taken) / spent, taken[len(taken) // 2], p99)
