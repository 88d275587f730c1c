"""A function that was asked by the wrong route, or whose event lacks what it reads.

Names tell which line is wrong where several could be: a route called `GetReceipt` hardly means
`OrdersIntegration` where nothing of its name is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.gateway import untrusted_json
from inspector.gateway.effects import FunctionAnswer, InvokeFunction
from inspector.gateway.explain.case import Case, Hint
from inspector.gateway.explain.demands import demanded
from inspector.gateway.explain.explanation import Cause
from inspector.model import Function, HttpApi, Source

#: A name that an error complains of, such as Python's KeyError does.
_QUOTED = re.compile(r"['\"`](\w+)['\"`]")
_VARIABLE = re.compile(r"\{(\w+)\+?\}")
_IDS = re.compile(r"[A-Za-z0-9]+")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
#: The warning of `definitions.handler_files`.
_HANDLER_FILE = "handler-file"
#: Words of names that say what a thing is, not which.
_KINDS = frozenset(
    ("integration", "route", "function", "api", "http", "rest", "lambda", "get", "post", "put",
     "delete", "patch", "any", "method", "fn", "resource", "handler")
)  # fmt: skip


def function_hint(case: Case, function: Function | None) -> Hint | None:
    """What the definition's reader says of the code of a function."""
    if function is None:
        return None
    for hint in case.hints:
        same = hint.source.file == function.source.file
        if same and hint.code == _HANDLER_FILE and _within(hint.source, function.source):
            return hint
    return None


def _within(inner: Source, outer: Source) -> bool:
    return f"{inner.pointer}/".startswith(f"{outer.pointer}/")


def blame_event(case: Case, cause: Cause, message: str) -> None:
    """Where a function missed a member of its event that the path should have given."""
    event, trace = _event_and_trace(case)
    missed = [name for name in _QUOTED.findall(message) if f'"{name}":' not in event]
    if not missed or not _of_path(case, missed[0], trace):
        return
    given = _VARIABLE.findall(_path_template(case))
    name, [variable, target] = missed[0], _route_lines(case)
    if given and name != "pathParameters":
        cause.add(f"The path gives {', '.join(given)}, and no {name}.")
        cause.remedy = f"Name the path's variable as the function does: {{{name}}}."
        cause.line(variable)
        return
    cause.add("The path of this route has no variables: is it meant for this function?")
    cause.remedy = "Point the route at the integration that is meant, or the integration at it."
    cause.line(*crossed_lines(case), target)


def _event_and_trace(case: Case) -> tuple[str, str]:
    """The event of the function that failed, and where it says that it failed, as texts."""
    for effect, reply in reversed(case.performed):
        if isinstance(effect, InvokeFunction) and isinstance(reply, FunctionAnswer):
            return _text(effect.payload), _trace(reply.payload)
    return "", ""


def _text(payload: bytes) -> str:
    return payload.decode("utf-8", "replace")


def _trace(payload: bytes) -> str:
    try:
        document = untrusted_json.loads(payload)
    except ValueError:
        return ""
    found = (
        document.get("stackTrace") or document.get("trace") if isinstance(document, dict) else ""
    )
    return "\n".join(map(str, found)) if isinstance(found, list) else ""


def _of_path(case: Case, name: str, trace: str) -> bool:
    """Whether it is the path that should have given a name, as far as can be told."""
    if name == "pathParameters" or "pathParameters" in trace:
        return True
    if "queryStringParameters" in trace or "headers" in trace or "body" in trace:
        return False
    query = case.request.target.partition("?")[2]
    return not trace.count("environ") and not query and not case.request.body


def _path_template(case: Case) -> str:
    if case.matched is not None:
        return case.matched.plan.route.key.partition(" ")[2]
    return "" if case.routed is None else case.routed.plan.resource.path


def _route_lines(case: Case) -> tuple[Source | None, Source | None]:
    """Where the path's variables stand, and what the path leads to."""
    at, source = case.places.at, case.method_source
    if case.matched is not None:
        return at(source, "RouteKey") or source, at(source, "Target")
    resource = None if case.routed is None else case.routed.plan.resource.source
    return at(resource, "PathPart") or case.places.key(resource) or resource, None


