"""A widget drawn from rich `Text` lines, only those on the screen, through the line API."""

from __future__ import annotations

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.geometry import Size
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from inspector.tui.present import styles


class Lines(Widget):
    """Draws `text_at(y)` for the visible lines. Subclasses say what stands where.

    Style names of `present` resolve through the console's theme, so a theme change is a repaint.
    """

    _laid_out = Size(0, 0)

    def on_mount(self) -> None:
        """Textual leaves out a `Resize` where a size was looked at too early: look ourselves."""
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _screen: self._look())

    def _look(self) -> None:
        if self.content_size != self._laid_out:
            self._laid_out = self.content_size
            self.resized()

    def resized(self) -> None:
        """There is another `content_size`."""

    def text_at(self, y: int) -> Text | None:
        """The line to draw at `y` of the widget; None leaves it blank."""
        raise NotImplementedError

    def style_at(self, y: int) -> str:
        """The name of a style under the whole line, such as the cursor's."""
        return ""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line, unless the style sheet says otherwise."""
        return 1

    def render_line(self, y: int) -> Strip:
        """The line API's one duty."""
        width = self.content_size.width
        base = self.rich_style
        text = self.text_at(y)
        if text is None:
            return Strip.blank(width, base).apply_offsets(0, y)
        under = self.style_at(y)
        if under:
            base += self.console.get_style(under)
        selection = self.text_selection
        if selection is not None:
            text = self._selected(text, y, selection)
        strip = Strip(list(segments(text, self.console)))
        return strip.adjust_cell_length(width, base).apply_style(base).apply_offsets(0, y)

    @property
    def console(self) -> Console:
        """Where style names are known."""
        return self.app.console

    def _selected(self, text: Text, y: int, selection: Selection) -> Text:
        """The line with the part that the mouse selected marked."""
        span = selection.get_span(y)
        if span is None:
            return text
        start, end = span
        text = text.copy()
        style = self.screen.get_component_rich_style("screen--selection", partial=True)
        text.stylize(style or Style(reverse=True), start, len(text) if end == -1 else end)
        return text

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text as it is read: without borders, bars or padding."""
        lines = (self.text_at(y) for y in range(self.content_size.height))
        return selection.extract("\n".join(line.plain if line else "" for line in lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Show it."""
        self.refresh()


def segments(text: Text, console: Console) -> list[Segment]:
    """The text's segments, without the line end that a console would add."""
    if not text.spans:  # rich leaves the style of such a text out
        style = console.get_style(text.style, default=Style.null()) if text.style else None
        return [Segment(text.plain, style)] if text.plain else []
    return [part for part in text.render(console, end="") if part.text]


def bar(position: float, share: float, y: int, height: int) -> tuple[str, str]:
    """One cell of a scroll bar: `position` (0 to 1) of the first shown, `share` of all shown."""
    size = max(round(height * min(share, 1.0)), 1)
    first = round((height - size) * min(max(position, 0.0), 1.0))
    return ("┃", styles.THUMB) if first <= y < first + size else ("│", styles.TRACK)


def with_bar(text: Text, width: int, cell: tuple[str, str]) -> Text:
    """The line cut or padded to `width` - 1 cells, and the bar's cell behind it."""
    text.truncate(width - 1, overflow="crop", pad=True)
    return text.append(*cell)
