"""What the mapping templates of an exchange did, run once more: which line wrote what, and why.

Slips are told where something nearly fits: a template may well ask for what is not always there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inspector.gateway.explain.case import Case
from inspector.gateway.explain.near import nearest
from inspector.gateway.explain.templates import faults, unread_paths
from inspector.gateway.mapping.context import IDENTITY
from inspector.gateway.mapping.json_check import Expected, first_fault
from inspector.gateway.mapping.stepped import explain_run
from inspector.gateway.rendering import Rendering
from inspector.gateway.stages.map_response import response_rendering
from inspector.gateway.stages.request_body import request_rendering
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.stepping import Event, Recorded, SourceMap, record
from inspector.gateway.websocket.rendering import SocketRendering
from inspector.gateway.websocket.stages.map_response import (
    response_rendering as socket_response_rendering,
)
from inspector.gateway.websocket.stages.request_body import (
    request_rendering as socket_request_rendering,
)
from inspector.model import Source, Template

#: How alike a name must be to one that is there.
_ALIKE = 0.6
_MEMBER = re.compile(r"\.([A-Za-z_]\w*)(?![\w(])")
_KEY = re.compile(r"\"([A-Za-z_][\w.-]*)\"\s*:")
_SET_FROM_BODY = re.compile(r"#set\(\s*\$(\w+)\s*=")
_VARIABLE = re.compile(r"\$!?\{?(\w+)")
_LIST_OF_TEXT = re.compile(r"#foreach\([^)]*\bin\s+\$input\.json\(")
_CONTEXT = re.compile(r"\$!?\{?context\.([A-Za-z][\w.]*\w)")
#: Members of `$context` that hold what the definition or its functions say.
_OPEN = frozenset(("authorizer", "error", "requestOverride", "responseOverride", "stageVariables"))
_OVERRIDE = "responseOverride.status"
#: Variables that every template has.
_GIVEN = frozenset(("input", "util", "context", "stageVariables", "foreach", "velocityCount"))


@dataclass(frozen=True, slots=True)
class Slip:
    """A line of a template that hardly does what was meant."""

    source: Source
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Ran:
    """A template with its run; `given` is the body that it read."""

    template: Template
    given: str
    context: Mapping[str, object]
    recorded: Recorded


def request_run(case: Case) -> Ran | None:
    """The run of the request's template."""
    if case.chosen is not None:
        return _run(socket_request_rendering(case.chosen))
    return None if case.routed is None else _run(request_rendering(case.routed))


def response_run(case: Case) -> Ran | None:
    """The run of the chosen response's template."""
    if case.socket_answered is not None:
        return _run(socket_response_rendering(case.socket_answered))
    answered = case.answered
    return None if answered is None else _run(response_rendering(answered))


def _run(rendering: Rendering | SocketRendering | None) -> Ran | None:
    if rendering is None:
        return None
    context = rendering.variables().get("context")
    try:
        recorded = record(rendering.template.text, rendering.variables())
    except TemplateError:
        return None
    known = context if isinstance(context, Mapping) else {}
    return Ran(rendering.template, rendering.body, known, recorded)


def slips(case: Case, ran: Ran) -> Iterator[Slip]:
    """The likeliest first."""
    yield from _unused_sets(case, ran)
    for source, reason in faults(case, ran.template):
        yield Slip(source, reason, "Look at that name: it is misspelt, or another was meant.")
    yield from _unknown_context(case, ran)
    yield from _unread(case, ran)
    yield from _unresolved(case, ran)
    yield from _texts_walked(case, ran)
    yield from _not_json(case, ran)


def _unused_sets(case: Case, ran: Ran) -> Iterator[Slip]:
    """A `#set` of a variable that nobody reads, where nearly the same name is read and never set."""
    text = ran.template.text
    made, read = set(_SET_FROM_BODY.findall(text)), set(_VARIABLE.findall(text))
    made |= set(re.findall(r"#foreach\(\s*\$(\w+)", text))
    lost = [name for name in read - made - _GIVEN if _uses(text, name) > 1]
    for name in made:
        meant = nearest(name, lost, _ALIKE) if _uses(text, name) == 1 else None
        if meant is not None:
            place = _line_of(case, ran, f"${name}")
            yield Slip(place, f"${name} is set and never read; ${meant} is read and never set.",
                       f"Write ${meant}.")  # fmt: skip


def _uses(text: str, name: str) -> int:
    return len(re.findall(rf"\$!?\{{?{re.escape(name)}\b", text))


def _line_of(case: Case, ran: Ran, text: str) -> Source:
    at = ran.template.text.index(text)
    return case.places.inside(ran.template.source, ran.template.text.count("\n", 0, at) + 1)


def _unknown_context(case: Case, ran: Ran) -> Iterator[Slip]:
    """Members of `$context` that it never has, and nearly does."""
    for number, line in enumerate(ran.template.text.splitlines(), 1):
        for match in _CONTEXT.finditer(line):
            slip = _nearly_in(ran.context, match[1].split("."))
            if slip is not None:
                name, meant = slip
                source = case.places.inside(ran.template.source, number, match.start() + 1)
                text = f"$context has no {name}, but {meant}."
                yield Slip(source, text, f"Write {meant}.")


