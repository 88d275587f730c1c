"""What an explanation is read from: the request, its answer with the trace, the definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from inspector.gateway.effects import Effect, Reply
from inspector.gateway.http_api.results import HttpResult, Matched, Staged, matched_of, staged_of
from inspector.gateway.pipeline import Answer, routed_of
from inspector.gateway.results import Answered, Mapped, Prepared, Resolved, Routed
from inspector.gateway.trace import Step
from inspector.gateway.websocket.deploy import SocketDeployment
from inspector.gateway.websocket.results import Answered as SocketAnswered
from inspector.gateway.websocket.results import Chosen, Managed, chosen_of, deployment_of
from inspector.gateway.websocket.results import Mapped as SocketMapped
from inspector.message import Request
from inspector.model import (
    Definition,
    HttpApi,
    HttpApiIntegration,
    Integration,
    Method,
    RestApi,
    Source,
    Stage,
    WebSocketApi,
    WebSocketIntegration,
)

if TYPE_CHECKING:
    from inspector.gateway.environment import Environment


@dataclass(frozen=True, slots=True)
class Odd:
    """A name in the definition that nobody reads; `meant` is one that it nearly is.

    `holder` is the JSON pointer of the object that holds it.
    """

    source: Source
    name: str
    meant: str | None
    holder: str


class Places(Protocol):
    """The lines of the definition's files; `inspector.definitions.places` has them."""

    def at(self, source: Source | None, *keys: str | int) -> Source | None: ...

    def key(self, source: Source | None, *keys: str | int) -> Source | None: ...

    def children(self, source: Source | None, *keys: str | int) -> list[tuple[str, Source]]: ...

    def value(self, source: Source | None, *keys: str | int) -> Any: ...

    def line(self, source: Source | None) -> str | None: ...

    def inside(self, source: Source, line: int, column: int = 1) -> Source: ...

    def resources(self, kind: str) -> Iterator[tuple[str, Source]]: ...

    def parameter(self, source: Source | None, *keys: str | int) -> Source | None: ...

    def odd(self) -> Sequence[Odd]: ...

    def familiar(self, name: str) -> int: ...

    def referred(self, logical_id: str) -> bool: ...


class Unread:
    """Where the files are not at hand: only what the model knows."""

    def at(self, source: Source | None, *keys: str | int) -> Source | None:
        return None

    def key(self, source: Source | None, *keys: str | int) -> Source | None:
        return None

    def children(self, source: Source | None, *keys: str | int) -> list[tuple[str, Source]]:
        return []

    def value(self, source: Source | None, *keys: str | int) -> Any:
        return None

    def line(self, source: Source | None) -> str | None:
        return None

    def inside(self, source: Source, line: int, column: int = 1) -> Source:
        return Source(source.file, source.line + line - 1, column, source.pointer)

    def resources(self, kind: str) -> Iterator[tuple[str, Source]]:
        return iter(())

    def parameter(self, source: Source | None, *keys: str | int) -> Source | None:
        return None

    def odd(self) -> Sequence[Odd]:
        return ()

    def familiar(self, name: str) -> int:
        return 0

    def referred(self, logical_id: str) -> bool:
        return True


def document_of(source: Source) -> Source:
    """The OpenAPI document that a place is in: a file, or the Body of a template's API."""
    pointer = source.pointer
    body = pointer.find("/Body/")
    root = pointer[: body + 5] if body >= 0 else ""
    return Source(source.file, 1, 1, root)


