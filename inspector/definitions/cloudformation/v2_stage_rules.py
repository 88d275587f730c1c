"""What Amazon refuses of a stage, of HTTP and WebSocket APIs alike: names, variables, access logs.

The sentences are Amazon's, as recorded (captures-2026.md, section 4) or seen on deploying
(badmintoncryer/cdk-preflight, which says of WebSocket APIs, too, that their access logs go to log
groups only). Stage variables: API reference, Stage.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from inspector.definitions.cloudformation.parts import Part, Parts
from inspector.definitions.cloudformation.stages import V2
from inspector.definitions.cursor import Cursor
from inspector.model import Source

_STAGE_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}\Z")
_VARIABLE_NAME = re.compile(r"\w+\Z", re.ASCII)
_VARIABLE_VALUE = re.compile(r"[A-Za-z0-9\-._~:/?#&=,]+\Z")
_LONGEST_FORMAT = 3 * 1024
_ELSEWHERE = re.compile(r"arn:[^:]+:(?!logs:)[^:]+:[^:]*:[^:]*:.+")


def check_stages(parts: Parts, api: Part, keys: Collection[str]) -> None:
    """Of all stages that the template declares for an API with these route keys."""
    seen: set[str] = set()
    for stage in parts.of_api(api.id, f"{V2}Stage"):
        _check_identity(parts, stage, seen)
        check_stage(parts, stage.cursor, keys)


def settings_in(parts: Parts, cursor: Cursor) -> Iterator[Cursor]:
    """The settings of a stage's routes: those of all, and those of single ones."""
    default = cursor.get("DefaultRouteSettings")
    if default is not None:
        yield default
    for _, settings in parts.context.mapping(cursor, "RouteSettings"):
        yield settings


def _error(parts: Parts, code: str, message: str, source: Source, remedy: str) -> None:
    parts.template.notes.error(code, message, source, remedy)


def _check_identity(parts: Parts, part: Part, seen: set[str]) -> None:
    """A stage's name is its own, and its deployment is one that the template makes."""
    name = part.cursor.get("StageName")
    if name is not None and name.text in seen:
        _error(parts, "same-stage", "Stage already exists", name.source, "Name it otherwise.")
    seen.add("" if name is None else name.text)
    deployment = part.cursor.get("DeploymentId")
    if deployment is not None and parts.by_id(deployment.text, f"{V2}Deployment") is None:
        message = f"Deployment id {deployment.text} does not exist in this template"
        remedy = "DeploymentId is !Ref of an AWS::ApiGatewayV2::Deployment."
        _error(parts, "unknown-deployment", message, deployment.source, remedy)


def check_stage(parts: Parts, cursor: Cursor, keys: Collection[str]) -> None:
    """Of a stage, or of what overrides the one that quick create makes; `keys` are the routes'."""
    name = cursor.get("StageName")
    if name is not None and name.text != "$default" and not _STAGE_NAME.match(name.text):
        message = "Stage name only allows a-zA-Z0-9_"
        remedy = f"{name.text!r} has others; hyphens are taken, too, and $default."
        _error(parts, "stage-name", message, name.source, remedy)
    for key, value in parts.context.mapping(cursor, "StageVariables"):
        _check_variable(parts, key, value)
    _check_log(parts, cursor.get("AccessLogSettings"))
    _check_keys(parts, dict(parts.context.mapping(cursor, "RouteSettings")), keys)


def _check_keys(parts: Parts, routes: Mapping[str, Cursor], keys: Collection[str]) -> None:
    """Settings are for routes that there are (those of another template are not known here)."""
    for key, settings in routes.items() if keys else ():
        if key not in keys:
            message = f"Unable to find Route by key {key} within the provided RouteSettings"
            remedy = f"Its routes are {', '.join(list(keys)[:10])}."
            _error(parts, "route-settings", message, settings.key_source, remedy)


def _check_variable(parts: Parts, name: str, value: Cursor) -> None:
    if not _VARIABLE_NAME.match(name):
        message = (
            f"Invalid stage variable name: {name}. Please use names with only word characters."
        )
        _error(parts, "stage-variable", message, value.key_source, "Letters, digits and _.")
    elif not _VARIABLE_VALUE.match(value.text):
        message = f"Invalid stage variable value of key {name}."
        remedy = "Amazon takes letters, digits and -._~:/?#&=, in it."
        _error(parts, "stage-variable", message, value.source, remedy)


def _check_log(parts: Parts, settings: Cursor | None) -> None:
    if settings is None or not settings.is_map:
        return
    destination, written = settings.get("DestinationArn"), settings.get("Format")
    if not (destination and destination.text and written and written.text):
        message = "Access Log value missing. Expected destinationArn and format."
        remedy = "Set both DestinationArn and Format."
        empty = next((each for each in (destination, written) if each and not each.text), None)
        source = settings.key_source if empty is None else empty.source
        _error(parts, "access-log", message, source, remedy)
        return
    if _ELSEWHERE.match(destination.text):
        message = "the access log of such an API goes to a log group of CloudWatch Logs only"
        remedy = "Write arn:aws:logs:REGION:ACCOUNT:log-group:NAME."
        _error(parts, "access-log", message, destination.source, remedy)
    if len(written.text.encode()) > _LONGEST_FORMAT:
        message = f"the access log's format is longer than {_LONGEST_FORMAT} bytes"
        _error(parts, "access-log", message, written.source, "Log less, or in shorter words.")
