"""The conformance page: `python -m tests.facts --page` writes tests/README.md from the cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.facts.runner import read, run

HERE = Path(__file__).parent
DATA = HERE.parent / "data"
PAGE = HERE.parent / "README.md"
NOTES = HERE / "conformance.yaml"
_HEAD = """\
# How far the answers are Amazon's

Written by `python -m tests.facts --page` from the recorded cases under `tests/data`; a test keeps
it true. A case that cannot be run counts as failed. Beside each theme stands what is inferred,
unknown or different, and why.

The mapping engine has its own truth: 811 answers of Velocity 1.7 with Jayway JsonPath, all of them
met in Amazon's mode and in stock mode (`tests/gateway/velocity`).

| theme | recorded or documented cases | pass |
| --- | ---: | ---: |
"""


#: The key of what is built from Amazon's documentation alone.
WITHOUT_CASES = "without-cases"
_DOCUMENTED = """\
# What nobody has recorded

Built from Amazon's documentation, where not said otherwise.
"""


def themes() -> list[Path]:
    """The files of cases, one a theme."""
    return [*sorted((DATA / "aws").glob("*.jsonl")), *sorted((DATA / "access").glob("*.jsonl"))]


def page() -> str:
    """The page's text."""
    notes = yaml.safe_load(NOTES.read_text("utf-8"))
    rows, remarks = [], []
    for path in themes():
        cases = read([path])
        passed = sum(1 for case in cases if not run(case))
        rows.append(f"| {path.stem} | {len(cases)} | {passed} |")
        remarks.extend(_remarks(path.stem, notes.get(path.stem) or {}))
    documented = notes.get(WITHOUT_CASES) or {}
    if documented:
        remarks.append(_DOCUMENTED)
        for topic, said in documented.items():
            remarks.extend(_remarks(topic, said))
    return _HEAD + "\n".join(rows) + "\n\n" + "\n".join(remarks) + "\n"


def write() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")


def _remarks(theme: str, notes: Mapping[str, Any]) -> Iterator[str]:
    if not any(notes.values()):
        return
    yield f"## {theme}\n"
    for kind in ("documented", "inferred", "unknown", "differs"):
        for sentence in notes.get(kind, ()):
            yield f"- {kind}: {sentence}"
    yield ""
