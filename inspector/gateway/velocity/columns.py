"""Loops that only print, rendered column by column.

The commonest loop of a mapping template writes an object for each element: texts, properties of the
element, `#if($foreach.hasNext),#end`, a loop over a list in the element. Nothing in such a body can
change a variable, so all its turns may be done at once: a column of values for each reference, by C's
loops instead of ours. `plan` recognises such bodies; its result renders a whole loop, or says that this
one is not fit (a missing member on the way, a list to print, a budget that would be exceeded), and then
nothing has happened and the loop runs turn by turn.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, islice, repeat
from operator import eq
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from inspector.gateway.java.values import EntrySet, KeySet, Values
from inspector.gateway.velocity.chains import CLASS_NAMES, property_chain, reference_data
from inspector.gateway.velocity.column_loop import (
    COUNTS,
    KINDS,
    STATES,
    Column,
    Cost,
    Loop,
    Mask,
    Stream,
    Texts,
    UnfitError,
    measured,
    rows_of,
    written,
)
from inspector.gateway.velocity.errors import TemplateError
from inspector.gateway.velocity.host import Host, JavaError, NoSuchMethodError
from inspector.gateway.velocity.nodes import DirectiveData, Node, NodeKind
from inspector.gateway.velocity.operators import EXACT, RELATIONS
from inspector.gateway.velocity.runtime import Context, Output, Position, Run
from inspector.gateway.velocity.texts import constant_text, node_text

if TYPE_CHECKING:
    from inspector.gateway.velocity.compiler import Compiler

FEWEST: Final = 8
"""Turns from which on columns are worth their making."""
_FINITE: Final = (list, EntrySet, KeySet, Values)
_AS_THEY_ARE: Final = (list, EntrySet)
_LARGE: Final = 1 << 16
_FOREACH: Final = "foreach"


Plan: TypeAlias = "Callable[[Run, Context, Output, object], bool]"


def plan(compiler: Compiler, name: str, body: Node, position: Position) -> Plan | None:
    """What renders a whole loop over a list or a map's view; None where the body may do more than print."""
    if compiler.counters or name == _FOREACH or body.kind is not NodeKind.BLOCK:
        return None
    stream = _Reader(compiler, name).block(body)
    if stream is None:
        return None

    def render(run: Run, context: Context, out: Output, given: object) -> bool:
        if not isinstance(context, dict) or run.unresolved is not None:
            return False
        if not isinstance(given, _FINITE) or not FEWEST <= len(given) <= run.budget.iterations:
            return False
        if not isinstance(given, _AS_THEY_ARE):
            given = list(given)
        cost = Cost()
        try:
            columns = stream(Loop(run, context, given, cost))
            if cost.nodes > run.nodes or out.size + cost.size > run.budget.output:
                return False
        except UnfitError:
            return False
        run.nodes -= cost.nodes
        out.append("".join(chain.from_iterable(zip(*columns, strict=True))))
        if cost.size > _LARGE:
            run.measure(out, position)
        return True

    return render


