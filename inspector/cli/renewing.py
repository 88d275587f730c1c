"""What the screen needs to sign a request, or to make its token anew, before it is replayed."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.message import Request

if TYPE_CHECKING:
    from inspector.recording.exchange import Exchange
    from inspector.replay.renewing import Renewer
    from inspector.runtime.keyring import Key


@dataclass(frozen=True, slots=True)
class Renewal:
    """With the keys of this file or of this shell, and the local issuers that are trusted.

    Nothing is imported or read before it is asked for: it would hold up the first paint.
    """

    keys: Path | None = None
    account: str | None = None
    issuers: Collection[tuple[str, str]] = ()

    def renew(self, request: Request) -> Request:
        """Signed anew, or its token made anew. Raises `NotRenewedError`."""
        return self._renewer().renew(request)

    def sign(self, request: Request, region: str) -> Request:
        """Signed, though it was not. Raises `NotRenewedError`."""
        return self._renewer().sign(request, region)

    def mint(self, exchange: Exchange, bundle_json: str | None) -> Request:
        """With a token that its route takes. Raises `NoTokenError`."""
        from inspector.replay.minting import with_token  # noqa: PLC0415  only when it is asked for

        return with_token(exchange, bundle_json, next(iter(self._files()), None))

    def _renewer(self) -> Renewer:
        from inspector.replay.renewing import Renewer  # noqa: PLC0415  the same
        from inspector.runtime import local_issuer  # noqa: PLC0415

        return Renewer(self._ring, (*self._files(), local_issuer.default_path()))

    def _files(self) -> list[Path]:
        """The key files of local issuers that have their own."""
        from inspector.runtime import issuer_places  # noqa: PLC0415  the same

        return [
            Path(place.removeprefix(issuer_places.LOCAL).removeprefix(":"))
            for _, place in self.issuers
            if issuer_places.is_local(place) and place != issuer_places.LOCAL
        ]

    def _ring(self) -> tuple[Key, ...]:
        from inspector.cli.means import ring_of  # noqa: PLC0415  the same
        from inspector.replay.renewing import NotRenewedError  # noqa: PLC0415
        from inspector.runtime.keyring import KeyringError  # noqa: PLC0415

        file = None if self.keys is None else str(self.keys)
        try:
            return ring_of(file, self.account, os.environ).keys
        except KeyringError as error:
            raise NotRenewedError(str(error)) from error
