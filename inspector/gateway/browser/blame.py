"""Which line of the definition a browser's complaint comes from, and what to change there.

CORS is often only the messenger: an authorizer, a missing method or a broken backend answered, and
that answer has no CORS headers. `messenger` names the first real failure.

Sources: developer guide, "Enabling CORS for a REST API resource" (OPTIONS by a MOCK integration,
proxy integrations send their own headers, gateway responses need theirs) and "Configuring CORS for
an HTTP API"; pains, items 35 to 39.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inspector.gateway.answer import Answer
from inspector.gateway.browser.judging import CREDENTIALS, HEADERS, METHODS, ORIGIN, Check
from inspector.gateway.browser.words import value_for
from inspector.gateway.gateway_responses import declared_for
from inspector.gateway.http_api.results import matched_of
from inspector.gateway.narration import describe
from inspector.gateway.pipeline import routed_of
from inspector.gateway.results import Routed
from inspector.gateway.routing import segments_of
from inspector.gateway.trace import Step
from inspector.model import (
    HttpApi,
    IntegrationResponse,
    ParameterMapping,
    RestApi,
    Servable,
    Source,
)

_SETTINGS = {ORIGIN: "allowOrigins", METHODS: "allowMethods", HEADERS: "allowHeaders",
             CREDENTIALS: "allowCredentials"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Blame:
    """Where it is to be mended (None: not in the definition), and how."""

    source: Source | None
    remedy: str


@dataclass(frozen=True, slots=True)
class Messenger:
    """The real failure behind a complaint of CORS: what answered with an error, and where."""

    status: int
    stage: str
    response_type: str | None
    sentence: str
    source: Source | None


def messenger(answer: Answer) -> Messenger | None:
    """The first step that refused or failed, where the answer is an error; None where it is none."""
    step = _refused(answer)
    if step is None:
        return None
    return Messenger(
        answer.response.status, step.stage, answer.response_type, describe(step), step.source
    )


def blame(check: Check, answer: Answer, api: Servable) -> Blame:
    """The line for a check that failed on this answer."""
    if check.leg == "preflight" and answer.stopped_at is not None:
        return _unanswered_preflight(answer, api)
    if isinstance(api, HttpApi):
        return _in_http_api(check, answer, api)
    assert isinstance(api, RestApi)
    if answer.stopped_at is not None and answer.response_type is not None:
        return _in_gateway_response(check, answer.response_type, api)
    routed = routed_of(answer.result)
    if routed is None:
        return Blame(api.source, f"Let the answer have {check.what}: {value_for(check)}.")
    return _in_method(check, answer, routed)


def _refused(answer: Answer) -> Step | None:
    bad = (step for step in answer.trace if step.outcome in ("refused", "failed"))
    return next((step for step in bad if step.stage != "cors"), None)


def _unanswered_preflight(answer: Answer, api: Servable) -> Blame:
    """The gateway refused the OPTIONS request itself: it never carries credentials or a key."""
    step = _refused(answer)
    source = api.source if step is None or step.source is None else step.source
    if answer.stopped_at == "route":
        if isinstance(api, HttpApi):
            return Blame(source, "Give the API a CORS configuration, or a route for OPTIONS.")
        return Blame(
            _resource(answer, api) or source,
            "Give the resource an OPTIONS method without authorization: a MOCK integration whose "
            "answer has the Access-Control-Allow headers.",
        )
    if answer.stopped_at in ("authorize", "meter"):
        what = "an authorizer" if answer.stopped_at == "authorize" else "an API key"
        return Blame(
            source,
            f"The preflight meets {what}, and a browser sends none of that with it: let OPTIONS "
            "ask for nothing (security: [], AddDefaultAuthorizerToCorsPreflight: false).",
        )
    return Blame(source, "Let the preflight be answered: it is an OPTIONS request as any other.")


def _resource(answer: Answer, api: Servable) -> Source | None:
    """The resource that the path belongs to, whatever methods it has."""
    step = _refused(answer)
    path = "" if step is None else str(step.facts.get("path", ""))
    if not isinstance(api, RestApi):
        return None
    fitting = [each for each in api.resources if _fits(each.path, path)]
    return min(fitting, key=lambda each: each.path.count("{")).source if fitting else None


def _fits(template: str, path: str) -> bool:
    wanted, given = segments_of(template), segments_of(path)
    if template.endswith("+}"):
        wanted, given = wanted[:-1], given[: len(wanted) - 1]
    return len(wanted) == len(given) and all(
        one.startswith("{") or one == other for one, other in zip(wanted, given, strict=True)
    )


def _in_gateway_response(check: Check, response_type: str, api: RestApi) -> Blame:
    declared = declared_for(api, response_type)
    header = f"gatewayresponse.header.{check.what}"
    name = response_type if declared is None else declared.type
    remedy = f"Set {header} of gateway response {name} to \"'{value_for(check)}'\"."
    if declared is None:
        half = "DEFAULT_4XX" if _is_client_error(response_type) else "DEFAULT_5XX"
        return Blame(
            api.source,
            f"Declare gateway response {response_type} (or {half}) with {header}: "
            f"\"'{value_for(check)}'\".",
        )
    mapping = _mapping(declared.parameters, check.what)
    return Blame(declared.source if mapping is None else mapping.source, remedy)


def _is_client_error(response_type: str) -> bool:
    return response_type not in (
        "API_CONFIGURATION_ERROR", "AUTHORIZER_CONFIGURATION_ERROR", "AUTHORIZER_FAILURE",
        "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT",
    )  # fmt: skip


def _in_method(check: Check, answer: Answer, routed: Routed) -> Blame:
    integration = routed.plan.integration
    if integration is None:
        return Blame(routed.plan.method.source, "The method has no integration.")
    selected = _selected(answer, [plan.declared for plan in routed.plan.responses])
    if selected is None:
        return Blame(
            integration.source,
            f"A proxy integration answers for itself: let the backend send {check.what}: "
            f"{value_for(check)}, on errors too.",
        )
    if check.what == "status":
        return Blame(
            selected.source, "Let the integration response of OPTIONS have a status of 200."
        )
    mapping = _mapping(selected.parameters, check.what)
    remedy = (
        f"Set method.response.header.{check.what} of the integration response {selected.status} to "
        f"\"'{value_for(check)}'\""
    )
    if mapping is not None:
        return Blame(mapping.source, f"{remedy}.")
    return Blame(selected.source, f"{remedy}, and declare it in the method response.")


def _selected(
    answer: Answer, declared: Iterable[IntegrationResponse]
) -> IntegrationResponse | None:
    """The integration response that was chosen, as the trace has it."""
    chosen = next((step for step in answer.trace if step.code == "map-response.selected"), None)
    if chosen is None:
        return None
    return next((each for each in declared if each.source == chosen.source), None)


def _mapping(mappings: Iterable[ParameterMapping], header: str) -> ParameterMapping | None:
    end = f"header.{header}".lower()
    return next((each for each in mappings if each.target.lower().endswith(end)), None)


def _in_http_api(check: Check, answer: Answer, api: HttpApi) -> Blame:
    matched = matched_of(answer.result)  # type: ignore[arg-type]
    if api.cors is None:
        place = api.source
        if matched is not None:
            whose = matched.plan.integration
            place = matched.plan.route.source if whose is None else whose.source
        return Blame(
            place,
            "Give the API a CORS configuration, or let the backend send "
            f"{check.what}: {value_for(check)}.",
        )
    if check.what == "status" or (check.leg == "preflight" and matched is not None):
        source = api.cors.source if matched is None else matched.plan.route.source
        return Blame(
            source, "Let no route catch OPTIONS (ANY and $default do), or let it answer so."
        )
    setting = _SETTINGS.get(check.what, "")
    return Blame(api.cors.source, f"Let {setting} of the CORS configuration have {check.asked}.")
