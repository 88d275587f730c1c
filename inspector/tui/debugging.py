"""What the debugger's screen works on: an exchange's templates, each with its debugger.

Blocking where it reads; called in a thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from inspector.definitions.rewriting import Unwritable, write_back
from inspector.definitions.template_lines import lines_ahead
from inspector.gateway.mapping import Explanation
from inspector.gateway.mapping.stepped import explain_run
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.stepping import Debugger
from inspector.recording.exchange import Exchange
from inspector.recording.reader import Reader
from inspector.replay.passed import why_untold
from inspector.replay.rerun import NotRerunnableError, gateway_of
from inspector.replay.templates import Passage, grounds, passages


class NothingToStepError(Exception):
    """The exchange has no template to step through; the text says why."""


class NotWrittenError(Exception):
    """The template was not written into its file; the text says why."""


@dataclass(slots=True)
class Stepping:
    """A template being debugged. `original` is the run as it was recorded.

    A template that cannot be parsed has a `fault`, and nothing ran. `ahead` is how many lines of the
    definition file stand before the template's first; None where its lines do not stand there one by
    one.
    """

    passage: Passage
    original: Debugger
    debugger: Debugger
    ahead: int | None = None
    fault: TemplateError | None = None

    @property
    def scratch(self) -> bool:
        """Whether it is a template of the user's own, which no definition holds."""
        return self.passage.side == "scratch"

    def why(self) -> Explanation | None:
        """Why the output is no JSON, where it claims to be."""
        recorded = self.debugger.recorded
        return None if recorded.error is not None else explain_run(recorded)

    def place(self, line: int) -> str:
        """Where a line of the template stands."""
        source = self.passage.source
        shown = source.line if self.ahead is None or self.edited else self.ahead + line
        return f"{Path(source.file).name}:{shown}"

    @property
    def edited(self) -> bool:
        """Whether it is another template by now."""
        before = self.original.recorded.template if self.scratch else self.passage.text
        return self.fault is None and self.debugger.recorded.template != before

    @property
    def text(self) -> str:
        """The template, whether it can be parsed or not."""
        return self.debugger.recorded.template if self.fault is None else self.passage.text

    def edit(self, text: str) -> Debugger:
        """Run another template on the same request. Raises `TemplateError`."""
        self.debugger = self.debugger.edited(text)
        self.fault = None
        if self.scratch:
            self.debugger.to_event(len(self.debugger.events))
        return self.debugger


@dataclass(frozen=True, slots=True)
class Found:
    """The templates of an exchange in their order."""

    templates: Sequence[Stepping]


def find(path: Path, exchange: Exchange) -> Found:
    """The templates that an exchange went through. Raises `NothingToStepError`."""
    if exchange.definition is None or exchange.api_id is None:
        raise NothingToStepError(f"There is no template: {why_untold(exchange)}.")
    try:
        with Reader(path) as reader:
            gateway = gateway_of(reader.definition(exchange.definition))
        found = passages(exchange, gateway)
    except (KeyError, NotRerunnableError) as error:
        raise NothingToStepError(f"It cannot be run again: {error}.") from error
    if not found:
        raise NothingToStepError("This exchange went through no template.")
    return Found([_stepping(passage) for passage in found])


def _stepping(passage: Passage) -> Stepping:
    ahead = _lines_ahead(passage)
    try:
        debugger = Debugger(passage.text, passage.variables, texts=False)
    except TemplateError as fault:
        nothing = Debugger("", passage.variables, texts=False)
        return Stepping(passage, nothing, nothing, ahead, fault)
    return Stepping(passage, debugger, debugger, ahead)


def grounds_of(path: Path, exchange: Exchange) -> list[Passage]:
    """What a template of one's own can be tried on. Raises `NothingToStepError`."""
    try:
        gateway = None
        if exchange.definition is not None:
            with Reader(path) as reader:
                gateway = gateway_of(reader.definition(exchange.definition))
        return grounds(exchange, gateway)
    except (KeyError, NotRerunnableError):
        return grounds(exchange, None)


def scratch(found: Sequence[Passage], text: str) -> Found:
    """A template of one's own on what an exchange saw, run to its end. Raises `TemplateError`."""
    made = []
    for passage in found:
        debugger = Debugger(text, passage.variables, texts=False)
        debugger.to_event(len(debugger.events))
        made.append(Stepping(passage, debugger, debugger))
    return Found(made)


def keep(stepping: Stepping, name: str) -> str:
    """Write a template of one's own into a file; a sentence. Raises `NotWrittenError`."""
    path = Path(name).expanduser()
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(stepping.debugger.recorded.template)
    except FileExistsError:
        raise NotWrittenError(f"{path} is there already; give another name.") from None
    except OSError as error:
        raise NotWrittenError(f"{path} cannot be written: {error.strerror or error}.") from error
    return f"Written into {path}; inspector render {path} runs it too."


def _lines_ahead(passage: Passage) -> int | None:
    try:
        text = Path(passage.source.file).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return lines_ahead(text, passage.source, passage.text)


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
