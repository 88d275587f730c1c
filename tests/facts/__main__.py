"""`python -m tests.facts FILE… [-k TEXT] [-v]`: run files of cases against the gateway.

`--page` writes the conformance page, tests/README.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.facts import page
from tests.facts.runner import read, run


def main(argv: list[str] | None = None) -> int:
    """Run the files; one line for each case that falls short, the count at the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.facts", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("-k", metavar="TEXT", default="", help="only cases whose id has this")
    parser.add_argument("-v", action="store_true", help="name the cases that pass as well")
    parser.add_argument("--page", action="store_true", help="write the conformance page")
    options = parser.parse_args(argv)
    if options.page:
        page.write()
        return 0
    if not options.files:
        parser.error("name a file of cases, or --page")
    passed = failed = 0
    for case in read(options.files):
        if options.k not in case["id"]:
            continue
        shortfalls = run(case)
        if shortfalls:
            failed += 1
            print(f"{case['id']}: " + "; ".join(str(each) for each in shortfalls[:4]))
        else:
            passed += 1
            if options.v:
                print(f"{case['id']}: ok")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
