"""The gateway process: settings in on standard input, events out on standard output.

Standard input is its lifeline: when that ends, the gateway writes what it holds and goes.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from addons.connection_control import connections_handler
from addons.controlled import ControlServer, caller_handler, state_handler
from addons.gateway import GatewayAddon
from addons.master import CONFDIR, AuthorityError, CannotServeError, serve
from addons.recorder import KEPT, Recorder
from addons.service import Service
from inspector import __version__
from inspector.cli import guards
from inspector.cli.exit import CommandError, Exit
from inspector.cli.means import means_of
from inspector.cli.own_names import OwnNames
from inspector.cli.settings import Settings
from inspector.gateway.environment import Caller
from inspector.gateway.limits import without
from inspector.recording.retention import Keep, Keeper
from inspector.recording.schema import RecordingError
from inspector.recording.sessions import Session
from inspector.recording.status import Status
from inspector.recording.writer import DEFAULT_BODY_CAP, Writer
from inspector.runtime.circumstances import Circumstances
from inspector.runtime.functions.authorities import Authorities
from inspector.runtime.functions.declared import Finder
from inspector.runtime.functions.places import PlaceError
from inspector.runtime.keyring import KeyringError
from inspector.runtime.means import Means
from inspector.runtime.state import State
from inspector.runtime.watched import WatchedBackends

#: Seconds between two looks at how the recording fares.
_LOOK = 1.0
#: Seconds that writing what is left may take; a quarter of one, unless the machine is busy.
_LAST_WRITE = 4.0
#: Seconds from the end of the lifeline to our own end, whatever hangs.
END_LIMIT = 8.0


def main() -> int:
    """Run until the lifeline ends."""
    settings = Settings.from_json(sys.stdin.readline())
    try:
        asyncio.run(_serve(settings))
    except CommandError as error:
        _tell("failed", exit=int(error.exit_code), message=error.message, hint=error.hint)
        return int(error.exit_code)
    return Exit.OK


async def _serve(settings: Settings) -> None:
    writer = _writer(settings)
    keeper = _keeper(settings)
    try:
        stop = asyncio.Event()
        _watch_lifeline(asyncio.get_running_loop(), stop)
        caller = None if settings.caller == Caller() else settings.caller
        circumstances = Circumstances(caller)
        service = Service(
            settings.definitions,
            settings.options,
            _teller("definition"),
            lambda bundle: writer.define(bundle.digest, bundle.to_json()),
        )
        backends = WatchedBackends(_teller("backend"), settings.backends)
        finder = Finder(lambda: service.loaded.definition.functions, settings.definitions)
        names = OwnNames(lambda: service.gateway)
        means = means_of(
            finder,
            backends,
            functions=settings.functions,
            debug=settings.debug,
            endpoints=settings.endpoints,
            issuers=settings.issuers,
            truststores=settings.truststores,
            keys=settings.keys,
            account=settings.options.account,
            around=Authorities(CONFDIR).around(lambda: service.gateway.has_sockets, names),
        )
        known = guards.known_of(means, settings.functions, finder)
        guards.refuse(guards.unguarded(service.loaded, known), strict=settings.options.strict)
        kept = KEPT if settings.max_body is None else settings.max_body
        gateway = GatewayAddon(service, means, circumstances, writer.put, kept)
        gateway.pace.crowded = writer.crowded
        addons = (gateway, Recorder(writer.put, circumstances, kept, forget_frames=True))
        with (
            _watching(writer, service, backends, known),
            _controlled(settings, circumstances, means, service),
        ):
            await serve(
                settings.host,
                settings.port,
                addons,
                partial(_ready, names),
                stop,
                payload_limit=without(settings.options.no_limits).payload,
            )
    except AuthorityError as error:
        hint = "Delete the file to have another one made; clients must then trust that one."
        raise CommandError(Exit.FAILED, str(error), hint) from error
    except (PlaceError, KeyringError) as error:
        raise CommandError(Exit.USAGE, str(error)) from error
    except CannotServeError as error:
        hint = "Choose another with --listen HOST:PORT."
        raise CommandError(Exit.ADDRESS, str(error), hint) from error
    finally:
        keeper.close()
        _end_recording(writer)


def _writer(settings: Settings) -> Writer:
    address = f"http://{settings.host}:{settings.port}"
    try:
        return Writer(
            Path(settings.db),
            session=Session("gateway", address, __version__),
            body_cap=DEFAULT_BODY_CAP if settings.max_body is None else settings.max_body,
        )
    except RecordingError as error:
        hint = "Name another file with --db FILE."
        raise CommandError(Exit.RECORDING, str(error), hint) from error


def _keeper(settings: Settings) -> Keeper:
    """Forgets what is older or more than the user wants to keep."""
    age = None if settings.keep_seconds is None else settings.keep_seconds * 1_000_000
    return Keeper(Path(settings.db), Keep(age, settings.max_bytes))


@contextmanager
def _watching(
    writer: Writer, service: Service, backends: WatchedBackends, known: guards.Known
) -> Iterator[None]:
    """What the user should know is noticed meanwhile."""
    tasks = [
        asyncio.ensure_future(each)
        for each in (
            _watch_recording(writer),
            _watch_definitions(service, known),
            backends.watch(),
        )
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


@contextmanager
def _controlled(
    settings: Settings, circumstances: Circumstances, means: Means, service: Service
) -> Iterator[None]:
    """What other processes ask for is done meanwhile."""
    state = State(means.caches, means.meters, means.issuers, lambda: service.gateway)
    loop = asyncio.get_running_loop()
    handlers = {
        "caller": caller_handler(circumstances),
        "state": state_handler(state, loop),
        "connections": connections_handler(means.connections, loop),
    }
    control = ControlServer(Path(settings.db), handlers)
    try:
        yield
    finally:
        control.close()


async def _watch_recording(writer: Writer) -> None:
    """Say it when the recording gets into trouble, and when it is out of it again."""
    told = "writing"
    while True:
        await asyncio.sleep(_LOOK)
        status = writer.status()
        if status.state != told:
            told = status.state
            well = status.state == "writing"
            text = "The recording is written again." if well else _trouble(status)
            _teller("recording")("info" if well else "error", text)


def _end_recording(writer: Writer) -> None:
    """Write what still waits, and say what could not be written."""
    trouble = writer.status().last_error
    lost = writer.close(_LAST_WRITE).lost
    if lost:
        what = "1 exchange" if lost == 1 else f"{lost:,} exchanges"
        why = f": {trouble}" if trouble else ""
        _teller("recording")(
            "error", f"{what} could not be written, and cannot be seen again{why}."
        )


def _trouble(status: Status) -> str:
    return f"The recording: {status.message or status.state}"


async def _watch_definitions(service: Service, known: guards.Known) -> None:
    """An edit is noticed without waiting for a request; guards that cannot work are told of."""
    told = ""
    while True:
        found = guards.unguarded(service.loaded, known)
        text = guards.told(found) if found else ""
        if text != told:
            told = text
            well = "All that guards these APIs works here."
            _teller("access")("warning" if text else "info", text or well)
        await asyncio.sleep(_LOOK)
        service.current()


def _watch_lifeline(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    def wait() -> None:
        sys.stdin.read()
        loop.call_soon_threadsafe(stop.set)
        time.sleep(END_LIMIT)
        os._exit(Exit.FAILED)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()


def _ready(names: OwnNames, host: str, port: int) -> None:
    names.listening(host, port)
    _tell("ready", address=f"[{host}]:{port}" if ":" in host else f"{host}:{port}")


def _teller(topic: str) -> Callable[[str, str], None]:
    """Tells of one topic: what is wrong, and with the level `info` that it is well again."""
    return lambda level, text: _tell("notice", topic=topic, level=level, text=text)


def _tell(event: str, **data: object) -> None:
    print(json.dumps({"event": event, **data}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
