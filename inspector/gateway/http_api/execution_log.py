"""An execution log for HTTP APIs: ours, because Amazon keeps none (captures-2026.md, section 4).

In the words of REST APIs where they fit, else in those of the trace, one line an event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from inspector.gateway import narration
from inspector.gateway.http_api.results import matched_of, staged_of
from inspector.gateway.stage_names import HTTP_TITLES
from inspector.gateway.told import Told
from inspector.message import Field

#: The lines on what went to the integration and what came back.
Endpoint = Callable[[Told], Iterator[str]]
Shown = Callable[[Iterable[Field]], str]


def events(told: Told, endpoint: Endpoint, shown: Shown) -> Iterator[str]:
    """The events. `shown` prints header fields as REST's log does, secrets starred out."""
    request_id = told.environment.extended_request_id
    staged, matched = staged_of(told.http_result), matched_of(told.http_result)
    yield f"Starting execution for request: {request_id}"
    if staged is not None:
        yield (
            f"HTTP Method: {told.request.method}, Path: {staged.target.path}, "
            f"Stage: {staged.deployment.stage.name}"
        )
    if matched is not None:
        client = matched.client
        yield f"Route: {matched.plan.route.key}"
        yield f"Request path: {shown(client.path_parameters.items())}"
        yield f"Request query string: {shown(client.query)}"
        yield f"Request headers: {shown(told.request.headers.fields)}"
        yield f"Request body: {client.body_text}"
    before = [step for step in told.answer.trace if step.stage in ("cors", "authorize", "meter")]
    for step in before:
        yield f"{HTTP_TITLES[step.stage]}: {narration.describe(step)}"
    for step in told.answer.trace:
        if step.stage == "map-request" and step.facts.get("changes"):
            yield f"Request parameters: {step.facts['changes']}"
    yield from endpoint(told)
    yield from _outcome(told, shown)
    yield f"Route completed with status: {told.answer.response.status}"


def _outcome(told: Told, shown: Shown) -> Iterator[str]:
    for step in told.answer.trace:
        if step.stage == "map-response" and step.facts.get("changes"):
            yield f"Response parameters: {step.facts['changes']}"
    wrong = [step for step in told.answer.trace if step.outcome in ("refused", "failed")]
    for step in wrong:
        yield f"Execution failed: {narration.describe(step)}"
    response = told.answer.response
    yield f"Response headers: {shown(response.headers.fields)}"
    yield f"Response body: {response.body.decode('utf-8', 'replace')}"
    if not wrong:
        yield "Successfully completed execution"
