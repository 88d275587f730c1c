"""What stands in for backends and Lambda functions in tests, and what its answers become."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    FunctionAnswer,
    InvokeFunction,
)
from inspector.message import Headers, Response

#: What a backend may answer: a reply of the core, a Response, text, bytes, or JSON values.
Answerable = BackendAnswer | BackendFailure | Response | bytes | str | Mapping[str, Any] | list[Any]
#: What stands in for a Lambda function: the event in, JSON values or a whole answer out.
Function = Callable[[Any], Any]
#: One for all of them, or one for each name.
Functions = Function | Mapping[str, Function]


def invoked(functions: Functions, effect: InvokeFunction) -> FunctionAnswer | BackendFailure:
    """What the stand-in answered; what it raised is the function's error."""
    if not isinstance(functions, Mapping):
        return _invoked(functions, effect)
    if effect.name not in functions:
        named = ", ".join(sorted(functions)) or "none"
        detail = f"`function` has no stand-in for {effect.name} (there are: {named})"
        return BackendFailure("other", detail)
    return _invoked(functions[effect.name], effect)


def _invoked(function: Function, effect: InvokeFunction) -> FunctionAnswer | BackendFailure:
    try:
        answer = function(json.loads(effect.payload))
    except Exception as error:  # noqa: BLE001  whatever a function raises is its error
        return _failed(type(error).__name__, str(error))
    if isinstance(answer, FunctionAnswer | BackendFailure):
        return answer
    try:
        return FunctionAnswer(b"" if effect.asynchronous else json.dumps(answer).encode())
    except (TypeError, ValueError) as error:
        return _failed("Runtime.MarshalError", f"Unable to marshal response: {error}")


def _failed(kind: str, message: str) -> FunctionAnswer:
    document = {"errorMessage": message, "errorType": kind}
    return FunctionAnswer(json.dumps(document).encode(), "Unhandled")


def answered(answer: Answerable) -> BackendAnswer | BackendFailure:
    """What the stand-in answered, as a backend's."""
    if isinstance(answer, BackendAnswer | BackendFailure):
        return answer
    if isinstance(answer, Response):
        return BackendAnswer(answer.status, answer.headers, answer.body)
    if isinstance(answer, bytes):
        return BackendAnswer(200, Headers(), answer)
    if isinstance(answer, str):
        return BackendAnswer(200, Headers.of([("Content-Type", "text/plain")]), answer.encode())
    body = json.dumps(answer).encode()
    return BackendAnswer(200, Headers.of([("Content-Type", "application/json")]), body)
