"""The words for what only HTTP APIs do: one sentence a finding, and what to do about a refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inspector.gateway.identity_words import to_send
from inspector.gateway.listing import listed, one_of
from inspector.gateway.trace import Fact

Facts = Mapping[str, Fact]


def _no_route(facts: Facts) -> str:
    if facts["methods_there"]:
        return f"{facts['path']} exists, but has no route for {facts['method']}."
    return (
        f"No route of the API matches {facts['method']} {facts['path']}, and there is no $default."
    )


def _declare_route(facts: Facts) -> str:
    if facts["slash"]:
        return (
            f"A slash at the end counts: {facts['slash']} would match without this difference. "
            "Call that, or declare a route for this path too ({proxy+} after the slash catches it)."
        )
    if facts["methods_there"]:
        return f"Use {one_of(facts['methods_there'])}, or declare the route."
    return "Declare the route, or correct the path: its spelling, its stage, its segments."


def _not_allowed(facts: Facts) -> str:
    if not facts["origin"]:
        return "An OPTIONS request without Origin is answered without CORS headers."
    if not facts["origin_allowed"]:
        return f"The browser will refuse: origin {facts['origin']} is not among the allowed ones."
    return f"The browser will refuse: {listed(facts['unmet'])} is not allowed."


def _age(facts: Facts) -> str:
    if facts.get("cache") != "hit":
        return ""
    return f", from its cache ({facts['age_ms']} ms old, filled by request {facts['filled_by']})"


SENTENCES: Mapping[str, Callable[[Facts], str]] = {
    "resolve.no-default-stage": lambda f: (
        "The first part of the path names no stage, and the API has no $default stage."
    ),
    "resolve.head-too-large": lambda f: (
        f"Request line and headers have {f['size']} bytes; HTTP APIs take {f['limit']}."
    ),
    "route.found": lambda f: f"{f['method']} {f['path']} is answered by route {f['route']}.",
    "route.no-route": _no_route,
    "route.not-deployed": lambda f: f"Nothing is deployed to stage {f['stage']}.",
    "cors.preflight": lambda f: f"The preflight is answered: {f['origin']} may.",
    "cors.preflight-not-allowed": _not_allowed,
    "authorize.no-authorizer": lambda f: (
        f"It asks for {f['type']}, and no such authorizer is declared: {f['authorizer']}."
    ),
    "authorize.identity-absent": lambda f: (
        f"{listed(f['missing'])} is absent, so authorizer {f['authorizer']} was not asked."
    ),
    "authorize.function-allowed": lambda f: f"Authorizer {f['authorizer']} lets in{_age(f)}.",
    "authorize.said-no": lambda f: (
        f"Authorizer {f['authorizer']} said that the caller is not authorized{_age(f)}."
    ),
    "authorize.invalid-http-answer": lambda f: (
        f"Authorizer {f['authorizer']} gave an answer that cannot be used: {f['reason']}."
    ),
    "meter.route": lambda f: f"Within {f['rate']:g} requests a second, burst {f['burst']}.",
    "meter.route-throttled": lambda f: (
        f"More than {f['rate']:g} requests a second, burst {f['burst']} ({f['bucket']})."
    ),
    "map-request.unknown-subtype": lambda f: f"HTTP APIs have no subtype {f['subtype']}.",
    "map-request.unresolved": lambda f: (
        f"{f['subtype']} wants {f['parameter']}, and {f['expression'] or 'its value'} is "
        + ("absent." if f["wrong"] == "absent" else f"none: {f['wrong']} is expected.")
    ),
    "map-request.no-target": lambda _: "The route has no integration.",
    "map-response.changed": lambda f: (
        f"The response parameters for {f['integration_status']} change the answer"
        + (f" to {f['status']}." if f["status"] != f["integration_status"] else ".")
    ),
    "map-response.inferred": lambda f: (
        "The function's result has no statusCode: it is the body of a 200, as JSON."
    ),
    "map-response.malformed-answer": lambda f: (
        f"The function's result is no answer of format {f['payload_version']}: "
        + (f"{f['key']}: {f['reason']}." if f["key"] else f"{f['reason']}.")
    ),
}

REMEDIES: Mapping[str, Callable[[Facts], str | None]] = {
    "resolve.no-default-stage": lambda f: (
        f"Begin the path with one of the stages: {listed(f['stages'])}."
    ),
    "resolve.head-too-large": lambda _: "Send fewer or shorter headers; large cookies add up.",
    "route.no-route": _declare_route,
    "route.not-deployed": lambda _: "Set AutoDeploy: true, or name a DeploymentId.",
    "authorize.no-authorizer": lambda _: "Declare the authorizer that it names.",
    "authorize.identity-absent": lambda f: f"Send {to_send(f['missing'])}; it may be empty.",
    "authorize.said-no": lambda f: (
        "See why the function answers isAuthorized: false."
        + (" Or forget the cached answer." if f.get("cache") == "hit" else "")
    ),
    "authorize.invalid-http-answer": lambda f: f"Answer {f['expected']}.",
    "cors.preflight-not-allowed": lambda f: (
        "Add it to the API's CORS configuration." if f["origin"] else None
    ),
    "meter.route-throttled": lambda f: (
        f"Wait {f['wait_ms']} ms, or raise the limit of the route or the stage."
    ),
    "map-request.unresolved": lambda f: (
        f"Send what {f['expression'] or f['parameter']} refers to, or map {f['parameter']} from "
        "something that is always there."
    ),
    "map-request.no-target": lambda _: "Give it a Target, or x-amazon-apigateway-integration.",
    "map-response.malformed-answer": lambda _: (
        'Return {"statusCode": 200, "headers": {…}, "body": "text"}, the body as text.'
    ),
}
