"""Whom functions trust that call us: they post to their WebSockets at the very port they serve.

An event says under which `domainName` its connection was opened, and functions call
`https://{domainName}/{stage}/@connections/…`. Where that is our own address, TLS is mitmproxy's, by
an authority of its own. So functions find a bundle of the usual authorities and that one, under the
names by which their runtimes and SDKs look for it, and credentials to sign with where the user has
none (`surroundings`). An API's own name leads here, too (`HOSTS`): where a client connected by that,
or where the endpoint stands in a function's environment.
"""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import certifi

from inspector.runtime.functions.surroundings import NOTHING, Around, credentials

#: Who reads them: OpenSSL (Python, Ruby, Go), requests and the SDK for Python, the latter before
#: all others, and Node.js, which adds to its own.
_NAMES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
_FILE = "mitmproxy-ca-cert.pem"
#: What says which names lead here: `bootstrap/names` reads it, for Python and Node.js.
HOSTS = "INSPECTOR_HOSTS"


class Authorities:
    """A bundle in a file of its own, made when it is first asked for."""

    def __init__(self, confdir: Path) -> None:
        self._own = confdir.expanduser() / _FILE
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._found: Mapping[str, str] = NOTHING

    def variables(self) -> Mapping[str, str]:
        """What functions find around them; nothing before mitmproxy has made its authority."""
        if not self._found and self._own.is_file():
            self._folder = tempfile.TemporaryDirectory(prefix="inspector-authorities-")
            bundle = Path(self._folder.name) / "bundle.pem"
            bundle.write_text("\n".join(self._texts()), "utf-8")
            self._found = {
                **dict.fromkeys(_NAMES, str(bundle)),
                **credentials(os.environ, Path.home()),
            }
        return self._found

    def around(self, wanted: Callable[[], bool], hosts: Callable[[], str] = str) -> Around:
        """The same as functions are given it: nothing where it is not wanted.

        `hosts` says which names of others lead here, as JSON: functions post to their connections
        also by the API's own name, which a client may have used and an environment may hold.
        """
        known: dict[str, Mapping[str, str]] = {}

        def look() -> Mapping[str, str]:
            if not wanted():
                return NOTHING
            found, named = self.variables(), hosts()
            if not found or not named:
                return found
            if named not in known:
                known.clear()
                known[named] = {**found, HOSTS: named}
            return known[named]

        return look

    def _texts(self) -> Iterator[str]:
        """The usual ones, those of the machine and of the user, and mitmproxy's."""
        usual = ssl.get_default_verify_paths().openssl_cafile
        named = (os.environ.get(name) for name in _NAMES)
        for name in dict.fromkeys((certifi.where(), usual, *named, str(self._own))):
            if name:
                with suppress(OSError, ValueError):
                    yield Path(name).read_text("utf-8")
