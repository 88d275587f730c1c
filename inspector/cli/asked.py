"""What a command asks of the gateway that is running on a recording."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inspector.cli.exit import CommandError, Exit
from inspector.recording.asking import NoAnswerError, ask
from inspector.recording.schema import open_for_reading


def asked(db: Path, topic: str, payload: dict[str, Any]) -> Any:
    """The gateway's answer. Raises `CommandError` where there is no recording, or no gateway."""
    if not db.exists():
        message = f"There is no recording {db}."
        raise CommandError(Exit.RECORDING, message, "Name that of the gateway: --db FILE.")
    open_for_reading(db).close()
    try:
        return ask(db, topic, payload)
    except NoAnswerError as error:
        hint = f"Is a gateway running on {db}? `inspector up … --db {db}` starts one."
        raise CommandError(Exit.FAILED, str(error), hint) from error
