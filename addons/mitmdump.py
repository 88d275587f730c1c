"""The gateway under mitmdump, mitmproxy or mitmweb, set up by their options.

What cannot work is logged as an error while mitmproxy starts: it then says so and ends.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from mitmproxy import ctx
from mitmproxy.addonmanager import Loader

from addons.pace import Pace
from addons.recorder import Put, Recorder
from addons.service import Service
from addons.sockets import Sockets
from inspector.definitions import Options, render
from inspector.definitions.bundle import DEFAULT_ACCOUNT
from inspector.gateway.limits import AMAZONS
from inspector.recording.schema import RecordingError
from inspector.recording.sessions import Session
from inspector.recording.writer import Writer
from inspector.runtime.circumstances import Circumstances
from inspector.runtime.failures import BackendError
from inspector.runtime.functions.authorities import Authorities
from inspector.runtime.functions.declared import Finder
from inspector.runtime.functions.places import PlaceError, functions_of
from inspector.runtime.http import HttpBackends
from inspector.runtime.keyring import Keyring, KeyringError, from_environment, read
from inspector.runtime.means import Means
from inspector.runtime.services.services import Services
from inspector.runtime.truststores import TruststoreError, Truststores

_LOG = logging.getLogger(__name__)
_PAIRS = ("stage_variable", "backend", "function", "endpoint", "truststore")
#: Frames of a WebSocket of ours that mitmproxy's own screens can show, the last ones.
FRAMES_KEPT = 1_000
#: Seconds to write the last batch.
_LAST_WRITE = 4.0


class Gateway(Protocol):
    """What is added: the addon that applies the rules."""

    pace: Pace
    sockets: Sockets

    async def running(self) -> None: ...


#: Makes the addon.
Make = Callable[[Service, Means, Circumstances, Put], Gateway]


class _UnusableError(Exception):
    """An option that cannot be meant; the text says which, and why."""


class MitmdumpGateway:
    """Adds the gateway and the recorder once all options are known."""

    def __init__(self, make: Make) -> None:
        self._make = make
        self._writer: Writer | None = None
        self._ends_after_the_gateway = False

    def load(self, loader: Loader) -> None:
        """Declare the options."""
        for name, kind, default, text in _OPTIONS:
            loader.add_option(f"inspector_{name}", kind, default, text)

    def running(self) -> None:
        """All options are known: add the real addons."""
        try:
            gateway, recorder = self._made()
        except (
            KeyringError, PlaceError, RecordingError, TruststoreError, _UnusableError
        ) as error:  # fmt: skip
            _LOG.error("%s", error)
            return
        ctx.options.update(
            connection_strategy="lazy", stream_large_bodies=str((AMAZONS.payload or 0) + 1)
        )
        ctx.master.addons.add(gateway, recorder, _End(self._write_what_is_left))
        self._ends_after_the_gateway = True
        self._started = asyncio.ensure_future(gateway.running())

    def done(self) -> None:
        """What is under way is recorded yet, where there is a gateway: `_End` comes after it."""
        if not self._ends_after_the_gateway:
            self._write_what_is_left()

    def _write_what_is_left(self) -> None:
        if self._writer is not None:
            self._writer.close(_LAST_WRITE)

    def _made(self) -> tuple[Gateway, Recorder]:
        pairs = {name: _pairs(name) for name in _PAIRS}
        paths: Sequence[str] = _option("definition")
        if not paths:
            raise _UnusableError("Set inspector_definition to the API definitions to serve.")
        self._writer = writer = Writer(Path(_option("db")), session=Session("gateway"))
        service = Service(
            paths,
            Options(
                stage=_option("stage") or None,
                stage_variables=pairs["stage_variable"],
                api_id=_option("api_id") or None,
                account=_option("account") or None,
                region=_option("region") or None,
            ),
            _narrate,
            lambda bundle: writer.define(bundle.digest, bundle.to_json()),
        )
        if service.loaded.broken:
            wrong = [render(each) for each in service.loaded.diagnostics if each.level == "error"]
            raise _UnusableError("\n".join(["Nothing to serve:", *wrong]))
        http = _backends(pairs["backend"])
        finder = Finder(lambda: service.loaded.definition.functions, paths)
        around = Authorities(Path(ctx.options.confdir)).around(lambda: service.gateway.has_sockets)
        functions = functions_of((), pairs["function"], http, find=finder, around=around)
        means = Means(http, functions, Services(pairs["endpoint"], http), _keyring())
        files = {domain: Path(file) for domain, file in pairs["truststore"].items()}
        means.truststores = Truststores.of_files(files)
        circumstances = Circumstances()
        gateway = self._make(service, means, circumstances, writer.put)
        gateway.pace.crowded = writer.crowded
        gateway.sockets.frames_kept = FRAMES_KEPT
        return gateway, Recorder(writer.put, circumstances)


class _End:
    """The last addon of all: each that is added before it has done what it does at the end."""

    def __init__(self, end: Callable[[], None]) -> None:
        self._end = end

    def done(self) -> None:
        self._end()


def _option(name: str) -> Any:
    return getattr(ctx.options, f"inspector_{name}")


def _pairs(name: str) -> dict[str, str]:
    found = {}
    for text in _option(name):
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise _UnusableError(f"inspector_{name}: {text!r} is not NAME=VALUE")
        found[key] = value
    return found


def _backends(places: dict[str, str]) -> HttpBackends:
    try:
        return HttpBackends(places)
    except BackendError as error:
        raise _UnusableError(f"inspector_backend: {error}") from error


def _keyring() -> Keyring:
    """The access keys of a file, else that of this shell."""
    if file := _option("keys"):
        return read(Path(file))
    return from_environment(os.environ, _option("account") or DEFAULT_ACCOUNT)


def _narrate(level: str, sentence: str) -> None:
    _LOG.log(logging.ERROR if level == "error" else logging.INFO, "%s", sentence)


_OPTIONS: tuple[tuple[str, Any, Any, str], ...] = (
    ("definition", Sequence[str], [], "API definitions to serve"),
    ("db", str, "inspector.db", "the recording"),
    ("stage", str, "", "the name of the stage"),
    ("stage_variable", Sequence[str], [], "NAME=VALUE: a stage variable"),
    ("api_id", str, "", "the API's id"),
    ("account", str, "", "the account id"),
    ("region", str, "", "the region"),
    ("backend", Sequence[str], [], "NAME=URL: call URL for the host NAME"),
    ("function", Sequence[str], [], "NAME=PLACE: where the function NAME is"),
    ("endpoint", Sequence[str], [], "SERVICE=URL: where the AWS service SERVICE is"),
    ("truststore", Sequence[str], [], "DOMAIN=FILE: what a domain with mutual TLS trusts"),
    ("keys", str, "", "a file with the access keys that may sign"),
)
