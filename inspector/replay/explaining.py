"""Why a recorded exchange ended as it did: run again from the recording, then explained."""

from __future__ import annotations

from dataclasses import replace

from inspector.definitions import Bundle, Loaded, read
from inspector.definitions.deployed import deployed
from inspector.definitions.places import Places
from inspector.gateway.explain import Case, Explanation, Hint, explain
from inspector.gateway.explain.explanation import Note
from inspector.gateway.pipeline import Answer
from inspector.message import Headers, Response
from inspector.recording.exchange import Exchange
from inspector.replay.passed import why_untold
from inspector.replay.rerun import NotRerunnableError, rerun

_NOTHING = Response(0, Headers(), b"")


def explain_exchange(exchange: Exchange, bundle_json: str | None) -> Explanation:
    """The explanation of a recorded exchange.

    `bundle_json` is the definition it was answered by, None for a host without one. Where the
    recording cannot be run again, what its trace alone tells.
    """
    if bundle_json is None:
        return explain_loaded(exchange, None)
    try:
        return explain_loaded(exchange, read(Bundle.from_json(bundle_json)))
    except ValueError:
        return explain_loaded(exchange, None)


def explain_loaded(exchange: Exchange, loaded: Loaded | None) -> Explanation:
    """The same where the definition has been read."""
    answer, trouble = _answer(exchange, loaded)
    case = Case(exchange.request, exchange.environment, answer)
    if loaded is not None:
        case = replace(
            case,
            definition=loaded.definition,
            places=Places.of(loaded.bundle),
            hints=tuple(
                Hint(each.level, each.code, each.message, each.source, each.remedy)
                for each in loaded.diagnostics
            ),
            performed=tuple((each.effect, each.reply) for each in exchange.performed),
        )
    found = explain(case)
    if trouble:
        found = replace(found, notes=(*found.notes, Note("explain.not-run-again", trouble)))
    if exchange.api_id is None and exchange.outcome == "passed":
        why = why_untold(exchange)
        found = replace(found, sentence=f"{why[:1].upper()}{why[1:]}.", notes=())
    return found


def _answer(exchange: Exchange, loaded: Loaded | None) -> tuple[Answer, str]:
    """What the core says of it; where it cannot be asked, the recorded trace, and why."""
    trouble = ""
    if loaded is not None:
        try:
            again = rerun(exchange, deployed(loaded))
        except NotRerunnableError as error:
            trouble = str(error)
        else:
            if again.answer is not None:
                return again.answer, ""
            trouble = "This release asks for something that the recording has no reply to."
    outcome = exchange.outcome if exchange.outcome != "passed" else "answered"
    recorded = Answer(
        exchange.response or _NOTHING,
        exchange.trace,
        outcome,
        None,
        exchange.api_id or "",
        exchange.stage,
        exchange.resource,
        exchange.stopped_at,
        exchange.response_type,
    )
    return recorded, trouble
