"""The sections of a template, and the resources it declares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from inspector.definitions.bundle import DEFAULT_ACCOUNT, DEFAULT_REGION, Options
from inspector.definitions.cloudformation.making import Workshop
from inspector.definitions.cursor import Cursor
from inspector.definitions.diagnostics import Notes
from inspector.definitions.nodes import Document

_LOGICAL_ID = re.compile(r"[A-Za-z0-9]{1,255}\Z")
_SECTIONS = frozenset(
    {
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Globals",
        "Hooks",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
        "Transform",
    }
)


@dataclass(frozen=True, slots=True)
class Declared:
    """A resource as declared: its attributes not evaluated yet."""

    logical_id: str
    type: str
    cursor: Cursor

    @property
    def properties(self) -> Cursor | None:
        """Its properties, None if there are none."""
        return self.cursor.get("Properties")


@dataclass(frozen=True, slots=True)
class Template:
    """One template, and what the user sets beside it."""

    root: Cursor
    resources: dict[str, Declared]
    options: Options
    notes: Notes
    workshop: Workshop

    @property
    def account(self) -> str:
        """The account it is deployed to."""
        return self.options.account or DEFAULT_ACCOUNT

    @property
    def region(self) -> str:
        """The region it is deployed to."""
        return self.options.region or DEFAULT_REGION

    @property
    def stack(self) -> str:
        """The stack's name: the file's, without its ending."""
        name = re.split(r"[\\/]", self.root.document.file)[-1].rsplit(".", 1)[0]
        return re.sub(r"[^A-Za-z0-9-]", "-", name) or "stack"

    def section(self, name: str) -> dict[str, Cursor]:
        """The entries of a section, nothing if it is not there."""
        cursor = self.root.get(name)
        return dict(cursor.entries()) if cursor is not None else {}

    def of_type(self, *types: str) -> list[Declared]:
        """The resources of these types, as declared."""
        return [resource for resource in self.resources.values() if resource.type in types]


def read_template(document: Document, options: Options, notes: Notes) -> Template:
    """Find the sections; what is no section or no resource is noted."""
    workshop = Workshop(document)
    workshop.adopt(document)
    root = Cursor.root(document)
    _check_sections(root, notes)
    resources: dict[str, Declared] = {}
    section = root.get("Resources")
    if section is None or not any(section.entries()):
        message = "Template format error: At least one Resources member must be defined."
        notes.error("no-resources", message, root.source, "Add Resources: with an API.")
    else:
        for logical_id, cursor in section.entries():
            resource = _resource(logical_id, cursor, notes)
            if resource is not None:
                resources[logical_id] = resource
    return Template(root, resources, options, notes, workshop)


def _check_sections(root: Cursor, notes: Notes) -> None:
    for name, cursor in root.entries():
        if name not in _SECTIONS:
            message = f"Invalid template property or properties [{name}]"
            notes.error("section", message, cursor.key_source, guess(name, list(_SECTIONS)))
        elif name in ("Rules", "Hooks", "Globals"):
            message = f"{name} of a template are not evaluated"
            notes.warning("not-evaluated", message, cursor.key_source)
        elif name == "Transform":
            _transform(cursor, notes)


def _transform(cursor: Cursor, notes: Notes) -> None:
    names = [item.text for item in cursor.items()] if cursor.is_list else [cursor.text]
    for name in names:
        if name.startswith("AWS::Serverless"):
            message = "this is a SAM template, and SAM is not expanded here"
            remedy = (
                "Load the processed template of the deployed stack: aws cloudformation get-template "
                "--template-stage Processed."
            )
        else:
            message = f"the transform {name or 'in this form'} is a macro that runs only at Amazon"
            remedy = "Load the processed template: aws cloudformation get-template."
        notes.error("transform", message, cursor.source, remedy)


def _resource(logical_id: str, cursor: Cursor, notes: Notes) -> Declared | None:
    kind = cursor.get("Type")
    if logical_id.startswith("Fn::"):
        message = f"{logical_id} among the resources has an issue of its own; left out"
        notes.error("intrinsic", message, cursor.key_source, "Write the resources out.")
        return None
    if not _LOGICAL_ID.match(logical_id):
        message = f"Template format error: Resource name {logical_id} is non alphanumeric."
        notes.error("logical-id", message, cursor.key_source, "Use letters and digits only.")
    if not cursor.is_map or kind is None or not kind.text:
        message = f"Template format error: Resource {logical_id} must have a Type."
        if not cursor.is_map:
            message = "Template format error: Any Resources member must be an object."
        source = cursor.key_source if kind is None else kind.source
        notes.error("resource", message, source, "Write Type: AWS::ApiGateway::…")
        return None
    return Declared(logical_id, kind.text, cursor)


def guess(name: str, known: list[str]) -> str:
    """A remedy that names what was probably meant; empty if nothing is near."""
    near = get_close_matches(name, known, 1)
    return f"Did you mean {near[0]}?" if near else ""
