"""Resources that depend on themselves, which CloudFormation refuses."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.definitions.cloudformation.intrinsics import attribute_of, function_of
from inspector.definitions.cloudformation.substitution import pieces
from inspector.definitions.cloudformation.template import Template
from inspector.definitions.nodes import ListNode, MapNode, Node, ScalarNode


def check_circles(template: Template) -> None:
    """Note every circle of Ref, Fn::GetAtt, Fn::Sub and DependsOn, once."""
    edges = {
        name: [
            other
            for other in dict.fromkeys(_referred(resource.cursor.node))
            if other in template.resources
        ]
        for name, resource in template.resources.items()
    }
    done: set[str] = set()
    for start in edges:
        circle = _circle(start, edges, done)
        if circle:
            message = f"Circular dependency between resources: [{', '.join(circle)}]"
            source = template.resources[circle[0]].cursor.key_source
            template.notes.error("circular", message, source, "Break the circle of references.")


def _circle(start: str, edges: dict[str, list[str]], done: set[str]) -> list[str]:
    """A depth-first walk without recursion; the circle found on it, if any."""
    path: list[str] = []
    walks: list[Iterator[str]] = [iter([start])]
    while walks:
        following = next(walks[-1], None)
        if following is None:
            walks.pop()
            if path:
                done.add(path.pop())
        elif following in path:
            circle = path[path.index(following) :]
            done.update(path)
            return circle
        elif following not in done:
            path.append(following)
            walks.append(iter(edges[following]))
    return []


def _referred(root: Node) -> Iterator[str]:
    """The names that a resource refers to."""
    if isinstance(root, MapNode) and "DependsOn" in root.entries:
        depends = root.entries["DependsOn"][1]
        for item in depends.items if isinstance(depends, ListNode) else [depends]:
            if isinstance(item, ScalarNode):
                yield item.text
    open_nodes, seen = [root], {root}
    while open_nodes:
        node = open_nodes.pop()
        found = function_of(node)
        if found is not None:
            yield from _named(*found)
        children: list[Node] = []
        if isinstance(node, ListNode):
            children = node.items
        elif isinstance(node, MapNode):
            children = [pair[1] for pair in node.entries.values()]
        for child in children:
            if child not in seen:
                seen.add(child)
                open_nodes.append(child)


def _named(name: str, argument: Node) -> Iterator[str]:
    if name == "Ref" and isinstance(argument, ScalarNode):
        yield argument.text
    elif name == "Fn::GetAtt":
        attribute = attribute_of(argument)
        if attribute is not None:
            yield attribute[0]
    elif name == "Fn::Sub":
        text = argument.items[0] if isinstance(argument, ListNode) and argument.items else argument
        own = (
            argument.items[1]
            if isinstance(argument, ListNode) and len(argument.items) > 1
            else None
        )
        known = own.entries if isinstance(own, MapNode) else {}
        if isinstance(text, ScalarNode):
            for variable, _ in pieces(text.text):
                if variable is not None and variable not in known:
                    yield variable.partition(".")[0]
