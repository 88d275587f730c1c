"""The body of an API: inline, in a local file that the template includes, or out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cursor import Cursor
from inspector.definitions.nodes import Document, LineIndex, MapNode, Node, Unreadable
from inspector.definitions.parsing import parse
from inspector.model import Source


def body_of(parts: Parts, part: Part) -> Node | None:
    """The document's root, evaluated; None (with a note where there should be one) if there is none."""
    raw = parts.template.resources[part.logical_id].properties
    inline = raw.get("Body") if raw is not None else None
    included = _transform(inline) if inline is not None else None
    if included is not None:
        return _file(parts, included)
    body = part.cursor.get("Body")
    if body is not None:
        return body.node
    remote = part.cursor.get("BodyS3Location")
    if remote is None:
        return None
    if not remote.is_map and not remote.text.startswith("s3://"):
        return _file(parts, remote)
    message = "the API's body is in S3, which is not read here"
    remedy = "Give BodyS3Location a local path, as `aws cloudformation package` takes it."
    parts.template.notes.error("body-in-s3", message, remote.source, remedy)
    return None


def included_files(document: Document) -> Iterator[str]:
    """The local files that a template's bodies may include, as written in it."""
    resources = Cursor.root(document).get("Resources")
    for _, resource in resources.entries() if resources is not None else ():
        properties = resource.get("Properties")
        if properties is None:
            continue
        remote = properties.get("BodyS3Location")
        body = properties.get("Body")
        included = _transform(body) if body is not None else None
        for cursor in (remote, included):
            if cursor is not None and cursor.text and not cursor.text.startswith("s3://"):
                yield cursor.text


def beside(template: str, location: str) -> str:
    """The name of a file as seen from the template's folder."""
    return str(PurePath(template).parent / location)


def _transform(body: Cursor) -> Cursor | None:
    """The Location of Fn::Transform: {Name: AWS::Include, Parameters: {Location: …}}."""
    call = body.get("Fn::Transform") or (body if body.node.tag == "!Transform" else None)
    name, parameters = (call.get("Name"), call.get("Parameters")) if call else (None, None)
    if name is None or parameters is None or name.text != "AWS::Include":
        return None
    return parameters.get("Location")


def _file(parts: Parts, location: Cursor) -> Node | None:
    template = parts.template
    if location.text.startswith("s3://") or not location.text:
        message = "the included file is in S3, which is not read here"
        remedy = "Give Location a local path, as `aws cloudformation package` takes it."
        template.notes.error("body-in-s3", message, location.source, remedy)
        return None
    file = beside(template.root.document.file, location.text)
    text = parts.includes.get(file)
    if text is None:
        message = f"the included file {file} cannot be read"
        template.notes.error("include", message, location.source, "Check its name and place.")
        return None
    try:
        document = parse(file, text)
    except Unreadable as error:
        source = Source(file, *LineIndex(text).place(error.problem.offset), "")
        template.notes.error(error.problem.code, str(error), source, error.problem.remedy)
        return None
    template.workshop.adopt(document)
    found = parts.identities.evaluator.evaluate(document.root)
    return found if isinstance(found, MapNode) else document.root
