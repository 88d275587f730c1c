"""Names that the user gives a place and that the definition nowhere says: most often misspelt."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from difflib import get_close_matches

from inspector.cli import narration
from inspector.cli.uris import declared
from inspector.definitions import Loaded
from inspector.gateway.uri import fill_stage_variables
from inspector.model import Servable
from inspector.runtime.functions.surroundings import service_names
from inspector.runtime.services.places import ALL


def tell(args: argparse.Namespace, loaded: Loaded) -> None:
    """Warn of each; what it is meant for goes where it would have gone without."""
    # A name may be put together from others: it is enough that it stands anywhere.
    texts = [*loaded.bundle.files.values(), *_uris(loaded.apis)]
    said = "\n".join(texts).lower()
    for option, pairs, addressed in (
        ("--backend", args.backend, "no integration calls that host"),
        ("--function", args.function, "nothing invokes a function of that name"),
    ):
        for name, _ in pairs:
            if name.lower() not in said:
                narration.warn(f"{option} {narration.plain(name)}: {addressed}; it is not used.")
    for name, _ in args.endpoint:
        if name != ALL and name not in said and name not in (known := service_names()):
            near = get_close_matches(name, sorted(known), 1)
            meant = f" Did you mean {near[0]}?" if near else ""
            narration.warn(f"--endpoint {name}: no AWS service is called so.{meant}")


def _uris(apis: tuple[Servable, ...]) -> Iterator[str]:
    """Where integrations lead, with the variables of every stage."""
    for api in apis:
        for each in declared(api):
            for stage in api.stages:
                yield fill_stage_variables(each.uri, stage.variables)
