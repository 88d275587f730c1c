"""Our own mitmproxy master: the proxy server and our addons, without the rest.

Half of bare mitmdump's time goes into walking some 35 addons for each of 8 hooks of an exchange;
here are six.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from pathlib import Path

from mitmproxy import options
from mitmproxy.addons import core, next_layer, proxyserver, tlsconfig
from mitmproxy.certs import CertStore
from mitmproxy.master import Master
from mitmproxy.options import CONF_BASENAME, KEY_SIZE

from addons import header_lookups, inline
from addons.gateway import GatewayAddon
from addons.recorder import Recorder

#: Where mitmproxy keeps its authority, if nothing else is said.
CONFDIR = Path(options.CONF_DIR)
#: Seconds that open connections have to end by themselves.
GRACE = 0.5


class CannotServeError(Exception):
    """The proxy cannot start; the text says why."""


class AuthorityError(CannotServeError):
    """There is no certificate authority, and none can be made."""


async def serve(
    host: str,
    port: int,
    addons: tuple[GatewayAddon, Recorder],
    ready: Callable[[str, int], None],
    stop: asyncio.Event,
    *,
    confdir: Path | None = None,
    payload_limit: int | None = None,
) -> None:
    """Serve until `stop` is set. `ready` is told the address. Raises `CannotServeError`.

    A body of more than `payload_limit` bytes (None: of any size) is never held in memory.
    """
    settings = options.Options(listen_host=host, listen_port=port)
    if confdir is not None:
        settings.update(confdir=str(confdir))
    inline.skip_type_checks()
    header_lookups.look_up_at_once()
    _check_authority(settings.confdir)
    master = Master(settings)
    server = proxyserver.Proxyserver()
    master.addons.add(core.Core(), server, next_layer.NextLayer(), tlsconfig.TlsConfig(), *addons)
    settings.update(
        connection_strategy="lazy",
        stream_large_bodies=None if payload_limit is None else str(payload_limit + 1),
        upstream_cert=False,
        mode=[inline.MODE],
    )
    running = asyncio.ensure_future(master.run())
    try:
        await _started(server, running, host, port)
        address = server.listen_addrs()[0]
        gc.collect()
        gc.freeze()
        ready(address[0], address[1])
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
    finally:
        master.shutdown()
        await asyncio.wait((running,), timeout=GRACE * 4)


def _check_authority(confdir: str) -> None:
    """Read the authority, or make it. mitmproxy would only log that it cannot, and go on."""
    folder = Path(confdir).expanduser()
    try:
        CertStore.from_store(folder, CONF_BASENAME, KEY_SIZE)
    except (OSError, ValueError, TypeError) as error:
        reason = getattr(error, "strerror", None) or "it is not an authority in PEM form"
        file = folder / f"{CONF_BASENAME}-ca.pem"
        raise AuthorityError(f"No certificate authority in {file}: {reason}.") from error


async def _started(
    server: proxyserver.Proxyserver, running: asyncio.Future[None], host: str, port: int
) -> None:
    for _ in range(400):
        if running.done():
            running.result()
            break
        if server.listen_addrs():
            return
        failure = next(
            (each.last_exception for each in server.servers if each.last_exception), None
        )
        if failure is not None:
            raise CannotServeError(f"{host}:{port} cannot be listened on: {failure}")
        await asyncio.sleep(0.01)
    raise CannotServeError(f"the proxy did not start on {host}:{port}")
