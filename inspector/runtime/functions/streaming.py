"""The answer of a function as it comes: its head is looked for, its body passed on.

Source: the Lambda developer guide, "Using the Lambda runtime API" (response streaming: the header
`Lambda-Runtime-Function-Response-Mode`, an error in the trailers).
"""

from __future__ import annotations

from base64 import b64decode

from inspector.gateway.effects import FunctionStream
from inspector.gateway.function_error import message_of
from inspector.gateway.lambda_answer import DELIMITER, PRELUDE_LIMIT
from inspector.runtime.failures import BackendError
from inspector.runtime.functions.invocation import (
    PAYLOAD_LIMIT,
    Invocation,
    error_object,
    too_large,
)
from inspector.runtime.stream import BodyStream, Wire

ERROR_TYPE = "lambda-runtime-function-error-type"
_ERROR_BODY = "lambda-runtime-function-error-body"
#: As if a runtime had said so itself that broke off in the middle.
CUT = {ERROR_TYPE: "Runtime.TruncatedResponse"}


class FunctionBody(BodyStream):
    """The body behind the head. A client that hangs up does not end the function, as at Amazon."""

    def __init__(self, prelude: bytes, request_id: str, wire: Wire) -> None:
        super().__init__(200, [], wire)
        self._function = FunctionStream(prelude, request_id)

    @property
    def head(self) -> FunctionStream:
        """What came before the body."""
        return self._function


class StreamedAnswer:
    """Takes the bytes of one answer; settles the invocation as soon as its head is there."""

    def __init__(self, invocation: Invocation, wire: Wire) -> None:
        self._invocation = invocation
        self._wire = wire
        self._seen = bytearray()
        self._body: FunctionBody | None = None
        self._size = 0

    def push(self, data: bytes) -> None:
        """The next bytes."""
        if self._body is not None:
            self._body.push(data)
            return
        self._size += len(data)
        if self._size > PAYLOAD_LIMIT:
            return
        headless = len(self._seen) >= PRELUDE_LIMIT + len(DELIMITER)
        self._seen += data
        if headless:  # it is kept whole
            return
        at = self._seen.find(DELIMITER, 0, PRELUDE_LIMIT + len(DELIMITER))
        if at >= 0:
            self._start(at)

    def end(self, trailers: dict[str, str], log: str) -> None:
        """All has come. `trailers` may say that the function failed on the way."""
        error = error_in(trailers)
        if self._body is None:
            if error is None and self._size > PAYLOAD_LIMIT:
                too_large(self._invocation, log)
                return
            body = bytes(self._seen) if error is None else error
            self._invocation.answer(body, log, None if error is None else "Unhandled")
        elif error is None:
            self._finish(log, None)
        else:
            told = ": ".join(filter(None, (trailers[ERROR_TYPE], message_of(error, ""))))
            self._finish(log, f"the function failed: {told}")

    def break_off(self, why: str, log: str) -> bool:
        """The process is gone. Whether the client has been promised a body."""
        if self._body is None:
            return False
        self._finish(log, why)
        return True

    def _start(self, at: int) -> None:
        invocation = self._invocation
        self._body = FunctionBody(bytes(self._seen[:at]), invocation.request_id, self._wire)
        rest = bytes(self._seen[at + len(DELIMITER) :])
        self._seen.clear()
        if rest:
            self._body.push(rest)
        if not invocation.done.done():
            invocation.done.set_result(self._body)

    def _finish(self, log: str, error: str | None) -> None:
        assert self._body is not None
        self._body.log = log
        self._body.end(None if error is None else BackendError("reset", error))


def error_in(trailers: dict[str, str]) -> bytes | None:
    """The error object of a function that failed while it answered; None where it did not."""
    if ERROR_TYPE not in trailers:
        return None
    try:
        body = b64decode(trailers.get(_ERROR_BODY, ""))
    except ValueError:
        body = b""
    return body or error_object(trailers[ERROR_TYPE], "")
