"""The routes that a path nearly reached, and by what it missed them.

Found when somebody asks, from the definition: routing itself only says that nothing matched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from inspector.gateway.explain.near import ALIKE, difference, likeness
from inspector.gateway.routing import segments_of
from inspector.model import Http, HttpApi, HttpProxy, Resource, RestApi, Source

#: What it costs that a segment is missing or too much, that one is another word, that the method
#: is another one: the cheapest route is the one that was meant.
_GAP, _OTHER, _METHOD, _VARIABLE = 0.6, 1.5, 0.35, 0.02
#: That no word of the route is in the path at all.
_STRANGE = 0.8
_SHOWN = 3
#: A variable as other frameworks write it, or without its braces.
_UNBRACED = re.compile(r":\w+|<[\w:]+>|\w+(?:Id|ID|_id)|id|proxy\+?")
#: Verbs that operations are named by.
_MEANT = {
    "GET": ("get", "list", "read", "show", "find", "fetch", "search"),
    "POST": ("post", "create", "add", "new", "submit", "send", "place"),
    "PUT": ("put", "replace", "update", "set", "store"),
    "PATCH": ("patch", "update", "change", "modify"),
    "DELETE": ("delete", "remove", "drop"),
    "OPTIONS": ("options", "preflight", "cors"),
    "HEAD": ("head",),
}


@dataclass(frozen=True, slots=True)
class Slip:
    """One place where path and route part. `at` counts the route's segments, from 0."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Way:
    """A method of a path. `backend_verb` is what its HTTP backend is called with."""

    verb: str
    source: Source
    name: str | None = None
    backend_verb: str | None = None
    takes_body: bool | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A path of an API with its methods."""

    path: str
    ways: Mapping[str, Way]
    source: Source


@dataclass(frozen=True, slots=True)
class NearRoute:
    """A route that nearly matched; `path` is the request's, corrected to fit it."""

    place: Place
    way: Way | None
    cost: float
    slips: tuple[Slip, ...]
    path: str
    verb: str

    @property
    def reason(self) -> str:
        """By what it was missed."""
        return "; ".join(slip.text for slip in self.slips)


def places_of(api: RestApi | HttpApi) -> list[Place]:
    """The paths of an API of either kind; `$default` has none."""
    if isinstance(api, RestApi):
        return [_of_resource(resource) for resource in api.resources]
    found: dict[str, dict[str, Way]] = {}
    for key, route in api.routes.items():
        verb, blank, path = key.partition(" ")
        if not blank:
            continue
        integration = api.integrations.get(route.integration or "")
        backend = None if integration is None else integration.method
        way = Way(verb.upper(), route.source, route.operation_name, backend)
        found.setdefault(path, {})[verb.upper()] = way
    return [
        Place(path, ways, next(iter(ways.values())).source) for path, ways in found.items()
    ]  # fmt: skip


def _of_resource(resource: Resource) -> Place:
    ways = {}
    for verb, method in resource.methods.items():
        integration = method.integration
        backend = None
        if isinstance(integration, Http | HttpProxy):
            backend = integration.http_method
        body = bool(method.request_models)
        ways[verb] = Way(verb, method.source, method.operation_name, backend, body)
    return Place(resource.path, ways, resource.source)


def near_routes(api: RestApi | HttpApi, verb: str, path: str) -> list[NearRoute]:
    """The nearest three at most, nearest first."""
    segments = segments_of(path)
    found = [near for place in places_of(api) for near in _of(place, verb, segments)]
    found.sort(key=lambda each: each.cost)
    kept: list[NearRoute] = []
    for each in found:
        if all(each.place.path != other.place.path for other in kept):
            kept.append(each)
    return [each for each in kept[:_SHOWN] if each.cost < max(1.0, 0.5 * len(segments) + 0.75)]


def fits(template: str, path: str) -> bool:
    """Whether a path template matches a path, whatever its methods are."""
    cost, slips, _ = _aligned(segments_of(template), segments_of(path))
    return not slips and cost < _GAP


def _of(place: Place, verb: str, segments: list[str]) -> Iterator[NearRoute]:
    if not place.ways:
        return
    route = segments_of(place.path)
    cost, slips, path = _aligned(route, segments)
    words = [each for each in route if not each.startswith("{")]
    if words and not any(likeness(each, other) >= ALIKE for each in words for other in segments):
        cost += _STRANGE
    way = place.ways.get(verb) or place.ways.get("ANY")
    if way is not None:
        yield NearRoute(place, way, cost, tuple(slips), path, verb)
        return
    meant = meant_way(place, verb)
    others = ", ".join(sorted(place.ways))
    slip = Slip(-1, f"it has {others}, and no {verb}")
    known = next(iter(place.ways.values())) if meant is None else meant
    yield NearRoute(place, meant, cost + _METHOD, (*slips, slip), path, known.verb)


