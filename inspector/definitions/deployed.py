"""A definition that was read, ready to answer: with those of Amazon's limits off that the user set off."""

from __future__ import annotations

from inspector.definitions.loading import Loaded
from inspector.gateway.deploy import Gateway, deploy_definition
from inspector.gateway.limits import without


def deployed(loaded: Loaded) -> Gateway:
    """The gateway of what could be read."""
    return deploy_definition(loaded.definition, without(loaded.bundle.options.no_limits))
