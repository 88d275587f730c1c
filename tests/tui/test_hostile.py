"""Foreign text is never markup, and never more than text: in every column and every pane."""

from __future__ import annotations

import os
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from inspector.gateway.effects import BackendAnswer, BackendFailure, BackendRequest, CallBackend
from inspector.gateway.trace import Step
from inspector.gateway.velocity.stepping import Debugger
from inspector.message import Headers, Request, Response
from inspector.model import Source
from inspector.recording.exchange import Exchange, Performed
from inspector.recording.filters import FilterError, parse
from inspector.recording.rows import Row
from inspector.tui import theme
from inspector.tui.notices import Notices
from inspector.tui.present import (
    body_blocks,
    debugging,
    diff,
    filtering,
    footer,
    messages,
    rows,
    steps,
)
from inspector.tui.present.document import Document, Needle
from inspector.tui.present.heading import title
from inspector.tui.screens.notices import page
from inspector.tui.widgets.lines import segments
from tests.gateway.build import ENVIRONMENT

MANY = int(os.environ.get("INSPECTOR_FUZZ", "60"))
PIECES = [
    "[bold]", "[/]", "[red", "]", "[@click=app.quit]x[/]", "\x1b[31m", "\x1b]0;title\x07", "\x9b2J",
    "\u202e", "\u2066", "\u200b", "\u0301", "e\u0301\u0302", "宽", "👩‍👩‍👧", "\ufeff", "\t", "\r", "\n",
    "\x00", "\x7f", "\u2028", "\ud800", "a", " ", '"', "{", "/", "é",
]  # fmt: skip
text = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
wire = text.map(lambda each: each.encode("utf-8", "surrogatepass").decode("latin-1"))
CONSOLE = Console(color_system=None, width=200)
CONSOLE.push_theme(theme.palette(theme.DARK))
FORBIDDEN = {chr(code) for code in (*range(0x20), 0x7F, *range(0x80, 0xA0))} | set(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f\u2028\u2029\ufeff"
)


def harmless(line: Text) -> None:
    """What reaches the terminal has no control character, and is the very text, not markup."""
    drawn = "".join(part.text for part in segments(line, CONSOLE))
    assert drawn == line.plain
    assert not FORBIDDEN & set(drawn)
    drawn.encode("utf-8")


def harmless_document(document: Document) -> None:
    for index in range(len(document)):
        harmless(document.line(index))
    document.find(Needle("[bold]"))
    document.fold_all(folded=True)
    for index in range(len(document)):
        harmless(document.line(index))


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    pairs = st.lists(st.tuples(wire, wire), max_size=3)
    bodies = st.one_of(text.map(lambda each: each.encode("utf-8", "surrogatepass")), st.binary())
    kinds = st.sampled_from(["application/json", "text/html", "image/png", "[x]", ""])
    request = Request(draw(wire) or "GET", "/" + draw(wire), Headers.of(draw(pairs)), draw(bodies))
    headers = Headers.of([("Content-Type", draw(kinds)), *draw(pairs)])
    effect = CallBackend(BackendRequest("GET", "http://" + draw(wire), headers, draw(bodies)), 100)
    reply = draw(st.sampled_from([
        BackendAnswer(200, headers, draw(bodies)), BackendFailure("refused", draw(text)),
    ]))  # fmt: skip
    source = Source(draw(text), 3, 1, draw(text))
    facts = {"looked_for": draw(text), "error": draw(text), "pattern": draw(text)}
    outcome = draw(st.sampled_from(["ok", "refused", "failed"]))
    codes = st.sampled_from(["route.none", "map-response.selected", "integrate.timeout"])
    trace = tuple(
        Step(stage, outcome, draw(codes), facts, source)
        for stage in ("route", draw(text) or "x", "map-response")
    )
    return Exchange(
        started_us=1, duration_us=2, request=request,
        response=draw(st.sampled_from([None, Response(200, headers, draw(bodies))])),
        environment=ENVIRONMENT, host=draw(text), outcome="answered", trace=trace,
        performed=(Performed(effect, reply, 0, 1),), stage=draw(text), stopped_at=draw(text),
        response_type=draw(text), error=draw(st.sampled_from([None, draw(text)])),
    )  # fmt: skip


@given(exchanges(), st.sampled_from([80, 200]))
@settings(max_examples=MANY, deadline=None)
def test_an_exchange(exchange: Exchange, width: int) -> None:
    harmless(title(exchange))
    for document in (
        steps.steps(exchange, lambda _: exchange.host),
        messages.request(exchange),
        messages.backend(exchange),
        messages.response(exchange),
        messages.response(exchange, "hex"),
        messages.response(exchange, "raw"),
        diff.document(diff.Side(exchange.host, exchange.response), diff.Side("", None), width),
    ):
        harmless_document(document)


@given(text, wire, st.sampled_from([40, 80, 137, 200]))
@settings(max_examples=MANY * 2, deadline=None)
def test_a_row_keeps_its_columns(host: str, target: str, width: int) -> None:
    row = Row(
        1, 10**15, 100, target or "GET", host, "/" + target, target, 200, "passed", target, host,
        (("route", "ok"), (target, "failed")), 1, 2, "replayed", 3, True, host, host, host, host,
        None, host,
    )  # fmt: skip
    for chosen in (row, Row(*(getattr(row, name) for name in row.__slots__[:8]), "failed",
                            *(getattr(row, name) for name in row.__slots__[9:]))):  # fmt: skip
        columns = rows.layout(width)
        line = rows.draw(chosen, columns, marked=True)
        harmless(line)
        assert cell_len(line.plain) == cell_len(rows.header(columns).plain)


@given(text, st.sampled_from([20, 80, 200]))
@settings(max_examples=MANY, deadline=None)
def test_the_lines_around(said: str, width: int) -> None:
    where = footer.Where(said, said, live=True, follow=True, total=3, recording=said, caller=said)
    harmless(footer.top(where, width))
    harmless(footer.notice("error", said, 2, width))
    notices = Notices(lambda: 5)
    notices.tell(said, "error", said)
    for line in page(notices):
        harmless(line)
    try:
        harmless(filtering.meaning(parse(said)))
    except FilterError as error:
        harmless(filtering.wrong(error))


@given(text)
@settings(max_examples=MANY, deadline=None)
def test_the_debugger(value: str) -> None:
    template = "#set($x = $given)\n[bold]$x\t\u202e$missing\x1b"
    debugger = Debugger(template, lambda: {"given": value})
    debugger.watch("$x")
    while not debugger.ended:
        for line in (*debugging.state(debugger), *debugging.output(debugger)):
            harmless(line)
        gutter = debugging.Gutter(debugger.current.span if debugger.current else None, {})
        for number, line_ in enumerate(template.split("\n"), 1):
            harmless(debugging.template_line(number, line_, 0, gutter))
        debugger.into()


@pytest.mark.parametrize("hostile", PIECES)
def test_a_notice_stays_on_its_line(hostile: str) -> None:
    line = footer.notice("warning", f"a{hostile}b\nsecond", 0, 60)
    assert cell_len(line.plain) == 60


@given(
    st.lists(st.sampled_from(["a", "\n", "\r\n", "宽", "x" * 2500, ""]), max_size=9).map("".join)
)
@settings(max_examples=MANY, deadline=None)
def test_the_quick_way_to_lines_is_the_careful_one(body: str) -> None:
    assert body_blocks._starts(body) == array("l", body_blocks._line_starts(body))
