"""The filter: typed on one line, completed and explained on the line below, counted beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from inspector.recording.filters import (
    EVERYTHING,
    Completion,
    Filter,
    FilterError,
    complete,
    parse,
)
from inspector.tui.present import filtering
from inspector.tui.widgets.lines import Lines


class FilterInput(Input):
    """Tab takes the completion, the arrows choose among them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False),
        Binding("down", "choose(1)", show=False),
        Binding("up", "choose(-1)", show=False),
    ]

    def action_complete(self) -> None:
        """Take the one that is marked."""
        self.query_ancestor(FilterBar).take()

    def action_choose(self, step: int) -> None:
        """Another one; from the last of none to the list."""
        self.query_ancestor(FilterBar).choose(step)


class Line(Lines):
    """One line that is told what to show."""

    def __init__(self, identity: str) -> None:
        super().__init__(id=identity)
        self.text: Text | None = None

    def text_at(self, y: int) -> Text | None:
        return self.text

    def show(self, text: Text | None) -> None:
        """Show this."""
        self.text = text
        self.refresh()


class FilterBar(Vertical):
    """Posts `Narrowed` for each filter that makes sense, `Left` when the user is done."""

    class Narrowed(Message):
        """Another filter."""

        def __init__(self, chosen: Filter) -> None:
            super().__init__()
            self.chosen = chosen

    class Left(Message):
        """Back to the list."""

    class Wanted(Message):
        """The values of a field in this recording would help."""

        def __init__(self, field: str) -> None:
            super().__init__()
            self.field = field

    def __init__(self, text: str) -> None:
        super().__init__(id="filter-bar")
        self._begin = text
        self.chosen = parse(text) if text else EVERYTHING
        self.error: FilterError | None = None
        self.values: dict[str, Sequence[str]] = {}
        self._found: list[Completion] = []
        self._mark = 0

    def compose(self) -> ComposeResult:
        """The line, the count beside it, the explanation below."""
        with Horizontal(id="filter-line"):
            yield FilterInput(
                self._begin, placeholder="/ filter: status:>=400 path:/pets", id="filter",
                compact=True, select_on_focus=False,
            )  # fmt: skip
            yield Line("filter-count")
        yield Line("filter-help")

    def on_mount(self) -> None:
        """The explanation comes with the focus."""
        self.query_one("#filter-help").display = False

    @property
    def input(self) -> FilterInput:
        """Where it is typed."""
        return self.query_one(FilterInput)

    def on_descendant_focus(self) -> None:
        """Explain."""
        self.query_one("#filter-help").display = True
        self.explain()

    def on_descendant_blur(self) -> None:
        """The line below is the list's again, unless something is wrong."""
        self._explained_only_if_wrong()

    def _explained_only_if_wrong(self) -> None:
        self.query_one("#filter-help").display = self.error is not None

    def on_input_changed(self, event: Input.Changed) -> None:
        """The filter works as it is typed."""
        event.stop()
        try:
            chosen = parse(event.value)
            self.error = None
        except FilterError as error:
            self.error = error
        else:
            if chosen != self.chosen:
                self.chosen = chosen
                self.post_message(self.Narrowed(chosen))
        self._mark = 0
        self.explain()
        if not self.input.has_focus:
            self._explained_only_if_wrong()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """To the list."""
        event.stop()
        self.post_message(self.Left())

    def on_key(self, event: events.Key) -> None:
        """The cursor moves along the words."""
        if event.key in {"left", "right", "home", "end"}:
            self.call_after_refresh(self.explain)

    def know(self, field: str, values: Sequence[str]) -> None:
        """The values of a field, to complete with."""
        self.values[field] = values
        self.explain()

    def explain(self) -> None:
        """How it could go on; else what is wrong; else what it means."""
        typed = self.input
        self._found = self._completions(typed.value, typed.cursor_position)
        line = self.query_one("#filter-help", Line)
        if self._found and typed.has_focus:
            self._mark %= len(self._found)
            line.show(filtering.candidates(self._found, self._mark, self.size.width))
        elif self.error is not None:
            line.show(filtering.wrong(self.error))
        else:
            line.show(filtering.meaning(self.chosen))

    def _completions(self, text: str, cursor: int) -> list[Completion]:
        word = text[:cursor].rpartition(" ")[2].lstrip("-!")
        name, colon, begun = word.partition(":")
        if not word and text:
            return []
        if colon and name not in self.values:
            self.values[name] = ()
            self.post_message(self.Wanted(name))
        found = complete(text, cursor, self.values)
        return [] if any(each.text == f"{name}:{begun}" for each in found) else found

    def choose(self, step: int) -> None:
        """Mark another completion; with none, down leads to the list."""
        if self._found and self.input.value:
            self._mark += step
            self.explain()
        elif step > 0:
            self.post_message(self.Left())

    def take(self) -> None:
        """Write the marked completion; with none, tab leads to the list."""
        if not self._found:
            self.post_message(self.Left())
            return
        each = self._found[self._mark]
        typed = self.input
        after = typed.value[each.end :]
        typed.value = typed.value[: each.start] + each.text + after
        typed.cursor_position = each.start + len(each.text)

    def count(self, text: Text | None) -> None:
        """What stands at the end of the line."""
        line = self.query_one("#filter-count", Line)
        line.styles.width = 0 if text is None else len(text.plain)
        line.show(text)
