"""AWS::ApiGatewayV2::Api of protocol WEBSOCKET, with everything below it."""

from __future__ import annotations

from dataclasses import replace

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2, read_v2_stages
from inspector.definitions.cloudformation.v2_routes import read_routes
from inspector.definitions.cloudformation.websocket_authorizers import read_authorizers
from inspector.definitions.cloudformation.websocket_integration_rules import check_integrations
from inspector.definitions.cloudformation.websocket_integrations import read_integrations
from inspector.definitions.cloudformation.websocket_logs import check_logs
from inspector.definitions.cloudformation.websocket_models import read_models
from inspector.definitions.cloudformation.websocket_rules import check_parts
from inspector.definitions.cloudformation.websocket_slips import check_slips
from inspector.definitions.http_api_rules import check_quotas
from inspector.model import Model, Route, WebSocketApi


def is_websocket(parts: Parts, part: Part) -> bool:
    """Whether an AWS::ApiGatewayV2::Api is one."""
    return (parts.text(part, "ProtocolType") or "").upper() == "WEBSOCKET"


def read_websocket_apis(parts: Parts) -> tuple[WebSocketApi, ...]:
    """Every WebSocket API that is created."""
    return tuple(
        _api(parts, part) for part in parts.of_type(f"{V2}Api") if is_websocket(parts, part)
    )


def _api(parts: Parts, part: Part) -> WebSocketApi:
    models = read_models(parts, part)
    api = WebSocketApi(
        id=part.id,
        name=parts.text(part, "Name") or part.logical_id,
        source=part.source,
        account=parts.template.account,
        region=parts.template.region,
        route_selection_expression=parts.text(part, "RouteSelectionExpression") or "",
        api_key_selection_expression=parts.text(part, "ApiKeySelectionExpression"),
        version=parts.text(part, "Version"),
        description=parts.text(part, "Description"),
        routes=_routes(parts, part, models),
        integrations=read_integrations(parts, part),
        authorizers=read_authorizers(parts, part),
        models=models,
        stages=read_v2_stages(parts, part),
        disable_execute_api_endpoint=bool(
            parts.context.flag(part.cursor, "DisableExecuteApiEndpoint")
        ),
    )
    check_parts(parts, part, api)
    check_integrations(parts, part, api)
    check_logs(parts, api)
    check_quotas(api, parts.template.notes)
    check_slips(parts, part, api)
    return api


def _routes(parts: Parts, api: Part, models: dict[str, Model]) -> dict[str, Route]:
    """Routes by key. Where a model is named by its id, it is that model all the same."""
    by_id = {
        part.id: parts.text(part, "Name") or part.logical_id
        for part in parts.of_api(api.id, f"{V2}Model")
    }
    return {
        key: replace(
            route,
            request_models={
                each: name if name in models else by_id.get(name, name)
                for each, name in route.request_models.items()
            },
        )
        for key, route in read_routes(parts, api).items()
    }
