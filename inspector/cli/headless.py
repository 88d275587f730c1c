"""`inspector up --headless`: the address, then a line for each exchange."""

from __future__ import annotations

import json
import shlex
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inspector.cli import exchange_data, exchange_text, narration, trial
from inspector.cli.exit import Exit
from inspector.cli.gateway_child import GatewayChild
from inspector.cli.listen import Address
from inspector.model import Definition
from inspector.recording.exchange import Exchange
from inspector.recording.filters import EVERYTHING, Filter
from inspector.recording.reader import Reader

#: Seconds between two looks at the recording.
LOOK = 0.05
PAGE = 200
#: Seconds after which a second Ctrl-C is meant as one: programs that start others pass on theirs,
#: so that the first may come twice.
IMPATIENT = 1.0


def banner(definition: Definition, served: Address, db: Path) -> None:
    """What is served where, and a call to try for each API and each custom domain."""
    narration.say(f"Serving at {served.url}, recording into {db}. Ctrl-C ends it.")
    for name, command in trial.trials(definition, served.url):
        narration.say(f"  {narration.plain(name)}: {command}")


def watch(
    gateway: GatewayChild, definition: Definition, db: Path, served: Address, *, as_json: bool
) -> int:
    """Say what is served, then print exchanges as they are recorded, until interrupted."""
    with Reader(db) as reader, _interrupts(gateway) as interrupted:
        seen = reader.newest_id() or 0
        banner(definition, served, db)
        while not interrupted:
            event = gateway.event(LOOK)
            if event is not None and event.kind == "notice":
                narration.say(narration.plain_lines(str(event.data["text"])))
            seen = show_new(reader, seen, as_json=as_json)
            if gateway.ended:
                raise gateway.failure(f"The gateway at {served.url} ended.")
        gateway.stop()
        show_new(reader, seen, as_json=as_json)
    for text in gateway.last_words():
        narration.warn(narration.plain_lines(text))
    narration.say(f"Stopped. `inspector open {shlex.quote(str(db))}` shows the recording.")
    return Exit.OK


def show_new(reader: Reader, seen: int, chosen: Filter = EVERYTHING, *, as_json: bool) -> int:
    """Print what was recorded after the id `seen`; the newest id printed."""
    while rows := reader.page(chosen, after=seen, limit=PAGE):
        for row in reversed(rows):
            show(row.id, reader.exchange(row.id), as_json=as_json)
        seen = rows[0].id
    return seen


def show(number: int, exchange: Exchange, *, as_json: bool) -> None:
    """One line; `number` is the exchange's id in the recording."""
    if as_json:
        data = {"id": number, **exchange_data.as_data(exchange)}
        print(json.dumps(data, ensure_ascii=False), flush=True)
    else:
        print(exchange_text.line(exchange), flush=True)


@contextmanager
def _interrupts(gateway: GatewayChild) -> Iterator[list[float]]:
    """A list that is no longer empty once somebody wants an end.

    Who asks again because it takes too long has the gateway killed.
    """
    told: list[float] = []

    def tell(_number: int, _frame: object) -> None:
        now = time.monotonic()
        if told and now - told[0] > IMPATIENT:
            gateway.kill()
        told.append(now)

    before = {each: signal.signal(each, tell) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
