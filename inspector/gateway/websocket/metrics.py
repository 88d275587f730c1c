"""The CloudWatch metrics that an event of a WebSocket adds to.

Source: captures-2026.md, section 5 (recorded): each event and each call of `@connections` is one
point of MessageCount and of the three errors, 0 or 1; a handshake is one of ConnectCount, refused
or not; a status of 4xx is a ClientError, of 5xx an ExecutionError, also where it is the status that
a function answered on a two-way route; `$disconnect` counts where there is no such route; there is
no IntegrationLatency where nobody was asked. An IntegrationError was not recorded: the guide says
"the number of requests that return a 4XX/5XX response from the integration", and none of the
recorded failures of functions was one; here it is an answer of 4xx or 5xx of a backend.
"""

from __future__ import annotations

from collections.abc import Mapping

from inspector.gateway.told import Told
from inspector.gateway.websocket.access_log import integration_ms
from inspector.gateway.websocket.results import (
    Answered,
    Managed,
    Mapped,
    chosen_of,
    deployment_of,
)
from inspector.model import RouteSettings

Dimensions = Mapping[str, str]


def values(told: Told) -> dict[str, float]:
    """The metrics of one event, latencies in milliseconds."""
    socket, status = told.environment.socket, told.answer.response.status
    found: dict[str, float] = {}
    if socket is not None and socket.event == "CONNECT":
        found["ConnectCount"] = 1
    found |= {
        "MessageCount": 1,
        "ClientError": int(400 <= status < 500),
        "ExecutionError": int(status >= 500),
        "IntegrationError": int(_is_integration_error(told)),
    }
    if isinstance(told.socket_result, Managed):
        return found
    taken = integration_ms(told)
    return found if taken is None else {**found, "IntegrationLatency": taken}


def dimensions(told: Told) -> tuple[Dimensions, ...]:
    """What each value stands under; nothing where no stage was found."""
    deployment = deployment_of(told.socket_result)
    if deployment is None:
        return ()
    api, stage = deployment.api.id, deployment.stage
    sets: list[Dimensions] = [{"ApiId": api}, {"ApiId": api, "Stage": stage.name}]
    key = route_key(told)
    if key is not None and any(
        _detailed(each) for each in (stage.default_route_settings, stage.route_settings.get(key))
    ):
        sets.append({"ApiId": api, "Stage": stage.name, "Route": key})
    return tuple(sets)


def route_key(told: Told) -> str | None:
    """The route of an event, None where none was found or it is no event."""
    chosen = chosen_of(told.socket_result)
    return None if chosen is None else chosen.key


def _detailed(settings: RouteSettings | None) -> bool:
    return settings is not None and bool(settings.detailed_metrics_enabled)


def _is_integration_error(told: Told) -> bool:
    result = told.socket_result
    answered = result.answered if isinstance(result, Mapped) else result
    if not isinstance(answered, Answered):
        return False
    integration = answered.prepared.plan.integration
    http = integration is not None and integration.type in ("HTTP", "HTTP_PROXY")
    return http and answered.status >= 400
