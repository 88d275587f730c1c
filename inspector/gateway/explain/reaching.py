"""Requests that reached no method: the stage, the path, the method (pains 1 to 11)."""

from __future__ import annotations

from dataclasses import replace

from inspector.gateway import narration
from inspector.gateway.explain import domains
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Cause, Check, Try
from inspector.gateway.explain.near import difference, nearest
from inspector.gateway.explain.preparing import uri_lines
from inspector.gateway.explain.routes import NearRoute, fits, near_routes, places_of
from inspector.gateway.narration import Evidence
from inspector.gateway.paths import split
from inspector.gateway.routing import segments_of
from inspector.gateway.trace import Step
from inspector.message import Request
from inspector.model import HttpApi, RestApi, Source, Stage


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
    if case.environment.socket is not None:
        known = step.facts.get("stages")
        names = [str(each) for each in known] if isinstance(known, list) else []
        _connect(cause, case, meant or next(iter(names), None))
    domains.blame_mapping(case, cause, given)
    ordered = sorted(stages, key=lambda stage: stage.name != meant)
    for stage in ordered:
        cause.line(case.places.at(stage.source, "StageName") or stage.source)
    return cause


def _stages(case: Case) -> tuple[Stage, ...]:
    return () if case.api is None else case.api.stages


def _would_match(case: Case, stage: Stage, path: str) -> bool:
    """Whether a path has a method: then only the stage is missing before it."""
    api = case.api
    if not isinstance(api, RestApi | HttpApi) or stage not in api.stages:
        return False
    return any(not near.slips for near in near_routes(api, case.request.method, path))


def no_match(case: Case, step: Step) -> Cause:
    """No route: the nearest ones, and by what each was missed."""
    api, stage = case.api, case.stage
    assert isinstance(api, RestApi | HttpApi)
    assert stage is not None
    prefix = f"/{stage.name}" if isinstance(api, RestApi) else stage.prefix
    path, verb = case.path, str(step.facts["method"])
    nears = near_routes(api, verb, path)
    mapped: Source | None = None
    methods = step.facts["methods_there"]
    if methods:  # the path is there: another one is worth a look only if it has the method
        nears = [near for near in nears if near.verb == verb or fits(near.place.path, path)]
    cause = Cause(narration.describe(step), narration.remedy(step))
    cause.part = "method" if methods else "path"
    if methods and step.facts.get("sent_as"):
        cause.part = "header X-HTTP-Method-Override"
    answer = ", which REST APIs answer with a 403" if isinstance(api, RestApi) else ""
    cause.sentence = f"No route matched{answer}: {cause.sentence}"
    if _signed_or_bearer(case):
        cause.evidence.append(
            Evidence("authorization header", "not looked at: no route asked for it")
        )
    if segments_of(path)[:1] == [stage.name]:
        cause.sentence = f"The path has the stage twice: behind /{stage.name} it is {path}."
        reached = case.step_of("resolve")
        if reached is not None and reached.code == "resolve.domain":
            cause.sentence = (
                f"The path has the stage, and so has the mapping of {reached.facts['host']}: "
                f"behind it, the path is {path}."
            )
            mapped = case.places.at(reached.source, "Stage")
        once = case.request.target.replace(f"/{stage.name}", "", 1)
        _send(cause, case, once, f"without the second /{stage.name}")
    cause.line(_without_prefix(case, cause, path))
    slash = step.facts.get("slash")
    if slash:
        cause.sentence += (
            f" A slash at the end counts in HTTP APIs: without it, {slash} would match."
        )
        other = path[:-1] if path.endswith("/") else f"{path}/"
        _send(cause, case, f"{prefix}{other}", "with the other ending")
    _segments(cause, path)
    for near in nears:
        _row(cause, near)
    if nears:
        _nearest(cause, case, nears[0], api, prefix)
    else:
        cause.line(case.places.key(step.source, "paths") or step.source)
    for near in nears:
        cause.line(*_lines(case, near, api))
    return cause.line(mapped)


def _without_prefix(case: Case, cause: Cause, path: str) -> Source | None:
    """The stage $default, where the path begins with the name of a stage as others have it."""
    api, stage = case.api, case.stage
    first, _, rest = path.lstrip("/").partition("/")
    if not isinstance(api, HttpApi) or stage is None or stage.name != "$default" or not rest:
        return None
    verb = case.request.method
    if any(not near.slips for near in near_routes(api, verb, f"/{rest}")):
        cause.add(f"The stage is $default, which has no name in paths: without /{first} it fits.")
        _send(cause, case, f"/{rest}", f"without /{first}")
        return case.places.at(stage.source, "StageName")
    return None


