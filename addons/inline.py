"""Our own mode of mitmproxy's proxy server: hooks without the detours.

mitmproxy runs each hook in a task of its own, walks all addons for each, and looks options up by
name several times an exchange; that is half of what an exchange costs. Here a layer on top of the
usual stack runs hooks on the spot, and only what must wait becomes a task. The protocol layers
below it are mitmproxy's, unchanged. `GatewayMode` behaves as mitmproxy's `regular`.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import fields
from types import SimpleNamespace
from typing import Any, cast

from mitmproxy import ctx, exceptions, http
from mitmproxy.addonmanager import traverse
from mitmproxy.options import Options
from mitmproxy.proxy import commands, events, layer, layers, mode_specs
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.mode_servers import AsyncioServerInstance

logger = logging.getLogger(__name__)

MODE = "gateway"
#: Bytes that are rather copied than sent by a call of their own.
_MERGED = 64 * 1024

Function = Callable[..., Awaitable[None] | None]


class GatewayMode(mode_specs.ProxyMode):
    """What `--mode regular` is: origin form, absolute form, CONNECT and TLS on one port."""

    description = "gateway and HTTP(S) proxy"
    transport_protocol = mode_specs.TCP

    def __post_init__(self) -> None:
        if self.data:
            raise ValueError("mode takes no arguments")


class GatewayInstance(AsyncioServerInstance[GatewayMode]):
    """The listening side of `GatewayMode`."""

    hooks: Hooks | None = None

    def make_top_layer(self, context: Context) -> layer.Layer:
        if self.hooks is None:
            self.hooks = Hooks()
        context.options = self.hooks.options
        return InlineLayer(context, self.hooks)


class Hooks:
    """Which addon functions belong to a hook, and the options, both looked up once."""

    def __init__(self) -> None:
        names = ctx.options.keys()
        values = SimpleNamespace(**{name: getattr(ctx.options, name) for name in names})
        self.options = cast("Options", values)
        self.tasks: set[asyncio.Task[None]] = set()
        self._functions: dict[type[commands.StartHook], tuple[str, tuple[Function, ...]]] = {}

    def find(self, hook: commands.StartHook) -> tuple[Any, tuple[Function, ...]]:
        """What the functions of this hook are called with, and the functions."""
        kind = type(hook)
        known = self._functions.get(kind)
        if known is None:
            (field,) = fields(hook)  # type: ignore[arg-type]
            found = [getattr(addon, hook.name, None) for addon in traverse(ctx.master.addons.chain)]
            known = field.name, tuple(each for each in found if callable(each))
            self._functions[kind] = known
        return getattr(hook, known[0]), known[1]


class InlineLayer(layer.Layer):
    """Between the connection handler and mitmproxy's layers: answers their hooks itself."""

    def __init__(self, context: Context, hooks: Hooks) -> None:
        # Not a part of the stack: what follows looks at `context.layers` to know where it is.
        self.context = context
        self._hooks = hooks
        self._child = layers.modes.HttpProxy(context)

    def __repr__(self) -> str:
        return f"InlineLayer({self._child!r})"

    def _handle_event(self, event: events.Event) -> layer.CommandGenerator[None]:
        yield from self.handle_event(event)

    def handle_event(self, event: events.Event) -> Iterator[commands.Command]:  # type: ignore[override]
        """Mitmproxy sends a head and its body one after the other; here they go out in one call."""
        held: commands.SendData | None = None
        for command in self._carry_out(event):
            more = command if isinstance(command, commands.SendData) else None
            if held is not None and more is not None and _continues(held, more):
                held.data += more.data
                continue
            if held is not None:
                yield held
            held = more
            if more is None:
                yield command
        if held is not None:
            yield held

    def _carry_out(self, event: events.Event) -> Iterator[commands.Command]:
        """Run the hooks among the child's commands; what is left is for the connection handler."""
        waiting = [event]
        for each in waiting:
            for command in self._child.handle_event(each):
                if isinstance(command, commands.StartHook):
                    if self._run(command) and command.blocking:
                        waiting.append(events.HookCompleted(command))
                elif not isinstance(command, commands.Log) or command.level >= logging.WARNING:
                    yield command

    def _run(self, hook: commands.StartHook) -> bool:
        """Run a hook; whether it is done. What has to wait goes on in a task."""
        data, functions = self._hooks.find(hook)
        for at, function in enumerate(functions):
            left = _call(function, data)
            if left is not None:
                work = self._wait(hook, left, data, functions[at + 1 :])
                task = asyncio.get_running_loop().create_task(work)
                self._hooks.tasks.add(task)
                task.add_done_callback(self._hooks.tasks.discard)
                return False
        return True

    async def _wait(
        self,
        hook: commands.StartHook,
        left: Awaitable[None],
        data: object,
        functions: Sequence[Function],
    ) -> None:
        server = ctx.master.addons.get("proxyserver")
        handler = server.connections[self.context.client.id]
        with handler.timeout_watchdog.disarm():
            await _finish(left)
            for function in functions:
                again = _call(function, data)
                if again is not None:
                    await _finish(again)
        if hook.blocking:
            await handler.server_event(events.HookCompleted(hook))


def _continues(held: commands.SendData, more: commands.SendData) -> bool:
    """Whether it goes the same way, and is not so much that copying it costs more."""
    return more.connection is held.connection and len(more.data) <= _MERGED


def _call(function: Function, data: object) -> Awaitable[None] | None:
    try:
        left = function(data)
    except exceptions.AddonHalt:
        return None
    except Exception:
        logger.exception("A fault in %s", function.__qualname__)
        return None
    return left if left is not None and inspect.isawaitable(left) else None


async def _finish(left: Awaitable[None]) -> None:
    try:
        await left
    except Exception:
        logger.exception("A fault in a hook")


def skip_type_checks() -> None:
    """Leave out mitmproxy's checks of its own types, as `python -O` does: 30 µs an exchange."""
    vars(http)["MessageData"].__post_init__ = lambda self: None
