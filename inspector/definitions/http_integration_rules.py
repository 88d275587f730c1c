"""What Amazon refuses in an integration of an HTTP API, whichever file declares it.

Sources: developer guide, "Transforming API requests and responses" (keys, values, reserved headers)
and the API reference, CreateIntegration. Sentences are Amazon's where users pasted them
(hashicorp/terraform-provider-aws#42391, #17348, aws/aws-cli#6363, aws/aws-cdk#26328) or deployed on
purpose to see them (badmintoncryer/cdk-preflight); the others are ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from inspector.definitions.cursor import Cursor
from inspector.definitions.diagnostics import Notes
from inspector.definitions.openapi.extensions import guess
from inspector.gateway.http_api.deploy import function_in
from inspector.gateway.http_api.expressions import complaint, is_text_alike
from inspector.gateway.http_api.parameter_mapping import TARGET, is_reserved
from inspector.gateway.http_api.private_link import name_in
from inspector.gateway.http_api.subtypes import REGION, SUBTYPES
from inspector.model import HTTP_TIMEOUT_MS, HttpApiIntegration, ParameterMapping, Source

_SHORTEST_MS = 50
_STATUS = re.compile(r"[2-5][0-9]{2}\Z")
_KEYS = "append|overwrite|remove:header.NAME or querystring.NAME, overwrite:path"
_ANSWER_KEYS = "append|overwrite|remove:header.NAME, overwrite:statuscode"


#: Amazon's sentence for AWS, HTTP and MOCK (aws/aws-cli#6363).
ONLY_PROXIES = (
    "Currently, an API with a protocol type of HTTP may only be associated with proxy integrations "
    "(AWS_PROXY, HTTP_PROXY)"
)
#: From a setting (a key of `OPENAPI`, or of one within it: `responses/404`) to where it is written,
#: or to the integration as a whole.
Where = Callable[[str], Source]
#: What OpenAPI and CloudFormation call the settings.
OPENAPI = {
    "type": "type",
    "uri": "uri",
    "method": "httpMethod",
    "payload": "payloadFormatVersion",
    "subtype": "integrationSubtype",
    "timeout": "timeoutInMillis",
    "connection": "connectionType",
    "responses": "responseParameters",
}
CLOUDFORMATION = {
    "type": "IntegrationType",
    "uri": "IntegrationUri",
    "method": "IntegrationMethod",
    "payload": "PayloadFormatVersion",
    "subtype": "IntegrationSubtype",
    "timeout": "TimeoutInMillis",
    "connection": "ConnectionType",
    "responses": "ResponseParameters",
}


def where_in(cursor: Cursor, names: Mapping[str, str], otherwise: Source) -> Where:
    """Where the settings of an integration are written."""

    def where(setting: str) -> Source:
        name, _, key = setting.partition("/")
        child = cursor.get(names[name])
        inner = child.get(key) if child is not None and key else None
        if inner is not None:
            return inner.key_source
        return otherwise if child is None else child.source

    return where


def whole(source: Source) -> Where:
    """Of one that is written in one line."""
    return lambda _: source


def check_http_integration(
    integration: HttpApiIntegration,
    key: str,
    notes: Notes,
    where: Where,
    *,
    imported: bool = False,
) -> None:
    """Note what is wrong with the integration of the route `key`, which a document may declare."""
    if integration.type == "HTTP_PROXY":
        _check_backend(integration, key, notes, where, imported=imported)
    else:
        _check_service(integration, key, notes, where)
    if not _SHORTEST_MS <= integration.timeout_ms <= HTTP_TIMEOUT_MS:
        message = f"{key}: Timeout should be between {_SHORTEST_MS} ms and {HTTP_TIMEOUT_MS} ms"
        remedy = f"It is {integration.timeout_ms} ms; set a time within these bounds."
        notes.error("timeout", message, where("timeout"), remedy)
    if integration.subtype is None:
        _check(integration.request_parameters, _KEYS, "statuscode", key, notes)
    elif integration.type == "AWS_PROXY":
        _check_subtype(integration, integration.subtype, key, notes, where)
    for status, mappings in integration.response_parameters.items():
        if not _STATUS.match(status):
            message = f"{key}: Status Code {status} is not valid"
            remedy = "Response parameters are by status code: write one of 200 to 599."
            notes.error("response-parameters", message, where(f"responses/{status}"), remedy)
        _check(mappings, _ANSWER_KEYS, "path", key, notes)


def _check_backend(
    integration: HttpApiIntegration, key: str, notes: Notes, where: Where, *, imported: bool
) -> None:
    """Of HTTP_PROXY."""
    _check_endpoint(integration, key, notes, where)
    # Users' documents have no method, or 2.0: what an import says of it is not known.
    note = notes.warning if imported else notes.error
    if integration.method is None:
        message = (
            f"{key}: HttpMethod parameter method must be specified for integrationType HTTPPROXY"
        )
        remedy = "Set the integration's method; ANY, as it is taken here, is the client's own."
        note("integration-method", message, integration.source, remedy)
    if integration.payload_version != "1.0":
        message = (
            f"{key}: PayloadFormatVersion {integration.payload_version} is not supported for "
            "integration of type HTTP_PROXY"
        )
        remedy = "2.0 is for functions: write 1.0."
        note("payload-version", message, where("payload"), remedy)
    if integration.connection_type == "VPC_LINK" and not integration.connection_id:
        message = f"{key}: ConnectionId must be set to vpcLinkId for ConnectionType VPC_LINK"
        notes.error("vpc-link", message, where("connection"), "Name the VPC link.")


def _check_endpoint(integration: HttpApiIntegration, key: str, notes: Notes, where: Where) -> None:
    """Where it leads: a URL, or what an ARN names behind a VPC link."""
    uri, wrong = integration.uri, f"{key}: Invalid HTTP endpoint specified for URI: "
    if integration.subtype is not None:
        message = f"{key}: only an AWS_PROXY integration has a subtype"
        notes.error("integration-subtype", message, where("type"), "Set the type AWS_PROXY.")
    elif not uri:
        message = f"{key}: an HTTP_PROXY integration has to say where it leads"
        notes.error("integration-uri", message, where("uri"), "Set its URI.")
    elif uri.startswith("arn:") and ":lambda:" in uri:
        of_function = integration.method is None or integration.payload_version == "2.0"
        source = where("type" if of_function else "uri")
        notes.error("integration-uri", wrong + uri, source, "A function wants AWS_PROXY.")
    elif uri.startswith(("http://", "https://", "$")):
        return
    elif integration.connection_type != "VPC_LINK":
        remedy = "Write http:// or https://; what an ARN names is reached by a VPC_LINK connection."
        notes.error("integration-uri", wrong + uri, where("uri"), remedy)
    elif name_in(uri) is None:
        remedy = "Write the ARN of a listener of a load balancer, or of a Cloud Map service."
        notes.error("integration-uri", wrong + uri, where("uri"), remedy)
    else:
        message = f"{key} leads to {name_in(uri)} behind a VPC link, which has no address here"
        remedy = f"Say where it is: --backend {name_in(uri)}=URL."
        notes.info("private-integration", message, where("uri"), remedy)


def _check_service(integration: HttpApiIntegration, key: str, notes: Notes, where: Where) -> None:
    """Of AWS_PROXY."""
    subtype = integration.subtype
    if subtype is not None:
        if integration.payload_version != "1.0" and subtype in SUBTYPES:
            message = f"{key}: Operation: {subtype} is not supported."
            remedy = "Set the payload format version 1.0, the only one of AWS services."
            notes.error("payload-version", message, where("payload"), remedy)
        return
    uri, method = integration.uri, (integration.method or "POST").upper()
    if not uri:
        message = f"{key}: an AWS_PROXY integration has to name its function"
        notes.error("integration-uri", message, where("uri"), "Set its URI, or a subtype.")
    elif "$" not in uri and function_in(uri) is None:
        message = f"{key}: {uri!r} is no function's ARN"
        remedy = "Write the function's ARN (!GetAtt Function.Arn), or its invocation URI."
        of_backend = uri.startswith(("http://", "https://")) and method != "POST"
        source = where("type" if of_backend else "uri")
        notes.error("integration-uri", message, source, remedy)
    if method != "POST":
        message = f"{key}: HttpMethod must be POST for AWS_PROXY IntegrationType"
        remedy = "Write POST, or leave it out: it is how Lambda is called, not your route."
        notes.error("integration-method", message, where("method"), remedy)


def _check_subtype(
    integration: HttpApiIntegration, name: str, key: str, notes: Notes, where: Where
) -> None:
    """Sentences in part Amazon's (aws/aws-cdk#26328, hashicorp/terraform-provider-aws#17348)."""
    subtype = SUBTYPES.get(name)
    if subtype is None:
        message = f"{key}: Operation: {name} is not supported."
        notes.error("integration-subtype", message, where("subtype"), guess(name, [*SUBTYPES]))
        return
    given = {each.target: each for each in integration.request_parameters}
    for target, mapping in given.items():
        parameter = subtype.parameters.get(target)
        if parameter is None and target != REGION:
            message = f"{key}: Parameter: {target} does not fit schema for Operation: {name}."
            remedy = guess(target, [*subtype.parameters, REGION])
            notes.error("service-parameter", message, mapping.source, remedy)
        reason = complaint(mapping.expression)
        static = parameter is not None and parameter.kind == "map" and "$" not in mapping.expression
        if reason is not None or static:
            message = (
                f"{key}: Invalid selection expression specified: Validation Result: warnings : [], "
                f"errors : [Invalid source: {mapping.expression} specified for destination: {target}]"
            )
            remedy = f"{reason or 'A map cannot be static'}."
            notes.error("mapping-expression", message, mapping.source, remedy)
        _check_text(mapping, key, notes)
    missing = [each for each in subtype.required if each not in given]
    if missing:
        message = (
            f"{key}: Operation: {name} requires enabling passthrough, or defining all of the "
            f"following parameters: [{', '.join(subtype.required)}]"
        )
        remedy = f"Set {', '.join(missing)} under the integration's request parameters."
        notes.error("service-parameter", message, integration.source, remedy)
    if integration.credentials is None:
        message = (
            f"{key}: Role ARN must be specified for AWS integration configuration with "
            f"Subtype: {name}"
        )
        remedy = "Set the credentials to the ARN of the role that calls the service."
        notes.error("no-credentials", message, integration.source, remedy)


