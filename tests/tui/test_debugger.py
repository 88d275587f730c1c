"""Stepping through the templates of a recorded exchange, on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Label, TextArea

from inspector.definitions import Bundle, Options, read
from inspector.gateway.deploy import ServedApi, deploy
from inspector.gateway.mapping.request import Input as RequestInput
from inspector.gateway.velocity.program import parse as parse_template
from inspector.gateway.velocity.stepping import Debugger
from inspector.gateway.velocity.stepping.shown import shown
from inspector.message import Headers, Request
from inspector.recording.exchange import Exchange
from inspector.recording.reader import Reader
from inspector.recording.writer import Writer
from inspector.replay.templates import grounds
from inspector.tui.app import InspectorApp
from inspector.tui.debugging import NotWrittenError, find, save, scratch
from inspector.tui.present import debugging as present
from inspector.tui.screens.debugger import DebuggerScreen
from inspector.tui.widgets.document_view import DocumentView
from inspector.tui.widgets.output_pane import OutputPane
from inspector.tui.widgets.source_pane import SourcePane
from tests.gateway.build import ENVIRONMENT, ask
from tests.tui.driving import home, until

REQUEST_TEMPLATE = """\
#set($total = 0)
#foreach($item in $input.path('$.items'))
#set($total = $total + $item.price)
#end
{"statusCode": 200, "total": $total}
"""
DEFINITION = """\
openapi: 3.0.3
info: { title: sums, version: "1.0" }
paths:
  /sum:
    post:
      responses: { "200": { description: the sum } }
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates:
          application/json: |
{template}
        responses:
          default:
            statusCode: "200"
            responseTemplates:
              application/json: '{"path": "$context.resourcePath", "[red]": 1}'
