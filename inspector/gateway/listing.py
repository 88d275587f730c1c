"""Facts that are lists, in a sentence."""

from __future__ import annotations

from inspector.gateway.trace import Fact


def listed(fact: Fact) -> str:
    """`GET, PUT`; `none` where there is none."""
    return ", ".join(fact) if isinstance(fact, list) and fact else "none"


def one_of(fact: Fact) -> str:
    """`GET` where there is but one, else `one of GET, PUT`."""
    return f"one of {listed(fact)}" if isinstance(fact, list) and len(fact) > 1 else listed(fact)
