"""The stepper and the debugger: what each piece of a template did, forwards and backwards.

`step(template, variables)` gives the events of a run, `Debugger` walks through them, `SourceMap`
leads from output to template and back. Nothing of it is in the closures of a plain run.
"""

from inspector.gateway.velocity.stepping.debugger import Breakpoint, Debugger, Watch
from inspector.gateway.velocity.stepping.events import Change, Event, Read, Recorded, Shown, Span
from inspector.gateway.velocity.stepping.run import record, step
from inspector.gateway.velocity.stepping.source_map import SourceMap

__all__ = [
    "Breakpoint",
    "Change",
    "Debugger",
    "Event",
    "Read",
    "Recorded",
    "Shown",
    "SourceMap",
    "Span",
    "Watch",
    "record",
    "step",
]
