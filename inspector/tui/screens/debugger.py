"""The debugger of templates: the template, what it has written, and its variables, step by step."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.screen import Screen
from textual.widgets import Input

from inspector.gateway.mapping import Explanation
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.stepping import Debugger
from inspector.gateway.velocity.stepping.expressions import ExpressionError
from inspector.tui import debugging, keys
from inspector.tui.debugging import Found, Stepping
from inspector.tui.present import debugging as present
from inspector.tui.present import diff
from inspector.tui.present.document import Document
from inspector.tui.present.document import Lines as DocumentLines
from inspector.tui.reading import Opened
from inspector.tui.screens.editor import EditorScreen
from inspector.tui.widgets.document_view import DocumentView
from inspector.tui.widgets.keys_bar import KeysBar
from inspector.tui.widgets.lines import Lines
from inspector.tui.widgets.output_pane import OutputPane
from inspector.tui.widgets.source_pane import SourcePane

FOOT = ("into", "over", "out", "step-back", "run", "break", "to-cursor", "edit-template",
        "outputs", "why", "watch", "leave", "debug-help")  # fmt: skip
_WIDE = 110


class Top(Lines):
    """Which template, and how far it has run."""

    def __init__(self) -> None:
        super().__init__(id="debugger-top")
        self.text: Text | None = None

    def text_at(self, y: int) -> Text | None:
        return self.text


class DebuggerScreen(Screen[None]):
    """Walks through the templates of one exchange, forwards and backwards."""

    CSS_PATH: ClassVar[str] = "debugger.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(keys.DEBUGGER)]

    def __init__(self, opened: Opened, found: Found) -> None:
        super().__init__(classes="debugger")
        self._opened = opened
        self._found = found
        self._at = 0
        self._comparing = False
        self._looking: int | None = None
        self._asking = ""

    @property
    def stepping(self) -> Stepping:
        """The template that is shown."""
        return self._found.templates[self._at]

    @property
    def debugger(self) -> Debugger:
        """Its debugger."""
        return self.stepping.debugger

    def compose(self) -> ComposeResult:
        """Template, output, variables, the line to ask with, keys."""
        yield Top()
        with Container(id="panes"):
            yield SourcePane()
            with Vertical(id="right"):
                yield OutputPane(id="output")
                yield DocumentView(id="state")
        yield Input(id="question", compact=True)
        yield KeysBar(FOOT)

    def on_mount(self) -> None:
        """The first statement of the first template."""
        self.query_one("#question").display = False
        self.query_one("#output").border_title = "output"
        self.query_one("#state").border_title = "variables"
        self.query_one(SourcePane).focus()
        self.draw()
        if self.stepping.fault is not None:
            self.action_edit()

    def on_resize(self) -> None:
        """Side by side where there is room."""
        self.set_class(self.size.width >= _WIDE, "wide")
        self._draw_top()

    def draw(self) -> None:
        """Show where the debugger stands."""
        self._draw_top()
        self.query_one(SourcePane).follow(self.debugger)
        self._draw_output()
        self._draw_state(self._why())

    def _draw_top(self) -> None:
        stepping, debugger = self.stepping, self.debugger
        passage, total = stepping.passage, len(self._found.templates)
        title = f"{passage.side} template {passage.media_type}"
        event = debugger.current or debugger.last
        place = "" if stepping.scratch else stepping.place(event.span.line if event else 1)
        heading = present.Heading(title, place, self._at + 1, total, edited=stepping.edited)
        top = self.query_one(Top)
        top.text = present.top(heading, debugger, self.size.width)
        top.refresh()

    def _draw_state(self, fault: Explanation | None) -> None:
        lines = present.state(self.debugger, fault)
        self.query_one("#state", DocumentView).show(Document([DocumentLines(lines)]))

    def _why(self) -> Explanation | None:
        return self.stepping.why() if self.debugger.ended else None

    def _draw_output(self) -> None:
        view = self.query_one("#output", OutputPane)
        if self._comparing:
            view.border_title = "difference of output"
            before = "as recorded", self.stepping.original.recorded.output
            after = "edited", self.debugger.recorded.output
            view.show(diff.texts(before, after, view.size.width - 3))
            return
        looking, fault = self._looking, self._why()
        view.border_title = "output" if looking is None else f"output of line {looking}"
        view.show(Document([DocumentLines(present.output(self.debugger, looking, fault))]))
        view.action_last()
        if looking is not None:
            view.go(present.first_marked(self.debugger, looking) or 0)
        elif fault is not None:
            view.go(fault.line - 1)

    # ── moving ────────────────────────────────────────────────────────────────────────────────

    def action_go(self, how: str) -> None:
        """One of the debugger's own moves."""
        {
            "into": self.debugger.into,
            "over": self.debugger.over,
            "out": self.debugger.out,
            "back": self.debugger.back,
            "back_over": self.debugger.back_over,
            "resume": self.debugger.resume,
            "resume_back": self.debugger.resume_back,
            "restart": self.debugger.restart,
        }[how]()
        self._moved()

    def _moved(self) -> None:
        self._comparing, self._looking = False, None
        self.draw()

    def action_to_cursor(self) -> None:
        """Run until the line under the cursor."""
        self.debugger.to_line(self.query_one(SourcePane).cursor)
        self._moved()

    def action_why(self) -> None:
        """To the statement because of which the output is no JSON."""
        fault = self.stepping.why()
        if fault is None:
            self.notify("The output is JSON, or does not claim to be.", markup=False)
            return
        self.debugger.to_writer(*fault.blamed)
        self._moved()
        self._draw_state(fault)

    def action_nothing(self) -> None:
        """To the next reference that came to nothing."""
        if self.debugger.to_unresolved() is None:
            self.notify("Every reference has a value.", markup=False)
            return
        self._moved()

    def on_output_pane_asked(self, event: OutputPane.Asked) -> None:
        """To the statement that wrote a line of the output."""
        if self._comparing or not self.debugger.output():
            return
        lines = self.debugger.output().split("\n")
        start = sum(len(line) + 1 for line in lines[: event.line])
        self.debugger.to_writer(start, start + len(lines[event.line]))
        self._moved()

    def on_source_pane_looked(self, event: SourcePane.Looked) -> None:
        """Show what the line wrote."""
        self._looking = event.line
        if not self._comparing:
            self._draw_output()

    def on_source_pane_toggled(self, event: SourcePane.Toggled) -> None:
        """A click into the gutter."""
        self.debugger.toggle(event.line)
        self.query_one(SourcePane).refresh()

    def action_other(self) -> None:
        """The exchange's other template."""
        self._at = (self._at + 1) % len(self._found.templates)
        self._moved()
        if self.stepping.fault is not None:
            self.action_edit()

    def action_switch(self) -> None:
        """To the next pane."""
        self.focus_next("SourcePane, DocumentView")

    # ── stopping and looking ──────────────────────────────────────────────────────────────────

    def action_break(self) -> None:
        """Set or take away a breakpoint on the line under the cursor."""
        line = self.query_one(SourcePane).cursor
        self.debugger.toggle(line)
        self.query_one(SourcePane).refresh()

    def action_ask(self, what: str) -> None:
        """Ask for a condition or an expression to watch."""
        self._asking = what
        question = self.query_one("#question", Input)
        line = self.query_one(SourcePane).cursor
        question.placeholder = {
            "watch": "watch: $input.path('$.id'), $foreach.count; the same again takes it away",
            "condition": f"stop at line {line} if: $foreach.index == 3",
            "file": "write the template into the file: order.vtl",
        }[what]
        question.value, question.display = "", True
        question.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The answer."""
        event.stop()
        text = event.value.strip()
        try:
            if text and self._asking == "watch":
                self.debugger.watch(text)
            elif text and self._asking == "file":
                self.notify(debugging.keep(self.stepping, text), markup=False)
            elif text:
                self.debugger.toggle(self.query_one(SourcePane).cursor, text)
        except (ExpressionError, TemplateError, debugging.NotWrittenError) as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self._end_question()
        self.draw()

    def _end_question(self) -> None:
        self.query_one("#question").display = False
        self.query_one(SourcePane).focus()

    # ── editing ───────────────────────────────────────────────────────────────────────────────

    def action_edit(self) -> None:
        """Edit the template, and run it again on the same request."""
        stepping = self.stepping

        def then(found: Debugger | None) -> None:
            if found is None and stepping.fault is not None and len(self._found.templates) == 1:
                self.dismiss()
            elif found is not None:
                self._comparing, self._looking = stepping.edited and not stepping.scratch, None
                self.draw()

        line, said, fault = self.query_one(SourcePane).cursor, "", stepping.fault
        if fault is not None:
            line, said = fault.line or 1, f"It cannot be parsed: {fault}"
        screen = EditorScreen(stepping.text, stepping.edit, "template.vtl", "run", line, said)
        self.app.push_screen(screen, then)

    def action_outputs(self) -> None:
        """The output of the edited template beside that of the recorded one, or the output."""
        self._comparing = not self._comparing
        self._draw_output()

    def action_save(self) -> None:
        """Write the edited template into its definition file, one of the user's own into a new one."""
        if self.stepping.scratch:
            self.action_ask("file")
            return
        if not self.stepping.edited:
            self.notify("The template is as it was.", markup=False)
            return
        try:
            said = debugging.save(self.stepping)
        except debugging.NotWrittenError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            self.notify(said, markup=False)

    # ── leaving ───────────────────────────────────────────────────────────────────────────────

    def action_leave(self) -> None:
        """One step back: the question, the difference, the screen."""
        if self.query_one("#question").display:
            self._end_question()
        elif self._comparing:
            self.action_outputs()
        else:
            self.dismiss()

    def action_help(self) -> None:
        """All keys."""
        from inspector.tui.screens.help import HelpScreen  # noqa: PLC0415  not needed to start

        self.app.push_screen(HelpScreen(getattr(self.app, "keymap", {}), first="debugger"))
