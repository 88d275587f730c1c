"""Carry a conversation through: ask the core, perform its effects, send back the replies.

Three drivers over one core: `drive` for code that waits, `drive_async` for the proxy's event
loop, and `recorded`, a performer that answers from a recording and knows nothing else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterable
from typing import TypeVar

from inspector.gateway.effects import Effect, Reply

T = TypeVar("T")
Performed = tuple[Effect, Reply]


class UnknownEffectError(Exception):
    """The core asks for something that was never recorded: under this definition it is unknown."""

    def __init__(self, effect: Effect) -> None:
        super().__init__(f"not in the recording: {effect.key}")
        self.effect = effect


def drive(conversation: Generator[Effect, Reply, T], perform: Callable[[Effect], Reply]) -> T:
    """Run a conversation to its end; `perform` may raise, which ends the conversation."""
    try:
        effect = next(conversation)
        while True:
            effect = conversation.send(perform(effect))
    except StopIteration as end:
        value: T = end.value
        return value
    finally:
        conversation.close()


async def drive_async(
    conversation: Generator[Effect, Reply, T], perform: Callable[[Effect], Awaitable[Reply]]
) -> T:
    """The same where effects are awaited."""
    try:
        effect = next(conversation)
        while True:
            effect = conversation.send(await perform(effect))
    except StopIteration as end:
        value: T = end.value
        return value
    finally:
        conversation.close()


def recorded(performed: Iterable[Performed]) -> Callable[[Effect], Reply]:
    """A performer that gives each recorded reply once, to the effect with the same key.

    Raises `UnknownEffectError` for an effect that was not recorded.
    """
    replies: dict[str, list[Reply]] = {}
    for effect, reply in performed:
        replies.setdefault(effect.key, []).append(reply)

    def perform(effect: Effect) -> Reply:
        waiting = replies.get(effect.key)
        if not waiting:
            raise UnknownEffectError(effect)
        return waiting.pop(0)

    return perform
