"""What whoever starts the screen may lend it: keys to sign with, issuers to mint tokens of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from inspector.message import Request

if TYPE_CHECKING:
    from inspector.recording.exchange import Exchange


class Renewal(Protocol):
    """Makes requests good again. `cli.renewing` has it; each may take a third of a second."""

    def renew(self, request: Request) -> Request:
        """Signed anew, or with its token made anew. Raises `NotRenewedError`."""
        ...

    def sign(self, request: Request, region: str) -> Request:
        """Signed, though it was not. Raises `NotRenewedError`."""
        ...

    def mint(self, exchange: Exchange, bundle_json: str | None) -> Request:
        """With a token that its route takes. Raises `NoTokenError`."""
        ...
