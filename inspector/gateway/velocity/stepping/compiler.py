"""The compiler of stepped runs: every statement tells the recorder what it does."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import ClassVar, Final

from inspector.gateway.velocity.chains import reference_data
from inspector.gateway.velocity.compiler import Compiler
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.loops import loop_variable
from inspector.gateway.velocity.nodes import DirectiveData, Node, NodeKind
from inspector.gateway.velocity.parser import MacroNames
from inspector.gateway.velocity.references import raw_value, truth
from inspector.gateway.velocity.references import shown as printer
from inspector.gateway.velocity.runtime import Context, Output, Render, Run, Test, Value
from inspector.gateway.velocity.stepping.events import Kind, Span
from inspector.gateway.velocity.stepping.recorder import Opened, Recorder
from inspector.gateway.velocity.stepping.shown import shown
from inspector.gateway.velocity.texts import node_text

_CONDITIONS: Final = frozenset(
    {
        NodeKind.EQ, NodeKind.NE, NodeKind.LT, NodeKind.GT, NodeKind.LE, NodeKind.GE,
        NodeKind.AND, NodeKind.OR, NodeKind.NOT,
    }
)  # fmt: skip
_KINDS: Final[dict[str, Kind]] = {
    "foreach": "foreach", "break": "break", "stop": "stop", "define": "define",
    "evaluate": "evaluate", "include": "include", "parse": "include",
}  # fmt: skip


class Places:
    """Offsets of one template as lines and columns, from 1, in characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0]
        for at, character in enumerate(text):
            if character == "\n" or (character == "\r" and text[at + 1 : at + 2] != "\n"):
                self._starts.append(at + 1)

    def span(self, start: int, end: int) -> Span:
        """The stretch between two offsets."""
        return Span(start, end, *self._place(start), *self._place(max(start, end - 1)))

    def start_of(self, line: int) -> int:
        """The offset of a line's first character."""
        return self._starts[min(line, len(self._starts)) - 1]

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


