"""What the debugger's screen works on: an exchange's templates, each with its debugger.

Blocking where it reads; called in a thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inspector.definitions.rewriting import Unwritable, write_back
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.stepping import Debugger
from inspector.recording.exchange import Exchange
from inspector.recording.reader import Reader
from inspector.replay.rerun import NotRerunnableError, gateway_of
from inspector.replay.templates import Passage, passages


class NothingToStepError(Exception):
    """The exchange has no template to step through; the text says why."""


class NotWrittenError(Exception):
    """The template was not written into its file; the text says why."""


@dataclass(slots=True)
class Stepping:
    """A template being debugged. `original` is the run as it was recorded."""

    passage: Passage
    original: Debugger
    debugger: Debugger

    @property
    def edited(self) -> bool:
        """Whether it is another template by now."""
        return self.debugger.recorded.template != self.original.recorded.template

    def edit(self, text: str) -> Debugger:
        """Run another template on the same request. Raises `TemplateError`."""
        self.debugger = self.debugger.edited(text)
        return self.debugger


@dataclass(frozen=True, slots=True)
class Found:
    """The templates of an exchange in their order, and those that cannot be parsed."""

    templates: Sequence[Stepping]
    broken: Sequence[str]


def find(path: Path, exchange: Exchange) -> Found:
    """The templates that an exchange went through. Raises `NothingToStepError`."""
    if exchange.definition is None or exchange.api_id is None:
        raise NothingToStepError("No definition is held for this exchange: it was only passed on.")
    try:
        with Reader(path) as reader:
            gateway = gateway_of(reader.definition(exchange.definition))
        found = passages(exchange, gateway)
    except (KeyError, NotRerunnableError) as error:
        raise NothingToStepError(f"It cannot be run again: {error}.") from error
    templates, broken = [], []
    for passage in found:
        try:
            debugger = Debugger(passage.text, passage.variables)
        except TemplateError as error:
            broken.append(f"{passage.source}: {error}")
        else:
            templates.append(Stepping(passage, debugger, debugger))
    if not templates and not broken:
        raise NothingToStepError("This exchange went through no template.")
    if not templates:
        raise NothingToStepError(broken[0])
    return Found(templates, broken)


def save(stepping: Stepping) -> str:
    """Write the edited template into its definition file; a sentence. Raises `NotWrittenError`."""
    source = stepping.passage.source
    path = Path(source.file)
    try:
        text = path.read_bytes().decode("utf-8")
        new = write_back(text, source, stepping.debugger.recorded.template)
        path.write_bytes(new.encode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise NotWrittenError(f"{path} cannot be written: {error}") from error
    except Unwritable as error:
        raise NotWrittenError(str(error)) from error
    return f"Written into {path}, line {source.line}; the gateway serves it from now on."