"""
BODY = b'{"items": [{"price": 2}, {"price": 40}]}'


def definition() -> str:
    indented = "\n".join(" " * 12 + line for line in REQUEST_TEMPLATE.splitlines())
    return DEFINITION.replace("{template}", indented)


def exchange(served: ServedApi, digest: str) -> Exchange:
    headers = Headers.of([("Host", "a.test"), ("Content-Type", "application/json")])
    request = Request("POST", "/dev/sum", headers, BODY)
    answer = ask(served, request)
    return Exchange(
        started_us=1_700_000_000_000_000,
        duration_us=900,
        request=request,
        response=answer.response,
        environment=ENVIRONMENT,
        host="a.test",
        outcome=answer.outcome,
        trace=answer.trace,
        api_id=answer.api_id,
        stage=answer.stage,
        definition=digest,
        request_size=len(BODY),
    )


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return recorded_under(tmp_path, definition())


def recorded_under(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "sums.yaml"
    file.write_text(text, "utf-8")
    bundle = Bundle({str(file): text}, Options())
    served = deploy(read(bundle).apis).apis[0]
    writer = Writer(tmp_path / "seen.db")
    writer.define(bundle.digest, bundle.to_json())
    writer.put(exchange(served, bundle.digest))
    assert writer.flush(5)
    writer.close()
    return tmp_path / "seen.db"


def only(recording: Path) -> Exchange:
    with Reader(recording) as reader:
        return reader.exchange(1)


async def opened(pilot: Pilot[int]) -> DebuggerScreen:
    feed = (await home(pilot)).feed
    await until(pilot, lambda: feed.window.current is not None)
    await pilot.press("s")
    await until(pilot, lambda: isinstance(pilot.app.screen, DebuggerScreen))
    screen = pilot.app.screen
    assert isinstance(screen, DebuggerScreen)
    await until(pilot, lambda: isinstance(screen.focused, SourcePane))
    return screen


def text_of(screen: DebuggerScreen, pane: str) -> str:
    document = screen.query_one(pane, DocumentView).document
    return document.text(0, len(document))


def test_both_templates_are_found_with_what_they_saw(recording: Path) -> None:
    found = find(recording, only(recording))
    sides = [each.passage.side for each in found.templates]
    assert sides == ["request", "response"]
    request, response = (each.debugger.recorded.output for each in found.templates)
    assert '"total": 42' in request
    assert response == '{"path": "/sum", "[red]": 1}'


def test_a_template_is_edited_without_touching_the_recorded_run(recording: Path) -> None:
    stepping = find(recording, only(recording)).templates[0]
    stepping.edit(REQUEST_TEMPLATE.replace("$total + $item.price", "$total + 1"))
    assert stepping.edited
    assert '"total": 2' in stepping.debugger.recorded.output
    assert '"total": 42' in stepping.original.recorded.output


def test_an_edit_is_written_into_the_definition(recording: Path) -> None:
    stepping = find(recording, only(recording)).templates[0]
    stepping.edit(REQUEST_TEMPLATE.replace("total = 0", "total = 100"))
    save(stepping)
    text = (recording.parent / "sums.yaml").read_text("utf-8")
    assert text == definition().replace("total = 0", "total = 100")
    (recording.parent / "sums.yaml").write_text("openapi: 3.0.3\n", "utf-8")
    stepping.edit(REQUEST_TEMPLATE)
    with pytest.raises(NotWrittenError):
        save(stepping)


async def test_stepping_shows_line_output_and_variables(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        assert screen.debugger.current is not None
        assert screen.debugger.current.span.line == 1
        await pilot.press("s")
        assert "* $total = 0" in text_of(screen, "#state")
        await pilot.press("c")
        assert screen.debugger.ended
        assert '"total": 42' in text_of(screen, "#output")
        await pilot.press("b")
        assert not screen.debugger.ended
        await pilot.press("r")
        assert screen.debugger.position == 0
        assert text_of(screen, "#output").strip() == ""


@pytest.mark.slow
async def test_breakpoints_conditions_and_watches(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("j", "j", "space")
        assert [each.line for each in screen.debugger.breakpoints] == [3]
        await pilot.press("w")
        screen.query_one("#question", Input).value = "$item.price"
        await pilot.press("enter")
        await pilot.press("c")
        assert "$item.price = 2" in text_of(screen, "#state")
        await pilot.press("c")
        assert "$item.price = 40" in text_of(screen, "#state")
        await pilot.press("space")
        assert screen.debugger.breakpoints == []
        await pilot.press("i")
        screen.query_one("#question", Input).value = "$foreach.index == 1"
        await pilot.press("enter", "r", "c")
        assert "$item.price = 40" in text_of(screen, "#state")


async def test_an_edit_is_run_again_and_its_difference_shown(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(200, 50)) as pilot:
        screen = await opened(pilot)
        await pilot.press("e")
        await pilot.pause()
        area = app.screen.query_one(TextArea)
        area.text = "#foreach($x in"
        await pilot.press("ctrl+s")
        assert app.screen is not screen  # it cannot be parsed: the editor stays, and says why
        area.text = REQUEST_TEMPLATE.replace("$total = 0", "$total = 8")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert app.screen is screen
        shown = text_of(screen, "#output")
        assert '"total": 42' in shown
        assert '"total": 50' in shown
        await pilot.press("escape")
        assert '"total": 42' not in text_of(screen, "#output")
        await pilot.press("t")
        assert screen.stepping.passage.side == "response"
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, DebuggerScreen)


def test_what_is_written_is_marked_at_its_place() -> None:
    debugger = Debugger("a\u202e\t$x\n[red]", lambda: {"x": "b\x1bc"})
    debugger.into()
    debugger.into()
    lines = present.output(debugger)
    assert [line.plain for line in lines] == ["a\ufffd  b\u241bc"]
    marked = {line.plain[span.start : span.end] for line in lines for span in line.spans if span}
    assert "b\u241bc" in marked
    debugger.resume()
    assert present.output(debugger)[-1].plain == "[red]"


async def pressed(pilot: Pilot[int], *pressed_keys: str) -> None:
    await pilot.press(*pressed_keys)
    await pilot.pause()


async def test_it_says_why_the_output_is_no_json_and_goes_there(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        screen.stepping.edit(REQUEST_TEMPLATE.replace('": $total', '": $util.urlEncode("a b")'))
        await pressed(pilot, "c")
        state = text_of(screen, "#state")
        assert "the output is no JSON at line 1" in state
        assert "written by line 5  $util.urlEncode" in state
        await pressed(pilot, "x")
        assert screen.debugger.current is not None
        assert screen.debugger.current.source == '$util.urlEncode("a b")'
        assert "mend:" in text_of(screen, "#state")
        await pressed(pilot, "b")
        assert "mend:" not in text_of(screen, "#state")


@pytest.mark.slow
async def test_output_and_template_lead_to_one_another(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pressed(pilot, "c", "k")
        output = screen.query_one("#output", OutputPane)
        assert output.border_title == "output of line 4"
        await pressed(pilot, "j")
        marked = output.document.line(0)
        assert [
            marked.plain[span.start : span.end] for span in marked.spans if span.start != span.end
        ][:1] == ['{"statusCode": 200, "total": 42}']
        output.focus()
        await pressed(pilot, "home", "enter")
        assert screen.debugger.current is not None
        assert screen.debugger.current.source == "$total"


@pytest.mark.slow
async def test_what_came_to_nothing_is_listed_and_walked_through(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        screen.stepping.edit("$a\n#if($b.c)yes#end\n")
        await pressed(pilot, "r", "c")
        state = text_of(screen, "#state")
        assert "came to nothing" in state
        assert "line 1  $a" in state
        assert "line 2  $b.c  a condition hangs on it (inferred)" in state
        await pressed(pilot, "u")
        assert screen.debugger.current is not None
        assert screen.debugger.current.span.line == 1
        await pressed(pilot, "u", "s")
        assert present.INFERRED in text_of(screen, "#state")


@pytest.mark.slow
async def test_a_template_of_ones_own_is_tried_on_a_recorded_request(
    recording: Path, tmp_path: Path
) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        await pressed(pilot, "escape", "t")
        await until(pilot, lambda: app.screen.query(TextArea))
        app.screen.query_one(
            TextArea
        ).text = "$input.path('$.items[1].price') $context.resourcePath"
        await pressed(pilot, "ctrl+s")
        screen = app.screen
        assert isinstance(screen, DebuggerScreen)
        assert text_of(screen, "#output") == "40 /sum"
        await pressed(pilot, "S")
        screen.query_one("#question", Input).value = str(tmp_path / "mine.vtl")
        await pressed(pilot, "enter")
        assert (tmp_path / "mine.vtl").read_text("utf-8").startswith("$input.path")
        await pressed(pilot, "t")
        assert screen.stepping.passage.media_type == "on the response"
        await pressed(pilot, "escape", "t")
        await until(pilot, lambda: app.screen.query(TextArea))
        assert "$.items[1].price" in app.screen.query_one(TextArea).text, "it is remembered"


@pytest.mark.slow
async def test_a_click_into_the_gutter_sets_a_breakpoint(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pilot.click("#source", offset=(3, 2))
        await pilot.pause()
        assert [each.line for each in screen.debugger.breakpoints] == [3]
        await pilot.click("#source", offset=(20, 3))
        await pilot.pause()
        assert screen.query_one(SourcePane).cursor == 4
        assert [each.line for each in screen.debugger.breakpoints] == [3]


def test_the_line_of_the_definition_is_told(recording: Path) -> None:
    stepping = find(recording, only(recording)).templates[0]
    lines = definition().split("\n")
    assert (
        stepping.place(3)
        == f"sums.yaml:{lines.index(' ' * 12 + REQUEST_TEMPLATE.split(chr(10))[2]) + 1}"
    )
    stepping.edit("x")
    assert stepping.place(1) == f"sums.yaml:{stepping.passage.source.line}"


def test_requests_without_a_definition_can_be_tried_too() -> None:
    request = Request("POST", "/a/b?q=1", Headers.of([("X-A", "y")]), b'{"a": 1}')
    exchange = Exchange(
        started_us=1, duration_us=1, request=request, response=None, environment=None,
        host="h", outcome="passed", trace=(), request_size=8,
    )  # fmt: skip
    found = scratch(
        grounds(exchange, None),
        "$input.json('$.a') $input.params('q') $input.params('X-A') $context.path",
    )
    assert [each.debugger.recorded.output for each in found.templates] == ["1 1 y /a/b"]


async def test_a_statement_far_to_the_right_is_in_sight(recording: Path) -> None:
    app = InspectorApp(recording)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        screen.stepping.edit("first\n" + "x" * 100 + "$util.urlEncode('far away') y")
        await pressed(pilot, "r")
        pane = screen.query_one(SourcePane)
        line = pane.text_at(1)
        assert line is not None
        assert "…x" in line.plain
        assert "$util.urlEncode('far away')" in line.plain[:78]
        first = pane.text_at(0)
        assert first is not None
        assert "first" in first.plain
        await pressed(pilot, "right")
        first = pane.text_at(0)
        assert first is not None
        assert "first" not in first.plain


async def test_a_template_that_cannot_be_parsed_is_mended_and_run(tmp_path: Path) -> None:
    text = definition().replace("#end", "")
    app = InspectorApp(recorded_under(tmp_path, text))
    async with app.run_test(size=(120, 40)) as pilot:
        for _ in range(300):
            await pilot.pause(0.01)
            feed = pilot.app.screen_stack[1].feed  # type: ignore[attr-defined]
            if feed.window.current is not None:
                break
        await pilot.press("s")
        for _ in range(300):
            await pilot.pause(0.01)
            if app.screen.query(TextArea):
                break
        area = app.screen.query_one(TextArea)
        said = str(app.screen.query_one("#hint", Label).render())
        assert said.startswith("It cannot be parsed: ")
        assert area.text.startswith("#set($total = 0)\n#foreach")
        area.text = REQUEST_TEMPLATE
        await pressed(pilot, "ctrl+s")
        screen = app.screen
        assert isinstance(screen, DebuggerScreen)
        assert '"total": 42' in text_of(screen, "#output")
        await pressed(pilot, "S")
        assert "#end" in (tmp_path / "sums.yaml").read_text("utf-8")


@pytest.mark.parametrize("width", [80, 120])
def test_the_head_of_the_debugger_fits_with_its_place(width: int) -> None:
    debugger = Debugger(
        parse_template("$input.json('$')"),
        lambda: {"input": RequestInput("{}", ({}, {}, {}))},
        "amazon",
    )
    heading = present.Heading(
        "request template application/json", "/a/long/folder/openapi.yaml:54", 1, 2
    )
    text = present.top(heading, debugger, width).plain
    assert len(text) <= width
    assert text.endswith("openapi.yaml:54")
    assert "t: other" in text or " 1/2 " in text


def test_the_body_is_seen_among_the_variables() -> None:
    assert shown(RequestInput('{"id": 7}', ({}, {}, {}))).text == '<Input {"id": 7}>'
