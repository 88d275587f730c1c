"""An exchange as lines of text: one for a list, or its whole story with every step."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from inspector.cli.narration import BOLD, DIM, GREEN, RED, YELLOW, paint, plain
from inspector.gateway import narration
from inspector.gateway.stage_names import SHORT_NAMES, titles_of
from inspector.gateway.trace import Outcome, Step
from inspector.recording.exchange import Exchange
from inspector.replay.invocations import output_of
from inspector.replay.sockets import SHORT, head, surprise
from inspector.tui.present import units

#: Characters of a target or a sentence in a list; `story` has all.
_LONGEST = 200
#: Of a handshake's, which the connection's id stands behind.
_LONGEST_OF_SOCKET = 60
#: Characters of a connection's id that tell it from others.
_ID = 9
MARKS: dict[Outcome, tuple[str, str]] = {
    "ok": ("✓", GREEN),
    "refused": ("✗", RED),
    "failed": ("!", RED),
    "passed": ("·", DIM),
}


def line(exchange: Exchange) -> str:
    """`12:04:11.204 GET /dev/pets 200 12 ms stage ✓ route ✓ …`, in columns, and what went wrong."""
    target = head(exchange)[1]
    if exchange.api_id is None and target.startswith("/"):
        target = exchange.host + target
    socket = exchange.environment.socket
    if socket is not None:
        target = f"{_short(target, _LONGEST_OF_SOCKET)}  {socket.id[:_ID]}"
    return (
        f"{_dim(units.clock(exchange.started_us))}  {_method(exchange)} "
        f"{plain(_short(target)):<32} "
        f"{_status(exchange)} {units.duration(exchange.duration_us):>8}  {_strip(exchange)}"
        f"  {_dim(units.size(exchange.response_size))}{_why(exchange)}{_trouble(exchange)}"
    ).rstrip()


def story(exchange: Exchange) -> Iterator[str]:
    """The line of the exchange, then its steps, each with what decided it and what to do."""
    method, target = head(exchange)
    yield (
        f"{_bold(method)} {_bold(plain(target))} → {_status(exchange)}"
        f"  {units.duration(exchange.duration_us)}, {units.size(exchange.response_size)}"
    )
    titles = titles_of(exchange.trace)
    for step in exchange.trace:
        yield from _step(step, titles.get(step.stage, step.stage))
    yield from printed(exchange)
    if exchange.error:
        yield _trouble(exchange)


def printed(exchange: Exchange) -> Iterator[str]:
    """What functions printed meanwhile, each line below the function's name."""
    for name, log in output_of(exchange):
        yield f"  {_dim('λ')} {plain(name)} printed"
        for text in log.splitlines():
            yield f"    {_dim('│')} {plain(text)}"


def _why(exchange: Exchange) -> str:
    """The sentence of the step that stopped it."""
    stopped = next((each for each in exchange.trace if each.outcome in {"refused", "failed"}), None)
    if stopped is None:
        said = surprise(exchange)
        return "" if said is None else f"  {_mark('passed')} {plain(_short(said))}"
    return f"  {_mark(stopped.outcome)} {plain(_short(narration.describe(stopped)))}"


def _short(text: str, longest: int = _LONGEST) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _trouble(exchange: Exchange) -> str:
    return (
        "" if exchange.error is None else f"  {paint('!', RED, sys.stdout)} {plain(exchange.error)}"
    )


def _step(step: Step, title: str) -> Iterator[str]:
    place = "" if step.source is None else f"  {_dim(_place(step))}"
    yield f"  {_mark(step.outcome)} {title:<21} {plain(narration.describe(step))}{place}"
    advice = narration.remedy(step)
    if advice:
        yield f"    {'':<21} {paint(plain(advice), YELLOW, sys.stdout)}"


def _place(step: Step) -> str:
    assert step.source is not None
    return plain(f"{step.source.file.rpartition('/')[2]}:{step.source.line}")


def _strip(exchange: Exchange) -> str:
    return " ".join(
        f"{SHORT_NAMES.get(step.stage, step.stage)} {_mark(step.outcome)}"
        for step in exchange.trace
    )


def _mark(outcome: Outcome) -> str:
    mark, colour = MARKS[outcome]
    return paint(mark, colour, sys.stdout)


def _method(exchange: Exchange) -> str:
    method = head(exchange)[0]
    return _bold(f"{plain(SHORT.get(method, method)):<7}")


def _status(exchange: Exchange) -> str:
    if exchange.response is None:
        colour = DIM if exchange.outcome == "passed" else RED
        return paint("---", colour, sys.stdout)
    status = exchange.response.status
    colour = GREEN if status < 400 else YELLOW if status < 500 else RED
    return paint(str(status), colour, sys.stdout)


def _bold(text: str) -> str:
    return paint(text, BOLD, sys.stdout)


def _dim(text: str) -> str:
    return paint(text, DIM, sys.stdout)
