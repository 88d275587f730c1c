"""An answer of the query protocol as JSON instead of XML, as Amazon gives it on demand."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from inspector.runtime.services.models import ActionModel, with_nulls

#: Bytes beyond which an answer stays as it is.
_LIMIT = 1024 * 1024
#: Members that Amazon's JSON calls otherwise than its XML and its models: SQS's received messages,
#: as users show them.
_RENAMED = {"Messages": "messages"}


def as_json(body: bytes, model: ActionModel | None) -> dict[str, Any] | None:
    """`{"XResponse": {"XResult": …, "ResponseMetadata": …}}`; None for what is no such answer."""
    if len(body) > _LIMIT or b"<!DOCTYPE" in body[:1024]:
        return None
    try:
        root = ET.fromstring(body)  # noqa: S314  bounded, without a DTD, from the user's own server
    except ET.ParseError:
        return None
    name = _name(root)
    if name == "ErrorResponse":
        members = {_name(child): _plain(child) for child in root}
        request_id = members.pop("RequestID", None) or members.pop("RequestId", None)
        return {**members, "RequestId": request_id}
    if not name.endswith("Response"):
        return None
    members = {}
    for child in root:
        shape = model.output if model and _name(child).endswith("Result") else None
        value = with_nulls(shape, _value(child, shape))
        if isinstance(value, dict):
            value = {_RENAMED.get(key, key): each for key, each in value.items()}
        members[_name(child)] = value
    return {name: members}


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _plain(element: ET.Element) -> Any:
    if len(element):
        return {_name(child): _plain(child) for child in element}
    return (element.text or "").strip() or None


def _value(element: ET.Element, shape: Any) -> Any:
    """The value of an element; without a shape, text and nothing more."""
    if shape is None:
        return _plain(element)
    kind = shape.type_name
    if kind == "structure":
        return _structure(element, shape)
    if kind == "list":
        return [_value(child, shape.member) for child in element]
    if kind == "map":
        return _map(list(element), shape)
    text = element.text or ""
    if kind in ("integer", "long") and text.lstrip("-").isdecimal():
        return int(text)
    return text == "true" if kind == "boolean" else text


def _structure(element: ET.Element, shape: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, member in shape.members.items():
        if member.serialization.get("flattened"):
            wire = _wire_names(key, member)
            same = [child for child in element if _name(child) in wire]
            if same and member.type_name == "list":
                found[key] = [_value(child, member.member) for child in same]
            elif same and member.type_name == "map":
                found[key] = _map(same, member)
            continue
        child = next((each for each in element if _name(each) == key), None)
        if child is not None:
            found[key] = _value(child, member)
    return found


def _wire_names(key: str, member: Any) -> set[str]:
    """What the elements of a flattened list or map may be called; SQS's model tells it no more."""
    names = {key, key.removesuffix("s"), member.serialization.get("name", key)}
    if member.type_name == "list":
        names.add(member.member.name)
    return names


def _map(entries: list[ET.Element], shape: Any) -> dict[str, Any]:
    found = {}
    for entry in entries:
        pair = list(entry)
        if len(pair) == 2:
            found[str(pair[0].text or "")] = _value(pair[1], shape.value)
    return found
