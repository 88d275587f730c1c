"""What stages that have to do with functions decided, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inspector.gateway.functions import function_name
from inspector.gateway.trace import Fact

Facts = Mapping[str, Fact]


def _name(facts: Facts) -> str:
    return function_name(str(facts["function"]))


def asked(facts: Facts) -> str:
    """Who was asked: a function by its name, or the backend."""
    return f"Function {_name(facts)}" if "function" in facts else "The backend"


def did_not_run(facts: Facts) -> str | None:
    """Why there is no answer of a function; None for a backend."""
    if "function" not in facts:
        return None
    return f"Function {_name(facts)} gave no answer: {facts['detail']}."


SENTENCES: Mapping[str, Callable[[Facts], str]] = {
    "map-request.function": lambda f: f"Function {_name(f)} is invoked.",
    "map-request.function-method": lambda f: (
        f"Functions are invoked by POST; the integration says {f['integration_method']}."
    ),
    "map-request.event-too-large": lambda f: (
        f"The event for function {_name(f)} has {f['size']} bytes; Lambda takes {f['limit']}."
    ),
    "integrate.function": lambda f: f"Function {_name(f)} answered {f['size']} bytes.",
    "integrate.function-stream": lambda f: f"Function {_name(f)} streams its answer.",
    "integrate.function-error": lambda f: f"Function {_name(f)} failed.",
    "map-response.function": lambda f: f"The function's answer goes out as {f['status']}.",
    "map-response.function-error": lambda f: f"The function raised an error: {f['error']}",
}
