"""What each stage found. Each result holds the one before it, so a wrong order does not type-check.

`Resolved → Routed → Validated → Prepared → Answered → Mapped`; the access checks give a `Routed`
with access.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inspector.gateway.access import OPEN, Access
from inspector.gateway.client_view import ClientView
from inspector.gateway.effects import CallBackend, CallService, InvokeFunction
from inspector.gateway.environment import Environment
from inspector.gateway.paths import Target
from inspector.message import Headers, Request
from inspector.model import Source

if TYPE_CHECKING:
    from inspector.gateway.deploy import Deployment, MethodPlan


@dataclass(frozen=True, slots=True)
class Resolved:
    """An API and one of its stages. `sent`: the request with the method that it was sent with."""

    deployment: Deployment
    target: Target
    request: Request
    environment: Environment
    sent: Request


@dataclass(frozen=True, slots=True)
class Routed:
    """A method of a resource, with the path variables."""

    resolved: Resolved
    plan: MethodPlan
    client: ClientView
    access: Access = OPEN


@dataclass(frozen=True, slots=True)
class Validated:
    """A request that its validator let pass, or that has none."""

    routed: Routed


@dataclass(slots=True)
class Overrides:
    """What templates left in `$context.requestOverride` and `$context.responseOverride`."""

    request: dict[str, object] = field(default_factory=dict)
    response: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What to ask the integration, or (MOCK) the status that the request template chose."""

    routed: Routed
    effect: CallBackend | CallService | InvokeFunction | None
    mock_status: int | None
    overrides: Overrides | None = None

    @property
    def source(self) -> Source:
        """Where the integration is declared."""
        integration = self.routed.plan.integration
        return self.routed.plan.method.source if integration is None else integration.source


@dataclass(frozen=True, slots=True)
class Answered:
    """What the integration said. With `streamed` the body goes by outside of the core.

    Then `body` is empty, or what a function sent before its body.
    `cached`: it said so earlier, and what is here has been mapped already.
    """

    prepared: Prepared
    status: int
    headers: Headers
    body: bytes
    streamed: bool = False
    function_error: str | None = None
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Mapped:
    """The answer for the client, before the gateway's own headers."""

    answered: Answered
    status: int
    headers: Headers
    body: bytes
