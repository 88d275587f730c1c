"""Canaries that the user sets beside the files: their share, their variables, their definition.

A template declares a canary's share and variables, never what its deployment held: every
`AWS::ApiGateway::Deployment` of a file stands for the same definition here. Another one is named
by `Options.canary_file`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from inspector.definitions.bundle import Bundle
from inspector.definitions.diagnostics import Notes
from inspector.model import Canary, Definition, RestApi, Source, Stage

#: Reads one text of the bundle, by its name, with its options.
ReadText = Callable[[str, str, Bundle], Definition]


def with_canaries(found: Definition, bundle: Bundle, notes: Notes, read: ReadText) -> Definition:
    """The definition with the canaries that the options ask for."""
    options = bundle.options
    if options.canary_percent is None and options.canary_file is None:
        return found
    there = Source(options.canary_file or next(iter(bundle.files), "inspector"), 0, 0, "")
    if not 0 <= (options.canary_percent or 0) <= 100:
        message = f"a canary gets 0 to 100 percent of the traffic, not {options.canary_percent:g}"
        notes.error("canary-percent", message, there)
        return found
    others: tuple[RestApi, ...] = ()
    if options.canary_file is not None:
        text = bundle.includes.get(options.canary_file)
        if text is None:
            return found  # the file could not be read, which has been said
        others = read(options.canary_file, text, _plain(bundle)).rest_apis
        if not _fits(found, others, there, notes):
            return found
    apis = tuple(
        _with_canary(api, bundle, others, there, notes) if isinstance(api, RestApi) else api
        for api in found.apis
    )
    return replace(found, apis=apis)


def _plain(bundle: Bundle) -> Bundle:
    """The options that the canary's own definition is read with: it has no canary itself."""
    own = replace(
        bundle.options, canary_percent=None, canary_variables={}, canary_file=None, api_type="rest"
    )
    return replace(bundle, options=own)


def _fits(found: Definition, others: tuple[RestApi, ...], there: Source, notes: Notes) -> bool:
    if len(found.rest_apis) == 1 == len(others):
        return True
    if not others or {each.name for each in found.rest_apis} != {each.name for each in others}:
        message = "the canary's definition does not hold the same REST APIs"
        remedy = "Let it hold one API, or APIs of the same names."
        notes.error("canary-definition", message, there, remedy)
        return False
    return True


def _with_canary(
    api: RestApi, bundle: Bundle, others: tuple[RestApi, ...], there: Source, notes: Notes
) -> RestApi:
    other = others[0] if len(others) == 1 else None
    other = other or next((each for each in others if each.name == api.name), None)
    if other is not None:
        # It is the same API, another version of what it holds.
        kept = replace(api, stages=())
        other = replace(other, id=kept.id, account=kept.account, region=kept.region, stages=())
    stages = tuple(_staged(stage, bundle, other) for stage in api.stages)
    if other is not None and not any(stage.canary for stage in stages):
        message = f"no stage of {api.name} has a canary that could serve this definition"
        remedy = "Say how much it gets: --canary PERCENT."
        notes.error("canary-percent", message, there, remedy)
    return replace(api, stages=stages)


def _staged(stage: Stage, bundle: Bundle, other: RestApi | None) -> Stage:
    options = bundle.options
    canary = stage.canary
    if options.canary_percent is not None:
        canary = replace(canary or Canary(source=stage.source), percent=options.canary_percent)
    if canary is None:
        return stage
    variables = {**canary.variables, **options.canary_variables}
    return replace(stage, canary=replace(canary, variables=variables, api=other))
