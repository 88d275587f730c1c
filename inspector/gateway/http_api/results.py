"""What each stage found. Each result holds the one before it, so a wrong order does not type-check.

`Staged → Matched → Prepared → Answered → Mapped`; the authorizer gives a `Matched` with access.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeGuard

from inspector.gateway.client_view import ClientView
from inspector.gateway.effects import CallBackend, CallService, InvokeFunction
from inspector.gateway.environment import Environment
from inspector.gateway.http_api.access import OPEN, Access
from inspector.gateway.http_api.paths import HttpTarget
from inspector.message import Headers, Request
from inspector.model import Source

if TYPE_CHECKING:
    from inspector.gateway.http_api.deploy import HttpDeployment, RoutePlan


@dataclass(frozen=True, slots=True)
class Staged:
    """An API and one of its stages."""

    deployment: HttpDeployment
    target: HttpTarget
    request: Request
    environment: Environment


@dataclass(frozen=True, slots=True)
class Matched:
    """A route, with the path variables."""

    staged: Staged
    plan: RoutePlan
    client: ClientView
    access: Access = OPEN


@dataclass(frozen=True, slots=True)
class Prepared:
    """What to ask the integration."""

    matched: Matched
    effect: CallBackend | CallService | InvokeFunction

    @property
    def source(self) -> Source:
        """Where the integration is declared."""
        integration = self.matched.plan.integration
        return self.matched.plan.route.source if integration is None else integration.source


@dataclass(frozen=True, slots=True)
class Answered:
    """What the integration said. With `streamed` the body went by, and `body` is empty."""

    prepared: Prepared
    status: int
    headers: Headers
    body: bytes
    streamed: bool = False


@dataclass(frozen=True, slots=True)
class Mapped:
    """The answer for the client, before the gateway's own headers."""

    answered: Answered
    status: int
    headers: Headers
    body: bytes


HttpResult = Staged | Matched | Prepared | Answered | Mapped


def inner(result: object) -> object:
    """What was prepared, within an answer that came of it; anything else as it is."""
    if isinstance(result, Mapped):
        result = result.answered
    return result.prepared if isinstance(result, Answered) else result


def matched_of(result: HttpResult | None) -> Matched | None:
    """The route within what the last stage found."""
    found = inner(result)
    if isinstance(found, Prepared):
        found = found.matched
    return found if isinstance(found, Matched) else None


def staged_of(result: HttpResult | None) -> Staged | None:
    """The stage within it."""
    if isinstance(result, Staged):
        return result
    matched = matched_of(result)
    return None if matched is None else matched.staged


def is_http(result: object) -> TypeGuard[HttpResult]:
    """Whether a result is one of an HTTP API's stages."""
    return isinstance(result, Staged | Matched | Prepared | Answered | Mapped)
