"""What the screen needs to sign a request anew, or to make its token anew, before it is replayed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.message import Request

if TYPE_CHECKING:
    from inspector.runtime.keyring import Key

Renew = Callable[[Request], Request]


def renewal(
    keys: Path | None = None, account: str | None = None, issuers: Iterable[tuple[str, str]] = ()
) -> Renew:
    """With the keys of this file or of this shell, and the local issuers that are trusted."""

    def renew(request: Request) -> Request:
        from inspector.replay.renewing import Renewer  # noqa: PLC0415  only when it is asked for
        from inspector.runtime import issuer_places, local_issuer  # noqa: PLC0415

        files = [
            Path(place.removeprefix(issuer_places.LOCAL).removeprefix(":"))
            for _, place in issuers
            if issuer_places.is_local(place) and place != issuer_places.LOCAL
        ]
        known = (*files, local_issuer.default_path())
        return Renewer(partial(_keys, keys, account), known).renew(request)

    return renew


def _keys(file: Path | None, account: str | None) -> tuple[Key, ...]:
    from inspector.cli.means import ring_of  # noqa: PLC0415
    from inspector.replay.renewing import NotRenewedError  # noqa: PLC0415
    from inspector.runtime.keyring import KeyringError  # noqa: PLC0415

    try:
        return ring_of(None if file is None else str(file), account, os.environ).keys
    except KeyringError as error:
        raise NotRenewedError(str(error)) from error
