"""Custom domain names, and the three ways in which they lead to stages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inspector.model.source import Source

RoutingMode = Literal[
    "API_MAPPING_ONLY", "ROUTING_RULE_ONLY", "ROUTING_RULE_THEN_API_MAPPING"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class DomainMapping:
    """A base path mapping (REST, version 1) or an API mapping (`path` may have several levels).

    `path` without slashes at its ends; "" is what Amazon shows as `(none)`. `stage` None: the
    first segment behind the path names it (base path mappings only).
    """

    path: str
    api_id: str
    stage: str | None
    source: Source
    kind: Literal["base-path", "api"] = "base-path"


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """A header's name and the glob its value must match (`*` stands for anything)."""

    header: str
    glob: str


@dataclass(frozen=True, slots=True)
class RoutingCondition:
    """Either kind: any of these base paths, or any of these headers; the other one is empty."""

    base_paths: tuple[str, ...]
    headers: tuple[HeaderMatch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingRule:
    """All `conditions` must hold; the lowest `priority` (1 to 1,000,000) is asked first.

    `strip_base_path` takes the matched base path off the path that the API sees.
    """

    source: Source
    priority: int
    api_id: str
    stage: str
    conditions: tuple[RoutingCondition, ...] = ()
    strip_base_path: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainName:
    """A custom domain. `name` in lower case; it may begin with `*.`.

    `truststore_uri` (`s3://…`) says that clients must show certificates (mutual TLS).
    """

    name: str
    source: Source
    endpoint_type: Literal["REGIONAL", "EDGE", "PRIVATE"] = "EDGE"
    truststore_uri: str | None = None
    truststore_version: str | None = None
    security_policy: str | None = None
    certificate: str | None = None
    routing_mode: RoutingMode = "API_MAPPING_ONLY"
    mappings: tuple[DomainMapping, ...] = ()
    rules: tuple[RoutingRule, ...] = ()
