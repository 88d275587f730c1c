"""Errors of the rooms below in one sentence, with the exit code that belongs to them."""

from __future__ import annotations

import errno

from inspector.cli.exit import CommandError, Exit
from inspector.recording.schema import RecordingError

BUG = "This is a fault of inspector itself. INSPECTOR_DEBUG=1 shows where it happened."


def complaint(error: Exception) -> CommandError:
    """What to tell the user about `error`, whatever it is."""
    if isinstance(error, CommandError):
        return error
    if isinstance(error, RecordingError):
        return CommandError(Exit.RECORDING, str(error))
    if isinstance(error, OSError):
        return of_system(error)
    return CommandError(Exit.FAILED, f"{type(error).__name__}: {error}", BUG)


def of_system(error: OSError) -> CommandError:
    """A file or an address that the system refused."""
    where = f"{error.filename}: " if error.filename else ""
    reason = error.strerror or str(error)
    if error.errno in (errno.EADDRINUSE, errno.EADDRNOTAVAIL):
        return CommandError(Exit.ADDRESS, f"{where}{reason}")
    return CommandError(Exit.FAILED, f"{where}{reason[:1].lower()}{reason[1:]}")