def _check(
    mappings: Iterable[ParameterMapping], keys: str, foreign: str, key: str, notes: Notes
) -> None:
    of_response = foreign == "path"
    for mapping in mappings:
        match = TARGET.match(mapping.target)
        wrong = match is None or match["whole"] == foreign
        if wrong or (of_response and match is not None and match["place"] == "querystring"):
            message = f"{key}: Invalid mapping expression specified: {mapping.target}"
            notes.error("mapping-key", message, mapping.source, f"Keys are {keys}.")
            continue
        assert match is not None
        if match["place"] == "header" and is_reserved(match["name"]):
            message = f"{key}: Operations on header {match['name']} are restricted"
            remedy = "The header is reserved: no mapping may append, overwrite or remove it."
            notes.error("reserved-header", message, mapping.source, remedy)
        reason = complaint(mapping.expression, of_response=of_response)
        if reason is not None:
            message = f"{key}: Invalid mapping expression specified: {mapping.expression}"
            notes.error("mapping-expression", message, mapping.source, f"{reason}.")
        _check_text(mapping, key, notes)


def _check_text(mapping: ParameterMapping, key: str, notes: Notes) -> None:
    if is_text_alike(mapping.expression):
        message = f"{key}: {mapping.target} is the text {mapping.expression!r}, not a variable"
        known = "$request, $response, $context, $stageVariables"
        remedy = f"Variables begin with {known}."
        notes.warning("mapping-text", message, mapping.source, remedy)
