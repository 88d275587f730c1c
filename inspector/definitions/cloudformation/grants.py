"""AWS::IAM::Role with its policies, and what functions permit, for the APIs of a template."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cursor import Cursor
from inspector.model import Function, Grants, Role

_POLICY_TYPES = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy")


def read_grants(parts: Parts, functions: tuple[Function, ...]) -> Grants | None:
    """What the template says of who may invoke; None where it says nothing."""
    roles = {role.arn: role for role in _roles(parts)}
    permissions = {each.name: each.permissions for each in functions if each.permissions}
    return Grants(roles, permissions) if roles or permissions else None


def _roles(parts: Parts) -> Iterator[Role]:
    for part in parts.of_type("AWS::IAM::Role"):
        trust = _document(part.cursor.get("AssumeRolePolicyDocument"))
        listed = part.cursor.get("Policies")
        inline = () if listed is None or not listed.is_list else listed.items()
        policies = [*(_document(each.get("PolicyDocument")) for each in inline),
                    *_attached(parts, part)]  # fmt: skip
        managed = parts.context.texts(part.cursor, "ManagedPolicyArns")
        arn = parts.identities.attribute(part.logical_id, "Arn", part.cursor.node)
        yield Role(arn, trust, tuple(policies), managed, part.source)


def _attached(parts: Parts, role: Part) -> Iterator[Mapping[str, Any]]:
    """Policies that stand by themselves and name the role."""
    for part in parts.of_type(*_POLICY_TYPES):
        named = (*parts.context.texts(part.cursor, "Roles"), parts.text(part, "RoleName"))
        if role.id in named:
            yield _document(part.cursor.get("PolicyDocument"))


def _document(cursor: Cursor | None) -> Mapping[str, Any]:
    """A policy as plain data; an empty one where there is none, or it is no object."""
    if cursor is None:
        return {}
    found = cursor.plain()
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError:
            return {}
    return found if isinstance(found, dict) else {}
