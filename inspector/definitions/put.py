"""A definition put onto an API that exists: Amazon's PutRestApi with its two modes (fact 276)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from inspector.model import Resource, RestApi

PutMode = Literal["merge", "overwrite"]


def put(existing: RestApi, imported: RestApi, mode: PutMode) -> RestApi:
    """The API that results; it keeps its id, account, region and stages.

    `overwrite` replaces the rest; `merge` adds, and what both declare is taken from `imported`,
    method by method.
    """
    kept = replace(
        imported,
        id=existing.id,
        account=existing.account,
        region=existing.region,
        stages=existing.stages,
    )
    if mode == "overwrite":
        return kept
    return replace(
        kept,
        description=imported.description or existing.description,
        version=imported.version or existing.version,
        resources=_merged(existing.resources, imported.resources),
        gateway_responses={**existing.gateway_responses, **imported.gateway_responses},
        models={**existing.models, **imported.models},
        validators={**existing.validators, **imported.validators},
        authorizers={**existing.authorizers, **imported.authorizers},
        binary_media_types=_appended(existing.binary_media_types, imported.binary_media_types),
        policy=imported.policy or existing.policy,
    )


def _merged(old: Iterable[Resource], new: Iterable[Resource]) -> tuple[Resource, ...]:
    found = {resource.path: resource for resource in old}
    for resource in new:
        earlier = found.get(resource.path)
        methods = {**earlier.methods, **resource.methods} if earlier else resource.methods
        found[resource.path] = replace(earlier or resource, methods=methods)
    return tuple(found[path] for path in sorted(found))


def _appended(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))
