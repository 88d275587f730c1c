"""What a stepped run tells about its output: who wrote what, and why it is no JSON."""

from __future__ import annotations

from inspector.gateway.mapping.explain import Explanation, Piece, explain
from inspector.gateway.velocity.stepping import Recorded, SourceMap


def pieces_of(recorded: Recorded) -> tuple[Piece, ...]:
    """The source map, as `explain` wants it."""
    return tuple(
        Piece(each.start, each.end, each.span.start, each.span.end)
        for each in SourceMap(recorded).pieces
    )


def explain_run(recorded: Recorded, content_type: str | None = None) -> Explanation | None:
    """Why the output of a run is no JSON; None where it is, or where it does not claim to be."""
    return explain(recorded.output, recorded.template, pieces_of(recorded), content_type)
