"""The REST APIs of a template."""

from __future__ import annotations

from dataclasses import replace

from inspector.definitions.bundle import BasePathMode
from inspector.definitions.cloudformation.included import body_of
from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.rest_document import parts_document, with_settings
from inspector.definitions.cloudformation.rest_methods import REST
from inspector.definitions.cloudformation.stages import read_rest_stages
from inspector.definitions.diagnostics import DEPLOY_CODES, Notes
from inspector.definitions.nodes import Document, Node
from inspector.definitions.openapi.document import read_document
from inspector.definitions.put import put
from inspector.model import RestApi

_MODES: tuple[BasePathMode, ...] = ("ignore", "prepend", "split")


def read_rest_apis(parts: Parts) -> tuple[RestApi, ...]:
    """Every RestApi that is created, with its stages."""
    found = []
    for part in parts.of_type(f"{REST}RestApi"):
        api = _read(parts, part)
        if api is not None:
            found.append(replace(api, source=part.source, stages=read_rest_stages(parts, part)))
    return tuple(found)


def _read(parts: Parts, part: Part) -> RestApi | None:
    clone = part.cursor.get("CloneFrom")
    if clone is not None:
        message = "CloneFrom names an API that is not here; nothing is copied"
        parts.template.notes.error("clone-from", message, clone.source, "Declare the API itself.")
    body = body_of(parts, part)
    own = parts_document(parts, part)
    has_own = any(parts.of_api(part.id, f"{REST}Resource", f"{REST}Method"))
    if body is None:
        return _document(parts, part, with_settings(parts, part, own), parts.template.notes)
    api = _document(parts, part, with_settings(parts, part, body), parts.template.notes)
    if api is None or not (has_own or _others(parts, part)):
        return api
    notes = Notes()
    added = _document(parts, part, with_settings(parts, part, own), notes)
    for diagnostic in notes.found:
        if diagnostic.code not in DEPLOY_CODES or diagnostic.code == "no-integration":
            parts.template.notes.add(diagnostic)
    return put(api, added, "merge") if added is not None else api


def _others(parts: Parts, part: Part) -> bool:
    kinds = ("Authorizer", "GatewayResponse", "Model", "RequestValidator")
    return any(parts.of_api(part.id, *(f"{REST}{kind}" for kind in kinds)))


def _document(parts: Parts, part: Part, root: Node, notes: Notes) -> RestApi | None:
    template = parts.template
    whole = template.workshop.document
    document = Document(whole.file, whole.text, root, (), whole.origins)
    settings = part.cursor.get("Parameters")
    mode = (parts.context.text(settings, "basepath") if settings is not None else None) or ""
    chosen = next((known for known in _MODES if known == mode), template.options.base_path_mode)
    options = replace(
        template.options,
        api_id=part.id,
        account=template.account,
        region=template.region,
        base_path_mode=chosen,
        api_type="rest",
    )
    api = read_document(document, options, notes)
    return api if isinstance(api, RestApi) else None
