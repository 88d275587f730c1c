"""A message against the model that its route selects for it.

Source: guide, "Request validation" of WebSocket APIs: a model is asked for where the route has a
model selection expression, behind proxies as well; it gives a key of the route's models, `$default`
stands for all others, and a message for which there is none fails.
"""

from __future__ import annotations

from inspector.gateway import untrusted_json
from inspector.gateway.trace import Fact, Step
from inspector.gateway.websocket.deploy import DEFAULT, SocketPlan
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.results import Chosen
from inspector.gateway.websocket.selection import NotJsonError, Selection
from inspector.gateway.websocket.stages.choose import value_of

_NO_JSON = "[Unknown error parsing request body]"


def validate(chosen: Chosen, trace: list[Step]) -> Chosen | SocketRefusal:
    """Check what the route asks for; without an expression, nothing."""
    plan = chosen.plan
    if plan is None or plan.model_selection is None or chosen.joined.socket.event != "MESSAGE":
        return chosen
    facts: dict[str, Fact] = {
        "models": list(plan.models),
        "expression": plan.model_selection.expression,
    }
    key = _key(chosen, plan.model_selection, facts)
    schema = plan.models.get(key) or plan.models.get(DEFAULT)
    if schema is None:
        return _refused(plan, "validate.socket-no-model", facts, "[no model]")
    facts["model"] = schema.name
    text = chosen.joined.client.body_text
    try:
        errors = schema.errors(untrusted_json.loads(text))
    except ValueError as error:
        facts["errors"] = [f"not JSON: {error}"]
        return _refused(plan, "validate.body", facts, _NO_JSON)
    if errors:
        facts["errors"] = errors
        return _refused(plan, "validate.body", facts, f"[{', '.join(errors)}]")
    trace.append(Step("validate", "ok", "validate.passed", facts, plan.route.source))
    return chosen


def _key(chosen: Chosen, selection: Selection, facts: dict[str, Fact]) -> str:
    joined = chosen.joined
    try:
        key = selection.value(joined.request.body, lambda name: value_of(joined, name))
    except NotJsonError as error:
        facts["not_json"] = str(error)
        return DEFAULT
    facts["value"] = key
    return key


def _refused(plan: SocketPlan, code: str, facts: dict[str, Fact], listed: str) -> SocketRefusal:
    facts["validation_error"] = listed
    return SocketRefusal("validate", code, "BAD_REQUEST_BODY", facts, plan.route.source)
