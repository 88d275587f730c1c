"""Runs a template step by step, to its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from inspector.gateway.java.utf16 import printable
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.program import Mode, Template, parse
from inspector.gateway.velocity.runtime import Budget, Output, Run, Stop
from inspector.gateway.velocity.stepping.compiler import Places, StepCompiler
from inspector.gateway.velocity.stepping.events import Event, Recorded
from inspector.gateway.velocity.stepping.recorder import MOST_EVENTS, Probe, Recorder, frozen
from inspector.gateway.velocity.stepping.shown import shown

_DEFAULT = Budget()


def step(
    template: str | Template,
    variables: dict[str, object],
    mode: Mode = "amazon",
    budget: Budget | None = None,
) -> Iterator[Event]:
    """The events of a run, in the order in which they began.

    Raises `TemplateError` behind the last event of a run that fails.
    """
    recorded = record(template, variables, mode, budget)
    yield from recorded.events
    if recorded.error is not None:
        raise recorded.error


def record(
    template: str | Template,
    variables: dict[str, object],
    mode: Mode = "amazon",
    budget: Budget | None = None,
    probe: Probe | None = None,
    most: int = MOST_EVENTS,
) -> Recorded:
    """A run with everything it did. Changes `variables`, as a run does.

    A template that cannot be parsed raises `TemplateSyntaxError`; what goes wrong in the run is in
    `Recorded.error`. `probe` is called before each statement, and may raise to end the run.
    """
    parsed = parse(template) if isinstance(template, str) else template
    initial = {name: shown(value) for name, value in _items(variables)}
    out = Output()
    recorder = Recorder(out, probe, most)
    compiler = StepCompiler(
        parsed.prepared.names,
        amazon=mode == "amazon",
        recorder=lambda: recorder,
        places=Places(parsed.text),
    )
    render, macros = compiler.program(parsed.prepared)
    run = Run(budget or _DEFAULT, macros, collect=True)
    error: TemplateError | None = None
    try:
        render(run, variables, out)
        run.measure(out, (1, 1))
    except Stop as stop:
        if not stop.ends(None):
            error = TemplateError("#break ends no loop that is running", 1, 1)
    except TemplateError as fault:
        error = fault
    except RecursionError:
        error = TemplateError("nested too deeply", 1, 1, "java.lang.StackOverflowError")
    return Recorded(
        parsed.text,
        frozen(recorder.events, recorder.wrote),
        tuple(recorder.changes),
        initial,
        printable("".join(out)),
        variables,
        tuple(run.unresolved or ()),
        error,
        len(recorder.events) < most,
    )


def _items(variables: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    return iter(variables.items())
