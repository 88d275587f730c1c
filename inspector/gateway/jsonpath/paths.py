"""JsonPath: `compile_path` reads a path once, `CompiledPath.read` runs it on a document.

The dialect is Jayway 2.0.0's, which answers as recorded on AWS where recordings exist; where 3.0.0
differs is listed in facts/velocity.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from inspector.gateway.jsonpath.errors import (
    EmptyPathError,
    InvalidNumberError,
    InvalidPathError,
    JsonPathError,
    PathNotFoundError,
)
from inspector.gateway.jsonpath.fragments import read_fragment
from inspector.gateway.jsonpath.javastring import char_at, trim
from inspector.gateway.jsonpath.steps import (
    Evaluate,
    PropertyStep,
    RootStep,
    Run,
    ScanStep,
    Step,
    Tail,
)

UNLIMITED: Final = float("inf")


@dataclass(frozen=True, slots=True, eq=False)
class CompiledPath:
    """A path ready to run. `definite` paths find one value, the others a list."""

    steps: tuple[Step, ...]
    evaluate: Evaluate
    definite: bool
    from_root: bool
    names: tuple[str, ...] | None = None
    """The properties of a path that is nothing else: `$.a.b`."""

    def value(self, document: object, run: Run) -> object:
        """The value found, as part of another path's run; raises `JsonPathError`s."""
        inner = Run(run.root, run.visits_left, cached=run.cached)
        self.evaluate(document, inner)
        run.visits_left = inner.visits_left
        return self._result(inner)

    def read(self, document: object, max_visits: float = UNLIMITED) -> object:
        """What `$input.path` answers: the value, the list, or None where nothing is.

        Raises `InvalidPathError` where a step meets a value it cannot be applied to, and
        `VisitLimitError` after looking at `max_visits` values.
        """
        if self.names is not None and (found := self._below(document)) is not None:
            return found
        run = Run(document, max_visits)
        try:
            self.evaluate(document, run)
            return self._result(run)
        except (PathNotFoundError, InvalidNumberError):
            return None

    def _below(self, document: object) -> object:
        """The value where all properties are there; None to be looked at closely."""
        found = document
        for name in self.names or ():
            if type(found) is not dict:
                return None
            found = found.get(name)
        return found

    def _result(self, run: Run) -> object:
        if not self.definite:
            return run.found
        if not run.found:
            raise PathNotFoundError("No results for path")
        return run.found[0]


@lru_cache(maxsize=4096)
def compile_path(text: str) -> CompiledPath:
    """The compiled path; raises `EmptyPathError` or `InvalidPathError`."""
    if not text:
        raise EmptyPathError("json can not be null or empty")
    return _compile(text)


def _compile(text: str) -> CompiledPath:
    """Any failure becomes an `InvalidPathError` that names it, once per nesting, as in Jayway."""
    if not text:
        raise EmptyPathError("Path may not be null empty")
    try:
        steps, from_root = _read_steps(trim(text))
    except JsonPathError as error:
        raise InvalidPathError(error.described()) from error
    definite = all(step.definite for step in steps)
    plain = bool(steps) and all(
        isinstance(each, PropertyStep) and len(each.names) == 1 for each in steps[1:]
    )
    plain = plain and isinstance(steps[0], RootStep)
    names = tuple(name for each in steps if isinstance(each, PropertyStep) for name in each.names)
    return CompiledPath(steps, _chain(steps), definite, from_root, names if plain else None)


def _read_steps(text: str) -> tuple[tuple[Step, ...], bool]:
    if text.endswith(".."):
        raise InvalidPathError("A path can not end with a scan.")
    if char_at(text, 0) not in "$@":
        text = "$." + text
    from_root = text[0] == "$"
    text = "$" + text[1:]
    if len(text) > 1 and text[1] not in ".[":
        raise InvalidPathError(f"Invalid path {text}")
    steps: list[Step] = []
    for fragment in _fragments(text):
        if fragment == "$":
            steps.append(RootStep())
        elif fragment == "..":
            steps.append(_SCAN)
        else:
            steps.append(read_fragment(fragment, _compile))
    targets = [*steps[1:], steps[-1]]
    scans = [ScanStep(t) if s is _SCAN else s for s, t in zip(steps, targets, strict=True)]
    return tuple(scans), from_root


_SCAN: Final = ScanStep(RootStep())


def _fragments(text: str) -> Iterator[str]:
    """`$.a[0]` cut into `$`, `['a']`, `[0]`."""
    at = 0
    while at < len(text):
        char = text[at]
        if char == " ":
            raise InvalidPathError("Space not allowed in path")
        if char == "$":
            yield "$"
            at += 1
        elif char == "[":
            end = _closing(text, at)
            yield text[at:end]
            at = end
        elif char == "*":
            yield "[*]"
            at += 1
        elif char != ".":
            end = _name_end(text, at)
            yield f"['{text[at:end]}']"
            at = end
        elif char_at(text, at + 1) == ".":
            yield ".."
            at += 2
        else:
            end = _name_end(text, at + 1)
            if name := text[at + 1 : end]:
                yield "[*]" if name == "*" else f"['{name}']"
            at = end


def _name_end(text: str, at: int) -> int:
    while at < len(text) and text[at] not in ".[ ":
        at += 1
    return at


def _closing(text: str, at: int) -> int:
    """Behind the bracket that closes the one at `at`, quotes not minded; or the text's end."""
    depth = 0
    for end in range(at + 1, len(text)):
        if text[end] == "]":
            if depth == 0:
                return end + 1
            depth -= 1
        elif text[end] == "[":
            depth += 1
    return len(text)


def _chain(steps: tuple[Step, ...]) -> Evaluate:
    """Compile from the last step to the first, each against the one behind it."""
    after: list[Evaluate | None] = [None]  # after[-1]: what follows the step at hand
    fragments = ""
    for at in range(len(steps) - 1, -1, -1):
        step = steps[at]
        fragments = step.fragment() + fragments
        strict = all(other.definite for other in steps[max(at - 1, 0) :])
        then = after[-1]
        if isinstance(step, ScanStep) and then is not None:
            after.append(step.scanning(then, after[-2]))
        else:
            after.append(step.compiled(then, Tail(fragments, strict)))
    evaluate = after[-1]
    assert evaluate is not None, "a path has at least its root"
    return evaluate
