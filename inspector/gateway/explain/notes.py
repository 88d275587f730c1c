"""What surprises though nothing was refused (pains 36, 39, 45, 51, 53, 60, 63)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from inspector.gateway.explain.case import Case, document_of
from inspector.gateway.explain.declared_headers import UNDECLARED, response_header_lines
from inspector.gateway.explain.demands import key_scheme, renamed_model, renamed_scheme
from inspector.gateway.explain.explanation import Note
from inspector.gateway.explain.gateway_answers import gateway_answer_notes
from inspector.gateway.explain.left_as_text import left_as_text
from inspector.gateway.explain.near import nearest
from inspector.gateway.explain.odd import odd_notes
from inspector.gateway.explain.preparing import uri_lines
from inspector.gateway.explain.quiet import quiet_notes
from inspector.gateway.explain.socket_notes import socket_hints, socket_notes
from inspector.gateway.explain.statuses import chosen, status_notes
from inspector.gateway.explain.template_notes import template_notes
from inspector.gateway.explain.unused import unused
from inspector.gateway.explain.unvalidated import renamed_validator, unvalidated_notes
from inspector.gateway.explain.validating import not_validated, validator_lines
from inspector.gateway.http_api.cors import is_cors_header
from inspector.gateway.http_api.function_answer import read as read_answer
from inspector.gateway.http_api.results import Mapped
from inspector.gateway.lambda_answer import MalformedError
from inspector.gateway.method_override import overridden
from inspector.gateway.visible import remapped
from inspector.model import HttpApi, HttpProxy, LambdaProxy, ParameterMapping, RestApi, Source

_ALLOW_ORIGIN = "access-control-allow-origin"


def notes(case: Case) -> tuple[Note, ...]:
    """All that is worth saying, most telling first."""
    told: list[Note] = []
    other: list[Note] = []
    for note in _hints(case):
        (told if note.rule.rpartition(".")[2] in _TELLING else other).append(note)
    return (
        *odd_notes(case), *socket_notes(case), *told, *unvalidated_notes(case), *status_notes(case),
        *template_notes(case), *_cors(case), *gateway_answer_notes(case), *_path(case),
        *_unmapped(case), *_hidden(case), *left_as_text(case), *_cased(case), *quiet_notes(case), *other,
        *socket_hints(case), *_replaced(case), *_renamed(case),
    )  # fmt: skip


#: Findings of the reader that let a request pass which was meant to be stopped.
_TELLING = frozenset(
    (
        "missing-scheme",
        "resource-policy",
        "open-scheme",
        "open-header",
        "missing-validator",
        "model-not-found",
        "model-reference",
        "selection-pattern",
    )
)


def _cors_of_http(case: Case, api: HttpApi, said: str) -> Iterator[Note]:
    """Whom the API's own configuration leaves out, and preflights that it is not asked about."""
    matched = case.matched
    if matched is not None and api.cors is not None and case.request.method == "OPTIONS":
        text = (
            f"Route {matched.plan.route.key} catches this preflight, so that the API's CORS "
            "configuration does not answer it."
        )
        remedy = "Let the route name its methods instead of ANY, or add OPTIONS without authorizer."
        yield Note("cors.caught", text, matched.plan.route.source, remedy)
    text = f"A browser will refuse this answer: it {said}."
    remedy = "Allow the origin in the API's CORS configuration."
    place = api.source if api.cors is None else _origin_line(case, api.cors.source)
    yield Note("cors.http-api", text, place, remedy)


def _origin_line(case: Case, cors: Source) -> Source:
    """The allowed origin that is nearly the one that was sent, else the only one."""
    values = case.places.value(cors, "allowOrigins")
    items = [place for _, place in case.places.children(cors, "allowOrigins")]
    if not isinstance(values, list) or len(values) != len(items):
        return case.places.at(cors, "allowOrigins") or cors
    listed = [str(each) for each in values]
    meant = nearest(case.header("origin") or "", listed)
    if meant is None and len(items) > 1:
        return case.places.at(cors, "allowOrigins") or cors
    return items[listed.index(meant)] if meant is not None else items[0] if items else cors


def _cors(case: Case) -> Iterator[Note]:
    """What a browser blames on CORS."""
    origin, answer = case.header("origin"), case.answer.response
    if origin is None:
        return
    allowed = answer.headers.get(_ALLOW_ORIGIN)
    if allowed in ("*", origin):
        return
    said = "has no Access-Control-Allow-Origin" if allowed is None else f"allows {allowed} only"
    if isinstance(case.api, HttpApi):
        yield from _cors_of_http(case, case.api, said)
        return
    response_type = case.answer.response_type
    if response_type is not None:
        text = (
            f"A browser will report a CORS error, because the gateway's own answer {said}; what "
            f"really went wrong is the {answer.status} {response_type} above."
        )
        remedy = (
            "Give the gateway response the header: gatewayresponse.header."
            f"Access-Control-Allow-Origin on {response_type}, or on DEFAULT_"
            f"{answer.status // 100}XX."
        )
        yield Note("cors.gateway-response", text, _gateway_response(case), remedy)
    elif isinstance(case.integration, LambdaProxy | HttpProxy):
        who = "function" if isinstance(case.integration, LambdaProxy) else "backend"
        text = f"A browser will refuse this answer: it {said}, and a proxy's answer is its {who}'s."
        remedy = f"Let the {who} itself send Access-Control-Allow-Origin."
        yield Note("cors.proxy", text, _first(uri_lines(case)), remedy)
    else:
        text = f"A browser will refuse this answer: it {said}."
        remedy = (
            "Map method.response.header.Access-Control-Allow-Origin in the integration response."
        )
        yield Note("cors.mapping", text, _allow_line(case), remedy)


