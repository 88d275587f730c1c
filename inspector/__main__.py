"""`python -m inspector` is the command `inspector`."""

from __future__ import annotations

import sys

from inspector.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
