"""What is left to chance: which requests a canary gets."""

from __future__ import annotations

import random

from inspector.gateway.effects import Draw, Drawn


def draw(_effect: Draw) -> Drawn:
    """A number of [0, 100)."""
    return Drawn(random.random() * 100)  # noqa: S311  a share of traffic, no secret
