"""Statements as Python code: what a template that is rendered often becomes (see `emitter`)."""

from __future__ import annotations

from typing import Final

from inspector.gateway.velocity import directives, references
from inspector.gateway.velocity.compiler import TEXTS, Compiler, node_text
from inspector.gateway.velocity.emitter import Emitter, is_simple
from inspector.gateway.velocity.nodes import DirectiveData, Node, NodeKind, StringData
from inspector.gateway.velocity.parser import MacroNames
from inspector.gateway.velocity.runtime import NullHolder, Render, Stop
from inspector.gateway.velocity.scopes import LoopScope

MAX_NODES: Final = 4_000
_MAX_DEPTH: Final = 30
_MAX_LOOPS: Final = 6
_QUIET: Final = frozenset(
    {NodeKind.REFERENCE, NodeKind.IF, NodeKind.ELSEIF, NodeKind.ELSE, NodeKind.BLOCK}
)


class FastCompiler(Compiler):
    """Compiles as `Compiler` does, but blocks that stand alone become generated functions."""

    def __init__(self, names: MacroNames, *, amazon: bool, text: str) -> None:
        super().__init__(names, amazon=amazon)
        self._text = text

    def uses(self, name: str) -> bool:
        """Whether a run could look at this variable, which `#evaluate` may always do."""
        return name in self._text or "evaluate" in self._text

    def inner(self, node: Node) -> Render:
        if sum(1 for _ in node.walk()) > MAX_NODES:
            return self.block(node)
        return _Statements(self).function(node)


