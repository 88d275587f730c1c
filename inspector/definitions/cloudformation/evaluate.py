"""Values of a template as CloudFormation computes them: nodes in, nodes out.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from inspector.definitions.cloudformation.faults import Fault
from inspector.definitions.cloudformation.intrinsics import OTHERS, attribute_of, function_of
from inspector.definitions.cloudformation.parameters import parameter_value
from inspector.definitions.cloudformation.substitution import pieces
from inspector.definitions.cloudformation.template import Template, guess
from inspector.definitions.nodes import ListNode, MapNode, Node, Plain, ScalarNode
from inspector.model.place import domain_of, partition_of

#: Characters of one computed text; a whole template may have a million bytes.
LONGEST_TEXT = 1_000_000


class References(Protocol):
    """What resources answer when they are referred to. Both raise Fault."""

    def ref(self, logical_id: str, node: Node) -> str: ...

    def attribute(self, logical_id: str, attribute: str, node: Node) -> str: ...


@dataclass(slots=True)
class Evaluator:
    """Evaluates nodes of one template. A Fault is noted once and leaves null behind."""

    template: Template
    references: References
    _conditions: dict[str, bool | None] = field(default_factory=dict)

    def evaluate(self, node: Node) -> Node | None:
        """The node with all functions resolved; None for AWS::NoValue. Noted faults give null."""
        try:
            return self.resolved(node)
        except Fault as fault:
            source = self.template.workshop.cursor(fault.node).source
            self.template.notes.error(fault.code, fault.message, source, fault.remedy)
            return self.template.workshop.scalar(None, node)

    def resolved(self, node: Node) -> Node | None:
        """The same, a fault within a function raised."""
        found = function_of(node)
        if found is None:
            return self._inside(node)
        name, argument = found
        if name in OTHERS:
            message = f"{name} has an issue of its own and is not evaluated yet"
            raise Fault("intrinsic", message, node, "Write the value that it gives.")
        function = _FUNCTIONS.get(name)
        if function is None:
            message = f"Template error: {name} is no function that stands here"
            raise Fault("intrinsic", message, node, guess(name, list(_FUNCTIONS)))
        return function(self, argument, node)

    def _inside(self, node: Node) -> Node:
        """A node that is no function itself; the same object where nothing in it changes."""
        workshop = self.template.workshop
        if isinstance(node, ScalarNode):
            return node
        if isinstance(node, ListNode):
            items = [self.evaluate(item) for item in node.items]
            kept = [item for item in items if item is not None]
            same = len(kept) == len(node.items) and all(map(_is, kept, node.items))
            return node if same else workshop.list(kept, node)
        pairs: dict[str, tuple[ScalarNode, Node]] = {}
        same = True
        for name, (key, value) in node.entries.items():
            found = self.evaluate(value)
            same = same and found is value
            if found is not None:
                pairs[name] = (key, found)
        return node if same else workshop.map_of_pairs(pairs, node)

    def condition(self, name: str, node: Node) -> bool:
        """Whether a condition of the template holds. Raises Fault for cycles and unknown ones."""
        if name in self._conditions:
            known = self._conditions[name]
            if known is None:
                message = f"Circular dependency between conditions: [{name}]"
                raise Fault("circular", message, node, "Let no condition ask for itself.")
            return known
        section = self.template.section("Conditions")
        if name not in section:
            message = f"Template format error: Unresolved condition dependency {name}"
            raise Fault("unknown-condition", message, node, guess(name, list(section)))
        self._conditions[name] = None
        try:
            self._conditions[name] = self._truth(section[name].node)
        except Fault:
            del self._conditions[name]
            raise
        return bool(self._conditions[name])

    def _truth(self, node: Node) -> bool:
        found = function_of(node)
        if found is None and isinstance(node, MapNode) and list(node.entries) == ["Condition"]:
            found = ("Condition", node.entries["Condition"][1])
        if found is None or found[0] not in _CONDITIONS:
            message = "Template format error: a condition is made of Fn::Equals, And, Or and Not"
            raise Fault("condition", message, node, "Compare: !Equals [!Ref Stage, prod].")
        return _CONDITIONS[found[0]](self, found[1])

    def _named(self, argument: Node) -> bool:
        if not isinstance(argument, ScalarNode):
            raise Fault("condition", "Condition takes the name of a condition", argument)
        return self.condition(argument.text, argument)

    def _equals(self, argument: Node) -> bool:
        first, second = self.members(argument, 2, "Fn::Equals")
        return self._compared(first) == self._compared(second)

    def _compared(self, node: Node) -> object:
        value = self.resolved(node)
        if value is None:
            return ""
        if isinstance(value, ScalarNode):
            return value.text
        if isinstance(value, ListNode):
            return [item.text if isinstance(item, ScalarNode) else None for item in value.items]
        raise Fault("condition", "Fn::Equals compares texts and lists", node)

    def _all_truths(self, argument: Node, name: str, least: int, most: int) -> list[bool]:
        if not isinstance(argument, ListNode) or not least <= len(argument.items) <= most:
            message = f"Template error: every {name} object requires a list of {least} to {most}"
            raise Fault("condition", f"{message} conditions", argument)
        return [self._truth(item) for item in argument.items]

    def members(self, argument: Node, count: int, name: str) -> list[Node]:
        """The members of a list of exactly `count`."""
        if not isinstance(argument, ListNode) or len(argument.items) != count:
            message = f"Template error: every {name} object requires a list of {count} values"
            raise Fault("intrinsic", message, argument)
        return argument.items

    def text(self, node: Node, name: str) -> str:
        """A text, or a fault that names the function which wanted one."""
        value = self.resolved(node)
        if not isinstance(value, ScalarNode) or value.value is None:
            message = f"Template error: {name} wants a text here"
            raise Fault("intrinsic-type", message, node)
        return value.text

    def texts(self, node: Node, name: str) -> list[str]:
        """A list of texts, also given by a function."""
        value = self.resolved(node) if function_of(node) else self._inside(node)
        if not isinstance(value, ListNode):
            raise Fault("intrinsic-type", f"Template error: {name} wants a list of texts", node)
        found = []
        for item in value.items:
            if not isinstance(item, ScalarNode) or item.value is None:
                message = f"Template error: {name} wants a list of texts"
                raise Fault("intrinsic-type", message, item)
            found.append(item.text)
        return found

    def made(self, value: Plain | list[str], node: Node, name: str) -> Node:
        """A computed value as a node; bounded."""
        workshop = self.template.workshop
        if isinstance(value, list):
            return workshop.list([workshop.scalar(item, node, name) for item in value], node)
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            message = f"{name} makes a text of more than {LONGEST_TEXT:,} characters"
            raise Fault("too-large", message, node)
        return workshop.scalar(value, node, name)

    def ref(self, name: str, node: Node) -> Plain | list[str]:
        """What `Ref: name` is: a pseudo parameter, a parameter, or a resource's own answer."""
        pseudo = self._pseudo()
        if name in pseudo:
            return pseudo[name]
        parameters = self.template.section("Parameters")
        if name in parameters:
            return parameter_value(self.template, name, parameters[name])
        return self.references.ref(name, node)

    def _pseudo(self) -> dict[str, Plain | list[str]]:
        template = self.template
        partition = partition_of(template.region)
        arn = f"arn:{partition}:cloudformation:{template.region}:{template.account}"
        return {
            "AWS::AccountId": template.account,
            "AWS::Region": template.region,
            "AWS::StackName": template.stack,
            "AWS::StackId": f"{arn}:stack/{template.stack}/00000000-0000-0000-0000-000000000000",
            "AWS::Partition": partition,
            "AWS::URLSuffix": domain_of(template.region),
            "AWS::NotificationARNs": [],
        }


