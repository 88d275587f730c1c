"""Whether the code that a template's functions name is there, and what it will be run by.

What lies outside of the template's folder is not looked at, and no file is opened.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from inspector.definitions import Diagnostic, Loaded
from inspector.definitions.places import Places
from inspector.model import Function

CODE = "code-missing"


def code_diagnostics(loaded: Loaded) -> list[Diagnostic]:
    """What keeps functions from being run as at Amazon: their code, or an older Python."""
    places, functions = Places.of(loaded.bundle), loaded.definition.functions
    missing = [found for function in functions for found in _of(function, places)]
    return [*missing, *_older(functions, places)]


def _of(function: Function, places: Places) -> Iterator[Diagnostic]:
    if function.code_path is None:
        return
    home = Path(function.source.file).parent.resolve()
    try:
        code = (home / function.code_path).resolve()
        there = code.exists()
    except (OSError, ValueError):  # no name that a file could have
        code, there = home, False
    if not code.is_relative_to(home):
        return
    if not there:
        message = f"the code of {function.logical_id} is not there: {function.code_path}"
        source = places.at(function.source, "Code") or function.source
        yield Diagnostic("warning", CODE, message, source, "Build it, or correct the path.")
        return
    program = "bootstrap"  # of other runtimes the handler's file is told on loading
    provided = (function.runtime or "").startswith("provided")
    if provided and code.is_dir() and not (code / program).exists():
        message = f"the runtime of {function.logical_id} is a program {program}, which is not there"
        source = places.at(function.source, "Code") or function.source
        remedy = f"Build it: it is looked for in '{function.code_path}'."
        yield Diagnostic("warning", CODE, message, source, remedy)


def _older(functions: tuple[Function, ...], places: Places) -> Iterator[Diagnostic]:
    """A Python function is run by the Python that runs us: its syntax may be newer. Said once."""
    here = sys.version_info.minor
    for runtime, function in {each.runtime: each for each in reversed(functions)}.items():
        kind, _, version = (runtime or "").partition("3.")
        if kind == "python" and version.isdigit() and int(version) > here:
            message = f"functions for Python 3.{version} are run by 3.{here} here"
            source = places.at(function.source, "Runtime") or function.source
            remedy = f"Install inspector with Python 3.{version} to run them by that."
            yield Diagnostic("info", "older-python", message, source, remedy)