@dataclass(frozen=True, slots=True)
class Hint:
    """What the definition's reader had to say: a diagnostic, in the core's terms."""

    level: str
    code: str
    message: str
    source: Source
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One exchange, with everything that explains it."""

    request: Request
    environment: Environment
    answer: Answer
    definition: Definition = field(default_factory=Definition)
    places: Places = field(default_factory=Unread)
    hints: Sequence[Hint] = ()
    performed: Sequence[tuple[Effect, Reply]] = ()

    @property
    def step(self) -> Step | None:
        """The step that refused or failed; None where nothing did."""
        for step in self.answer.trace:
            if step.outcome in ("refused", "failed"):
                return step
        return None

    def step_of(self, stage: str) -> Step | None:
        """The last step of a stage, None where it left none."""
        return next((each for each in reversed(self.answer.trace) if each.stage == stage), None)

    @property
    def routed(self) -> Routed | None:
        """The method that was reached."""
        return routed_of(self.answer.result)

    @property
    def resolved(self) -> Resolved | None:
        """The stage that was reached."""
        routed = self.routed
        if routed is not None:
            return routed.resolved
        return self.answer.result if isinstance(self.answer.result, Resolved) else None

    @property
    def method(self) -> Method | None:
        """The method as declared."""
        return None if self.routed is None else self.routed.plan.method

    @property
    def integration(self) -> Integration | None:
        """The integration as declared."""
        return None if self.routed is None else self.routed.plan.integration

    @property
    def matched(self) -> Matched | None:
        """The route of an HTTP API that was reached."""
        result = self.answer.result
        return matched_of(result) if isinstance(result, HttpResult) else None

    @property
    def staged(self) -> Staged | None:
        """The stage of an HTTP API that was reached."""
        result = self.answer.result
        return staged_of(result) if isinstance(result, HttpResult) else None

    @property
    def http_integration(self) -> HttpApiIntegration | None:
        """The integration of an HTTP API's route."""
        return None if self.matched is None else self.matched.plan.integration

    @property
    def chosen(self) -> Chosen | None:
        """The route that an event of a WebSocket reached."""
        return chosen_of(self.answer.result)

    @property
    def managed(self) -> Managed | None:
        """The call of `@connections`."""
        return self.answer.result if isinstance(self.answer.result, Managed) else None

    @property
    def socket_answered(self) -> SocketAnswered | None:
        """What the integration of a WebSocket's route answered."""
        result = self.answer.result
        if isinstance(result, SocketMapped):
            result = result.answered
        return result if isinstance(result, SocketAnswered) else None

    @property
    def socket_deployment(self) -> SocketDeployment | None:
        """The stage of a WebSocket API that was reached."""
        return deployment_of(self.answer.result)

    @property
    def socket_integration(self) -> WebSocketIntegration | None:
        """The integration of a WebSocket API's route."""
        chosen = self.chosen
        return None if chosen is None or chosen.plan is None else chosen.plan.integration

    @property
    def is_of_socket(self) -> bool:
        """Whether it is an event of a WebSocket, or a call of `@connections`."""
        return self.environment.socket is not None or isinstance(self.api, WebSocketApi)

    @property
    def integration_source(self) -> Source | None:
        """Where the integration is declared, of any kind of API."""
        found = self.integration or self.http_integration or self.socket_integration
        return None if found is None else found.source

    @property
    def method_source(self) -> Source | None:
        """Where the method, or the route, is declared."""
        if self.matched is not None:
            return self.matched.plan.route.source
        if self.chosen is not None and self.chosen.plan is not None:
            return self.chosen.plan.route.source
        return None if self.method is None else self.method.source

    @property
    def api(self) -> RestApi | HttpApi | WebSocketApi | None:
        """The API that was reached."""
        if self.socket_deployment is not None:
            return self.socket_deployment.api
        if self.staged is not None:
            return self.staged.deployment.api
        if self.resolved is not None:
            return self.resolved.deployment.api
        found = (each for each in self.definition.apis if each.id == self.answer.api_id)
        return next(found, None)

    @property
    def stage(self) -> Stage | None:
        """The stage that was reached."""
        if self.socket_deployment is not None:
            return self.socket_deployment.stage
        if self.staged is not None:
            return self.staged.deployment.stage
        return None if self.resolved is None else self.resolved.deployment.stage

    @property
    def path(self) -> str:
        """The path that routing saw."""
        if self.staged is not None:
            return self.staged.target.path
        return "" if self.resolved is None else self.resolved.target.path

    @property
    def answered(self) -> Answered | None:
        """What the integration of a REST API answered."""
        result = self.answer.result
        if isinstance(result, Mapped):
            result = result.answered
        return result if isinstance(result, Answered) else None

    @property
    def prepared(self) -> Prepared | None:
        """What the integration was asked."""
        result = self.answer.result
        if isinstance(result, Mapped):
            result = result.answered
        if isinstance(result, Answered):
            return result.prepared
        return result if isinstance(result, Prepared) else None

    def of_integration(self, *keys: str | int) -> Source | None:
        """Where a property of the integration stands."""
        source = self.integration_source
        return None if source is None else self.places.at(source, *keys)

    def header(self, name: str) -> str | None:
        """A header of the request."""
        return self.request.headers.get(name)


Facts = Mapping[str, Any]