def _is(one: Node, other: Node) -> bool:
    return one is other


def _ref(evaluator: Evaluator, argument: Node, node: Node) -> Node | None:
    if not isinstance(argument, ScalarNode):
        message = "Template validation error: Ref takes the name of a parameter or resource"
        raise Fault("intrinsic-type", message, node)
    if argument.text == "AWS::NoValue":
        return None
    return evaluator.made(evaluator.ref(argument.text, node), node, "Ref")


def _get_att(evaluator: Evaluator, argument: Node, node: Node) -> Node:
    if isinstance(argument, ListNode) and len(argument.items) == 2:
        first, second = argument.items
        logical_id = first.text if isinstance(first, ScalarNode) else ""
        named = (logical_id, evaluator.text(second, "Fn::GetAtt")) if logical_id else None
    else:
        named = attribute_of(argument)
    if named is None:
        message = (
            "Template error: every Fn::GetAtt object requires two non-empty parameters, the "
            "resource name and the resource attribute"
        )
        raise Fault("intrinsic-type", message, node)
    return evaluator.made(evaluator.references.attribute(*named, node), node, "Fn::GetAtt")


def _join(evaluator: Evaluator, argument: Node, node: Node) -> Node:
    separator, items = evaluator.members(argument, 2, "Fn::Join")
    if not isinstance(separator, ScalarNode) or function_of(separator):
        raise Fault("intrinsic-type", "Template error: Fn::Join's delimiter is a text", separator)
    texts = evaluator.texts(items, "Fn::Join")
    if sum(map(len, texts)) + len(separator.text) * len(texts) > LONGEST_TEXT:
        raise Fault("too-large", "Fn::Join makes too long a text", node)
    return evaluator.made(separator.text.join(texts), node, "Fn::Join")


def _split(evaluator: Evaluator, argument: Node, node: Node) -> Node:
    separator, text = evaluator.members(argument, 2, "Fn::Split")
    if not isinstance(separator, ScalarNode) or not separator.text:
        message = "Template error: every Fn::Split object requires a non-empty delimiter"
        raise Fault("intrinsic-type", message, separator)
    parts = evaluator.text(text, "Fn::Split").split(separator.text)
    return evaluator.made(list(parts), node, "Fn::Split")


