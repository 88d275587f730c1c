"""The schema of a model: an object of the template, or JSON in a text."""

from __future__ import annotations

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.nodes import MapNode, Node, Unreadable
from inspector.definitions.parsing import parse


def schema_of(parts: Parts, part: Part) -> Node:
    """The schema's node; an empty mapping, with an error noted, where it cannot be read."""
    schema = part.cursor.get("Schema")
    made: Node = parts.template.workshop.map({}, part.cursor.node)
    if schema is None or schema.is_map:
        return made if schema is None else schema.node
    if not schema.text.strip():
        return made
    try:
        return _transplanted(parts, parse(part.logical_id, schema.text).root, schema.node)
    except Unreadable as error:
        message = f"Invalid model schema specified: {error}"
        parts.template.notes.error("model-schema", message, schema.source, "Write JSON.")
        return made


def _transplanted(parts: Parts, node: Node, home: Node) -> Node:
    """Nodes read from a text within the template: they stand where that text does."""
    document = parts.template.workshop.document
    open_nodes = [node]
    while open_nodes:
        here = open_nodes.pop()
        if here in document.origins:
            continue
        document.origins[here] = document.origins[home]
        here.start = here.end = home.start
        if isinstance(here, MapNode):
            for key, value in here.entries.values():
                key.start = key.end = home.start
                open_nodes.append(value)
        elif hasattr(here, "items"):
            open_nodes += here.items
    return node
