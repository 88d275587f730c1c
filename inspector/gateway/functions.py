"""What is asked of a Lambda function, and what it answers: part of `effects`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b


@lru_cache(maxsize=256)
def function_name(function: str) -> str:
    """A function's name in an ARN, a partial ARN or a name, without its qualifier."""
    parts = function.split(":")
    if "function" in parts[:-1]:
        return parts[parts.index("function") + 1]
    return parts[0]


@dataclass(frozen=True, slots=True)
class InvokeFunction:
    """Invoke a Lambda function with a JSON event, as bytes.

    `function` is the ARN or name that the integration's URI names, stage variables filled in;
    `asynchronous` asks for the invocation type Event, which answers nothing; `trace_id` is the
    X-Ray header's value that Lambda passes on, no part of what is asked; `stream` asks for the
    answer as it comes (InvokeWithResponseStream).
    Replies: `FunctionAnswer`, `BackendFailure`, with `stream` also `FunctionStream`.
    """

    function: str
    payload: bytes
    timeout_ms: int
    asynchronous: bool = False
    trace_id: str = ""
    stream: bool = False

    @property
    def name(self) -> str:
        """The function's name, taken out of what names it."""
        return function_name(self.function)

    @property
    def key(self) -> str:
        """The same for the same function and event."""
        how = "stream" if self.stream else "invoke"
        return f"{how} {self.function} {blake2b(self.payload, digest_size=12).hexdigest()}"


@dataclass(frozen=True, slots=True)
class FunctionAnswer:
    """What a function answered: its result, or with `error` (`Unhandled`) its error object.

    `payload` is JSON as the runtime wrote it, empty for an asynchronous invocation; `log` is what
    the function printed meanwhile, as far as it is known and kept; `duration_ms` how long the
    gateway waited for it, of which `init_ms` for a new process to be ready (0: it was warm).
    """

    payload: bytes
    error: str | None = None
    request_id: str = ""
    log: str = ""
    duration_ms: int = 0
    init_ms: int = 0


@dataclass(frozen=True, slots=True)
class FunctionStream:
    """What a streaming function sent before its body, up to the eight zero bytes between them."""

    prelude: bytes
    request_id: str = ""
