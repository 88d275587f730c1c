"""Every key of the screen, once: bindings, the help page, the foot line and the palette read it.

`id` is what a user's own keys file calls it (`keymap`). Keys are in Textual's spelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding

Where = Literal["everywhere", "move", "list", "exchange", "debugger"]

TITLES: Mapping[Where, str] = {
    "everywhere": "Everywhere",
    "move": "Moving, in every list and view",
    "list": "The list",
    "exchange": "An exchange",
    "debugger": "The debugger of templates",
}


@dataclass(frozen=True, slots=True)
class Key:
    """What `keys` (comma-separated) do: Textual's action, a word, and a sentence for the help."""

    id: str
    keys: str
    action: str
    word: str
    help: str
    where: Where


def _keys(where: Where, *rows: tuple[str, str, str, str, str]) -> tuple[Key, ...]:
    return tuple(Key(*row, where) for row in rows)


EVERYWHERE = _keys(
    "everywhere",
    ("find", "slash", "find", "find", "filter the list, search in a view"),
    ("switch", "tab", "switch", "other side", "between list and exchange"),
    ("back", "escape", "back", "back", "one step back"),
    ("full", "f", "full", "full", "full screen for the exchange, or back"),
    ("grow", "plus", "size(1)", "larger", "more room for the exchange"),
    ("shrink", "minus", "size(-1)", "smaller", "less room for the exchange"),
    ("undo", "u", "undo", "undo", "undo the last mark, delete or clear"),
    ("caller", "c", "caller", "caller", "simulate a caller: address, certificate"),
    ("state", "S", "state", "state", "buckets, quotas and caches; reset them"),
    ("notices", "exclamation_mark", "notices", "notices", "what was told, newest first"),
    ("mouse", "M", "mouse", "mouse", "free the mouse for the terminal, or take it"),
    ("palette", "ctrl+p", "app.command_palette", "commands", "find any command by its name"),
    ("help", "question_mark,f1", "help", "keys", "this page"),
    ("bar", "K", "bar", "foot line", "hide the line of keys, or show it"),
    ("quit", "q", "app.quit", "quit", "leave"),
)
MOVE = _keys(
    "move",
    ("down", "j,down", "move(1)", "down", "a line down"),
    ("up", "k,up", "move(-1)", "up", "a line up"),
    ("half-down", "ctrl+d", "page(0.5)", "half down", "half a screen down"),
    ("half-up", "ctrl+u", "page(-0.5)", "half up", "half a screen up"),
    ("page-down", "pagedown,ctrl+f", "page(1)", "page down", "a screen down"),
    ("page-up", "pageup,ctrl+b", "page(-1)", "page up", "a screen up"),
    ("first", "home", "first", "first", "to the first (also gg)"),
    ("last", "G,end", "last", "last", "to the last"),
)
LIST = _keys(
    "list",
    ("open", "enter,l,right", "open", "open", "open the exchange"),
    ("follow", "F", "follow", "follow", "stay on the newest, or stay put"),
    (
        "next",
        "n",
        "next_match(1)",
        "next",
        "to the next that went wrong; under a filter the next match",
    ),
    ("previous", "N", "next_match(-1)", "previous", "to the one before"),
    ("mark", "m", "screen.mark", "mark", "make it a favourite, kept when older ones are forgotten"),
    ("next-mark", "right_square_bracket", "next_mark(1)", "next mark", "to the next marked"),
    ("previous-mark", "left_square_bracket", "next_mark(-1)", "mark before", "to the one before"),
    ("delete", "x", "screen.delete", "delete", "delete it from the recording; u brings it back"),
    ("clear", "X", "screen.clear", "clear", "show only what comes from now on, and the marked"),
)
EXCHANGE = _keys(
    "exchange",
    ("edit", "e", "edit", "edit", "edit the request and send it"),
    ("replay", "r", "replay", "replay", "send it again through the gateway"),
    ("renew", "a", "renew", "sign anew", "send it again, signed anew or with its token made anew"),
    (
        "edit-renew",
        "A",
        "edit_renew",
        "edit, sign",
        "edit the request, then sign it anew and send it",
    ),
    ("direct", "R", "direct", "to the backend", "send it again straight to the backend"),
    ("difference", "d", "difference", "difference", "the answer beside that of the original"),
    ("connection", "W", "connection", "its WebSocket", "list the events of its WebSocket alone"),
    ("copy", "y", "copy", "copy", "copy: the next key says what"),
    ("save-event", "E", "save_event", "save event", "save the function's event as a test fixture"),
    ("form", "p", "form", "form", "the body as it suits, as sent, as hex"),
    ("step", "s", "step", "step", "step through the templates that it went through"),
    ("remedy", "T", "remedy", "remedy", "try at once what the explanation proposes"),
    ("try", "t", "try", "try", "write a template and try it on this request"),
)
VIEW = _keys(
    "exchange",
    ("next-hit", "n", "next_hit(1)", "next hit", "to the next place found"),
    ("previous-hit", "N", "next_hit(-1)", "hit before", "to the place before"),
    ("fold", "space", "fold", "fold", "fold or unfold the value under the cursor"),
    ("fold-all", "z", "fold_all(True)", "fold all", "fold all values"),
    ("unfold-all", "Z", "fold_all(False)", "open all", "open all values"),
    ("wrap", "w", "wrap", "wrap", "wrap long lines, or let h and l move along them"),
)
DEBUGGER = _keys(
    "debugger",
    ("into", "s", "go('into')", "into", "the next statement, also inside of loops and macros"),
    ("over", "n", "go('over')", "over", "the next statement that is not inside of this one"),
    ("out", "o", "go('out')", "out", "out of the loop or macro"),
    ("step-back", "b", "go('back')", "back", "the statement before: nothing is undone"),
    ("back-over", "B", "go('back_over')", "back over", "the one before that is not deeper"),
    ("run", "c", "go('resume')", "run", "to the next breakpoint, or to the end"),
    ("run-back", "C", "go('resume_back')", "run back", "to the breakpoint before, or to the start"),
    ("restart", "r", "go('restart')", "restart", "to the beginning"),
    ("why", "x", "why", "why", "to the statement because of which the output is no JSON"),
    ("nothing", "u", "nothing", "nothing", "to the next reference that came to nothing"),
    (
        "writer",
        "enter",
        "writer",
        "who wrote",
        "in the output: to the statement that wrote the line",
    ),
    ("to-cursor", "l", "to_cursor", "to line", "run to the line under the cursor"),
    ("break", "space", "break", "break", "set or take away a breakpoint"),
    ("condition", "i", "ask('condition')", "break if", "a breakpoint with a condition"),
    ("watch", "w", "ask('watch')", "watch", "look at an expression at every stop"),
    ("edit-template", "e", "edit", "edit", "edit the template, run it on the same request"),
    ("outputs", "d", "outputs", "difference", "the edited template's output beside the recorded"),
    ("save", "S", "save", "save", "write the edited template into its definition, or into a file"),
    ("other", "t", "other", "other", "the request template, the response template"),
    ("pane", "tab", "switch", "next pane", "to the next pane"),
    ("debug-help", "question_mark,f1", "help", "keys", "this page"),
    ("leave", "escape,q", "leave", "leave", "one step back"),
)
ALL: tuple[Key, ...] = (*EVERYWHERE, *MOVE, *LIST, *EXCHANGE, *VIEW, *DEBUGGER)
_BY_ID = {key.id: key for key in ALL}

_NAMES = {
    "slash": "/", "question_mark": "?", "exclamation_mark": "!", "plus": "+", "minus": "-",
    "left_square_bracket": "[", "right_square_bracket": "]", "escape": "esc", "down": "↓",
    "up": "↑", "left": "←", "right": "→", "pagedown": "pgdn", "pageup": "pgup",
}  # fmt: skip


def bindings(keys: Iterable[Key]) -> list[Binding]:
    """Textual's bindings of these keys; the user's own keys replace them by `id`."""
    return [Binding(key.keys, key.action, key.word, show=False, id=key.id) for key in keys]


def shown(identity: str, keymap: Mapping[str, str] | None = None) -> str:
    """The first key of an action as it is printed on a keyboard."""
    keys = (keymap or {}).get(identity) or _BY_ID[identity].keys
    return readable(keys.split(",")[0])


def readable(key: str) -> str:
    """`question_mark` as `?`."""
    return _NAMES.get(key, key)


def named(identity: str) -> Key:
    """The key of this id. Raises KeyError."""
    return _BY_ID[identity]
