"""Whether the file that a function's handler names is in its folder: runtime, handler or code is wrong.

Looks at the disk, so only where definitions are loaded from there, and outside of the template's
folder only where the function runs. A folder that is not there yet is left to whoever starts it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from inspector.definitions.diagnostics import Diagnostic
from inspector.definitions.places import Places
from inspector.model import Function, Source

CODE = "handler-file"
_ENDS = {"python": (".py",), "nodejs": (".mjs", ".js", ".cjs")}
_FIRST = {"python": ".py", "nodejs": ".js"}
#: The handler where none is written.
_DEFAULT = "index.handler"
_EXAMPLES = {"python": "python3.12", "nodejs": "nodejs20.x"}
#: Files of a folder that are looked at.
_MOST = 200


@dataclass(frozen=True, slots=True)
class _Looked:
    function: Function
    family: str
    folder: Path
    stem: str
    names: tuple[str, ...]


def missing_files(
    functions: Sequence[Function], places: Places, *, outside: bool = False
) -> Iterator[Diagnostic]:
    """A warning for each function whose handler names no file, at the property that is odd.

    `outside`: code that lies outside of the template's folder is looked at, too.
    """
    for function in functions:
        looked = _look(function) if outside or _is_beside(function) else None
        if looked is not None:
            yield _said(looked, places)


def _is_beside(function: Function) -> bool:
    home = Path(function.source.file).parent.resolve()
    try:
        return (home / (function.code_path or "")).resolve().is_relative_to(home)
    except (OSError, ValueError):  # such as a null byte
        return False


def _look(function: Function) -> _Looked | None:
    """What there is in place of the handler's file; None where it is there, or nobody can say."""
    runtime = function.runtime or ""
    family = next((each for each in _ENDS if runtime.startswith(each)), None)
    files = _places_of(function)
    if family is None or function.code_path is None or not files:
        return None
    folder = Path(function.source.file).parent / function.code_path
    stem = files[0].removesuffix(_FIRST[family])
    try:
        if not folder.is_dir() or any((folder / each).exists() for each in files):
            return None
        around = (folder / stem).parent
        around = around if around.is_dir() else folder
        names = sorted(each.name for each in around.iterdir() if each.is_file())
    except (OSError, ValueError):
        return None
    return _Looked(function, family, folder, stem, tuple(names[:_MOST]))


def _places_of(function: Function) -> list[str]:
    """Where a runtime looks for the handler, likeliest first; none where that is not known."""
    handler, runtime = function.handler or _DEFAULT, function.runtime or ""
    if ".." in handler:
        return []  # Lambda refuses it
    if runtime.startswith("python"):
        module = handler.rpartition(".")[0].replace(".", "/")
        return [f"{module}{end}" for end in (".py", "/__init__.py", ".pyc", "")] if module else []
    if runtime.startswith("nodejs"):
        folder, slash, last = handler.rpartition("/")
        base = f"{folder}{slash}{last.partition('.')[0]}"
        ends = (".js", ".mjs", ".cjs", "")
        return [*(f"{base}{end}" for end in ends), f"node_modules/{base}"] if base else []
    return []


def _said(looked: _Looked, places: Places) -> Diagnostic:
    function, folder = looked.function, looked.function.code_path
    wanted = " or ".join(f"{looked.stem}{end}" for end in _ENDS[looked.family])
    key, remedy = _blamed(looked)
    held = ", ".join(looked.names[:5]) or "no file"
    message = (
        f"the runtime {function.runtime} looks for {wanted} in {folder}, which has {held}: the handler of "
        f"{function.name} is {function.handler or f'{_DEFAULT}, as none is written'}"
    )
    return Diagnostic("warning", CODE, message, _place(places, function, key), remedy)


def _place(places: Places, function: Function, key: str) -> Source:
    at = places.at(function.source, key)
    return at or places.key(function.source, "Properties") or function.source


def _blamed(looked: _Looked) -> tuple[str, str]:
    """The property that is probably wrong, and what to write."""
    own = looked.stem.rpartition("/")[2]
    stems = {family: _stems(looked.names, ends) for family, ends in _ENDS.items()}
    others = [family for family in _ENDS if family != looked.family and own in stems[family]]
    if others:
        return "Runtime", f"Write a runtime of that language, such as {_EXAMPLES[others[0]]}."
    here = stems[looked.family]
    if not here:
        return "Code", "Point Code at the folder of this function."
    handler = looked.function.handler or _DEFAULT
    meant = (get_close_matches(own, here, 1, 0.6) or here)[0]
    name = handler.rpartition(".")[2]
    return "Handler", f"Write Handler: {meant}.{name}"


def _stems(names: tuple[str, ...], ends: tuple[str, ...]) -> list[str]:
    return [
        name.removesuffix(end)
        for name in names
        for end in ends
        if name.endswith(end) and not name.startswith(("_", "."))
    ]
