"""One invocation of a function, and what came of it in Lambda's own words.

Sources of the error documents: the Lambda developer guide, "Using the Lambda runtime API" and
"Troubleshoot execution issues" (`Runtime.ExitError`, `Sandbox.Timedout`,
`Function.ResponseSizeTooLarge`), as CloudWatch shows them.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

from inspector.gateway.effects import BackendFailure, FunctionAnswer
from inspector.runtime.stream import BodyStream

#: Bytes of a function's answer that Lambda passes on (6 MB and a little, quota page).
PAYLOAD_LIMIT = 6_291_556
#: Characters of a function's output that are kept with an invocation.
LOG_LIMIT = 256 * 1024

Outcome = FunctionAnswer | BackendFailure | BodyStream


@dataclass(slots=True)
class Invocation:
    """An event on its way. `done` gives the outcome; it never raises.

    `stream`: the outcome may be the answer as it comes. `init_ms`: what a cold start took. `late`:
    the first process took too long to start, so that another one's start is part of the function's
    time; `printed`: what such a process had printed; `printing` takes what the process at work has.
    """

    request_id: str
    payload: bytes
    arn: str
    trace_id: str
    done: asyncio.Future[Outcome]
    init_ms: int = 0
    stream: bool = False
    late: bool = False
    printed: str = ""
    printing: Callable[[], str] | None = None

    def answer(self, payload: bytes, log: str, error: str | None = None) -> None:
        """Settle it, unless nobody waits any more."""
        if not self.done.done():
            self.done.set_result(
                FunctionAnswer(
                    payload, error, self.request_id, self.printed + log, init_ms=self.init_ms
                )
            )

    def give_up(self, detail: str) -> None:
        """Nobody waits any more: settle it, with what was printed up to now. The process goes on."""
        if not self.done.done():
            log = self.printed if self.printing is None else self.printed + self.printing()
            self.done.set_result(BackendFailure("timeout", detail, log))

    def fail(self, error_type: str, message: str, log: str) -> None:
        """Settle it with an error of Lambda's own."""
        self.answer(error_object(error_type, f"RequestId: {self.request_id} Error: {message}"), log,
                    "Unhandled")  # fmt: skip


def exited(invocation: Invocation, code: int | None, log: str) -> None:
    """The process ended in the middle. `code` as of `subprocess`: negative for a signal."""
    if not code:
        message = "Runtime exited without providing a reason"
    elif code > 0:
        message = f"Runtime exited with error: exit status {code}"
    else:
        message = f"Runtime exited with error: signal: {_SIGNALS.get(-code, -code)}"
    invocation.fail("Runtime.ExitError", message, log)


def timed_out(invocation: Invocation, timeout_ms: int, log: str) -> None:
    """The function's own time limit passed."""
    message = f"Task timed out after {timeout_ms / 1000:.2f} seconds"
    invocation.fail("Sandbox.Timedout", message, log)


def out_of_memory(invocation: Invocation, log: str) -> None:
    """The process grew over the function's memory size."""
    invocation.fail("Runtime.OutOfMemory", "Runtime exited with error: signal: killed", log)


def too_large(invocation: Invocation, log: str) -> None:
    """The answer is larger than Lambda passes on."""
    text = f"Response payload size exceeded maximum allowed payload size ({PAYLOAD_LIMIT} bytes)."
    invocation.answer(error_object("Function.ResponseSizeTooLarge", text), log, "Unhandled")


def error_object(error_type: str, message: str) -> bytes:
    """What whoever invoked the function is told of an error."""
    document = {"errorType": error_type, "errorMessage": message}
    return json.dumps(document, separators=(",", ":")).encode()


#: As Go prints signals, which Lambda's supervisor is written in.
_SIGNALS = {
    1: "hangup", 2: "interrupt", 4: "illegal instruction", 6: "aborted", 7: "bus error",
    8: "floating point exception", 9: "killed", 11: "segmentation fault", 15: "terminated",
}  # fmt: skip