def _nearly_in(context: Mapping[str, object], names: list[str]) -> tuple[str, str] | None:
    here: object = context
    for name in names:
        if not isinstance(here, Mapping) or name in _OPEN:
            return None
        if name in IDENTITY and name not in here:
            return None  # Amazon has it, of other callers
        if name not in here:
            meant = nearest(name, [str(each) for each in here], _ALIKE)
            return None if meant is None else (name, meant)
        here = here[name]
    return None


def _unread(case: Case, ran: Ran) -> Iterator[Slip]:
    """Paths into the body that lead nowhere, where one member is nearly called so."""
    names = _names(ran)
    for source, path in unread_paths(case, ran.template, ran.given):
        for name in re.findall(r"[A-Za-z_]\w*", path):
            meant = None if name in names else nearest(name, names, _ALIKE)
            if meant is not None:
                text = f"{path} leads to nothing in what the template was given, which has {meant}."
                yield Slip(source, text, f"Write {path.replace(name, meant)}.")
                break


def _unresolved(case: Case, ran: Ran) -> Iterator[Slip]:
    """References that came to nothing, where the data has nearly that member."""
    names = _names(ran)
    for event in ran.recorded.events:
        for each in event.unresolved:
            for name in _MEMBER.findall(each.text):
                if name in names or each.text.lstrip("$!{").split(".")[0] in _GIVEN:
                    continue
                meant = nearest(name, names, _ALIKE)
                if meant is not None:
                    source = case.places.inside(ran.template.source, each.line, each.column)
                    text = f"{each.text} came to nothing: the data has {meant}."
                    yield Slip(source, text, f"Write {each.text.replace(name, meant)}.")


def _names(ran: Ran) -> list[str]:
    return list(dict.fromkeys(_KEY.findall(ran.given)))


def _texts_walked(case: Case, ran: Ran) -> Iterator[Slip]:
    """Loops over `$input.json`, which is a text."""
    for number, line in enumerate(ran.template.text.splitlines(), 1):
        found = _LIST_OF_TEXT.search(line)
        if found is not None:
            source = case.places.inside(ran.template.source, number, found.start() + 1)
            text = "$input.json gives a text, and #foreach walks through lists only."
            yield Slip(source, text, "Write $input.path there.")


def _not_json(case: Case, ran: Ran) -> Iterator[Slip]:
    """Output that begins as JSON and is none."""
    found = None if ran.recorded.error is not None else explain_run(ran.recorded)
    if found is None:
        return
    line, column = _written_at(ran, found.blamed[0])
    source = case.places.inside(ran.template.source, line, column)
    yield Slip(
        source, f"What the template wrote is no JSON: {found.reason.rstrip('.')}.", found.mend
    )


def _written_at(ran: Ran, blamed: int) -> tuple[int, int]:
    """Line and column of the template that wrote the fault; where something lacks, what is before."""
    output, template = ran.recorded.output, ran.template.text
    fault = first_fault(output)
    if fault is not None and fault.expected in (Expected.SEPARATOR, Expected.COLON):
        blamed = max(fault.before, 0)
    piece = SourceMap(ran.recorded).writer(blamed)
    if piece is None:
        return template.rstrip().count("\n") + 1, 1
    at = piece.span.start
    if template[piece.span.start : piece.span.end] == output[piece.start : piece.end]:
        at += blamed - piece.start
    return template.count("\n", 0, at) + 1, at - template.rfind("\n", 0, at)


def override_lines(case: Case, ran: Ran) -> list[Source]:
    """What set the status in a response template: the likeliest slip first.

    Where a condition led there, the condition and what it looked at: first of all, if what it
    compared with nothing was there, or is called otherwise.
    """
    event = _override(ran.recorded)
    if event is None:
        return []
    own = _at(case, ran, event)
    condition = next(_conditions(ran.recorded, event), None)
    if condition is None:
        return [own]
    tested = _VARIABLE.findall(condition.source.partition(")")[0])
    sets = [
        case.places.inside(ran.template.source, number)
        for number, line in enumerate(ran.template.text.splitlines(), 1)
        for name in _SET_FROM_BODY.findall(line)
        if name in tested
    ]
    found = [slip.source for slip in slips(case, ran)]
    line = _at(case, ran, condition)
    if any(read.value.text not in (None, "", "null") for read in condition.reads[:1]):
        return [line, own, *sets]
    return [*found, own, line, *sets]


def _override(recorded: Recorded) -> Event | None:
    wrote = [
        each for each in recorded.events
        if each.kind == "set" and _OVERRIDE in each.source.partition("=")[0]
    ]  # fmt: skip
    return wrote[-1] if wrote else None


def _conditions(recorded: Recorded, event: Event) -> Iterator[Event]:
    """The `#if`s around an event, the innermost first."""
    parent = event.parent
    while parent is not None:
        above = recorded.events[parent]
        if above.kind == "if":
            yield above
        parent = above.parent


def _at(case: Case, ran: Ran, event: Event) -> Source:
    return case.places.inside(ran.template.source, event.span.line, event.span.column)