@dataclass(frozen=True, slots=True)
class _Link:
    """What is called `holder` names what is called `target`, and could have named `others`."""

    line: Source | None
    holder: set[str]
    target: set[str]
    others: list[set[str]]

    @property
    def is_crossed(self) -> bool:
        """Whether the two have no word in common, and another one has."""
        told = self.holder and self.target and not self.holder & self.target
        return bool(told) and any(self.holder & each for each in self.others)


def crossed_lines(case: Case) -> Iterator[Source]:
    """References on the way from route to integration to function that name another one's."""
    yield from _crossed([*_to_integration(case), *_to_function(case, case.integration_source)])


def crossed_authorizer(case: Case, authorizer: Source | None) -> Iterator[Source]:
    """The same on the way from the route to its authorizer, and to that one's function."""
    if authorizer is not None:
        links = [*_to_authorizer(case, authorizer), *_to_function(case, authorizer)]
        yield from _crossed(links)


def _crossed(links: list[_Link]) -> Iterator[Source]:
    for link in links:
        if link.line is not None and link.is_crossed:
            yield link.line


def _to_authorizer(case: Case, authorizer: Source) -> Iterator[_Link]:
    declared = {} if case.api is None else case.api.authorizers
    named = {
        each.source: words(f"{name} {_called(each.source)}") for name, each in declared.items()
    }
    yield _Link(demanded(case), _route_words(case), named.get(authorizer, set()), [*named.values()])


def _to_integration(case: Case) -> Iterator[_Link]:
    api, own = case.api, case.integration_source
    if isinstance(api, HttpApi) and own is not None:
        others = [words(_called(each.source)) for each in api.integrations.values()]
        target = case.places.at(case.method_source, "Target")
        yield _Link(target, _route_words(case), words(_called(own)), others)


def _to_function(case: Case, holder: Source | None) -> list[_Link]:
    """From an integration or authorizer to its function, and from that to its handler."""
    places, functions = case.places, case.definition.functions
    line = places.at(holder, "uri") or places.at(holder, "authorizerUri")
    told = case.places.line(line) or ""
    function = next(
        (each for each in functions if each.logical_id in _IDS.findall(told)), None
    )  # fmt: skip
    if holder is None or function is None:
        return []
    named = [words(f"{each.logical_id} {each.name}") for each in functions]
    own = words(f"{function.logical_id} {function.name}")
    found = [_Link(line, words(_called(holder)), own, named)]
    stem = words((function.handler or "").rpartition(".")[0])
    if any(stem & each for each in named):
        found.append(_Link(places.at(function.source, "Handler"), own, stem, [own]))
    return found


def orphaned_reference(case: Case) -> Iterator[tuple[Source, str]]:
    """A crossed reference to a function, where the one that is called like it is called by nobody."""
    holder = case.integration_source
    if holder is None:
        return
    own = words(_called(holder))
    for link in _to_function(case, holder)[:1]:
        left = [
            each.logical_id
            for each in case.definition.functions
            if own & words(f"{each.logical_id} {each.name}")
            and not case.places.referred(each.logical_id)
        ]
        if link.line is not None and link.is_crossed and left:
            text = f"{_called(holder)} names another function than {left[0]}, which nobody calls."
            yield link.line, text


def _route_words(case: Case) -> set[str]:
    route = case.method_source
    if route is None:
        return set()
    key = case.matched.plan.route.key if case.matched is not None else _path_template(case)
    return words(f"{_called(route)} {key}")


def _called(source: Source) -> str:
    """The name of what stands at a place: a resource's logical id, or an authorizer's scheme."""
    parts = source.pointer.split("/")
    if "/x-amazon-apigateway-authorizer" in source.pointer:
        return parts[-2]
    return parts[2] if len(parts) == 3 and parts[1] == "Resources" else ""


def words(name: str) -> set[str]:
    """The telling words of a name, in small letters and without a plural's s."""
    found = {word.lower() for word in _WORDS.findall(name)}
    return {_stem(word) for word in found if word not in _KINDS and len(word) > 1}


def _stem(word: str) -> str:
    """Without the ending of a plural or of what was done: `gated` is of `gate`."""
    for ending in ("s", "d", "e"):
        word = word.removesuffix(ending) if len(word) > len("toe") else word
    return word