def _allow_line(case: Case) -> Source | None:
    """Where the chosen response maps the header, or nearly does; else where it maps any."""
    step, response = case.step_of("map-response"), chosen(case)
    if response is None:
        return None if step is None else step.source
    names = {each.target.rpartition(".")[2]: each.source for each in response.parameters}
    meant = nearest("Access-Control-Allow-Origin", names, 0.85)
    if meant is not None:
        return names[meant]
    return case.places.key(response.source, "responseParameters") or response.source


def _replaced(case: Case) -> Iterator[Note]:
    """What an integration says of CORS where the API has a configuration of its own (38)."""
    api, result = case.api, case.answer.result
    if not isinstance(api, HttpApi) or api.cors is None or not isinstance(result, Mapped):
        return
    sent = [name for name, _ in _said_by(result, case) if is_cors_header(name)]
    if sent:
        text = f"{', '.join(sent)} of the integration is replaced by the API's CORS configuration."
        remedy = "Say it in the configuration, or take the configuration away."
        yield Note("cors.replaced", text, api.cors.source, remedy)


def _said_by(result: Mapped, case: Case) -> list[tuple[str, str]]:
    """The headers that an integration answered; of a function those in its result."""
    integration = case.http_integration
    if integration is None or integration.type != "AWS_PROXY" or integration.subtype:
        return list(result.answered.headers)
    try:
        found = read_answer(result.answered.body, integration.payload_version)
    except MalformedError:
        return []
    return list(found.headers)


def _path(case: Case) -> Iterator[Note]:
    """What happens to a path and a query on the way (7 to 11)."""
    request, routed = case.request, case.routed
    path, _, query = request.target.partition("?")
    source = case.method_source
    if routed is not None and case.path.endswith("/") and case.path != "/":
        yield Note("route.trailing-slash", "The slash at the end is ignored (REST APIs).", source)
    parameters = {} if routed is None else routed.client.path_parameters
    for name, value in parameters.items():
        if "%" in value or "+" in value:
            decoded = unquote(value)
            text = f"{{{name}}} is {value!r} in the path, and {decoded!r} once it is decoded."
            yield Note("route.encoded", text, source)
    odd = [character for character in "|;" if character in query]
    if odd:
        text = (
            f"The query has {' and '.join(odd)}: a | has to be percent-encoded at Amazon, a ; "
            "separates parameters there."
        )
        yield Note("query.characters", text)
    if path.rstrip("/").rpartition("/")[2] in ("ping", "sping"):
        text = "Amazon keeps /ping and /sping of custom domains for health checks."
        yield Note("route.reserved", text)
    counted = overridden(request).method
    if counted != request.method and isinstance(case.api, RestApi):
        text = (
            f"X-HTTP-Method-Override: the request counts as a {counted}, though it was sent as "
            f"{request.method}. The header goes no further unless it is mapped."
        )
        yield Note("route.method-override", text, source)
    if _signed(case):
        text = "Authorization held a signature (SigV4): Amazon does not pass it on to the backend."
        yield Note("authorize.header-dropped", text, source)


def _signed(case: Case) -> bool:
    value = case.header("authorization") or ""
    return value.startswith("AWS4-HMAC-SHA256 ") and case.answered is not None


def _gateway_response(case: Case) -> Source | None:
    step = case.step_of("send")
    if step is not None and step.source is not None:
        return step.source
    resolved = case.resolved
    if resolved is None:
        return None
    api = resolved.deployment.api
    inside = document_of(case.method_source or api.source)
    return case.places.at(inside, "x-amazon-apigateway-gateway-responses") or api.source


def _first(sources: list[Source]) -> Source | None:
    return sources[0] if sources else None


def _unmapped(case: Case) -> Iterator[Note]:
    """Bodies that went by without model or template because of their type (51, 55)."""
    routed, integration = case.routed, case.integration
    if routed is None or integration is None:
        return
    media_type = routed.client.media_type
    if not_validated(case) and case.request.body:
        text = f"The body was not validated: the method has no model for {media_type}."
        remedy = "Add a model for it, or $default, to the method's request models."
        lines = list(validator_lines(case, "validateRequestBody"))
        yield Note("validate.no-model", text, _first(lines), remedy)
    step = case.step_of("map-request")
    passed = step is not None and "passthrough" in step.facts
    if passed and integration.request_templates and case.request.body:
        keys = ", ".join(integration.request_templates)
        text = f"The body passed through unmapped: there is no template for {media_type} ({keys})."
        remedy = "passthroughBehavior NEVER would refuse it with 415."
        source = case.of_integration("passthroughBehavior") or case.of_integration(
            "requestTemplates"
        )
        yield Note("map-request.passthrough", text, source, remedy)
    if unused(integration):
        kind = "AWS_PROXY" if isinstance(integration, LambdaProxy) else "HTTP_PROXY"
        text = f"Templates and integration responses are unused: the integration is {kind}."
        remedy = "Make its type AWS or HTTP, or take them away."
        yield Note("map-request.unused", text, case.of_integration("type"), remedy)