class StepCompiler(Compiler):
    """`anchor` is given inside of an `#evaluate`, whose text is no part of the template."""

    fused: ClassVar[bool] = False

    def __init__(
        self,
        names: MacroNames,
        *,
        amazon: bool,
        recorder: Callable[[], Recorder],
        places: Places,
        anchor: Span | None = None,
    ) -> None:
        super().__init__(names, amazon=amazon)
        self._recorder = recorder
        self._places = places
        self._anchor = anchor

    def fresh(self) -> Compiler:
        """For an `#evaluate`: everything in it stands where the directive stands."""
        stack = self._recorder().stack
        anchor = stack[-1].span if stack else self._places.span(0, 0)
        return StepCompiler(
            self.names,
            amazon=self.amazon,
            recorder=self._recorder,
            places=self._places,
            anchor=self._anchor or anchor,
        )

    def place(self, node: Node) -> tuple[Span, str]:
        """Where a node stands, and its text."""
        start, end = node.extent
        source = node.source.text[start:end]
        if self._anchor is not None:
            return self._anchor, source
        span = self._places.span(*node.span)
        return span, self._places.text[span.start : span.end] or source

    def _block(self, node: Node) -> Render:
        pieces = [self._piece(child) for child in node.children]
        counted = sum(1 for child in node.children if node_text(child) is None)
        count = counted + 1 if counted else 0
        position = node.position

        def sequence(run: Run, context: Context, out: Output) -> None:
            run.nodes -= count
            if run.nodes < 0:
                raise run.exhausted(position)
            for piece in pieces:
                piece(run, context, out)

        return self._turn(node, sequence) if _is_loop_body(node) else sequence

    def _piece(self, node: Node) -> Render:
        text = node_text(node)
        if text is None:
            return self.render(node)
        if not text:
            return lambda _, __, ___: None
        span, source = self.place(node)
        recorder = self._recorder

        def write(run: Run, context: Context, out: Output) -> None:
            notes = recorder()
            event = notes.begin("text", span, source, run, context, out)
            out.append(text)
            notes.end(event, run)

        return write

    def _turn(self, node: Node, body: Render) -> Render:
        """One turn of a loop."""
        assert node.parent is not None
        name = loop_variable(node.parent)
        span, source = self.place(node.parent.children[0])
        recorder = self._recorder

        def turn(run: Run, context: Context, out: Output) -> None:
            notes = recorder()
            event = notes.begin("iteration", span, source, run, context, out)
            value = context.get(name)
            event.value = shown(value)
            scope = context.get("foreach")
            event.iteration = getattr(scope, "index", None)
            notes.changed(event, name, None, event.value)
            try:
                body(run, context, out)
            finally:
                notes.end(event, run)

        return turn

    def render(self, node: Node) -> Render:
        """A statement, with an event around it."""
        inner, kind = self._statement(node)
        span, source = self.place(node)
        recorder = self._recorder
        target, deep = _target(node), _assigns_deep(node)
        loop = loop_variable(node) if kind == "foreach" and len(node.children) > 2 else None

        def render(run: Run, context: Context, out: Output) -> None:
            notes = recorder()
            event = notes.begin(kind, span, source, run, context, out)
            before = None if target is None else shown(context.get(target))
            try:
                inner(run, context, out)
            except TemplateError as error:
                event.error = event.error or str(error)
                raise
            finally:
                if target is not None:
                    after = shown(context.get(target))
                    if kind in ("set", "define") and not deep:
                        event.value = after
                    notes.changed(event, target, before, after)
                if loop is not None:
                    notes.left(event, loop, context.get(loop))
                notes.end(event, run)

        return render

    def _statement(self, node: Node) -> tuple[Render, Kind]:
        if node.kind is NodeKind.REFERENCE:
            return self._reference(node), "reference"
        if node.kind is NodeKind.SET:
            return super().render(node), "set"
        if node.kind is NodeKind.IF:
            return self._if(node), "if"
        assert isinstance(node.data, DirectiveData)
        return super().render(node), _KINDS.get(node.data.name, "call")

    def _reference(self, node: Node) -> Render:
        data = reference_data(node)
        if data.runt or data.escaped:
            return super().render(node)
        raw, print_other = raw_value(self, node), printer(self, node)
        recorder = self._recorder

        def render(run: Run, context: Context, out: Output) -> None:
            event: Opened = recorder().stack[-1]
            found = raw(run, context)
            event.value = shown(found)
            print_other(run, context, out, found)

        return render

    def _if(self, node: Node) -> Render:
        branches: list[tuple[str, Test | None, Render]] = [
            ("#if", self.test(node.children[0]), self.block(node.children[1]))
        ]
        for child in node.children[2:]:
            if child.kind is NodeKind.ELSEIF:
                name = f"#elseif {len(branches)}"
                branches.append((name, self.test(child.children[0]), self.block(child.children[1])))
            elif child.kind is NodeKind.ELSE:
                branches.append(("#else", None, self.block(child.children[0])))
        recorder = self._recorder

        def render(run: Run, context: Context, out: Output) -> None:
            event = recorder().stack[-1]
            event.branch = "none"
            for name, test, body in branches:
                if test is None or test(run, context):
                    event.branch = name
                    body(run, context, out)
                    return

        return render

    def value(self, node: Node) -> Value:
        """The value of an expression; what references are worth is noted."""
        value = super().value(node)
        if node.kind is NodeKind.REFERENCE:
            return self._noted(node, value)
        if node.kind is NodeKind.EXPRESSION and node.parent and _assigns_deep(node.parent):
            return self._assigned(value)
        return value

    def _assigned(self, value: Value) -> Value:
        """What is put into a member of a variable."""
        recorder = self._recorder

        def assigned(run: Run, context: Context) -> object:
            found = value(run, context)
            recorder().stack[-1].value = shown(found)
            return found

        return assigned

    def test(self, node: Node) -> Test:
        """The truth of an expression; noted are conditions, and what bare references are worth."""
        if node.kind is NodeKind.REFERENCE and not reference_data(node).runt:
            return self._reference_test(node)
        test = super().test(node)
        if node.kind in _CONDITIONS:
            return self._noted(node, test)  # type: ignore[return-value]  # the same truth
        return test

    def _reference_test(self, node: Node) -> Test:
        raw = self._noted(node, raw_value(self, node))
        other = truth(self, node)

        def test(run: Run, context: Context) -> bool:
            found = raw(run, context)
            return found if found is True or found is False else other(run, found)

        return test

    def _noted(self, node: Node, value: Value) -> Value:
        span, source = self.place(node)
        recorder = self._recorder

        def noted(run: Run, context: Context) -> object:
            found = value(run, context)
            recorder().read(span, source, found)
            return found

        return noted


def _assigns_deep(node: Node) -> bool:
    """Whether it is `#set($map.member = ...)`."""
    return node.kind is NodeKind.SET and bool(node.children[0].children)


def _is_loop_body(node: Node) -> bool:
    parent = node.parent
    if parent is None or node.kind is not NodeKind.BLOCK:
        return False
    data = parent.data
    return isinstance(data, DirectiveData) and data.name == "foreach" and len(parent.children) == 4


def _target(node: Node) -> str | None:
    """The variable that a statement may change: set, defined, or the root of a method's call."""
    if node.kind is NodeKind.SET:
        left = node.children[0]
        return reference_data(left).root if left.children else str(node.data)
    if node.kind is NodeKind.REFERENCE:
        calls = any(child.kind is NodeKind.METHOD for child in node.children)
        return reference_data(node).root if calls else None
    if isinstance(node.data, DirectiveData) and node.data.name == "define":
        return node.children[0].first.image.removeprefix("$")
    return None