class _Statements(Emitter):
    """Writes the statements of one function."""

    def __init__(self, compiler: FastCompiler) -> None:
        super().__init__(compiler)
        self._uses = compiler.uses
        self._loops = 0

    def function(self, node: Node) -> Render:
        """The function that renders a block."""
        self.block(node)
        head = ["def render(run, ctx, out):", "    get = ctx.get", "    w = out.append"]
        names = self.bound | {"LoopScope": LoopScope, "NullHolder": NullHolder, "Stop": Stop}
        exec(compile("\n".join(head + self.lines), "<template>", "exec"), names)  # noqa: S102  # see `emitter`
        render: Render = names["render"]  # type: ignore[assignment]
        return render

    def block(self, node: Node) -> None:
        """The statements of a node."""
        exhausted = self.bind(node.position)
        pieces = [child for child in node.children if child.kind not in TEXTS]
        self.write(f"run.nodes -= {len(pieces) + 1}")
        self.write("if run.nodes < 0:")
        self.write(f"    raise run.exhausted({exhausted})")
        text = ""
        for child in node.children:
            more = node_text(child)
            if more is not None:
                text += more
                continue
            self._text(text)
            text = ""
            self._statement(child)
        self._text(text)

    def _text(self, text: str) -> None:
        if text:
            self.write(f"w({self.bind(text)})")

    def _statement(self, node: Node) -> None:
        if node.kind is NodeKind.REFERENCE and is_simple(references.reference_data(node)):
            self._print(node)
        elif self.depth > _MAX_DEPTH:
            self._closure(node)
        elif node.kind is NodeKind.IF:
            self._if(node)
        elif node.kind is NodeKind.SET and not node.children[0].children:
            self._set(node)
        elif _directive(node) == "foreach" and self._plain_loop(node):
            self._foreach(node)
        else:
            self._closure(node)

    def _closure(self, node: Node) -> None:
        self.write(f"{self.bind(self.compiler.render(node))}(run, ctx, out)")

    def _print(self, node: Node) -> None:
        data = references.reference_data(node)
        field = self.loop_field(node, data)
        value = field or self.chain(data.root, node.children)
        other = self.bind(references.shown(self.compiler, node))
        if field:
            self.write(f"{other}(run, ctx, out, {field})")
            return
        self.write(f"if {value}.__class__ is str:")
        self.write(f"    w({value})")
        self.write("else:")
        self.write(f"    {other}(run, ctx, out, {value})")

    def _set(self, node: Node) -> None:
        name = self.bind(str(node.data))
        right = node.children[1].children[0]
        if self.compiler.amazon and directives.may_be_missing(node.children[1]):
            data = references.reference_data(right)
            if not is_simple(data):
                self._closure(node)
                return
            nothing = self.bind(directives.missing_set(self.compiler, right, str(node.data)))
            value = self.chain(data.root, right.children)
            self.write(f"if {value} is None:")
            self.write(f"    ctx[{name}] = {nothing}(run)")
            self.write("else:")
        else:
            value = self.value(node.children[1])
            self.write(f"if {value} is not None:")
        self.write(f"    ctx[{name}] = {value}")
        self.write("    if run.missing:")
        self.write(f"        run.missing.discard({name})")

    def _if(self, node: Node) -> None:
        depth = self.depth
        self._branch(node.children[0], node.children[1])
        for branch in node.children[2:]:
            self.write("else:")
            self.depth += 1
            if branch.kind is NodeKind.ELSE:
                self.block(branch.children[0])
            else:
                self._branch(*branch.children)
        self.depth = depth

    def _branch(self, condition: Node, body: Node) -> None:
        self.write(f"if {self.test(condition)}:")
        self.depth += 1
        self.block(body)
        self.depth -= 1

    # --- loops

    def _plain_loop(self, node: Node) -> bool:
        children = node.children
        return (
            len(children) == 4
            and children[3].kind is NodeKind.BLOCK
            and children[0].kind is NodeKind.REFERENCE
            and is_simple(references.reference_data(children[0]))
            and self._loops < _MAX_LOOPS
        )

    def _foreach(self, node: Node) -> None:
        """A loop over a list or a map is written out; the closure's loop runs over all else."""
        variable = references.reference_data(node.children[0]).root
        position = self.bind(node.position)
        items = self.value(node.children[2])
        loop = self.bind(directives.loop_over(self.compiler, node))
        body = self.bind(self.compiler.block(node.children[3]))
        found, base = self.name(), self.name()
        self.write(f"{found}, {base} = {self.bind(directives.sequence)}({items})")
        self.write(f"if {found} is None:")
        self.write(f"    {loop}(run, ctx, out, {items})")
        self.write("else:")
        self.depth += 1
        saved, scope, item, size, count, holder = (self.name() for _ in range(6))
        name = self.bind(variable)
        changed = [variable, *filter(self._uses, directives.COUNTERS)]
        begin, end = self.bind(directives.begin_loop), self.bind(directives.end_loop)
        fault = self.bind(directives.loop_fault)
        self.write(f"{scope} = LoopScope(get('foreach'), {position})")
        self.write(f"{saved} = {begin}(ctx, {self.bind(tuple(changed))}, {scope})")
        self.write(f"{size} = len({base})")
        self.write(f"{count} = 0")
        self.write(f"{holder} = None")
        self.write("try:")
        self.write(f"    for {item} in {found}:")
        self.depth += 2
        self.write(f"if {count} >= run.budget.iterations or len({base}) != {size}:")
        self.write(f"    raise {fault}(run, {base}, {size}, {position})")
        self._iteration(node, (variable, name, item, size, count, scope, body, holder))
        self.depth -= 2
        self.write("except Stop as stop:")
        self.write(f"    if not stop.ends({scope}):")
        self.write(f"        {end}(ctx, {saved})")
        self.write("        raise")
        self.write(f"if {found} is {base} and {count} > len({base}):")
        self.write(f"    raise {fault}(run, {base}, {size}, {position})")
        self.write(f"{end}(ctx, {saved})")
        self.write("if len(out) - out.seen > 500:")
        self.write(f"    run.measure(out, {position})")
        self.depth -= 1

    def _iteration(self, node: Node, names: tuple[str, ...]) -> None:
        variable, name, item, size, count, scope, body, holder = names
        self.write(f"{scope}.index = {count}")
        self.write(f"{count} += 1")
        self.write(f"{scope}.has_next = {count} != {size}")
        values = (count, f"{count} != {size}")
        for counter, value in zip(directives.COUNTERS, values, strict=True):
            if self._uses(counter):
                self.write(f"ctx[{counter!r}] = {value}")
        self.write(f"ctx[{name}] = {item}")
        self.write(f"if {item} is None:")
        self.write(f"    {holder} = {holder} or NullHolder({name}, ctx)")
        self.write(f"    {body}(run, {holder}, out)")
        self.write("else:")
        self.depth += 1
        before = self.locals, self.scope
        if _leaves_alone(node.children[3], variable):
            self.locals, self.scope = {**self.locals, variable: item}, scope
        else:
            self.locals, self.scope = {}, None
        self._loops += 1
        self.block(node.children[3])
        self._loops -= 1
        self.locals, self.scope = before
        self.depth -= 1


def _directive(node: Node) -> str | None:
    return node.data.name if isinstance(node.data, DirectiveData) else None


def _leaves_alone(node: Node, variable: str) -> bool:
    """Whether nothing below can set a loop's variable, or `$foreach`."""
    for child in node.walk():
        if isinstance(child.data, StringData) and child.data.template is not None:
            if not _leaves_alone(child.data.template, variable):
                return False
        elif child.kind is NodeKind.SET:
            if str(child.data) in {variable, "foreach"}:
                return False
        elif child.kind is NodeKind.DIRECTIVE:
            if _directive(child) != "foreach" or directives.loop_variable(child) == variable:
                return False
        elif child.kind is NodeKind.METHOD and child.children[0].first.image == "put":
            continue
    return True
