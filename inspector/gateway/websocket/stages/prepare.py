"""What the integration is asked: parameters mapped, body made, or a function's event.

Sources: websocket.md, section 5 (guide: types, parameter sources, templates, content handling).
Which headers an HTTP backend is sent is known for `$connect` alone (users' reports: the handshake's
own, `Sec-WebSocket-Version` among them); for messages those of a REST API's HTTP integration are
taken, and POST where no method is declared.
"""

from __future__ import annotations

from inspector.gateway import content, mock, xray
from inspector.gateway.effects import BackendRequest, CallBackend, CallService, InvokeFunction
from inspector.gateway.http_request import Mapped
from inspector.gateway.parameters import InvalidBodyError, Scope
from inspector.gateway.service_request import action_in, targeted
from inspector.gateway.trace import Fact, Step
from inspector.gateway.uri import UriTemplate
from inspector.gateway.websocket import context, event, http_request
from inspector.gateway.websocket.deploy import SocketPlan
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Chosen, Prepared
from inspector.gateway.websocket.stages.request_body import MadeBody, broken, request_body
from inspector.model import WebSocketIntegration


def prepare(chosen: Chosen, plan: SocketPlan, trace: list[Step]) -> Prepared | SocketRefusal:
    """What the integration is going to be asked."""
    integration = plan.integration
    assert integration is not None
    if integration.type == "AWS_PROXY":
        return _proxied_to_function(chosen, plan, integration, trace)
    made = request_body(chosen, plan)
    if isinstance(made, SocketRefusal):
        return made
    if integration.type == "MOCK":
        return _mocked(chosen, plan, made, trace)
    mapped = _mapped(chosen, plan)
    if isinstance(mapped, SocketRefusal):
        return mapped
    if plan.function is not None:
        return _function(chosen, plan, integration, made, trace)
    if plan.service is not None:
        return _service(chosen, plan, integration, made, mapped, trace)
    if plan.uri is not None:
        return _http(chosen, plan, integration, made, mapped, trace)
    return broken("map-request.invalid-endpoint", {"uri": integration.uri}, integration.source)


def _mapped(chosen: Chosen, plan: SocketPlan) -> Mapped | SocketRefusal:
    joined = chosen.joined
    variables = joined.deployment.stage.variables
    scope = Scope(joined.client, lambda: context.of_chosen(chosen), variables)
    try:
        return Mapped(plan.mappings, scope)
    except InvalidBodyError as error:
        facts: dict[str, Fact] = {"error": str(error)}
        assert plan.integration is not None
        return broken("map-request.invalid-json", facts, plan.integration.source)


def _proxied_to_function(
    chosen: Chosen, plan: SocketPlan, integration: WebSocketIntegration, trace: list[Step]
) -> Prepared | SocketRefusal:
    if plan.function is None:
        facts: dict[str, Fact] = {"uri": integration.uri}
        return broken("map-request.invalid-endpoint", facts, integration.source)
    made = MadeBody(event.payload(chosen), integration.source)
    return _function(chosen, plan, integration, made, trace)


def _function(
    chosen: Chosen,
    plan: SocketPlan,
    integration: WebSocketIntegration,
    made: MadeBody,
    trace: list[Step],
) -> Prepared:
    assert plan.function is not None
    body = content.as_bytes(made.content)
    facts: dict[str, Fact] = {"function": plan.function, **made.facts}
    trace.append(Step("map-request", "ok", "map-request.function", facts, made.source))
    joined = chosen.joined
    traced = xray.value(joined.request, joined.environment)
    effect = InvokeFunction(
        plan.function,
        body if body.strip() else b"{}",
        integration.timeout_ms,
        trace_id=traced,
    )
    return Prepared(chosen, plan, effect)


def _mocked(
    chosen: Chosen, plan: SocketPlan, made: MadeBody, trace: list[Step]
) -> Prepared | SocketRefusal:
    text = made.content if isinstance(made.content, str) else content.as_text(made.content)
    status = mock.status_of(text)
    if status is None:
        return broken("map-request.mock-status", {**made.facts, "rendered": text}, made.source)
    facts: dict[str, Fact] = {**made.facts, "status": status}
    trace.append(Step("map-request", "ok", "map-request.mock", facts, made.source))
    return Prepared(chosen, plan, None, status)


def _http(
    chosen: Chosen,
    plan: SocketPlan,
    integration: WebSocketIntegration,
    made: MadeBody,
    mapped: Mapped,
    trace: list[Step],
) -> Prepared:
    assert plan.uri is not None
    request = _request(chosen, plan, plan.uri, made, mapped)
    _told("map-request.http", request, {}, made, mapped, trace)
    return Prepared(chosen, plan, CallBackend(request, integration.timeout_ms))


def _service(
    chosen: Chosen,
    plan: SocketPlan,
    integration: WebSocketIntegration,
    made: MadeBody,
    mapped: Mapped,
    trace: list[Step],
) -> Prepared:
    target = plan.service
    assert target is not None
    targeted(target, mapped)
    request = _request(chosen, plan, target.uri, made, mapped)
    effect = CallService(
        target.service,
        target.region,
        target.action or action_in(request),
        request,
        integration.timeout_ms,
        integration.credentials,
    )
    facts: dict[str, Fact] = {
        "service": target.service, "region": target.region, "action": effect.action,
    }  # fmt: skip
    _told("map-request.service", request, facts, made, mapped, trace)
    return Prepared(chosen, plan, effect)


def _request(
    chosen: Chosen, plan: SocketPlan, uri: UriTemplate, made: MadeBody, mapped: Mapped
) -> BackendRequest:
    assert plan.integration is not None
    return http_request.build(chosen, plan.integration, uri, mapped, content.as_bytes(made.content))


def _told(
    code: str,
    request: BackendRequest,
    facts: dict[str, Fact],
    made: MadeBody,
    mapped: Mapped,
    trace: list[Step],
) -> None:
    facts = {**facts, "request": request.method, "url": request.url, **made.facts}
    if mapped.headers:
        facts["mapped_headers"] = mapped.shown()
    trace.append(Step("map-request", "ok", code, facts, made.source))
