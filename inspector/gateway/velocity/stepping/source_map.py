"""From output to template and back: which statement wrote what."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from inspector.gateway.velocity.stepping.events import Event, Recorded, Span


@dataclass(frozen=True, slots=True)
class Written:
    """A stretch of the output, in characters, and the event that wrote it."""

    start: int
    end: int
    event: int
    span: Span


class SourceMap:
    """The map of one run.

    The innermost statement counts as the writer: inside of a macro its body's line, with the call
    among `callers`. Offsets are characters of the output; `byte` leads from bytes to them.
    """

    def __init__(self, recorded: Recorded) -> None:
        self._events = recorded.events
        self._output = recorded.output
        self.pieces = tuple(_pieces(recorded.events))
        self._filled = [piece for piece in self.pieces if piece.end > piece.start]
        self._starts = [piece.start for piece in self._filled]

    def writer(self, offset: int) -> Written | None:
        """Who wrote the character at this offset."""
        at = bisect_right(self._starts, offset) - 1
        if at < 0 or self._filled[at].end <= offset:
            return None
        return self._filled[at]

    def writers(self, start: int, end: int) -> list[Written]:
        """All that wrote something between two offsets, in order."""
        return [each for each in self.pieces if each.start < end and each.end > start]

    def callers(self, event: int) -> list[Event]:
        """The statements around an event, the innermost first: calls, loops, conditions."""
        found = []
        parent = self._events[event].parent
        while parent is not None:
            found.append(self._events[parent])
            parent = self._events[parent].parent
        return found

    def of_span(self, start: int, end: int) -> list[tuple[int, int]]:
        """The stretches of output that this stretch of the template wrote, neighbours joined.

        A statement around others (a loop, a call) has what they wrote.
        """
        ranges = [
            event.output
            for event in self._events
            if event.output is not None
            and event.output[0] < event.output[1]
            and event.kind != "iteration"
            and start <= event.span.start
            and event.span.end <= max(end, start + 1)
        ]
        return _joined(sorted(ranges))

    def of_line(self, line: int) -> list[tuple[int, int]]:
        """The stretches of output that statements beginning on this line wrote."""
        ranges = [
            piece_range
            for event in self._events
            if event.output is not None and event.span.line <= line <= event.span.end_line
            for piece_range in self._on_line(event, line)
        ]
        return _joined(sorted(ranges))

    def byte(self, offset: int) -> int:
        """The offset in UTF-8 bytes of an offset in characters."""
        return len(self._output[:offset].encode("utf-8", "surrogatepass"))

    def character(self, byte: int) -> int:
        """The offset in characters of an offset in UTF-8 bytes."""
        raw = self._output.encode("utf-8", "surrogatepass")[:byte]
        return len(raw.decode("utf-8", "ignore"))

    def _on_line(self, event: Event, line: int) -> list[tuple[int, int]]:
        """What of an event belongs to one line: a text of several lines is taken apart."""
        assert event.output is not None
        start, end = event.output
        if start == end or event.kind == "iteration":
            return []
        if event.span.line == event.span.end_line:
            return [(start, end)] if event.span.line == line else []
        if event.kind != "text" or end - start != event.span.end - event.span.start:
            return [(start, end)] if event.kind == "text" or event.span.line == line else []
        text = event.source.split("\n")
        at = start + sum(len(each) + 1 for each in text[: line - event.span.line])
        return [(at, min(end, at + len(text[line - event.span.line]) + 1))]


def _pieces(events: tuple[Event, ...]) -> list[Written]:
    """What each event wrote itself: its range less those of the events inside."""
    inside: dict[int, list[tuple[int, int]]] = {}
    for event in events:
        if event.parent is not None and event.output is not None:
            inside.setdefault(event.parent, []).append(event.output)
    pieces = []
    for event in events:
        if event.output is None:
            continue
        at, end = event.output
        for start, stop in inside.get(event.index, ()):
            if start > at:
                pieces.append(Written(at, start, event.index, event.span))
            at = max(at, stop)
        if end > at or (event.kind == "reference" and event.index not in inside):
            pieces.append(Written(at, end, event.index, event.span))
    pieces.sort(key=lambda piece: (piece.start, piece.event))
    return pieces


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in ranges:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
