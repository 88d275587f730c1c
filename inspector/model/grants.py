"""Who may invoke which function, as far as a template says so: roles, and functions' policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from inspector.model.function import Permission
from inspector.model.source import Source

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Role:
    """`AWS::IAM::Role`. `trust` and `policies` are IAM policy documents as plain data.

    `managed` are the ARNs of managed policies, which stand in no template.
    """

    arn: str
    trust: Mapping[str, Any]
    policies: tuple[Mapping[str, Any], ...]
    managed: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Grants:
    """Roles by ARN, and the permissions of functions by name."""

    roles: Mapping[str, Role] = field(default_factory=lambda: _EMPTY)
    permissions: Mapping[str, tuple[Permission, ...]] = field(default_factory=lambda: _EMPTY)
