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
from pathlib import Path
from types import MappingProxyType

from inspector.runtime.functions.elsewhere import Amazon, Endpoint, Reply
from inspector.runtime.functions.functions import Elsewhere, Functions
from inspector.runtime.functions.idle import IdleFunctions
from inspector.runtime.functions.spec import FunctionSpec
from inspector.runtime.functions.surroundings import surrounded
from inspector.runtime.http import HttpBackends

#: Where debuggers are waited for: debugpy's usual port, and Node's.
DEBUGPY_PORT, NODE_PORT = 5678, 9229
_LOCAL = re.compile(r"(.+):([^:/\\]+\.[^:/\\]+)")
_RUNTIMES = {".py": "python3.11", ".mjs": "nodejs20.x", ".js": "nodejs20.x", ".cjs": "nodejs20.x"}


class PlaceError(Exception):
    """A place that cannot be understood; the message says what was expected."""


def functions_of(
    specs: Iterable[FunctionSpec],
    places: Mapping[str, str],
    http: HttpBackends,
    debug: Iterable[str] = (),
    find: Callable[[str], FunctionSpec | None] = lambda name: None,
    environment: Mapping[str, str] = MappingProxyType({}),
    *,
    names: Callable[[], Iterable[str]] = tuple,
) -> Functions:
    """The functions of a gateway: declared ones, with those of the user before them.

    `environment` is what all of them find around them, `names` gives those that `find` knows.
    Raises `PlaceError`.
    """
    find = surrounded(find, environment)
    known = {spec.name: spec for spec in specs}
    elsewhere: dict[str, Elsewhere] = {}
    for name, place in places.items():
        found = _place(name, place, http)
        if isinstance(found, FunctionSpec):
            found = replace(found, environment={**environment, **found.environment})
            declared = known.get(name)
            known[name] = found if declared is None else replace(
                declared, root=found.root, handler=found.handler, runtime=found.runtime
            )  # fmt: skip
        else:
            elsewhere[name] = found
    for name in debug:
        local = known.get(name) or find(name)
        if local is None:
            named = ", ".join(sorted({*known, *names()})) or "none"
            raise PlaceError(f"--debug {name}: no such function runs here (there are: {named})")
        port = DEBUGPY_PORT if local.runtime.startswith("python") else NODE_PORT
        known[name] = replace(local, debug_port=port)
    return Functions(known.values(), elsewhere, find=find)


def idle_functions(places: Mapping[str, str], debug: Iterable[str] = ()) -> IdleFunctions:
    """The functions of a gateway that runs none. Raises `PlaceError` for a place that runs code."""
    running = [*(f"--function {name}={place}" for name, place in places.items()
                 if not _is_answer(place)), *(f"--debug {name}" for name in debug)]  # fmt: skip
    if running:
        raise PlaceError(f"--no-functions runs none, and {running[0]} would")
    return IdleFunctions({name: Path(place) for name, place in places.items()})


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
    if not folder.is_dir():
        raise PlaceError(f"{folder}: there is no such folder")
    for suffix, runtime in _RUNTIMES.items():
        if (folder / f"{stem}{suffix}").is_file():
            return runtime
    if (root / "bootstrap").is_file():
        return "provided.al2023"
    raise PlaceError(f"{root}: no {stem}.py, {stem}.js or {stem}.mjs, and no program `bootstrap`")
