"""All functions of a gateway, by name: what `InvokeFunction` is answered with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Protocol

from inspector.gateway.effects import BackendFailure, FunctionAnswer, InvokeFunction
from inspector.runtime.functions.invocation import Invocation, Outcome
from inspector.runtime.functions.pool import CONCURRENCY, IDLE, Pool
from inspector.runtime.functions.reaper import Reaper
from inspector.runtime.functions.spec import FunctionSpec
from inspector.runtime.random_ids import Chance, uuid4
from inspector.runtime.stream import BodyStream


class Elsewhere(Protocol):
    """A function that something else runs: an endpoint, Lambda itself, a file with the answer."""

    async def invoke(self, effect: InvokeFunction) -> Outcome: ...


class Functions:
    """Local functions and those that run elsewhere. Belongs to one event loop.

    `find` is asked for a function that nothing else knows; a process without an event for `idle`
    seconds is ended.
    """

    def __init__(
        self,
        specs: Iterable[FunctionSpec] = (),
        elsewhere: Mapping[str, Elsewhere] | None = None,
        concurrency: int = CONCURRENCY,
        find: Callable[[str], FunctionSpec | None] = lambda name: None,
        idle: float = IDLE,
    ) -> None:
        self._find = find
        self._specs = {spec.name: spec for spec in specs}
        self._elsewhere = dict(elsewhere or {})
        self._concurrency = concurrency
        self._idle = idle
        self._pools: dict[str, Pool] = {}
        self._reaper = Reaper()
        self._chance = Chance(16)
        self._retired: dict[Pool, asyncio.Task[None]] = {}
        self._asynchronous: dict[str, asyncio.Future[Outcome]] = {}

    async def invoke(self, effect: InvokeFunction) -> Outcome:
        """Its outcome; `BackendFailure` with `timeout` when the integration waits no longer."""
        name = effect.name
        elsewhere = self._elsewhere.get(name)
        if elsewhere is not None:
            return await _in_time(elsewhere, effect)
        spec = self._specs.get(name) or self._find(name)
        if spec is None:
            return BackendFailure("other", _unknown(name))
        invocation = self._invocation(effect, spec)
        self._pool(spec).submit(invocation, patient=effect.asynchronous)
        if effect.asynchronous:
            request_id = invocation.request_id
            self._asynchronous[request_id] = invocation.done
            invocation.done.add_done_callback(partial(self._forget_event, request_id))
            return FunctionAnswer(b"", request_id=request_id)
        if spec.debug_port is not None:
            return await invocation.done
        # A bare timer: `asyncio.wait` costs several times as much, on every invocation. The function
        # goes on, as at Amazon; nobody hears its answer.
        loop = asyncio.get_running_loop()
        late = f"{name} gave no answer within {effect.timeout_ms} ms"
        timer = loop.call_later(effect.timeout_ms / 1000, invocation.give_up, late)
        outcome = await invocation.done
        if isinstance(outcome, BodyStream):
            # The time is that of the whole answer (guide, "Troubleshoot issues with response
            # streaming": what it cuts short arrives as an unfinished transfer).
            late = f"{name} was not done within {effect.timeout_ms} ms"
            left = max(0.0, timer.when() - loop.time())
            outcome.until(loop.call_later(left, outcome.expire, late))
        timer.cancel()
        return outcome

    async def finish(self) -> dict[str, str]:
        """Wait for the invocations that nobody waits for; what each printed, by its request id."""
        under_way = dict(self._asynchronous)
        outcomes = await asyncio.gather(*under_way.values())
        return {
            request_id: outcome.log if isinstance(outcome, FunctionAnswer) else ""
            for request_id, outcome in zip(under_way, outcomes, strict=True)
        }

    def replace(self, specs: Iterable[FunctionSpec]) -> list[Pool]:
        """Other functions from now on; gives the pools of those that changed, to be closed."""
        self._specs = {spec.name: spec for spec in specs}
        changed = [name for name, pool in self._pools.items() if self._specs.get(name) != pool.spec]
        return [self._pools.pop(name) for name in changed]

    async def close(self) -> None:
        """End every process."""
        retired = dict(self._retired)
        for task in retired.values():
            task.cancel()
        await asyncio.gather(*retired.values(), return_exceptions=True)
        for pool in (*self._pools.values(), *retired):
            await pool.close()
        self._pools.clear()
        self._reaper.close()

    def _invocation(self, effect: InvokeFunction, spec: FunctionSpec) -> Invocation:
        arn = effect.function if effect.function.startswith("arn:") else spec.arn
        future = asyncio.get_running_loop().create_future()
        request_id = uuid4(self._chance.draw())
        return Invocation(
            request_id, effect.payload, arn, effect.trace_id, future, stream=effect.stream
        )

    def _pool(self, spec: FunctionSpec) -> Pool:
        pool = self._pools.get(spec.name)
        if pool is None or (pool.spec is not spec and pool.spec != spec):
            if pool is not None:
                task = asyncio.ensure_future(pool.retire())
                self._retired[pool] = task
                task.add_done_callback(partial(self._forget, pool))
            pool = self._pools[spec.name] = Pool(spec, self._reaper, self._concurrency, self._idle)
        return pool

    def _forget_event(self, request_id: str, _done: asyncio.Future[Outcome]) -> None:
        self._asynchronous.pop(request_id, None)

    def _forget(self, retired: Pool, _task: asyncio.Task[None]) -> None:
        self._retired.pop(retired, None)


async def _in_time(elsewhere: Elsewhere, effect: InvokeFunction) -> Outcome:
    try:
        async with asyncio.timeout(effect.timeout_ms / 1000):
            return await elsewhere.invoke(effect)
    except TimeoutError:
        return BackendFailure("timeout", f"no answer within {effect.timeout_ms} ms")


def _unknown(name: str) -> str:
    if not name:
        return "the URI names none: give its stage variable a value (--stage-variable NAME=VALUE)"
    return (
        f"no code is known for the function {name}: declare it in the definition "
        f"(AWS::Lambda::Function), put it into functions/{name}/ beside the definition, or give "
        f"--function {name}=URL, ARN, FILE.json or FOLDER:FILE.HANDLER"
    )
