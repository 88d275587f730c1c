"""Colours: our two calm themes, and what each style name of `present` looks like in any theme."""

from __future__ import annotations

from rich.style import Style
from rich.theme import Theme as RichTheme
from textual.color import Color
from textual.theme import Theme

from inspector.tui.present import styles

DARK = Theme(
    name="inspector",
    primary="#7aa2d8",
    secondary="#6fb3b8",
    accent="#8ab4e8",
    success="#8fbc7a",
    warning="#dcb067",
    error="#e07a78",
    foreground="#d3d7de",
    background="#15181d",
    surface="#191c22",
    panel="#20242b",
    dark=True,
    variables={"input-selection-background": "#3a5070"},
)
LIGHT = Theme(
    name="inspector-light",
    primary="#2f5f9e",
    secondary="#1f7278",
    accent="#255ea8",
    success="#3b7a2a",
    warning="#936010",
    error="#b03030",
    foreground="#23272e",
    background="#fbfaf7",
    surface="#f4f2ed",
    panel="#eae7e0",
    dark=False,
)


def palette(theme: Theme) -> RichTheme:
    """The styles of `present` in a theme's colours."""
    back = Color.parse(theme.background or ("#15181d" if theme.dark else "#fbfaf7"))
    fore = Color.parse(theme.foreground or ("#d3d7de" if theme.dark else "#23272e"))
    primary = Color.parse(theme.primary)
    colours = {
        "accent": Color.parse(theme.accent or theme.primary),
        "ok": Color.parse(theme.success or "#8fbc7a"),
        "warn": Color.parse(theme.warning or "#dcb067"),
        "bad": Color.parse(theme.error or "#e07a78"),
        "second": Color.parse(theme.secondary or theme.primary),
    }
    if any(colour.ansi is not None for colour in (back, fore, primary, *colours.values())):
        return plain()
    return RichTheme(_coloured(back, fore, primary, colours), inherit=False)


def _coloured(
    back: Color, fore: Color, primary: Color, colours: dict[str, Color]
) -> dict[str, Style]:
    def ink(colour: Color, strength: float = 1.0, *, bold: bool = False) -> Style:
        return Style(color=back.blend(colour, strength).rich_color, bold=bold or None)

    def on(colour: Color, strength: float) -> Style:
        return Style(bgcolor=back.blend(colour, strength).rich_color)

    accent, ok, warn, bad = (colours[name] for name in ("accent", "ok", "warn", "bad"))
    return {
        styles.DIM: ink(fore, 0.55),
        styles.FAINT: ink(fore, 0.3),
        styles.STRONG: ink(fore, 1.0, bold=True),
        styles.ACCENT: ink(accent),
        styles.OK: ink(ok),
        styles.WARN: ink(warn),
        styles.BAD: ink(bad),
        styles.NOTICE: ink(warn, 0.9),
        styles.KEY: ink(accent, 0.9),
        styles.HEADER: ink(colours["second"]),
        styles.STRING: ink(ok, 0.9),
        styles.NUMBER: ink(warn, 0.9),
        styles.LITERAL: ink(colours["second"]),
        styles.PUNCTUATION: ink(fore, 0.5),
        styles.HIT: on(warn, 0.35),
        styles.CURRENT_HIT: Style(color=back.rich_color, bgcolor=warn.rich_color, bold=True),
        styles.ADDED: ink(ok),
        styles.REMOVED: ink(bad),
        styles.CHANGED: ink(warn),
        styles.CURSOR: on(primary, 0.28),
        styles.CURSOR_AWAY: on(fore, 0.09),
        styles.BAR: on(fore, 0.06),
        styles.THUMB: ink(fore, 0.45),
        styles.TRACK: ink(fore, 0.12),
        styles.NOW: on(warn, 0.22),
        styles.TAB: Style(color=accent.rich_color, bold=True, underline=True),
    }


def plain() -> RichTheme:
    """Without colours: bold, dim, underline and reverse carry what has to be told."""
    told = {
        styles.DIM: "dim",
        styles.FAINT: "dim",
        styles.STRONG: "bold",
        styles.BAD: "bold",
        styles.WARN: "bold",
        styles.NOTICE: "italic",
        styles.HIT: "underline",
        styles.CURRENT_HIT: "reverse bold",
        styles.CURSOR: "reverse",
        styles.CURSOR_AWAY: "underline",
        styles.TAB: "bold underline",
        styles.NOW: "underline",
        styles.ADDED: "bold",
        styles.REMOVED: "dim",
    }
    return RichTheme({name: told.get(name, "") for name in styles.ALL}, inherit=False)
