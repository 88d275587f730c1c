"""The names under which functions find the APIs that are served here."""

from __future__ import annotations

import json
from collections.abc import Callable

from inspector.gateway.deploy import Gateway


class OwnNames:
    """The hosts of the APIs and their custom domains, and where they are: here.

    As JSON, for `runtime.functions.authorities`; empty until it is known where we listen.
    """

    def __init__(self, gateway: Callable[[], Gateway]) -> None:
        self._gateway = gateway
        self._address: tuple[str, int] | None = None

    def listening(self, host: str, port: int) -> None:
        """Where; this machine reaches what listens on all of its addresses by the loopback."""
        self._address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port  # noqa: S104

    def __call__(self) -> str:
        if self._address is None:
            return ""
        gateway = self._gateway()
        domains = (name for name in gateway.domains if not name.startswith("*"))
        names = {*(each.api.host.lower() for each in gateway.apis), *domains}
        return json.dumps(dict.fromkeys(sorted(names), self._address))
