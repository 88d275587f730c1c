"""What each stage found. Each result holds the one before it, so a wrong order does not type-check.

`Joined → Chosen → Prepared → Answered → Mapped`; the authorizer gives a `Chosen` with access.
`Managed` is what a call of `@connections` is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeGuard

from inspector.gateway.access import OPEN, Access
from inspector.gateway.client_view import ClientView
from inspector.gateway.effects import CallBackend, CallService, InvokeFunction
from inspector.gateway.environment import Environment, Socket
from inspector.message import Headers, Request
from inspector.model import Source

if TYPE_CHECKING:
    from inspector.gateway.websocket.deploy import SocketDeployment, SocketPlan


@dataclass(frozen=True, slots=True)
class Joined:
    """An API, one of its stages, and an event of one of its connections."""

    deployment: SocketDeployment
    request: Request
    environment: Environment
    client: ClientView

    @property
    def socket(self) -> Socket:
        """The connection."""
        assert self.environment.socket is not None
        return self.environment.socket


@dataclass(frozen=True, slots=True)
class Chosen:
    """A route. `key` is `$connect` or `$disconnect` also where the API has no such route."""

    joined: Joined
    key: str
    plan: SocketPlan | None
    access: Access = OPEN


@dataclass(frozen=True, slots=True)
class Prepared:
    """What to ask the integration, or (MOCK) the status that the request template chose."""

    chosen: Chosen
    plan: SocketPlan
    effect: CallBackend | CallService | InvokeFunction | None
    mock_status: int | None = None

    @property
    def source(self) -> Source:
        """Where the integration is declared."""
        integration = self.plan.integration
        return self.plan.route.source if integration is None else integration.source


@dataclass(frozen=True, slots=True)
class Answered:
    """What the integration said."""

    prepared: Prepared
    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Mapped:
    """The integration's word made the gateway's: `body` is for the client, if he is to get any."""

    answered: Answered | Chosen
    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Managed:
    """A call of `@connections`: its stage, and the id of the connection that it is about."""

    deployment: SocketDeployment
    request: Request
    environment: Environment
    connection_id: str


SocketResult = Joined | Chosen | Prepared | Answered | Mapped | Managed


def chosen_of(result: object) -> Chosen | None:
    """The route within what the last stage found."""
    if isinstance(result, Mapped):
        result = result.answered
    if isinstance(result, Answered):
        result = result.prepared
    if isinstance(result, Prepared):
        result = result.chosen
    return result if isinstance(result, Chosen) else None


def deployment_of(result: object) -> SocketDeployment | None:
    """The stage within it."""
    if isinstance(result, Joined | Managed):
        return result.deployment
    chosen = chosen_of(result)
    return None if chosen is None else chosen.joined.deployment


def is_socket(result: object) -> TypeGuard[SocketResult]:
    """Whether a result is one of a WebSocket API's stages."""
    return isinstance(result, Joined | Chosen | Prepared | Answered | Mapped | Managed)
