"""The exit codes of every command, and the exception that ends one with a sentence."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended, for scripts."""

    OK = 0
    FAILED = 1
    USAGE = 2
    DEFINITION = 3
    RECORDING = 4
    ADDRESS = 5
    INTERRUPTED = 130


MEANINGS: dict[Exit, str] = {
    Exit.OK: "done",
    Exit.FAILED: "what was asked failed",
    Exit.USAGE: "the command line or a file it names makes no sense",
    Exit.DEFINITION: "a definition is broken",
    Exit.RECORDING: "the recording cannot be used",
    Exit.ADDRESS: "the address is in use or cannot be listened on",
    Exit.INTERRUPTED: "interrupted",
}


class CommandError(Exception):
    """Ends the command. `message` says what is wrong and where, `hint` what to do about it."""

    def __init__(self, exit_code: Exit, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.message = message
        self.hint = hint