def _select(evaluator: Evaluator, argument: Node, node: Node) -> Node | None:
    position, items = evaluator.members(argument, 2, "Fn::Select")
    index = evaluator.text(position, "Fn::Select")
    found = evaluator.resolved(items) if function_of(items) else evaluator._inside(items)  # noqa: SLF001
    members = found.items if isinstance(found, ListNode) else None
    if members is None:
        raise Fault("intrinsic-type", "Template error: Fn::Select wants a list", items)
    if not (index.isascii() and index.isdigit() and len(index) < 9 and int(index) < len(members)):
        message = f"Template error: Fn::Select cannot select nonexistent value at index {index}"
        raise Fault("select", message, node, f"The list has {len(members)} values, counted from 0.")
    return members[int(index)]


def _if(evaluator: Evaluator, argument: Node, _node: Node) -> Node | None:
    name, then, otherwise = evaluator.members(argument, 3, "Fn::If")
    if not isinstance(name, ScalarNode):
        raise Fault("intrinsic-type", "Template error: Fn::If takes a condition's name", name)
    return evaluator.resolved(then if evaluator.condition(name.text, name) else otherwise)


def _find_in_map(evaluator: Evaluator, argument: Node, node: Node) -> Node | None:
    if not isinstance(argument, ListNode) or len(argument.items) not in (3, 4):
        message = "Template error: every Fn::FindInMap object requires three parameters"
        raise Fault("intrinsic-type", message, node)
    names = [evaluator.text(item, "Fn::FindInMap") for item in argument.items[:3]]
    here = evaluator.template.root.get("Mappings")
    for name in names:
        here = here.get(name) if here is not None else None
    if here is not None:
        return here.node
    if len(argument.items) == 4:
        default = argument.items[3]
        if isinstance(default, MapNode) and list(default.entries) == ["DefaultValue"]:
            return evaluator.resolved(default.entries["DefaultValue"][1])
    message = f"Template error: Unable to get mapping for {'::'.join(names)}"
    raise Fault("mapping", message, node, "Add the keys to Mappings, or correct the names.")


def _sub(evaluator: Evaluator, argument: Node, node: Node) -> Node:
    own: dict[str, str] = {}
    text_node = argument
    if isinstance(argument, ListNode):
        text_node, variables = evaluator.members(argument, 2, "Fn::Sub")
        if not isinstance(variables, MapNode):
            raise Fault("intrinsic-type", "Template error: Fn::Sub wants a map here", variables)
        own = {
            key: evaluator.text(value, "Fn::Sub") for key, (_, value) in variables.entries.items()
        }
    if not isinstance(text_node, ScalarNode):
        message = (
            "Template error: One or more Fn::Sub intrinsic functions don't specify expected "
            "arguments. Specify a string as first argument, and an optional second argument to "
            "specify a mapping of values to replace in the string"
        )
        raise Fault("intrinsic-type", message, node)
    found, size = [], 0
    for name, literal in pieces(text_node.text):
        piece = literal if name is None else own.get(name)
        if piece is None:
            assert name is not None
            piece = _variable(evaluator, name, node)
        size += len(piece)
        if size > LONGEST_TEXT:
            raise Fault("too-large", "Fn::Sub makes too long a text", node)
        found.append(piece)
    return evaluator.made("".join(found), node, "Fn::Sub")


def _variable(evaluator: Evaluator, name: str, node: Node) -> str:
    logical, dot, attribute = name.partition(".")
    if dot:
        return evaluator.references.attribute(logical, attribute, node)
    value = evaluator.ref(name, node)
    if not isinstance(value, str):
        message = f"Template error: variable {name} in Fn::Sub expression is no text"
        raise Fault("intrinsic-type", message, node, "Join the list first.")
    return value


def _base64(evaluator: Evaluator, argument: Node, node: Node) -> Node:
    text = evaluator.text(argument, "Fn::Base64") if argument is not node else _own(argument)
    encoded = base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()
    return evaluator.made(encoded, node, "Fn::Base64")


def _own(node: Node) -> str:
    """The text of a node that carries the function's tag itself."""
    if isinstance(node, ScalarNode):
        return node.text
    raise Fault("intrinsic-type", "Template error: Fn::Base64 wants a text here", node)


_FUNCTIONS: dict[str, Callable[[Evaluator, Node, Node], Node | None]] = {
    "Fn::Base64": _base64,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAtt": _get_att,
    "Fn::If": _if,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Ref": _ref,
}
_CONDITIONS: dict[str, Callable[[Evaluator, Node], bool]] = {
    "Condition": Evaluator._named,  # noqa: SLF001
    "Fn::And": lambda self, node: all(self._all_truths(node, "Fn::And", 2, 10)),
    "Fn::Equals": Evaluator._equals,  # noqa: SLF001
    "Fn::Not": lambda self, node: not self._all_truths(node, "Fn::Not", 1, 1)[0],
    "Fn::Or": lambda self, node: any(self._all_truths(node, "Fn::Or", 2, 10)),
}
