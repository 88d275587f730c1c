"""Requests that reached no method: the stage, the path, the method (pains 1 to 11)."""

from __future__ import annotations

from dataclasses import replace

from inspector.gateway import narration
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Cause, Check, Try
from inspector.gateway.explain.near import difference, nearest
from inspector.gateway.explain.routes import NearRoute, near_routes
from inspector.gateway.narration import Evidence
from inspector.gateway.paths import split
from inspector.gateway.routing import segments_of
from inspector.gateway.trace import Step
from inspector.message import Request
from inspector.model import RestApi, Source, Stage


def unknown_stage(case: Case, step: Step) -> Cause:
    """The first segment of the path is no stage."""
    stages = _stages(case)
    given = str(step.facts["stage"])
    cause = Cause(narration.describe(step), narration.remedy(step), part="stage")
    listed = ", ".join(stage.name for stage in stages)
    cause.evidence.append(Evidence("stage", given or "none", listed, ok=False))
    meant = nearest(given, [stage.name for stage in stages])
    target = split(case.request.target)
    rest = case.request.target.lstrip("/").partition("/")[2]
    for stage in stages:
        if meant is None and _would_match(case, stage, f"/{target.stage}{target.path}"):
            cause.sentence = (
                f"The path begins with {given!r}, which is no stage: the stage is missing from it."
            )
            _send(cause, case, f"/{stage.name}{case.request.target}", "with the stage before it")
            break
    if meant is not None:
        cause.sentence = f"{given!r} is no stage; {difference(given, meant)}."
        _send(cause, case, f"/{meant}/{rest}", f"to the stage {meant}")
    ordered = sorted(stages, key=lambda stage: stage.name != meant)
    for stage in ordered:
        cause.line(case.places.at(stage.source, "StageName") or stage.source)
    return cause


def _stages(case: Case) -> tuple[Stage, ...]:
    found = [api for api in case.definition.apis if api.id == case.answer.api_id]
    return found[0].stages if found else ()


def _would_match(case: Case, stage: Stage, path: str) -> bool:
    """Whether a path has a method: then only the stage is missing before it."""
    for api in case.definition.rest_apis:
        if stage in api.stages:
            return any(
                near.cost == 0 and not near.slips
                for near in near_routes(api, case.request.method, path)
            )
    return False


def no_match(case: Case, step: Step) -> Cause:
    """No route: the nearest ones, and by what each was missed."""
    resolved = case.resolved
    assert resolved is not None
    api, stage = resolved.deployment.api, resolved.deployment.stage.name
    path, verb = resolved.target.path, case.request.method
    nears = near_routes(api, verb, path)
    methods = step.facts["methods_there"]
    cause = Cause(narration.describe(step), narration.remedy(step))
    cause.part = "method" if methods else "path"
    cause.sentence = "No route matched, which API Gateway answers so: " + cause.sentence
    if _signed_or_bearer(case):
        cause.evidence.append(
            Evidence("authorization header", "not looked at: no route asked for it")
        )
    if segments_of(path)[:1] == [stage]:
        cause.sentence = f"The path has the stage twice: behind /{stage} it is {path}."
        _send(cause, case, case.request.target.replace(f"/{stage}", "", 1), "without the second")
    _segments(cause, path)
    for near in nears:
        _row(cause, near)
    if nears:
        _nearest(cause, case, nears[0], api, stage)
    else:
        cause.line(case.places.key(step.source, "paths") or step.source)
    for near in nears:
        cause.line(*_lines(case, near, api))
    return cause


def _segments(cause: Cause, path: str) -> None:
    listed = " ".join(f"/{segment}" for segment in segments_of(path)) or "/"
    cause.evidence.append(Evidence("segments", listed))


def _row(cause: Cause, near: NearRoute) -> None:
    verbs = ", ".join(sorted(near.resource.methods))
    text = f"{verbs} {near.resource.path}"
    cause.evidence.append(Evidence("near route", f"{text}: {near.reason}", ok=False))
    cause.checks.append(
        Check("route", text, "failed", near.reason, source=near.resource.source)
    )  # fmt: skip


def _nearest(cause: Cause, case: Case, near: NearRoute, api: RestApi, stage: str) -> None:
    cause.sentence += f" Nearest is {near.verb} {near.resource.path}: {near.reason}."
    query = case.request.target.partition("?")
    target = f"/{stage}{near.path}{query[1]}{query[2]}"
    request = replace(case.request, method=near.verb, target=target)
    if request != case.request:
        text = f"send {near.verb} {target}"
        cause.tries.append(Try("request", text, request=request))
    for source in _lines(case, near, api)[:1]:
        line = _corrected(case, near, source)
        if line is not None:
            cause.tries.append(Try("definition", "correct the route", source=source, line=line))


def _corrected(case: Case, near: NearRoute, source: Source) -> str | None:
    """The route's line with what the request asked for."""
    text, wanted = case.places.line(source), segments_of(split(case.request.target).path)
    if text is None:
        return None
    slips = [slip for slip in near.slips if slip.at >= 0]
    if not slips:
        verb, asked = near.verb, case.request.method
        for old, new in ((verb, asked), (verb.lower(), asked.lower())):
            if old in text:
                return text.replace(old, new, 1)
        return None
    segments = segments_of(near.resource.path)
    at = slips[0].at
    if len(wanted) != len(segments) or not 0 <= at < len(segments):
        return None
    return text.replace(segments[at], wanted[at], 1) if segments[at] in text else None


def _lines(case: Case, near: NearRoute, api: RestApi) -> list[Source]:
    """Where a route parts from the path: the segment's resource, or the method."""
    found = [
        _line_of_segment(case, api, near.resource.path, slip.at)
        for slip in near.slips
        if slip.at >= 0
    ]
    if any(slip.at < 0 for slip in near.slips) and near.method is not None:
        method = near.method
        found.append(case.places.at(method.source, "HttpMethod") or method.source)
    return [*found, _path_line(case, near.resource.source)]


def _line_of_segment(case: Case, api: RestApi, path: str, at: int) -> Source:
    """CloudFormation declares each segment by itself, OpenAPI all of a path on one line."""
    prefix = "/" + "/".join(segments_of(path)[: at + 1])
    by_path = {resource.path: resource for resource in api.resources}
    part = by_path.get(prefix)
    own = by_path[path]
    if part is not None:
        place = case.places.at(part.source, "PathPart")
        if place is not None:
            return place
    return _path_line(case, own.source)


def _path_line(case: Case, source: Source) -> Source:
    return case.places.at(source, "PathPart") or source


def _signed_or_bearer(case: Case) -> bool:
    return case.header("authorization") is not None


def _send(cause: Cause, case: Case, target: str, text: str) -> None:
    request = Request(case.request.method, target, case.request.headers, case.request.body)
    cause.tries.append(Try("request", f"send {request.method} {target}, {text}", request=request))


def too_large(case: Case, step: Step) -> Cause:
    """A body over the limit."""
    del case
    cause = Cause(narration.describe(step), narration.remedy(step), part="body")
    size, limit = step.facts["size"], step.facts["limit"]
    cause.evidence.append(Evidence("body", f"{size} bytes", f"at most {limit}", ok=False))
    return cause.line(step.source)
