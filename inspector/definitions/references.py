"""Who refers to whom in a template, and what kind of resource each property wants.

Read from the text, not evaluated: where a reference is wrong there is nothing to evaluate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inspector.definitions.cursor import Cursor
from inspector.definitions.nodes import ListNode, MapNode, ScalarNode
from inspector.model import Source

_REST, _V2, _LAMBDA = "AWS::ApiGateway::", "AWS::ApiGatewayV2::", "AWS::Lambda::"
_FUNCTIONS = (f"{_LAMBDA}Function", f"{_LAMBDA}Alias", f"{_LAMBDA}Version")
#: The types that a property may name, by the property's own name.
_WANTED: Mapping[str, tuple[str, ...]] = {
    "ApiId": (f"{_V2}Api", f"{_REST}RestApi"),
    "RestApiId": (f"{_REST}RestApi",),
    "ParentId": (f"{_REST}RestApi", f"{_REST}Resource"),
    "ResourceId": (f"{_REST}RestApi", f"{_REST}Resource"),
    "Target": (f"{_V2}Integration",),
    "IntegrationId": (f"{_V2}Integration",),
    "RouteId": (f"{_V2}Route",),
    "AuthorizerId": (f"{_V2}Authorizer", f"{_REST}Authorizer"),
    "AuthorizerUri": _FUNCTIONS,
    "IntegrationUri": _FUNCTIONS,
    "Uri": _FUNCTIONS,
    "FunctionName": _FUNCTIONS,
    "DeploymentId": (f"{_REST}Deployment", f"{_V2}Deployment"),
    "Stage": (f"{_REST}Stage", f"{_V2}Stage"),
    "StageName": (f"{_REST}Stage", f"{_V2}Stage"),
    "KeyId": (f"{_REST}ApiKey",),
    "UsagePlanId": (f"{_REST}UsagePlan",),
    "DomainName": (f"{_REST}DomainName", f"{_V2}DomainName"),
    "RequestValidatorId": (f"{_REST}RequestValidator",),
    "Credentials": ("AWS::IAM::Role",),
    "CredentialsArn": ("AWS::IAM::Role",),
    "AuthorizerCredentials": ("AWS::IAM::Role",),
    "AuthorizerCredentialsArn": ("AWS::IAM::Role",),
    "Role": ("AWS::IAM::Role",),
}
_FUNCTION_NAMES = ("Ref", "Fn::GetAtt", "Fn::Sub")
_VARIABLE = re.compile(r"\$\{(?!!)\s*([A-Za-z0-9]+)[.}\s]")


@dataclass(frozen=True, slots=True)
class Reference:
    """Resource `holder` names `target` in its property `name`, at `source`."""

    holder: str
    name: str
    target: str
    source: Source


def wanted(pointer: str) -> tuple[str, ...]:
    """The types that the property at a JSON pointer may name; () where that is not known."""
    return _WANTED.get(_property(pointer), ())


def references(root: Cursor) -> Iterator[Reference]:
    """All references of a template's resources, in the order written."""
    section = root.get("Resources")
    for holder, resource in section.entries() if section is not None else ():
        yield from _within(holder, resource)


def _within(holder: str, start: Cursor) -> Iterator[Reference]:
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for target in _named(here):
            yield Reference(holder, _property(here.pointer), target, here.source)
        waiting += [child for _, child in here.entries()]
        waiting += list(here.items())


def _named(here: Cursor) -> list[str]:
    """The logical ids that a node itself refers to."""
    node = here.node
    if isinstance(node, ScalarNode):
        function = here.pointer.rpartition("/")[2] if node.tag is None else _long(node.tag)
        return _of(function, node.text)
    if isinstance(node, ListNode) and node.tag in ("!GetAtt", "!Sub") and node.items:
        first = node.items[0]
        return _of(_long(node.tag), first.text) if isinstance(first, ScalarNode) else []
    if isinstance(node, MapNode):
        listed = here.get("Fn::GetAtt") or here.get("Fn::Sub")
        first_item = next(listed.items(), None) if listed is not None else None
        name = "Fn::GetAtt" if here.get("Fn::GetAtt") is not None else "Fn::Sub"
        return _of(name, first_item.text) if first_item is not None else []
    return []


def _long(tag: str) -> str:
    return "Ref" if tag == "!Ref" else f"Fn::{tag[1:]}"


def _of(function: str, text: str) -> list[str]:
    if function == "Ref":
        return [text]
    if function == "Fn::GetAtt":
        return [text.partition(".")[0]]
    return _VARIABLE.findall(text) if function == "Fn::Sub" else []


def _property(pointer: str) -> str:
    """The name of the property that a value at a pointer belongs to."""
    names = [each for each in pointer.split("/") if not each.isdecimal()]
    while names and names[-1] in _FUNCTION_NAMES:
        names.pop()
    return names[-1] if names else ""
