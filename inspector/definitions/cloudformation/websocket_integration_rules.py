"""What Amazon refuses in an integration of a WebSocket API and in its responses.

Sources: developer guide, "Set up data mapping for WebSocket APIs" (targets and sources) and "Set up
WebSocket API integration responses" (keys); API reference, CreateIntegration. The sentences are
Amazon's: those on bounds and payload versions as seen on deploying (badmintoncryer/cdk-preflight),
those on methods, endpoints and mappings as of the other kinds of API (hashicorp/
terraform-provider-aws#42391 says of the method that it holds here, too); what is said of properties
that only HTTP APIs have is ours. That the plain ARN of a function is taken, works, and breaks the
console's page: aws/aws-cdk#13679 and #13820 (a sample of the guide has it, too).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2
from inspector.definitions.http_integration_rules import CLOUDFORMATION, Where, where_in
from inspector.definitions.route_keys import METHODS
from inspector.gateway.http_api.deploy import function_in
from inspector.gateway.java.errors import JavaError
from inspector.gateway.java.regex import JavaPattern
from inspector.gateway.uri import fill_stage_variables, stage_variables_in
from inspector.model import (
    DEFAULT_TIMEOUT_MS,
    ParameterMapping,
    WebSocketApi,
    WebSocketIntegration,
)
from inspector.model.service_uri import parse_service

_SHORTEST_MS = 50
_TARGET = re.compile(r"integration\.request\.(?:header|querystring|path)\.[\w.$-]+\Z")
_CONNECT_ONLY = re.compile(r"route\.request\.(?:multivalue)?(?:querystring|header)\.[\w.$-]+\Z")
_SOURCE = re.compile(
    r"(?:'.*'|(?:context|stageVariables)\..+|route\.request\.body(?:[.\[].*)?)\Z", re.DOTALL
)
_PROXIES = ("AWS_PROXY", "HTTP_PROXY")
_KEY = re.compile(r"/.*/\Z", re.DOTALL)
#: What only HTTP APIs have (API reference, CreateIntegration).
_OF_HTTP = ("IntegrationSubtype", "ResponseParameters", "TlsConfig")


def check_integrations(parts: Parts, api: Part, declared: WebSocketApi) -> None:
    """What is wrong with each, told by the name that the template gives it."""
    for part in parts.of_api(api.id, f"{V2}Integration"):
        integration = declared.integrations[part.id]
        where = where_in(part.cursor, CLOUDFORMATION, part.source)
        _check_settings(parts, part, integration, where)
        variables = declared.stages[0].variables if declared.stages else {}
        _check_place(parts, part, integration, variables, where)
        used = [r.key for r in declared.routes.values() if r.integration == part.id]
        for mapping in integration.request_parameters:
            _check_mapping(parts, mapping, used)
    for part in parts.of_api(api.id, f"{V2}IntegrationResponse"):
        owner = declared.integrations.get(parts.text(part, "IntegrationId") or "")
        by_status = owner is not None and function_in(owner.uri or "") is None
        _check_response(parts, part, by_status=by_status)


def _check_settings(
    parts: Parts, part: Part, integration: WebSocketIntegration, where: Where
) -> None:
    notes, name = parts.template.notes, part.logical_id
    if not _SHORTEST_MS <= integration.timeout_ms <= DEFAULT_TIMEOUT_MS:
        message = f"{name}: Timeout should be between {_SHORTEST_MS} ms and {DEFAULT_TIMEOUT_MS} ms"
        remedy = f"It is {integration.timeout_ms} ms; set a time within these bounds."
        notes.error("timeout", message, where("timeout"), remedy)
    payload = part.cursor.get("PayloadFormatVersion")
    if payload is not None and payload.text not in ("", "1.0"):
        message = f"Unsupported PayloadFormatVersion: {payload.text}"
        notes.error("payload-version", message, payload.source, "Drop it: there is one format.")
    for foreign in _OF_HTTP:
        holder = part.cursor.get(foreign)
        if holder is not None:
            message = f"{name}: {foreign} is for integrations of HTTP APIs only"
            remedy = "Drop it."
            if foreign == "ResponseParameters":
                remedy = "Write an AWS::ApiGatewayV2::IntegrationResponse instead."
            notes.error("http-only", message, holder.key_source, remedy)
    if integration.connection_type == "VPC_LINK" and not integration.connection_id:
        message = f"{name}: ConnectionId must be set to vpcLinkId for ConnectionType VPC_LINK"
        notes.error("vpc-link", message, where("connection"), "Name the VPC link.")
    if integration.type in _PROXIES and integration.responses:
        message = f"{name} passes on what its backend says: its integration responses are not used"
        remedy = f"Drop them, or set the type {integration.type.removesuffix('_PROXY')}."
        for response in integration.responses:
            notes.warning("unused-response", message, response.source, remedy)


def _check_place(
    parts: Parts,
    part: Part,
    integration: WebSocketIntegration,
    variables: Mapping[str, str],
    where: Where,
) -> None:
    """Where it leads, as the first stage fills it in, and by which method."""
    notes, name, kind = parts.template.notes, part.logical_id, integration.type
    if kind == "MOCK":
        return
    if not integration.uri:
        message = f"{name}: an integration of type {kind} has to say where it leads"
        # With neither, it was hardly to lead anywhere.
        of_mock = integration.uri is None and integration.method is None
        source = where("type" if of_mock else "uri")
        notes.error("integration-uri", message, source, "Set IntegrationUri, or the type MOCK.")
    elif kind in ("HTTP", "HTTP_PROXY"):
        _check_backend(parts, name, integration.uri, where)
    else:
        known = all(each in variables for each in stage_variables_in(integration.uri))
        uri = fill_stage_variables(integration.uri, variables) if known else integration.uri
        _check_service(parts, name, uri, where)
    if integration.method is None and kind != "AWS_PROXY":
        told = kind.replace("_", "")
        message = (
            f"{name}: HttpMethod parameter method must be specified for integrationType {told}"
        )
        notes.error("integration-method", message, integration.source, "Set IntegrationMethod.")
    elif kind == "AWS_PROXY" and (integration.method or "POST").upper() != "POST":
        message = f"{name}: HttpMethod must be POST for AWS_PROXY IntegrationType"
        notes.error("integration-method", message, where("method"), "Write POST.")
    elif (integration.method or "POST").upper() not in METHODS:
        message = f"{name}: {integration.method} is no method of HTTP"
        remedy = f"Write one of {', '.join(METHODS)}."
        notes.warning("integration-method", message, where("method"), remedy)


def _check_backend(parts: Parts, name: str, uri: str, where: Where) -> None:
    if not uri.startswith(("http://", "https://", "$")):
        message = f"{name}: Invalid HTTP endpoint specified for URI: {uri}"
        remedy = "Write http:// or https://; a function wants AWS_PROXY."
        source = where("type" if uri.startswith("arn:") else "uri")
        parts.template.notes.error("integration-uri", message, source, remedy)


def _check_service(parts: Parts, name: str, uri: str, where: Where) -> None:
    notes = parts.template.notes
    if uri.startswith("arn:") and ":lambda:" in uri and function_in(uri) is not None:
        if parse_service(uri) is None:
            message = f"{name} names its function by its ARN, which Amazon's console cannot show"
            remedy = (
                "It is called all the same. The usual form is its invocation URI: !Sub arn:aws:"
                "apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/"
                "invocations"
            )
            notes.info("function-arn", message, where("uri"), remedy)
    elif "$" not in uri and parse_service(uri) is None:
        message = f"{name}: Invalid ARN specified in the request"
        remedy = f"{uri!r} is no arn:aws:apigateway:REGION:SERVICE:path|action/…"
        source = where("type" if uri.startswith(("http://", "https://")) else "uri")
        notes.error("integration-uri", message, source, remedy)


def _check_mapping(parts: Parts, mapping: ParameterMapping, used: list[str]) -> None:
    notes, expression = parts.template.notes, mapping.expression
    of_handshake = _CONNECT_ONLY.match(expression) is not None
    if not _TARGET.match(mapping.target) or not (of_handshake or _SOURCE.match(expression)):
        culprit = expression if _TARGET.match(mapping.target) else mapping.target
        message = (
            "Invalid mapping expression specified: Validation Result: warnings : [], "
            f"errors : [Invalid mapping expression specified: {culprit}]"
        )
        remedy = (
            "Targets are such as integration.request.header.X, sources such as "
            "route.request.body.x, context.connectionId, stageVariables.x or \"'text'\"."
        )
        notes.error("mapping-expression", message, mapping.source, remedy)
        return
    messages = [key for key in used if key != "$connect"]
    if of_handshake and messages:
        message = f"{expression} is there on $connect only, and {', '.join(messages)} uses it too"
        remedy = "A message has no headers and no query: map route.request.body.…, or nothing."
        notes.warning("connect-only", message, mapping.source, remedy)


def _check_response(parts: Parts, part: Part, *, by_status: bool) -> None:
    """Its key: `$default`, or a pattern between slashes, which a status may have to fit."""
    key, notes = part.cursor.get("IntegrationResponseKey"), parts.template.notes
    parameters = part.cursor.get("ResponseParameters")
    if parameters is not None and any(parameters.entries()):
        message = f"ResponseParameters of {part.logical_id} change nothing: a frame has no headers"
        notes.info("left-out", message, parameters.key_source)
    if key is None or key.text == "$default":
        return
    if not key.text:
        message = f"Property IntegrationResponseKey cannot be empty. ({part.logical_id})"
        notes.error("response-key", message, key.source, "Write $default or /2\\d\\d/.")
        return
    if not _KEY.match(key.text):
        message = f"the key {key.text!r} is neither $default nor a pattern between slashes"
        remedy = f"Write /{key.text.strip('/')}/; it is taken for that here."
        notes.warning("response-key", message, key.source, remedy)
    try:
        pattern = JavaPattern(key.text.removeprefix("/").removesuffix("/")).compiled
    except JavaError as error:
        message = f"the key {key.text!r} matches nothing: {error}"
        remedy = "Correct it: keys are regular expressions of Java."
        notes.warning("selection-pattern", message, key.source, remedy)
        return
    if by_status and not any(pattern.fullmatch(str(each)) for each in range(100, 600)):
        message = f"the key {key.text!r} fits no status, which it is matched with"
        remedy = r"Write /2\d\d/ or the like: statuses are 100 to 599."
        notes.warning("selection-pattern", message, key.source, remedy)
