"""`python -m tests.benchmarks NAME [options]`: measure, print, and with `--json FILE` keep."""

from __future__ import annotations

import sys
from importlib import import_module

NAMES = (
    "proxy",
    "functions",
    "chaos",
    "recording",
    "pipeline",
    "policies",
    "velocity",
    "tui",
    "jwt",
    "websocket",
)


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
        print(f"usage: python -m tests.benchmarks {{{','.join(NAMES)}}} [options]", file=sys.stderr)
        return 2
    module = import_module(f"tests.benchmarks.{sys.argv[1]}")
    return int(module.main(sys.argv[2:]) or 0)


if __name__ == "__main__":
    sys.exit(main())