class _Reader:
    """Reads the body of a loop over `name`."""

    def __init__(self, compiler: Compiler, name: str, around: _Reader | None = None) -> None:
        self.compiler = compiler
        self.name = name
        self.around = around
        self.loops = 0

    def knows(self, name: str) -> bool:
        """Whether it is the variable of this loop or of one around."""
        return name == self.name or (self.around is not None and self.around.knows(name))

    def source(self, node: Node) -> Column | None:
        """The values of a plain reference to an element of this loop or of one around."""
        root, names = reference_data(node).root, _names(node)
        if names is None or not _is_plain(node):
            return None
        if root == self.name:
            return lambda loop: loop.column(names)
        outer = self.around.source(node) if self.around is not None else None
        return None if outer is None else (lambda loop: loop.spread(outer(loop.around)))  # type: ignore[arg-type]  # a loop around there is

    def block(self, node: Node) -> Stream | None:
        """A block's statements; None where one of them does more than print."""
        pieces: list[Stream] = []
        count, text = 0, ""
        for child in node.children:
            more = node_text(child)
            if more is not None:
                text += more
                continue
            if text:
                pieces.append(_text(text))
                text = ""
            piece = self.statement(child)
            if piece is None:
                return None
            pieces.append(piece)
            count += 1
        if text:
            pieces.append(_text(text))
        nodes = count + 1 if count else 0

        def stream(loop: Loop) -> list[Texts]:
            loop.cost.nodes += nodes * loop.count
            return [column for piece in pieces for column in piece(loop)]

        return stream if count else (lambda loop: [c for piece in pieces for c in piece(loop)])

    def statement(self, node: Node) -> Stream | None:
        if node.kind is NodeKind.IF:
            return self.condition(node)
        if isinstance(node.data, DirectiveData) and node.data.name == _FOREACH:
            return self.loop(node)
        if node.kind is not NodeKind.REFERENCE or not _is_plain(node):
            return None
        data, children = reference_data(node), node.children
        null = "" if self.compiler.amazon else data.null_string
        if len(children) == 1 and children[0].kind is NodeKind.METHOD:
            return self.call(data.root, children[0])
        source, names = self.source(node), _names(node)
        if source is not None:
            return lambda loop: [measured(loop, written(source(loop), null))]
        if names is None or data.root == _FOREACH:
            return None if names is None else COUNTS.get(names)
        return self._invariant(node, null)

    def loop(self, node: Node) -> Stream | None:
        """A `#foreach` over a list in the element."""
        if len(node.children) != 4 or node.children[3].kind is not NodeKind.BLOCK:
            return None
        variable, _, items, body = node.children
        if variable.kind is not NodeKind.REFERENCE or items.kind is not NodeKind.REFERENCE:
            return None
        name = reference_data(variable).root
        source = self.source(items)
        inner = None
        if source is not None and name != _FOREACH and not self.knows(name):
            inner = _Reader(self.compiler, name, self).block(body)
        if source is None or inner is None:
            return None
        self.loops += 1

        def stream(around: Loop) -> list[Texts]:
            loop = around.inside(source(around))
            if not loop.count:
                return []
            rows = iter(rows_of(loop, inner(loop)))
            return [["".join(islice(rows, length)) for length in loop.lengths]]

        return stream

    def _invariant(self, node: Node, null: str) -> Stream:
        """A reference to another variable, the same at each turn."""
        members = [(str(child.data), child.position) for child in node.children]
        value = property_chain(reference_data(node).root, members)

        def stream(loop: Loop) -> list[Texts]:
            try:
                (text,) = written([value(loop.run, loop.context)], null)
            except TemplateError:
                raise UnfitError from None
            loop.cost.size += len(text) * loop.count
            return [repeat(text, loop.count)]

        return stream

    def call(self, root: str, method: Node) -> Stream | None:
        """`$util.escapeJavaScript($item.name)`: a function of one String."""
        name, arguments = method.children[0].first.image, method.children[1:]
        if self.knows(root) or root == _FOREACH or len(arguments) != 1:
            return None
        source = self.source(arguments[0]) if arguments[0].kind is NodeKind.REFERENCE else None
        if source is None:
            return None
        amazon = self.compiler.amazon

        def stream(loop: Loop) -> list[Texts]:
            target = loop.context.get(root)
            function = target.text_functions.get(name) if isinstance(target, Host) else None
            values = source(loop)
            if amazon and None in values:
                values = ["" if each is None else each for each in values]
            if function is None or set(map(type, values)) != {str}:
                raise UnfitError
            try:
                texts: list[str] = list(map(function, values))  # type: ignore[arg-type]
            except (JavaError, NoSuchMethodError):
                raise UnfitError from None
            if set(map(type, texts)) != {str} or max(map(len, texts)) > loop.run.value:
                raise UnfitError
            return [measured(loop, texts)]

        return stream

    def condition(self, node: Node) -> Stream | None:
        """`#if` alone."""
        if len(node.children) != 2:
            return None
        mask, loops = self.test(node.children[0]), self.loops
        inner = self.block(node.children[1])
        if mask is None or inner is None:
            return None
        loops_inside = self.loops > loops

        def stream(loop: Loop) -> list[Texts]:
            taken = mask(loop)
            turns = taken.count(True)
            if turns == 0:
                return []
            if turns < loop.count and loops_inside:
                raise UnfitError  # what they cost is not the same at each turn
            cost = loop.cost
            nodes, size = cost.nodes, cost.size
            columns = inner(loop)
            if turns == loop.count:
                return columns
            # What the others would have written costs nothing.
            cost.nodes = nodes + (cost.nodes - nodes) // loop.count * turns
            cost.size = size
            rows = map("".join, zip(*columns, strict=True))
            return [
                measured(loop, [row if yes else "" for row, yes in zip(rows, taken, strict=True)])
            ]

        return stream

    def test(self, node: Node) -> Mask | None:
        """The truth of a condition at each turn."""
        if node.kind is NodeKind.EXPRESSION:
            return self.test(node.children[0])
        if node.kind is NodeKind.NOT:
            operand = self.test(node.children[0])
            return None if operand is None else (lambda loop: [not each for each in operand(loop)])
        if node.kind is NodeKind.REFERENCE:
            return self.truth(node)
        return self.comparison(node) if node.kind in RELATIONS else None

    def truth(self, node: Node) -> Mask | None:
        if not _is_plain(node):
            return None
        source, names, null = self.source(node), _names(node), self.compiler.amazon
        if source is None:
            told = names is not None and reference_data(node).root == _FOREACH
            return STATES.get(names) if told and names is not None else None

        def mask(loop: Loop) -> list[bool]:
            values = source(loop)
            if not set(map(type, values)) <= KINDS | {type(None)}:
                raise UnfitError
            return [
                each if each is True or each is False else null or each is not None
                for each in values
            ]

        return mask

    def comparison(self, node: Node) -> Mask | None:
        """A property of the element compared with a literal."""
        left, right = node.children
        source = self.source(left) if left.kind is NodeKind.REFERENCE else None
        relation = RELATIONS[node.kind]
        constant: Any = right.data if right.kind is NodeKind.INTEGER else constant_text(right)
        kinds = {int, float} if right.kind is NodeKind.INTEGER else {str}
        orders = node.kind not in {NodeKind.EQ, NodeKind.NE}
        if source is None or constant is None or (orders and kinds == {str}):
            return None
        if isinstance(constant, int) and not -EXACT < constant < EXACT:
            return None

        def mask(loop: Loop) -> list[bool]:
            values: list[Any] = source(loop)
            found = set(map(type, values))
            # NaN is neither equal nor different, and takes another way.
            if not found <= kinds or (float in found and not all(map(eq, values, values))):
                raise UnfitError
            return [relation(each, constant) for each in values]

        return mask


def _text(text: str) -> Stream:
    def stream(loop: Loop) -> list[Texts]:
        loop.cost.size += len(text) * loop.count
        return [repeat(text, loop.count)]

    return stream


def _is_plain(node: Node) -> bool:
    data = reference_data(node)
    return data.computable and not (
        data.runt or data.escaped or data.esc_prefix or data.more_prefix
    )


def _names(node: Node) -> tuple[str, ...] | None:
    """The names of properties along a reference; None if there is anything else in it."""
    if any(c.kind is not NodeKind.IDENTIFIER or c.data in CLASS_NAMES for c in node.children):
        return None
    return tuple(str(child.data) for child in node.children)
