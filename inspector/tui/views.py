"""The views that an exchange opens into, in the order of their tabs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inspector.tui.present.document import Document, Form
from inspector.tui.reading import Opened


@dataclass(frozen=True, slots=True)
class Look:
    """How it is looked at: the form of bodies, and the width in cells."""

    form: Form = "auto"
    width: int = 80


@dataclass(frozen=True, slots=True)
class View:
    """A tab: its name, and the document it shows of an exchange; `slow` ones in a thread."""

    name: str
    make: Callable[[Opened, Look], Document]
    slow: bool = False


def _explain(opened: Opened, look: Look) -> Document:
    from inspector.replay.edited_since import explain_by_now  # noqa: PLC0415  when it is looked at
    from inspector.tui.present import explaining, functions  # noqa: PLC0415  the same

    found = explain_by_now(opened.exchange, opened.bundle)
    also = functions.printed(opened.exchange)
    return explaining.document(found, opened.line_of, look.width, also)


def _steps(opened: Opened, _look: Look) -> Document:
    from inspector.tui.present import steps  # noqa: PLC0415  when it is looked at

    return steps.steps(opened.exchange, opened.line_of)


def _request(opened: Opened, look: Look) -> Document:
    from inspector.tui.present import messages  # noqa: PLC0415  when it is looked at

    return messages.request(opened.exchange, look.form)


def _backend(opened: Opened, look: Look) -> Document:
    from inspector.tui.present import messages  # noqa: PLC0415  when it is looked at

    return messages.backend(opened.exchange, look.form)


def _response(opened: Opened, look: Look) -> Document:
    from inspector.tui.present import messages  # noqa: PLC0415  when it is looked at

    return messages.response(opened.exchange, look.form)


def _difference(opened: Opened, look: Look) -> Document:
    from inspector.tui.present import diff  # noqa: PLC0415  when it is looked at

    exchange, other = opened.exchange, opened.other
    if other is None:
        return diff.nothing_to_compare()
    this = diff.Side(f"this one ({opened.id})", exchange.response)
    that = diff.Side(f"{opened.other_is} ({opened.other_id})", other.response)
    left, right = (that, this) if opened.other_is == "original" else (this, that)
    return diff.document(left, right, look.width)


def _log(opened: Opened, _look: Look) -> Document:
    from inspector.tui.present import log  # noqa: PLC0415  when it is looked at

    return log.log(opened.exchange, opened.bundle)


#: The number of a view is its key.
VIEWS: tuple[View, ...] = (
    View("Explain", _explain, slow=True),
    View("Steps", _steps),
    View("Request", _request),
    View("Backend", _backend),
    View("Response", _response),
    View("Difference", _difference),
    View("Log", _log, slow=True),
)
EXPLAIN, STEPS = 0, 1
DIFFERENCE = [view.name for view in VIEWS].index("Difference")
