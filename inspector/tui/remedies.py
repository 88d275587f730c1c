"""What an explanation proposes, done: a cached policy forgotten. In a thread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inspector.gateway.explain import Try
from inspector.replay.edited_since import explain_by_now
from inspector.tui.asking import NoAnswerError, ask
from inspector.tui.reading import Opened

__all__ = ["NoAnswerError", "forget", "of", "told"]


def of(opened: Opened) -> Sequence[Try]:
    """What can be tried, the likeliest first."""
    return explain_by_now(opened.exchange, opened.bundle).tries


def forget(db: Path, chosen: Try) -> str:
    """Let the gateway forget what an authorizer said. Raises `NoAnswerError`."""
    items = ask(db, "state", {"do": "list"})["items"]
    ids = [each["id"] for each in items if _is_of(each, chosen.cache or "")]
    if not ids:
        return "The gateway remembers nothing of it any more; it is sent again."
    ask(db, "state", {"do": "reset", "ids": ids})
    return f"Forgotten ({len(ids)}); it is sent again."


def _is_of(item: dict[str, object], cache: str) -> bool:
    return item.get("kind") == "authorizer" and str(item.get("name", "")).startswith(cache)


def told(chosen: Try) -> str:
    """What only the user can do."""
    if chosen.line is not None and chosen.source is not None:
        return f"{chosen.source}: write {chosen.line.strip()}"
    return f"{chosen.text}: {chosen.command}" if chosen.command else chosen.text
