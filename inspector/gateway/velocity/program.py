"""Templates and programs: what the rest of the product calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from inspector.gateway.java.utf16 import printable
from inspector.gateway.velocity.compiler import Compiler
from inspector.gateway.velocity.errors import TemplateError, TemplateSyntaxError
from inspector.gateway.velocity.nodes import Node
from inspector.gateway.velocity.parser import MacroNames
from inspector.gateway.velocity.prepare import Prepared, prepare
from inspector.gateway.velocity.runtime import (
    FEW,
    Budget,
    CompiledMacro,
    Output,
    Render,
    Run,
    Stop,
    Unresolved,
)
from inspector.gateway.velocity.source import Source

Mode: TypeAlias = Literal["amazon", "velocity"]

MAX_TEMPLATE_BYTES: Final = 307_200  # Amazon's quota for a mapping template: 300 KB
_DEFAULT: Final = Budget()


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template. `root` is its tree."""

    text: str
    prepared: Prepared

    @property
    def root(self) -> Node:
        """The tree."""
        return self.prepared.root


@dataclass(slots=True)
class Rendered:
    """What a run gave: the output, the variables as they are afterwards, what came to nothing.

    `unresolved` is empty unless asked for.
    """

    output: str
    variables: dict[str, object]
    unresolved: tuple[Unresolved, ...] = ()


def parse(text: str, *, max_bytes: int | None = None) -> Template:
    """Parse a template. Raises `TemplateSyntaxError`, also where it is over `max_bytes` of UTF-8."""
    if max_bytes is not None and len(text.encode("utf-8", "replace")) > max_bytes:
        message = f"the template is larger than {max_bytes:,} bytes"
        raise TemplateSyntaxError(message, 1, 1)
    try:
        return Template(text, prepare(Source(text), MacroNames()))
    except RecursionError:
        raise TemplateSyntaxError("nested too deeply to be parsed", 1, 1) from None


class Program:
    """A template compiled for one mode; it may be rendered any number of times."""

    __slots__ = ("_macros", "_render", "mode", "template")

    def __init__(self, template: Template, mode: Mode) -> None:
        self.template = template
        self.mode: Final = mode
        self._render: Render
        self._macros: dict[str, CompiledMacro]
        self._compile(Compiler(template.prepared.names, amazon=mode == "amazon"))

    def _compile(self, compiler: Compiler) -> None:
        self._render, self._macros = compiler.program(self.template.prepared)

    def render(
        self, variables: dict[str, object], budget: Budget | None = None, *, collect: bool = False
    ) -> Rendered:
        """Run it over variables, which it changes. Raises `TemplateError`."""
        run = Run(budget or _DEFAULT, self._macros, collect=collect)
        out = Output()
        try:
            self._render(run, variables, out)
        except Stop as stop:
            if not stop.ends(None):
                raise TemplateError("#break ends no loop that is running", 1, 1) from None
        except RecursionError:
            raise TemplateError("nested too deeply", 1, 1, "java.lang.StackOverflowError") from None
        if len(out) > FEW:
            run.measure(out, (1, 1))
        text = "".join(out)
        if len(text) > run.budget.output:
            run.measure(out, (1, 1))
        if not text.isascii():
            text = printable(text)
        return Rendered(text, variables, tuple(run.unresolved) if run.unresolved else ())


def compile_template(template: str | Template, mode: Mode = "amazon") -> Program:
    """Compile a template. Raises `TemplateSyntaxError` if it is given as text and cannot be parsed."""
    parsed = parse(template) if isinstance(template, str) else template
    try:
        return Program(parsed, mode)
    except RecursionError:
        raise TemplateSyntaxError("nested too deeply to be compiled", 1, 1) from None