def meant_way(place: Place, verb: str) -> Way | None:
    """The method that should probably have been `verb`: its name or its backend's verb says so."""
    scored = [(_meant(way, verb), way) for way in place.ways.values()]
    real = [way for _, way in scored if way.verb != "OPTIONS"]
    best = max(scored, key=lambda each: each[0])
    if best[0] > 0:
        return best[1]
    return real[0] if len(real) == 1 and verb != "OPTIONS" else None


def _meant(way: Way, verb: str) -> int:
    score = 2 if way.backend_verb == verb else 0
    name = (way.name or "").lower()
    own = any(name.startswith(word) for word in _MEANT.get(way.verb, ()))
    if any(name.startswith(word) for word in _MEANT.get(verb, ())) and not own:
        score += 2
    # A GET with a model for its body was none; a POST without may well have been a GET.
    with_body = ("POST", "PUT", "PATCH")
    if way.takes_body is not None and (way.verb in with_body or verb in with_body):
        fits_here = way.takes_body == (way.verb in with_body)
        fits_there = way.takes_body == (verb in with_body)
        score += (fits_there and (not fits_here or verb in with_body)) and way.verb != "OPTIONS"
    return score


def _aligned(route: Sequence[str], path: Sequence[str]) -> tuple[float, list[Slip], str]:
    """The cheapest way to make `path` fit `route`: its cost, the slips, the path made to fit."""
    rows: list[list[Cell]] = [[(0.0, ([], []))] * (len(path) + 1) for _ in range(len(route) + 1)]
    for i in range(len(route) + 1):
        for j in range(len(path) + 1):
            if i or j:
                rows[i][j] = min(_steps(rows, route, path, i, j), key=lambda each: each[0])
    cost, (slips, made) = rows[-1][-1]
    return cost, slips, "/" + "/".join(made)


Cell = tuple[float, tuple[list[Slip], list[str]]]


def _steps(
    rows: list[list[Cell]], route: Sequence[str], path: Sequence[str], i: int, j: int
) -> Iterator[Cell]:
    """The ways to reach a cell: a segment for a segment, one too much, one too few."""
    if i and j:
        before, (slips, made) = rows[i - 1][j - 1]
        cost, slip = _one(route[i - 1], path[j - 1], i - 1)
        kept = path[j - 1] if slip is None or route[i - 1].startswith("{") else route[i - 1]
        yield before + cost, (slips + ([slip] if slip else []), [*made, kept])
        if route[i - 1].endswith("+}"):
            before, (slips, made) = rows[i][j - 1]
            if made:
                yield before + _VARIABLE, (slips, [*made, path[j - 1]])
    if j:
        before, (slips, made) = rows[i][j - 1]
        text = f"/{path[j - 1]} is too much"
        cost = _GAP
        last = route[i - 1] if i == len(route) and i else ""
        if last.startswith("{") and not last.endswith("+}"):
            text = f"{last} takes one segment only; {last[:-1]}+}} takes all that follow"
            cost = _GAP * 0.9
            slips = [slip for slip in slips if slip.text != text]
        yield before + cost, ([*slips, Slip(max(i - 1, 0), text)], made)
    if i:
        before, (slips, made) = rows[i - 1][j]
        name = route[i - 1]
        text = f"/{name} is missing"
        if name.endswith("+}"):
            text = f"{name} needs at least one segment"
        stand_in = name.strip("{+}") if name.startswith("{") else name
        yield before + _GAP, ([*slips, Slip(i - 1, text)], [*made, stand_in])


def _one(wanted: str, given: str, at: int) -> tuple[float, Slip | None]:
    if wanted.startswith("{"):
        return (_VARIABLE, None) if given else (_GAP, Slip(at, f"{wanted} is empty"))
    if wanted == given:
        return 0.0, None
    if unquote(given) == wanted:
        return 0.2, Slip(at, f"{given!r} is percent-encoded: paths are compared as they are sent")
    if _UNBRACED.fullmatch(wanted):
        name = wanted.lstrip(":<").rstrip(">")
        return 0.4, Slip(at, f"{wanted} is a word as any other: variables are written {{{name}}}")
    alike = likeness(wanted, given)
    if alike >= ALIKE:
        return 1.1 - alike, Slip(at, difference(given, wanted))
    return _OTHER, Slip(at, f"{given!r} is not {wanted!r}")
