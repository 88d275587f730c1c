"""What is said on the WebSockets of a sample: turns, each by somebody who is connected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that `who` does: connect, send a text, or close with a code.

    `connect` follows the stage, such as `?token=ann`; `expect` is the status of that handshake.
    `hears` are the frames that everybody is sent thereupon, by who: JSON of which so much is known.
    """

    name: str
    who: str
    connect: str | None = None
    protocols: tuple[str, ...] = ()
    send: str | None = None
    close: int | None = None
    expect: int = 101
    hears: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


def turn(entry: Mapping[str, Any]) -> Turn:
    """One entry of a `conversation.yaml`; what is to be sent and no text is sent as JSON."""
    said = entry.get("send")
    return Turn(
        name=entry["name"],
        who=entry["who"],
        connect=entry.get("connect"),
        protocols=tuple(entry.get("protocols", ())),
        send=said if said is None or isinstance(said, str) else json.dumps(said),
        close=entry.get("close"),
        expect=entry.get("expect", 101),
        hears={who: tuple(frames) for who, frames in entry.get("hears", {}).items()},
    )


def is_heard(wanted: Any, frame: str) -> bool:
    """Whether a frame is what was to be heard: JSON with these members, or this text."""
    if isinstance(wanted, str):
        return frame == wanted
    try:
        found = json.loads(frame)
    except ValueError:
        return False
    if not isinstance(wanted, Mapping) or not isinstance(found, Mapping):
        return bool(found == wanted)
    return all(name in found and found[name] == value for name, value in wanted.items())
