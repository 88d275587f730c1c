"""Lambda functions as a template declares them: enough to find their code and run it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from inspector.model.source import Source

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FunctionAlias:
    """A name of a version. `version` such as `$LATEST` or `3`."""

    name: str
    version: str
    source: Source


@dataclass(frozen=True, slots=True)
class Permission:
    """Who may invoke a function: a statement of its resource policy.

    `source_arn` None: from anywhere. `qualifier` is the alias or version it is for.
    """

    action: str
    principal: str
    source_arn: str | None
    source_account: str | None
    qualifier: str | None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """`AWS::Lambda::Function`.

    One of `code_path` (a local folder or archive, as written, relative to the template's folder)
    and `zip_file` (the source text, in a file called index) is set; neither where the code is
    only in S3, an image, or missing.
    """

    logical_id: str
    name: str
    arn: str
    source: Source
    runtime: str | None = None
    handler: str | None = None
    code_path: str | None = None
    zip_file: str | None = None
    timeout_seconds: float = 3.0
    memory_mb: int = 128
    environment: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    layers: tuple[str, ...] = ()
    #: Of those that are on this machine, the folders or archives as written, as `code_path` is.
    layer_paths: tuple[str, ...] = ()
    #: How many of it may run at a time; None: as many as are wanted.
    reserved_concurrency: int | None = None
    #: `LoggingConfig`: text of `LogFormat`, `ApplicationLogLevel` and `LogGroup` as written.
    log_format: str | None = None
    log_level: str | None = None
    log_group: str | None = None
    aliases: tuple[FunctionAlias, ...] = ()
    permissions: tuple[Permission, ...] = ()
