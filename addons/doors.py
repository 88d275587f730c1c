"""Through which door a request came, and so whose it is.

One port serves clients that call us as a server (`GET /dev/pets`) and clients that use us as their
proxy (`GET http://host/…`, `CONNECT host:443`). mitmproxy makes both look alike before the first
hook, so the first bytes of each connection are looked at; a client never mixes the two.
"""

from __future__ import annotations

from mitmproxy import connection, http
from mitmproxy.proxy import layer

_LOCAL = frozenset(("127.0.0.1", "localhost", "::1", "0.0.0.0"))  # noqa: S104 - compared only


class Doors:
    """Remembers which open connections call us as a server."""

    def __init__(self) -> None:
        self._straight: set[str] = set()

    def look(self, next_layer: layer.NextLayer) -> None:
        """Look at the first bytes of a connection. What TLS hides is not seen here."""
        if next_layer.context.server.address is None:
            target = next_layer.data_client()[:64].partition(b" ")[2]
            if target[:1] == b"/":
                self._straight.add(next_layer.context.client.id)

    def leave(self, client: connection.Client) -> None:
        """The connection is closed."""
        self._straight.discard(client.id)

    def straight(self, flow: http.HTTPFlow) -> bool:
        """Whether this request calls us as a server.

        So does one that names our own address, in whatever form: to pass it on would be a loop.
        """
        client = flow.client_conn
        if client.id in self._straight:
            return True
        listening, host = client.sockname, flow.request.host
        ours = host in _LOCAL or host == listening[0] or host.endswith(".localhost")
        return ours and flow.request.port == listening[1]
