"""What an AWS integration says of the call that its service answered with an error."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.gateway.explain.case import Case
from inspector.gateway.explain.near import likeness
from inspector.gateway.explain.preparing import uri_lines
from inspector.gateway.explain.templates import line_with, named_in, nearly_named, subject_of
from inspector.gateway.trace import Step
from inspector.model import Integration, Source, Template

#: How alike the name of a header must be to that of the one that was meant.
_SAME_NAME = 0.8
_FORM = "application/x-www-form-urlencoded"
_SHORT, _LONG = 3, 8
#: Members of what the actions that are called most from APIs are sent.
_MEMBERS = (
    "TableName", "Item", "Key", "ConditionExpression", "ExpressionAttributeNames",
    "ExpressionAttributeValues", "FilterExpression", "IndexName", "KeyConditionExpression",
    "ProjectionExpression", "ReturnValues", "UpdateExpression", "Action", "QueueUrl",
    "MessageBody", "MessageGroupId", "MaxNumberOfMessages", "ReceiptHandle", "TopicArn",
    "Message", "Subject", "stateMachineArn", "input", "StreamName", "PartitionKey", "Data",
    "Entries", "Detail", "DetailType", "EventBusName", "Source", "Name",
)  # fmt: skip
_MEMBER = re.compile(r"\"(\w+)\"\s*:|\b(?<![\w$.])(\w+)=")
_GONE = re.compile(r"NotFound|NonExistent|DoesNotExist|NoSuch")
_KEY_NAMED = re.compile(r"\b(?:[Kk]ey:?|attribute)\s+['\"`]?(\w+)")
_BARE = re.compile(r":\s*\$!?\{?input\.path\(")
_ACTIONS = ("UnknownOperation", "InvalidAction", "MissingAction", "InvalidOperation")


def service_suspects(case: Case, integration: Integration, step: Step) -> Iterator[Source]:
    """Its content type, template and URI, the likeliest first."""
    if step.facts.get("action") is None:
        # Without its form type no service reads the Action out of a body.
        yield from misread_type(integration)
        if not any(
            "content-type" in each.target.lower() for each in integration.request_parameters
        ):
            written = case.places.key(integration.source, "requestParameters")
            yield written or integration.source
        yield from _forms(case, integration, step)
    yield from _odd_members(case, integration)
    message = f"{step.facts.get('error') or ''} {step.facts.get('message') or ''}"
    yield from _complained_of(case, integration, message)


def misread_type(integration: Integration) -> Iterator[Source]:
    """The mapping of a content type that is misspelt, or that is no form's."""
    for mapping in integration.request_parameters:
        name = mapping.target.rpartition(".")[2]
        if likeness(name, "Content-Type") < _SAME_NAME:
            continue
        in_header = mapping.target.startswith("integration.request.header.")
        if name.lower() != "content-type" or not in_header or _FORM not in mapping.expression:
            yield mapping.source


def _odd_members(case: Case, integration: Integration) -> Iterator[Source]:
    """Lines of templates with a member that is nearly one of those that actions take."""
    for template in integration.request_templates.values():
        for match in _MEMBER.finditer(template.text):
            name = match[1] or match[2]
            if name not in _MEMBERS and any(_slip(name, each) for each in _MEMBERS):
                found = line_with(case, template, match[0])
                if found is not None:
                    yield found


def _slip(name: str, meant: str) -> bool:
    """One letter is another; names of a user's own are hardly as near, but for case and plural."""
    if name.lower() == meant.lower():
        return False
    if len(name) == len(meant) > _SHORT:
        return sum(a != b for a, b in zip(name, meant, strict=True)) == 1
    return min(len(name), len(meant)) > _LONG and likeness(name, meant) > _SAME_NAME


def _forms(case: Case, integration: Integration, step: Step) -> Iterator[Source]:
    """The line of a form that should name the action, where the service found none that it knows."""
    told = f"{step.facts.get('error') or ''}"
    if told and not any(word in told for word in _ACTIONS):
        return
    for template in integration.request_templates.values():
        yield line_with(case, template, "Action=", "Action", "=") or template.source


def _complained_of(case: Case, integration: Integration, message: str) -> Iterator[Source]:
    """The template's line that the service complains of; the URI where it knows no such action."""
    uri = getattr(integration, "uri", "")
    region, api = uri.split(":")[3:4], case.api
    if api is not None and region != [api.region]:
        yield from uri_lines(case)[:1]
    if any(word in message for word in _ACTIONS):
        for mapping in integration.request_parameters:
            if "target" in mapping.target.lower():
                yield mapping.source
        yield from uri_lines(case)[:1]
        return
    yield from _conditions(case, integration, message)
    if _GONE.search(message) and not any(
        subject_of(case, template) for template in integration.request_templates.values()
    ):
        yield from uri_lines(case)[:1]  # what is gone is named there, as a queue's path
    words = [word for word in uri.rpartition(":")[2].split("/") if word]
    if any(word in message for word in words[2:]):
        yield from uri_lines(case)[:1]
    for template in integration.request_templates.values():
        found = _key_named(case, template, message) or _unquoted(case, template, message)
        found = found or named_in(case, template, message)
        found = found or nearly_named(case, template, message)
        if found is None and _GONE.search(message):
            found = subject_of(case, template)
        yield found or template.source


def _conditions(case: Case, integration: Integration, message: str) -> Iterator[Source]:
    """The condition that did not hold."""
    if "ConditionalCheckFailed" not in message:
        return
    for template in integration.request_templates.values():
        found = line_with(case, template, "ConditionExpression")
        if found is not None:
            yield found


def _key_named(case: Case, template: Template, message: str) -> Source | None:
    """The member that a complaint calls a key or an attribute, however short its name is."""
    for name in _KEY_NAMED.findall(message):
        found = line_with(case, template, f'"{name}"')
        if found is not None:
            return found
    return None


def _unquoted(case: Case, template: Template, message: str) -> Source | None:
    """A value of another type than wanted: one that is printed without quotes."""
    if "cannot be converted to String" not in message:
        return None
    for number, line in enumerate(template.text.splitlines(), 1):
        if _BARE.search(line):
            return case.places.inside(template.source, number)
    return None
