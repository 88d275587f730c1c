"""The real engines, asked in one process: Velocity 1.7 and Jayway JsonPath 2.0 under Java."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

_SCRIPT = Path(__file__).parent / "oracle.sh"
_JARS = Path("/usr/share/java")
_NEEDED = ("velocity.jar", "json-path.jar", "json-smart.jar", "commons-lang.jar")


def answers(cases: list[dict[str, Any]], mode: str) -> list[dict[str, Any]]:
    """Output or error of each case; skips the test where Java or the engines are missing.

    `mode` is `velocity` or `aws-empty`, which is Amazon's.
    """
    if shutil.which("javac") is None:
        pytest.skip("no Java here")
    missing = [name for name in _NEEDED if not (_JARS / name).exists()]
    if missing:
        pytest.skip(f"Debian's packages of the engines are missing ({missing[0]})")
    done = subprocess.run(
        ["sh", str(_SCRIPT), "--mode", mode],
        input="".join(json.dumps(case) + "\n" for case in cases),
        capture_output=True,
        encoding="utf-8",
        timeout=60 + len(cases) / 50,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]
