"""A CloudFormation template to a Definition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from inspector.definitions.bundle import Options
from inspector.definitions.cloudformation.circles import check_circles
from inspector.definitions.cloudformation.domain_rules import check_domains
from inspector.definitions.cloudformation.domains import read_domains
from inspector.definitions.cloudformation.function_urls import leave_out, read_function_urls
from inspector.definitions.cloudformation.functions import read_functions
from inspector.definitions.cloudformation.grants import read_grants
from inspector.definitions.cloudformation.http_apis import read_http_apis
from inspector.definitions.cloudformation.parameters import check_given
from inspector.definitions.cloudformation.parts import Parts
from inspector.definitions.cloudformation.plans import read_keys, read_plans
from inspector.definitions.cloudformation.properties import INERT_TYPES, PROPERTIES
from inspector.definitions.cloudformation.rest_apis import read_rest_apis
from inspector.definitions.cloudformation.stages import REST, V2
from inspector.definitions.cloudformation.template import guess, read_template
from inspector.definitions.cloudformation.websocket_apis import read_websocket_apis
from inspector.definitions.cursor import Cursor
from inspector.definitions.diagnostics import ACCESS_NOT_ENFORCED, Notes
from inspector.definitions.nodes import Document, Unreadable
from inspector.model import Account, Api, Definition, Source

#: Keys at the top, as YAML and as JSON write them.
_TOP = r"""^(?:(?:{0})|[ \t{{]*["'](?:{0})["'])[ \t]*:"""
_TEMPLATE = re.compile(_TOP.format("AWSTemplateFormatVersion|Resources"), re.MULTILINE)
_DOCUMENT = re.compile(_TOP.format("openapi|swagger"), re.MULTILINE)


def is_template(document: Document) -> bool:
    """Whether this is a CloudFormation template rather than an OpenAPI document."""
    root = Cursor.root(document)
    if root.get("openapi") is not None or root.get("swagger") is not None:
        return False
    return root.get("AWSTemplateFormatVersion") is not None or root.get("Resources") is not None


def looks_like_a_template(text: str) -> bool:
    """The same of a text that cannot be parsed."""
    return _DOCUMENT.search(text) is None and _TEMPLATE.search(text) is not None


def read_cloudformation(
    document: Document,
    options: Options,
    notes: Notes,
    taken: frozenset[str],
    includes: Mapping[str, str],
) -> Definition:
    """Everything that the template makes. Faults are noted, nothing is raised."""
    try:
        template = read_template(document, options, notes)
        check_given(template)
        check_circles(template)
        parts = Parts.of(template, taken, includes)
        _check_types(parts)
        _check_firewalls(parts)
        return _definition(parts)
    except Unreadable as error:
        source = Source(document.file, *document.lines.place(error.problem.offset), "")
        notes.error(error.problem.code, error.problem.message, source, error.problem.remedy)
        return Definition()


def _definition(parts: Parts) -> Definition:
    _check_owners(parts)
    rest, http = read_rest_apis(parts), read_http_apis(parts)
    sockets = read_websocket_apis(parts)
    made: tuple[Api, ...] = (*rest, *http, *sockets)
    check_domains(parts, made)
    functions = read_functions(parts)
    urls = () if made else read_function_urls(parts, functions)
    if made:
        leave_out(parts)
    if not urls and not made and parts.template.resources:
        message = "the template makes no API that is read here"
        remedy = f"Add a resource of type {REST}RestApi or {V2}Api."
        parts.template.notes.error("no-api", message, parts.template.root.source, remedy)
    account = next(parts.of_type(f"{REST}Account"), None)
    grants = read_grants(parts, functions)
    return Definition(
        apis=(
            *(replace(api, grants=grants) for api in rest),
            *(replace(api, grants=grants) for api in http),
            *(replace(api, grants=grants) for api in sockets),
            *urls,
        ),
        api_keys=read_keys(parts),
        usage_plans=read_plans(parts),
        domains=read_domains(parts),
        functions=functions,
        account=(
            Account(source=account.source, cloudwatch_role=parts.text(account, "CloudWatchRoleArn"))
            if account is not None
            else None
        ),
    )


def _check_owners(parts: Parts) -> None:
    """Evaluate every part, so that each is checked, and tell those of no API of this template."""
    for part in parts.of_type(*PROPERTIES):
        for name in ("RestApiId", "ApiId"):
            owner = part.cursor.get(name)
            # Mappings of domains tell it themselves.
            if owner is None or "Mapping" in part.type or parts.api_exists(owner.text):
                continue
            message = f"Invalid API identifier specified: {owner.text}"
            remedy = "Refer to an API of this template: only those are read."
            parts.template.notes.error("unknown-api", message, owner.source, remedy)


def _check_firewalls(parts: Parts) -> None:
    """A web ACL of one of the template's APIs would be asked first, and is not asked here."""
    for part in parts.of_type(
        "AWS::WAFv2::WebACLAssociation", "AWS::WAFRegional::WebACLAssociation"
    ):
        arn = parts.text(part, "ResourceArn") or ""
        identifier = arn.partition("/restapis/")[2].partition("/")[0]
        if identifier and parts.api_exists(identifier):
            message = f"{part.logical_id}: the web ACL is not evaluated, every caller passes it"
            remedy = "What it would block is seen at Amazon only."
            parts.template.notes.warning(ACCESS_NOT_ENFORCED, message, part.source, remedy)


def _check_types(parts: Parts) -> None:
    """Types of API Gateway that are unknown, or change nothing here."""
    notes = parts.template.notes
    for resource in parts.template.resources.values():
        kind, source = resource.type, resource.cursor.key_source
        declared = resource.cursor.get("Type")
        named = source if declared is None else declared.source
        if kind in INERT_TYPES:
            notes.info("left-out", f"{resource.logical_id}: {INERT_TYPES[kind]}", source)
        elif kind.startswith(("AWS::ApiGateway::", "AWS::ApiGatewayV2::")):
            if kind not in PROPERTIES:
                message = f"Template format error: Unrecognized resource types: [{kind}]"
                notes.error("unknown-type", message, named, guess(kind, list(PROPERTIES)))
        elif kind.startswith("AWS::Serverless::"):
            message = f"{kind} is of SAM, which is not expanded here"
            notes.error("sam", message, named, "Load the processed template.")
        elif "::" not in kind:
            message = f"Template format error: Unrecognized resource types: [{kind}]"
            notes.error("unknown-type", message, named, "Types are AWS::SERVICE::KIND.")
    for part in parts.of_type(f"{V2}Api"):
        protocol = parts.text(part, "ProtocolType")
        if protocol is not None and protocol.upper() not in ("HTTP", "WEBSOCKET"):
            given = part.cursor.get("ProtocolType")
            message = f"the ProtocolType {protocol!r} of {part.logical_id} is unknown"
            source = part.source if given is None else given.source
            notes.error("unknown-value", message, source, "Use HTTP or WEBSOCKET.")
