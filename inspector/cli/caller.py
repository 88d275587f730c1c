"""`--caller FILE`: who calls, where all local traffic would come from 127.0.0.1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from inspector.cli.exit import CommandError, Exit
from inspector.gateway.environment import Caller
from inspector.runtime.callers import KEYS, CallerError, caller_from

EXAMPLE = "Expected, each optional: " + ", ".join(KEYS) + " (a PEM file)."


def read_caller(path: Path) -> Caller:
    """The caller that this YAML or JSON file describes."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CommandError(Exit.USAGE, f"--caller {path}: {reason}.", EXAMPLE) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = f":{mark.line + 1}" if (mark := getattr(error, "problem_mark", None)) else ""
        problem = getattr(error, "problem", None) or "not text in UTF-8"
        message = f"--caller {path}{where}: not YAML or JSON: {problem}."
        raise CommandError(Exit.USAGE, message, EXAMPLE) from error
    return _caller(path, content)


def _caller(path: Path, content: Any) -> Caller:
    if not isinstance(content, dict):
        raise _refusal(path, "holds no mapping of names to values")
    try:
        value = content.get("certificate")
        if isinstance(value, str):
            content = {**content, "certificate": _pem(path, value)}
        return caller_from(content)
    except CallerError as error:
        raise _refusal(path, str(error)) from error


def _pem(path: Path, value: str) -> str:
    """PEM text, or that of a PEM file beside the caller's file."""
    if "-----BEGIN" in value:
        return value
    file = path.parent / Path(value).expanduser()
    try:
        return file.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise _refusal(path, f"certificate: {file} cannot be read as PEM") from error


def _refusal(path: Path, problem: str) -> CommandError:
    return CommandError(Exit.USAGE, f"--caller {path}: {problem}.", EXAMPLE)
