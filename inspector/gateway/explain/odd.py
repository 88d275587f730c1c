"""Misspelt names in the definition: mostly the cause of what happened elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway.explain.case import Case, Odd
from inspector.gateway.explain.explanation import Cause, Note
from inspector.gateway.explain.routes import fits
from inspector.gateway.trace import Step

#: What a stage's settings lie in beside the method itself, as parts of JSON pointers.
_BESIDE = {
    "admit": ("olicy", "/components", "/securityDefinitions", "/security"),
    "authorize": (
        "/Properties/Function",
        "Resources/",
        "/components",
        "/securityDefinitions",
        "policy",
        "/security",
    ),
    "meter": ("/components", "/securityDefinitions", "api-key-source"),
    "validate": ("/components", "/definitions", "request-validator", "/parameters"),
    "map-request": ("/components", "binary-media"),
    "map-response": ("/components", "binary-media"),
}


def blame(case: Case, step: Step, cause: Cause) -> None:
    """Put misspelt names first where they bear on what happened."""
    found = [odd for odd in case.places.odd() if _bears(case, step, odd)]
    if not found:
        return
    first = found[0]
    cause.sentence += f" {worded(first)}"
    if first.meant:
        cause.remedy = f"Write {first.meant}."
    cause.first(*(odd.source for odd in found))


def worded(odd: Odd) -> str:
    """The slip in a sentence."""
    guess = f": {odd.meant} is probably meant" if odd.meant else ""
    return f"Nobody reads the name {odd.name!r} in the definition{guess}."


def odd_notes(case: Case) -> Iterator[Note]:
    """All of them, also where nothing went wrong."""
    for odd in case.places.odd():
        if odd.meant is not None:
            yield Note("definition.odd-name", worded(odd), odd.source, f"Write {odd.meant}.")


def _bears(case: Case, step: Step, odd: Odd) -> bool:
    pointer = odd.source.pointer
    if pointer.startswith("/Resources/") and "/Body/" not in pointer:
        return True
    source = case.method_source
    if source is not None:
        item = source.pointer.rpartition("/")[0]
        if source.file == odd.source.file and pointer.startswith(f"{item}/"):
            return True
    elif step.stage == "route":
        path = _path_of(pointer)
        return path is not None and fits(path, case.path)
    meant = f"{odd.holder}/{odd.meant}"
    return any(part in pointer or part in meant for part in _BESIDE.get(step.stage, ()))


def _path_of(pointer: str) -> str | None:
    """The path template of a path item that a pointer leads into."""
    _, found, rest = pointer.partition("/paths/")
    if not found or "/" not in rest:
        return None
    return rest.partition("/")[0].replace("~1", "/").replace("~0", "~")
