"""Where functions are, as the user says it: `--function NAME=PLACE` and `--debug NAME`.

pets=http://127.0.0.1:3001        an endpoint that speaks Lambda's Invoke API
pets=arn:aws:lambda:…             the real function, with the user's credentials
pets=answers/pets.json            a file with the answer
pets=functions/pets:app.handler   code on this machine: its folder, and the handler in it
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import MappingProxyType

from inspector.runtime.functions.elsewhere import Amazon, Endpoint, Reply
from inspector.runtime.functions.functions import Elsewhere, Functions
from inspector.runtime.functions.idle import IdleFunctions
from inspector.runtime.functions.spec import FunctionSpec
from inspector.runtime.functions.surroundings import Around, Find, surrounded
from inspector.runtime.http import HttpBackends

#: Where debuggers are waited for: debugpy's usual port, and Node's.
DEBUGPY_PORT, NODE_PORT = 5678, 9229
_LOCAL = re.compile(r"(.+?):([^:\\]+\.[^:/\\]+)")
_RUNTIMES = {".py": "python3.11", ".mjs": "nodejs20.x", ".js": "nodejs20.x", ".cjs": "nodejs20.x"}


class PlaceError(Exception):
    """A place that cannot be understood; the message says what was expected."""


def functions_of(  # noqa: PLR0913  what the user may say of each
    specs: Iterable[FunctionSpec],
    places: Mapping[str, str],
    http: HttpBackends,
    debug: Iterable[str] = (),
    find: Callable[[str], FunctionSpec | None] = lambda name: None,
    environment: Mapping[str, str] = MappingProxyType({}),
    *,
    names: Callable[[], Iterable[str]] = tuple,
    around: Around | None = None,
) -> Functions:
    """The functions of a gateway: declared ones, with those of the user before them.

    `environment` is what all of them find around them, with what `around` gives at the moment;
    `names` gives those that `find` knows. A declared function may be named by its logical id.
    Raises `PlaceError`.
    """
    known = {spec.name: spec for spec in specs}
    elsewhere: dict[str, Elsewhere] = {}
    moved: dict[str, FunctionSpec] = {}
    for given, place in places.items():
        declared = known.get(given) or find(given)
        name = given if declared is None else declared.name
        found = _place(name, place, http)
        if isinstance(found, FunctionSpec):
            moved[name] = found
        else:
            elsewhere[name] = found
    look = surrounded(_with_moved(known, find, moved), environment, around)
    debugged = {}
    ports = {"python": count(DEBUGPY_PORT), "nodejs": count(NODE_PORT)}
    for name in debug:
        local = look(name)
        if local is None:
            named = ", ".join(sorted({*known, *moved, *names()})) or "none"
            raise PlaceError(f"--debug {name}: no such function runs here (there are: {named})")
        _check_debug(name, local)
        debugged[local.name] = replace(local, debug_port=next(ports[_kind(local.runtime)]))
    return Functions(debugged.values(), elsewhere, find=look)


def _check_debug(name: str, local: FunctionSpec) -> None:
    """Whether a debugger could come at all."""
    if local.missing:
        raise PlaceError(f"--debug {name}: {local.missing}")
    if not local.runtime.startswith(("python", "nodejs")):
        raise PlaceError(
            f"--debug {name}: its runtime is {local.runtime or 'an image'}, and inspector starts "
            "debuggers for Python and Node.js"
        )


def _with_moved(
    known: Mapping[str, FunctionSpec], find: Find, moved: Mapping[str, FunctionSpec]
) -> Find:
    """The same functions, some with code of another place: all else stays as it is declared."""
    made: dict[str, tuple[FunctionSpec, FunctionSpec]] = {}

    def look(name: str) -> FunctionSpec | None:
        declared = known.get(name) or find(name)
        place = moved.get(name if declared is None else declared.name)
        if place is None or declared is None:
            return place or declared
        before = made.get(name)
        if before is not None and before[0] is declared:
            return before[1]
        of_its_kind = _kind(declared.runtime) == _kind(place.runtime)
        runtime = declared.runtime if of_its_kind else place.runtime
        changed = replace(
            declared, root=place.root, handler=place.handler, runtime=runtime, missing=""
        )
        made[name] = declared, changed
        return changed

    return look


def _kind(runtime: str) -> str:
    """A runtime without its version."""
    return runtime.rstrip("0123456789.x")


def idle_functions(
    places: Mapping[str, str],
    debug: Iterable[str] = (),
    name_of: Callable[[str], str] = lambda name: name,
) -> IdleFunctions:
    """The functions of a gateway that runs none. Raises `PlaceError` for a place that runs code.

    `name_of` gives the name of a function that is named by its logical id.
    """
    running = [*(f"--function {name}={place}" for name, place in places.items()
                 if not _is_answer(place)), *(f"--debug {name}" for name in debug)]  # fmt: skip
    if running:
        raise PlaceError(f"--no-functions runs none, and {running[0]} would")
    return IdleFunctions({name_of(given): Path(place) for given, place in places.items()})


def check(name: str, place: str) -> None:
    """Raise `PlaceError` where a place cannot be one; an answer's file has to be there at first."""
    _place(name, place, None)
    if _is_answer(place) and not Path(place).is_file():
        raise PlaceError(f"{name}={place}: there is no such file")


def _is_answer(place: str) -> bool:
    """Whether it is a file with the answer: the only place that runs nothing."""
    return place.endswith(".json") and not place.startswith(("http://", "https://", "arn:"))


def _place(name: str, place: str, http: HttpBackends | None) -> FunctionSpec | Elsewhere:
    if place.startswith(("http://", "https://")):
        return Endpoint(name, place, http) if http else Reply(Path())
    if place.startswith("arn:"):
        if len(place.split(":")) < 7:
            raise PlaceError(f"{place!r} is not the ARN of a function")
        return Amazon(place, http) if http else Reply(Path())
    if place.endswith(".json"):
        return Reply(Path(place))
    local = _LOCAL.fullmatch(place)
    if local is None:
        raise PlaceError(
            f"{name}={place}: expected a URL, the ARN of a function, FILE.json with an answer, or "
            "FOLDER:FILE.HANDLER with code"
        )
    root, handler = Path(local[1]).resolve(), local[2]
    return FunctionSpec(name=name, runtime=_runtime(root, handler), handler=handler, root=root)


def _runtime(root: Path, handler: str) -> str:
    stem = handler.rpartition("/")[2].partition(".")[0]
    folder = root / handler.rpartition("/")[0]
    if (root / (handler.rpartition(".")[0].replace(".", "/") + ".py")).is_file():
        return _RUNTIMES[".py"]  # a module in packages
    if not folder.is_dir():
        raise PlaceError(f"{folder}: there is no such folder")
    for suffix, runtime in _RUNTIMES.items():
        if (folder / f"{stem}{suffix}").is_file():
            return runtime
    if (root / "bootstrap").is_file():
        return "provided.al2023"
    raise PlaceError(f"{root}: no {stem}.py, {stem}.js or {stem}.mjs, and no program `bootstrap`")
