"""Events of WebSockets that were refused, or broke (pains 66, 67, 70)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from inspector.gateway import narration, untrusted_json
from inspector.gateway.explain import metering
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.demands import demanded
from inspector.gateway.explain.explanation import Cause, Check, Try
from inspector.gateway.explain.function_answers import raised
from inspector.gateway.explain.integrating import advice
from inspector.gateway.explain.near import difference, nearest
from inspector.gateway.explain.preparing import handler_line, uri_lines
from inspector.gateway.explain.socket_choices import near_responses, unchosen_templates
from inspector.gateway.explain.templates import line_with
from inspector.gateway.explain.validating import model_faults
from inspector.gateway.functions import function_name
from inspector.gateway.narration import Evidence
from inspector.gateway.trace import Step
from inspector.model import Source

_OF_BODY = "request.body."


def told(step: Step, *shown: str) -> Cause:
    """The step in words, with these of its facts."""
    cause = Cause(narration.describe(step), narration.remedy(step))
    for name in shown:
        value = step.facts.get(name)
        if value is not None:
            text = ", ".join(value) if isinstance(value, list) else str(value)
            cause.evidence.append(Evidence(name.replace("_", " "), text))
    return cause


def no_match(case: Case, step: Step) -> Cause:
    """A message that no route takes: the expression, what it came to, what was probably meant."""
    cause = told(step)
    facts = step.facts
    keys = [str(key) for key in _listed(facts.get("routes"))]
    value = facts.get("value")
    cause.part = "body"
    cause.evidence += [
        Evidence("expression", str(facts["expression"])),
        Evidence("its value", "nothing: no JSON" if value is None else str(value) or "nothing",
                 ", ".join(keys), ok=False),
        Evidence("message", str(facts.get("message", ""))),
    ]  # fmt: skip
    cause.line(*slip_lines(case, cause, value if isinstance(value, str) else None, keys))
    return cause.line(_expression_line(case), step.source)


def _expression_line(case: Case) -> Source | None:
    api = case.api
    return None if api is None else case.places.at(api.source, "RouteSelectionExpression")


def slip_lines(case: Case, cause: Cause, value: str | None, keys: list[str]) -> Iterator[Source]:
    """What is nearly right of a message, said in `cause`; the lines of the route that it means."""
    document, deployment = _document(case), case.socket_deployment
    expression = "" if deployment is None else deployment.selection.expression
    path = _path_of(expression)
    if deployment is not None and keys and not any(each for each, _ in deployment.selection.parts):
        cause.add(f"{expression} is a fixed text: it reads nothing of the message.")
        cause.remedy = "Let it read a part of the message, such as $request.body.action."
        written = _expression_line(case)
        yield from [] if written is None else [written]
        return
    meant = nearest(value, keys) if value else None
    if meant is not None and value is not None:
        cause.add(f"Route {meant} is nearly it: {difference(value, meant)}.")
        _send(case, cause, document, path, meant)
        yield from _route_lines(case, meant)
    if value or not isinstance(document, dict):
        return
    for where, key in _named(document, keys):
        read = path or expression
        cause.add(f"The message has {where}: {json.dumps(key)}, and the expression reads {read}.")
        cause.remedy = f"Let the expression read $request.body.{where}."
        if path:
            cause.remedy = f"Send it as {path}, or let the expression read $request.body.{where}."
        _send(case, cause, document, path, key)
        written = _expression_line(case)
        yield from [] if written is None else [written]
        yield from _route_lines(case, key)
        return
    near = nearest(path.rpartition(".")[2], [str(each) for each in document], 0.5)
    if path and near is not None:
        cause.add(f"The message has {near}, and the expression reads {path}.")


def _path_of(expression: str) -> str:
    """`action` of `$request.body.action`; empty for what is put together."""
    name = expression.removeprefix("${").removesuffix("}").removeprefix("$")
    return name.removeprefix(_OF_BODY) if name.startswith(_OF_BODY) and " " not in name else ""


def _named(document: dict[str, Any], keys: list[str], at: str = "") -> Iterator[tuple[str, str]]:
    """Members anywhere in a message whose value is a route, each with its path."""
    for name, value in document.items():
        if isinstance(value, str) and value in keys:
            yield f"{at}{name}", value
    for name, value in document.items():
        if isinstance(value, dict) and at.count(".") < 4:
            yield from _named(value, keys, f"{at}{name}.")


def _send(case: Case, cause: Cause, document: Any, path: str, key: str) -> None:
    if not path or "." in path or not isinstance(document, dict):
        return
    members = dict(document)
    slip = nearest(path, [name for name, value in document.items() if value == key])
    if slip is not None and path not in document:
        members = {path if name == slip else name: value for name, value in document.items()}
    text = json.dumps({**members, path: key}, ensure_ascii=False)
    said = replace(case.request, body=text.encode())
    cause.tries.append(Try("command", f"send it for route {key}", command=text, request=said))


def _route_lines(case: Case, key: str) -> Iterator[Source]:
    deployment = case.socket_deployment
    plan = None if deployment is None else deployment.routes.get(key)
    if plan is not None:
        yield case.places.at(plan.route.source, "RouteKey") or plan.route.source


def _document(case: Case) -> Any:
    try:
        return untrusted_json.loads(case.request.body)
    except ValueError:
        return None


def _listed(fact: object) -> list[object]:
    return list(fact) if isinstance(fact, list) else []


def path(case: Case, step: Step) -> Cause:
    """A handshake with more in its path than the stage."""
    cause = told(step, "stage", "path")
    cause.part = "path"
    stage, host = step.facts["stage"], case.request.host or step.facts["host"]
    scheme = "wss" if case.environment.scheme == "https" else "ws"
    used, _, query = case.request.target.partition("?")
    rest = str(step.facts["path"])
    base, meant = f"/{stage}", "the stage"
    if used != f"{base}{rest}":  # a custom domain, whose mapping named the stage
        base, meant = used.removesuffix(rest) or "/", "the domain's path"
        cause.sentence = (
            f"{host} is a custom domain, whose mapping leads {base} to the stage {stage}: a "
            f"handshake's path is that alone, and behind it stands {rest}."
        )
        cause.remedy = f"Connect to {base}, and put what stands behind it into the query."
    url = f"{scheme}://{host}{base}" + (f"?{query}" if query else "")
    cause.tries.append(Try("command", f"connect to {meant} alone", command=url))
    return cause.line(step.source)


def repeated(case: Case, step: Step) -> Cause:
    """An identity header that came twice: 400, nobody was asked."""
    cause = told(step, "authorizer", "repeated")
    listed = _listed(step.facts["repeated"])
    cause.part = f"header {str(listed[0]).rpartition('.')[2]}" if listed else None
    for expression in listed:
        name = str(expression).rpartition(".")[2]
        values = case.request.headers.all(name)
        cause.evidence.append(Evidence(f"header {name}", f"{len(values)} times", "once", ok=False))
    cause.checks = [
        Check("authorize", f"identity source {each}", "failed", "comes more than once")
        for each in listed
    ]
    cause.checks.append(Check("authorize", "authorizer called", "unreached", "not called"))
    return cause.line(case.places.at(step.source, "identitySource"), step.source, demanded(case))


def not_connected(case: Case, step: Step) -> Cause:
    """The integration of `$connect` refused: with its status, and its body."""
    asked = case.step_of("integrate")
    status = step.facts["status"]
    cause = told(step)
    named = None if asked is None else asked.facts.get("function")
    if named is not None:
        cause.sentence = (
            f"Function {function_name(str(named))} answered {status} to $connect: the handshake is "
            f"refused with this status, and its body goes to the client."
        )
        cause.remedy = "Let it answer 200 to let the client in. What it was given is in its event."
        cause.evidence.append(Evidence("function", str(named)))
    cause.evidence.append(Evidence("status", str(status), "2xx", ok=False))
    body = case.answer.response.body.decode("utf-8", "replace")
    if body:
        cause.evidence.append(Evidence("body", body[:200]))
    cause.evidence += list(raised(case))
    return cause.line(*uri_lines(case), handler_line(case), step.source)


def own_status(case: Case, step: Step) -> Cause:
    """An error that the integration answered: of a message the client never sees it."""
    status = case.answer.response.status
    named = step.facts.get("function")
    who = f"Function {function_name(str(named))}" if named is not None else "The integration"
    sent = case.step_of("send")
    socket = case.environment.socket
    if socket is not None and socket.event == "DISCONNECT":
        became = "the connection is closed, and nobody waits for it."
    elif sent is not None and sent.code == "send.frame":
        became = "the client is sent the body alone, as if nothing was wrong."
    else:
        became = "the client is sent nothing: the route has no route response."
    cause = Cause(
        f"{who} answered {status}, which no client of a WebSocket sees: {became}",
        "Say in the body what went wrong; the status is for the access log and ExecutionError.",
    )
    cause.evidence.append(Evidence("status", str(status)))
    if step.facts.get("url") is not None:
        cause.evidence.append(Evidence("url", str(step.facts["url"])))
        cause.remedy = advice(status)
    if status in (405, 501):
        cause.line(case.of_integration("httpMethod"))
    cause.line(*(each.source for each in near_responses(case)))
    cause.line(*(each.source for each in unchosen_templates(case)))
    if step.code == "integrate.mock" and case.socket_integration is not None:
        for template in case.socket_integration.request_templates.values():
            cause.line(line_with(case, template, "statusCode"))
    return cause.line(*uri_lines(case), handler_line(case), step.source)


def throttled(case: Case, step: Step) -> Cause:
    """More events than the route, the stage or a plan allows."""
    if "plan" in str(step.facts.get("bucket")):
        return metering.limited(case, step)
    cause = told(step, "bucket", "wait_ms")
    cause.part = "how often it was sent"
    at = case.places.at
    return cause.line(
        at(step.source, "ThrottlingRateLimit"), at(step.source, "ThrottlingBurstLimit"), step.source
    )


def no_model(case: Case, step: Step) -> Cause:
    """A message for which its route has no model: it fails, whatever it says."""
    cause = told(step, "expression", "value", "models")
    cause.part = "body"
    keys = [str(each) for each in _listed(step.facts.get("models"))]
    value = str(step.facts.get("value") or "")
    meant = nearest(value, keys) if value else None
    at, key, source = case.places.at, case.places.key, case.method_source
    if meant is not None:
        cause.add(f"{meant} is nearly it: {difference(value, meant)}.")
        cause.line(key(source, "RequestModels", meant))
    return cause.line(at(source, "ModelSelectionExpression"), at(source, "RequestModels"),
                      step.source)  # fmt: skip


def model(case: Case, step: Step) -> Cause:
    """A message that does not fit its model: where in it, and by which line of the model."""
    cause = told(step)
    cause.part = "body"
    chosen = case.chosen
    plan = None if chosen is None else chosen.plan
    schemas = [] if plan is None else list(plan.models.values())
    schema = next((each for each in schemas if each.name == step.facts["model"]), None)
    if chosen is None or schema is None:
        return cause.line(step.source)
    models = chosen.joined.deployment.api.models
    cause.line(*model_faults(case, cause, chosen.joined.client.body_text, schema, models))
    declared = models.get(schema.name)
    return cause.line(
        None if declared is None else declared.source,
        case.places.at(case.method_source, "RequestModels"), step.source,
    )  # fmt: skip


def no_reply(case: Case, step: Step) -> Cause:
    """An answer of the integration that none of its responses takes."""
    cause = told(step, "expression", "matched", "keys")
    integration = case.socket_integration
    for each in () if integration is None else integration.responses:
        fits = Check("map-response", f"response {each.key}", "failed", "does not match",
                     each.key, str(step.facts["matched"]), each.source)  # fmt: skip
        cause.checks.append(fits)
        cause.line(case.places.at(each.source, "IntegrationResponseKey") or each.source)
    written = case.of_integration("IntegrationResponseSelectionExpression")
    return cause.line(written, *uri_lines(case), step.source)


def no_template(case: Case, step: Step) -> Cause:
    """No request template is selected, and nothing may pass without one."""
    cause = told(step, "passthrough", "templates")
    cause.part = "body"
    return cause.line(
        case.of_integration("passthroughBehavior"),
        case.of_integration("TemplateSelectionExpression"),
        case.of_integration("requestTemplates"), step.source,
    )  # fmt: skip
