"""The template's resources with their properties evaluated, as the readers of parts want them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from inspector.definitions.cloudformation.faults import Fault
from inspector.definitions.cloudformation.identities import Identities
from inspector.definitions.cloudformation.intrinsics import function_of
from inspector.definitions.cloudformation.nested import check_nested
from inspector.definitions.cloudformation.properties import PROPERTIES
from inspector.definitions.cloudformation.template import Declared, Template, guess
from inspector.definitions.cursor import Cursor
from inspector.definitions.nodes import MapNode, Node
from inspector.definitions.openapi.context import Context
from inspector.model import Source


@dataclass(frozen=True, slots=True)
class Part:
    """A resource that is created. `id` is its answer to Ref; `cursor` its evaluated properties."""

    logical_id: str
    type: str
    id: str
    cursor: Cursor
    source: Source


@dataclass(slots=True)
class Parts:
    """All parts of one template."""

    template: Template
    identities: Identities
    context: Context
    includes: Mapping[str, str] = field(default_factory=dict)
    _parts: dict[str, Part | None] = field(default_factory=dict)

    @classmethod
    def of(cls, template: Template, taken: frozenset[str], includes: Mapping[str, str]) -> Parts:
        """Ready to be asked; nothing is evaluated yet."""
        context = Context(template.root, template.notes, "", swagger=False)
        return cls(template, Identities(template, taken), context, includes)

    def of_type(self, *types: str) -> Iterator[Part]:
        """The parts of these types that are created, in the order written."""
        for resource in self.template.of_type(*types):
            part = self._part(resource)
            if part is not None:
                yield part

    def of_api(self, api_id: str, *types: str) -> Iterator[Part]:
        """Those of them that name this API (RestApiId or ApiId)."""
        for part in self.of_type(*types):
            if (self.text(part, "RestApiId") or self.text(part, "ApiId")) == api_id:
                yield part

    def by_id(self, identifier: str | None, *types: str) -> Part | None:
        """The part of one of these types that answers `identifier` to Ref."""
        if identifier is None:
            return None
        return next((part for part in self.of_type(*types) if part.id == identifier), None)

    def text(self, part: Part, name: str) -> str | None:
        """A property as text."""
        return self.context.text(part.cursor, name)

    def api_exists(self, api_id: str) -> bool:
        """Whether the template makes an API of this id."""
        return self.by_id(api_id, "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api") is not None

    def _part(self, resource: Declared) -> Part | None:
        if resource.logical_id not in self._parts:
            self._parts[resource.logical_id] = self._read(resource)
        return self._parts[resource.logical_id]

    def _read(self, resource: Declared) -> Part | None:
        if not self.identities.created(resource):
            return None
        workshop, notes = self.template.workshop, self.template.notes
        declared = resource.properties
        node: Node | None = None
        if declared is not None:
            node = self.identities.evaluator.evaluate(self._without_include(declared.node))
        if node is None:
            node = workshop.map({}, resource.cursor.node)
        try:
            identifier = self.identities.ref(resource.logical_id, resource.cursor.node)
        except Fault as fault:
            source = workshop.cursor(fault.node).source
            notes.error(fault.code, fault.message, source, fault.remedy)
            return None
        part = Part(
            resource.logical_id, resource.type, identifier, workshop.cursor(node),
            resource.cursor.key_source,
        )  # fmt: skip
        if not part.cursor.is_map:
            message = f"Properties of {resource.logical_id} must be a mapping"
            notes.error("properties", message, resource.cursor.key_source)
            return None
        self._check(part)
        return part

    def _without_include(self, node: Node) -> Node:
        """The properties without a Body that is a file: whoever reads bodies takes it from there."""
        body = node.entries.get("Body") if isinstance(node, MapNode) else None
        if not isinstance(node, MapNode) or body is None:
            return node
        called = function_of(body[1])
        if called is None or called[0] != "Fn::Transform":
            return node
        rest = {name: pair for name, pair in node.entries.items() if name != "Body"}
        return self.template.workshop.map_of_pairs(rest, node)

    def _check(self, part: Part) -> None:
        known = PROPERTIES.get(part.type)
        if known is None:
            return
        for name, cursor in part.cursor.entries():
            if name not in known.all:
                message = f"Encountered unsupported property {name}"
                remedy = guess(name, sorted(known.all))
                self.template.notes.error("unknown-property", message, cursor.key_source, remedy)
        check_nested(part.type, part.cursor, self.template.notes)
        for name in known.required:
            if part.cursor.get(name) is None:
                message = f"Property {name} cannot be empty. ({part.logical_id})"
                self.template.notes.error("missing-property", message, part.source, f"Add {name}.")
        for name in known.inert:
            cursor_or_none = part.cursor.get(name)
            if cursor_or_none is not None:
                message = f"{name} of {part.logical_id} changes no answer here"
                self.template.notes.info("left-out", message, cursor_or_none.key_source)
