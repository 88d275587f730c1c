"""Functions found by their place: `functions/NAME/` beside the definition that names them.

An OpenAPI document has nowhere to say where a function's code is; CloudFormation has, and what it
says goes before this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from inspector.runtime.functions.spec import FunctionSpec

FOLDER = "functions"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
#: The file that says what a folder is: its runtime and its handler, as the consoles make them.
_KINDS = (
    ("app.py", "python3.11", "app.handler"),
    ("lambda_function.py", "python3.11", "lambda_function.lambda_handler"),
    ("index.mjs", "nodejs20.x", "index.handler"),
    ("index.js", "nodejs20.x", "index.handler"),
    ("index.cjs", "nodejs20.x", "index.handler"),
    ("bootstrap", "provided.al2023", "bootstrap"),
)


def find(definitions: Sequence[Path], name: str) -> FunctionSpec | None:
    """The function of this name beside one of the definitions, or None."""
    if not _NAME.fullmatch(name):
        return None
    for definition in definitions:
        root = definition.resolve().parent / FOLDER / name
        for file, runtime, handler in _KINDS:
            if (root / file).is_file():
                # A laptop's first invocation is slower than Lambda's: a little more than its 3 s.
                return FunctionSpec(
                    name=name, runtime=runtime, handler=handler, root=root, timeout_ms=30_000
                )
    return None


def names(definitions: Sequence[Path]) -> set[str]:
    """The folders beside the definitions that are functions."""
    folders = [each for path in definitions for each in (path.resolve().parent / FOLDER).glob("*")]
    return {each.name for each in folders if find(definitions, each.name) is not None}