def _segments(cause: Cause, path: str) -> None:
    listed = " ".join(f"/{segment}" for segment in segments_of(path)) or "/"
    cause.evidence.append(Evidence("segments", listed))


def _row(cause: Cause, near: NearRoute) -> None:
    verbs = ", ".join(sorted(near.place.ways))
    text = f"{verbs} {near.place.path}"
    cause.evidence.append(Evidence("near route", f"{text}: {near.reason}", ok=False))
    cause.checks.append(
        Check("route", text, "failed", near.reason, source=near.place.source)
    )  # fmt: skip


def _nearest(
    cause: Cause, case: Case, near: NearRoute, api: RestApi | HttpApi, prefix: str
) -> None:
    if near.reason:
        cause.sentence += f" Nearest is {near.verb} {near.place.path}: {near.reason}."
    query = case.request.target.partition("?")
    target = f"{prefix}{near.path}{query[1]}{query[2]}"
    request = replace(case.request, method=near.verb, target=target)
    if request != case.request:
        text = f"send {near.verb} {target}"
        if request not in (each.request for each in cause.tries):
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
    segments = segments_of(near.place.path)
    at = slips[0].at
    if len(wanted) != len(segments) or not 0 <= at < len(segments):
        return None
    return text.replace(segments[at], wanted[at], 1) if segments[at] in text else None


def _lines(case: Case, near: NearRoute, api: RestApi | HttpApi) -> list[Source]:
    """Where a route parts from the path: the segment's resource, or the method."""
    found = [
        _line_of_segment(case, api, near.place.path, slip.at) for slip in near.slips if slip.at >= 0
    ]
    if any(slip.at < 0 for slip in near.slips) and near.way is not None:
        found.append(_key_line(case, near.way.source, "HttpMethod"))
    return [*found, _path_line(case, near.place.source)]


def _key_line(case: Case, source: Source, name: str) -> Source:
    """The verb of a method; an HTTP API's RouteKey holds verb and path."""
    return case.places.at(source, name) or case.places.at(source, "RouteKey") or source


def _line_of_segment(case: Case, api: RestApi | HttpApi, path: str, at: int) -> Source:
    """CloudFormation declares each segment by itself, OpenAPI all of a path on one line."""
    prefix = "/" + "/".join(segments_of(path)[: at + 1])
    by_path = {place.path: place for place in places_of(api)}
    part = by_path.get(prefix)
    own = by_path[path]
    if part is not None:
        place = case.places.at(part.source, "PathPart")
        if place is not None:
            return place
    return _path_line(case, own.source)


def _path_line(case: Case, source: Source) -> Source:
    """An HTTP API's route of OpenAPI is known by its method, which stands below its path."""
    if source.pointer.startswith("/paths/") and source.pointer.count("/") == 3:
        item = Source(source.file, source.line, source.column, source.pointer.rpartition("/")[0])
        return case.places.key(item) or source
    return _key_line(case, source, "PathPart")


def _signed_or_bearer(case: Case) -> bool:
    return case.header("authorization") is not None


def _connect(cause: Cause, case: Case, stage: str | None) -> None:
    """A handshake with nothing but the stage in its path, and with its own query."""
    cause.tries.clear()
    query = case.request.target.partition("?")[2]
    if stage is not None:
        target = f"/{stage}?{query}" if query else f"/{stage}"
        request = Request("GET", target, case.request.headers, b"")
        cause.tries.append(Try("request", f"connect to the stage {stage}", request=request))


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


def too_much(case: Case, step: Step) -> Cause:
    """A request line or headers over the limit: which of them is the largest."""
    cause = Cause(narration.describe(step), narration.remedy(step))
    sizes = {f"header {name}": len(name) + len(value) for name, value in case.request.headers}
    path, _, query = case.request.target.partition("?")
    sizes |= {"path": len(path), "query": len(query)}
    if step.code == "resolve.url-too-long":
        sizes = {part: sizes[part] for part in ("path", "query")}
    part = max(sizes, key=lambda each: sizes[each])
    cause.part = part
    cause.add(f"The largest part is the {part}, with {sizes[part]} bytes.")
    cause.evidence.append(Evidence(part, f"{sizes[part]} bytes", ok=False))
    return cause.line(step.source)


def event_too_large(case: Case, step: Step) -> Cause:
    """A function's event over Lambda's limit, which the body makes so large."""
    cause = Cause(narration.describe(step), narration.remedy(step), part="body")
    size = f"{len(case.request.body)} bytes"
    cause.evidence.append(Evidence("body", size, ok=False))
    return cause.line(*uri_lines(case), step.source)
