"""Functions of which none runs: for who looks at a definition and does not trust its code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from inspector.gateway.effects import BackendFailure, InvokeFunction
from inspector.runtime.functions.elsewhere import Reply
from inspector.runtime.functions.functions import Functions
from inspector.runtime.functions.invocation import Outcome


class IdleFunctions(Functions):
    """Gives the answers that files hold, and runs nothing. `replies`: the file of each function."""

    def __init__(self, replies: Mapping[str, Path]) -> None:
        super().__init__(elsewhere={name: Reply(path) for name, path in replies.items()})

    async def invoke(self, effect: InvokeFunction) -> Outcome:
        """What the function's file says; else `BackendFailure`, which says that it was not run."""
        if effect.name in self._elsewhere:
            return await super().invoke(effect)
        return BackendFailure("other", _not_run(effect.name))


def _not_run(name: str) -> str:
    return (
        "it was not run, because of --no-functions: leave that out to run it, or say what it "
        f"answers with --function {name}=FILE.json"
    )
