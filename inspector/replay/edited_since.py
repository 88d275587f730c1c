"""Edits since an exchange was answered: the file is another by now (pains 4 and 5).

What answered is what was deployed then, as a stage of Amazon's serves its last deployment. Whether
the edits would have changed the answer is found by running the exchange again, as it was answered
and under the file as it is now, both with the recorded replies: where the file asks for something
that nobody was asked then, that is a difference, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from inspector.definitions import Bundle, Loaded, read
from inspector.definitions.deployed import deployed
from inspector.definitions.differences import Difference, differences
from inspector.definitions.edited import edited
from inspector.definitions.places import Places
from inspector.gateway.deploy import Gateway
from inspector.gateway.destination import Destination, destination_of
from inspector.gateway.explain import Explanation, Note, Try
from inspector.gateway.pipeline import Answer
from inspector.model import Source
from inspector.recording.exchange import Exchange
from inspector.replay.explaining import explain_exchange
from inspector.replay.rerun import NotRerunnableError, rerun, served_of

RULE = "definition.edited"
REMEDY = (
    "Send it again: `inspector up` serves an edit at once. At Amazon a change counts once it is "
    "deployed again, authorizers included."
)
#: So many differences are named.
_NAMED = 3


def explain_by_now(exchange: Exchange, bundle_json: str | None) -> Explanation:
    """`explain_exchange`, with what edits of the files since then would change of the answer."""
    return _with_edits(explain_exchange(exchange, bundle_json), exchange, bundle_json)


def _with_edits(found: Explanation, exchange: Exchange, bundle_json: str | None) -> Explanation:
    bundle = _bundle(bundle_json)
    now = None if bundle is None else edited(bundle)
    if bundle is None or now is None or not _is_about(now, exchange):
        return found
    if now.broken:
        return replace(found, notes=(*found.notes, _broken(now)))
    before = read(bundle)
    changes = differences(before.definition, now.definition)
    gateway = deployed(now)
    if not changes or not _ends_otherwise(exchange, deployed(before), gateway):
        return found
    deciding = _deciding(changes, _destination(exchange, gateway))
    source = _edited_line(deciding, before.bundle, now.bundle)
    note = Note(RULE, _summary(changes), source, REMEDY)
    if not found.wrong:
        return replace(found, notes=(note, *found.notes))
    return replace(
        found,
        sentence=f"An older definition answered: {deciding} since. {found.sentence}",
        source=source,
        line_text=Places.of(now.bundle).line(source),
        lines=(source, *found.lines),
        remedy=REMEDY,
        tries=(Try("wait", "send it again", request=exchange.request, wait_ms=0), *found.tries),
        notes=(note, *found.notes),
    )


def _is_about(now: Loaded, exchange: Exchange) -> bool:
    """Whether the files are still those of this API: names are relative, and folders differ."""
    ids = {api.id for api in now.definition.apis}
    return exchange.api_id in ids or (now.broken and not ids)


def _summary(changes: Sequence[Difference]) -> str:
    files = " and ".join(dict.fromkeys(each.source.file for each in changes))
    named = ", ".join(str(each) for each in changes[:_NAMED])
    more = f" and {len(changes) - _NAMED} more" if len(changes) > _NAMED else ""
    return f"{files} was edited since, so that it would be answered otherwise: {named}{more}."


def _bundle(bundle_json: str | None) -> Bundle | None:
    try:
        return None if bundle_json is None else Bundle.from_json(bundle_json)
    except ValueError:
        return None


def _broken(now: Loaded) -> Note:
    error = next(each for each in now.diagnostics if each.level == "error")
    text = (
        f"{error.source.file} was edited since, and cannot be served as it is now: {error.message}."
    )
    return Note("definition.broken", text, error.source, error.remedy)


def _ends_otherwise(exchange: Exchange, before: Gateway, now: Gateway) -> bool:
    was = _answer(exchange, before)
    if was is None:
        return False  # a recording that cannot be run again tells nothing
    answer = _answer(exchange, now)
    return answer is None or _end(answer) != _end(was)


def _end(answer: Answer) -> tuple[object, ...]:
    return answer.response, [(step.code, step.outcome) for step in answer.trace]


def _answer(exchange: Exchange, gateway: Gateway) -> Answer | None:
    try:
        return rerun(exchange, gateway).answer
    except NotRerunnableError:
        return None


def _destination(exchange: Exchange, now: Gateway) -> Destination | None:
    try:
        served = served_of(exchange, now)
    except NotRerunnableError:
        return None
    return destination_of(served, exchange.request, exchange.environment)


def _deciding(changes: Sequence[Difference], reach: Destination | None) -> Difference:
    """The difference that the request meets: its method or route, its authorizer, else the first."""
    if reach is not None:
        for part, name in (("method", reach.name), ("route", reach.name),
                           ("authorizer", reach.authorizer)):  # fmt: skip
            for each in changes:
                if (each.part, each.name) == (part, name):
                    return each
    return changes[0]


def _edited_line(difference: Difference, before: Bundle, now: Bundle) -> Source:
    """The edited line of a declaration: the nearest of a new one, the first of a changed one."""
    source = difference.source
    old, new = (each.files.get(source.file, "").splitlines() for each in (before, now))
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    lines = [
        number
        for tag, _, _, first, last in blocks
        if tag != "equal"
        for number in range(first + 1, last + 1)
    ]
    if difference.kind == "changed":
        # What a route of a template is made of may stand above it, in resources of its own.
        lines = [number for number in lines if number >= source.line] or lines
    if difference.kind == "gone" or not lines:
        return source
    return replace(source, line=min(lines, key=lambda number: abs(number - source.line)), column=1)
