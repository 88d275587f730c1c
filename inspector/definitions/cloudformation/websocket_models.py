"""Models of WebSocket APIs: what a message must look like."""

from __future__ import annotations

import re
from dataclasses import replace

from inspector.definitions.cloudformation.model_schemas import schema_of
from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2
from inspector.definitions.nodes import Node
from inspector.definitions.openapi.context import Context
from inspector.definitions.openapi.schemas import Schemas
from inspector.model import Model

_NAME = re.compile(r"[A-Za-z0-9]+\Z")


def read_models(parts: Parts, api: Part) -> dict[str, Model]:
    """The models of an API by name. The sentences are Amazon's (badmintoncryer/cdk-preflight)."""
    workshop, node = parts.template.workshop, api.cursor.node
    found: dict[str, Part] = {}
    schemas: dict[str, Node] = {}
    for part in parts.of_api(api.id, f"{V2}Model"):
        name = parts.text(part, "Name") or part.logical_id
        given = part.cursor.get("Name")
        source = part.source if given is None else given.source
        if not _NAME.match(name):
            message = f"Model name must be alphanumeric: {name}"
            parts.template.notes.error("model-name", message, source, "Letters and digits only.")
        if name in found:
            message = f"the API has two models with the name {name}"
            parts.template.notes.error("same-model", message, source, "Rename one of them.")
        found[name], schemas[name] = part, schema_of(parts, part)
    components = workshop.map({"schemas": workshop.map(schemas, node)}, node)
    root = workshop.cursor(workshop.map({"components": components}, node))
    context = Context(root, parts.template.notes, api.id, swagger=False)
    made = Schemas(context, any_name=True).models
    return {
        name: replace(
            model,
            content_type=parts.text(found[name], "ContentType") or "application/json",
        )
        for name, model in made.items()
    }