def _hidden(case: Case) -> Iterator[Note]:
    """An error that the client takes for a success (53)."""
    answered, response = case.answered, case.answer.response
    if answered is None or response.status >= 400 or case.answer.outcome != "answered":
        return
    if isinstance(case.integration, LambdaProxy):
        return
    failed = answered.function_error is not None
    if not failed and answered.status < 400:
        return
    step = case.step_of("map-response")
    what = "The function failed" if failed else f"The backend answered {answered.status}"
    fitting = chosen(case)
    if fitting is not None and fitting.selection_pattern:
        text = (
            f"{what}, and the client was told {response.status}: the integration response whose "
            f"pattern {fitting.selection_pattern} matches says so."
        )
        place = case.places.at(fitting.source, "statusCode") or fitting.source
        remedy = "Write the status there that the client should see."
        yield Note("map-response.error-hidden", text, place, remedy)
        return
    text = f"{what}, and the client was told {response.status}: no selectionPattern matches it all."
    remedy = (
        "Add an integration response whose selectionPattern matches the whole text; (\\n|.)* also "
        "spans lines."
    )
    yield Note(
        "map-response.error-hidden", text, None if step is None else step.source, remedy
    )  # fmt: skip


def _renamed(case: Case) -> Iterator[Note]:
    """Headers that arrive under another name (63)."""
    answered = case.answered
    if answered is None or case.answer.outcome != "answered":
        return
    for name, _ in case.answer.response.headers:
        if name.lower().startswith("x-amzn-remapped-"):
            plain = name[len("x-amzn-remapped-") :]
            text = f"{plain} of the backend arrives as {name}: API Gateway sets {plain} itself."
            yield Note("map-response.remapped", text, _first(uri_lines(case)))
    for name, _ in answered.headers.fields:
        if remapped(name) is None:
            text = f"{name} of the backend is dropped by API Gateway."
            yield Note("map-response.dropped", text, _first(uri_lines(case)))


def _cased(case: Case) -> Iterator[Note]:
    """Mappings of headers that were there in other letters: names are compared with case."""
    routed, integration, answered = case.routed, case.integration, case.answered
    if routed is None or integration is None:
        return
    sent = [name for name, _ in routed.client.headers]
    yield from _other_case("map-request", integration.request_parameters, "method.request.", sent)
    if answered is None or case.answer.outcome != "answered":
        return
    got = [name for name, _ in answered.headers.fields]
    for response in integration.responses:
        if response.status == str(case.answer.response.status):
            yield from _other_case(
                "map-response", response.parameters, "integration.response.", got
            )


def _other_case(
    stage: str, mappings: Iterable[ParameterMapping], holder: str, names: list[str]
) -> Iterator[Note]:
    for mapping in mappings:
        for place in ("header.", "multivalueheader."):
            wanted = mapping.expression.removeprefix(holder + place)
            if wanted == mapping.expression or wanted in names:
                continue
            other = next((name for name in names if name.lower() == wanted.lower()), None)
            if other is not None:
                text = f"{mapping.expression} found nothing: the header came as {other}."
                remedy = f"Write {holder}{place}{other}: names are compared with case."
                yield Note(f"{stage}.header-case", text, mapping.source, remedy)


def _hints(case: Case) -> Iterator[Note]:
    """What the definition's reader says of the API's policy, and of the method's own lines."""
    routed = case.routed
    if routed is None:
        return
    policy = routed.resolved.deployment.api.policy
    said = [] if policy is None else [each for each in case.hints if each.code == "resource-policy"]
    for hint in said:
        if policy is not None and hint.source in (policy.source, *policy.places.values()):
            yield Note(f"definition.{hint.code}", hint.message, hint.source, hint.remedy or None)
    method = routed.plan.method.source
    for hint in case.hints:
        source = hint.source
        inside = source.file == method.file and (
            source.pointer == method.pointer or source.pointer.startswith(f"{method.pointer}/")
        )
        if inside and hint.level == "warning" and hint.code != "not-enforced":
            if hint.code == "missing-scheme":
                source = next(renamed_scheme(case, hint), source)
            if hint.code == "missing-validator":
                source = next(renamed_validator(case, hint), source)
            if hint.code == "model-not-found":
                source = next(renamed_model(case, hint), source)
            if hint.code == "open-header":
                source = next(key_scheme(case, hint), source)
            if hint.message.startswith(UNDECLARED):
                source = next(response_header_lines(case, hint), source)
            yield Note(f"definition.{hint.code}", hint.message, source, hint.remedy or None)
