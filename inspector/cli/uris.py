"""The URIs of a definition's integrations and authorizers, and what their stages leave open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from inspector.definitions import Diagnostic, Loaded
from inspector.gateway.uri import stage_variables_in
from inspector.model import HttpApi, Servable, Source, WebSocketApi


class Declared(NamedTuple):
    """A URI and where it stands."""

    uri: str
    source: Source


def declared(api: Servable) -> Iterator[Declared]:
    """Every URI that an API calls, stage variables as they are written."""
    if isinstance(api, HttpApi | WebSocketApi):
        callers: list[object] = [*api.integrations.values()]
    else:
        methods = (each for resource in api.resources for each in resource.methods.values())
        callers = [method.integration for method in methods]
    for each in (*callers, *api.authorizers.values()):
        uri = getattr(each, "uri", None)
        if uri:
            yield Declared(uri, each.source)


def unset_variables(loaded: Loaded) -> list[Diagnostic]:
    """Stage variables of URIs that a stage does not set: nothing stands in their place then."""
    found = []
    for api in loaded.apis:
        for uri, source in declared(api):
            for name in stage_variables_in(uri):
                lacking = [each.name for each in api.stages if name not in each.variables]
                if lacking:
                    message = (
                        f"the stage variable {name} is not set on stage {', '.join(lacking)}: "
                        "nothing stands in its place in the URI"
                    )
                    remedy = f"Set it: --stage-variable {name}=VALUE."
                    found.append(Diagnostic("info", "stage-variable", message, source, remedy))
    return found
