"""Where a method asks for what: its authorization, its security scheme, the part of a request."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway.explain.case import Case, Hint, document_of
from inspector.gateway.explain.near import nearest
from inspector.model import RestApi, Source

_PREFIX = "method.request."


def renamed_scheme(case: Case, hint: Hint) -> Iterator[Source]:
    """The declared scheme that nobody asks for, where its name is nearly the missing one."""
    inside = document_of(hint.source)
    wanted = hint.message.rpartition(" named ")[2].strip("'")
    for keys in (("components", "securitySchemes"), ("securityDefinitions",)):
        declared = dict(case.places.children(inside, *keys))
        used = str(case.places.value(inside, "paths"))
        free = [name for name in declared if f"'{name}'" not in used]
        meant = nearest(wanted, free, 0.5)
        # Of two names that should be one, the slip is the one that stands nowhere else.
        if meant is not None and case.places.familiar(meant) <= case.places.familiar(wanted):
            yield declared[meant]


def renamed_model(case: Case, hint: Hint) -> Iterator[Source]:
    """The declared model that nobody refers to, where its name is the slip of the missing one."""
    inside = document_of(hint.source)
    wanted = hint.message.partition("'")[2].partition("'")[0].rpartition("/")[2]
    used = str(case.places.value(inside, "paths")) + str(case.places.value(inside, "components"))
    for keys in (("components", "schemas"), ("definitions",)):
        declared = dict(case.places.children(inside, *keys))
        free = [name for name in declared if f"/{name}'" not in used]
        meant = None if wanted in declared else nearest(wanted, free, 0.6)
        if meant is not None and case.places.familiar(meant) < case.places.familiar(wanted):
            yield declared[meant]


def key_scheme(case: Case, hint: Hint) -> Iterator[Source]:
    """The scheme that is open because its header is nearly x-api-key, which alone asks for keys."""
    name = hint.message.partition("security scheme ")[2].partition(" has")[0].strip("'")
    inside = document_of(hint.source)
    for keys in (("components", "securitySchemes", name), ("securityDefinitions", name)):
        header = str(case.places.value(inside, *keys, "name") or "")
        place = case.places.at(inside, *keys, "name")
        if place is not None and nearest(header, ["x-api-key"], 0.5):
            yield place


def part_of(expression: str) -> str:
    """The part of a request that an expression of either kind of API names."""
    known = expression.removeprefix(_PREFIX).removeprefix("$request.")
    place, _, name = known.removeprefix("route.request.").partition(".")
    return {"header": f"header {name}", "querystring": f"query {name}"}.get(place, expression)


def demanded(case: Case) -> Source | None:
    """Where the method asks for its authorization."""
    source = case.method_source
    return None if source is None else demanded_at(case, source)


def demanded_at(case: Case, source: Source) -> Source | None:
    """The line that asks for authorization: the method's own, else the document's."""
    at, method = case.places.at, case.method
    names: tuple[tuple[str, ...], ...] = (
        ("x-amazon-apigateway-auth", "type"), ("AuthorizerId",), ("AuthorizationType",),
    )  # fmt: skip
    route = None if case.matched is None else case.matched.plan.route
    if case.chosen is not None and case.chosen.plan is not None:
        route = case.chosen.plan.route
    kinds = {each.authorization_type for each in (method, route) if each is not None}
    if "AWS_IAM" in kinds:
        names = (("x-amazon-apigateway-auth", "type"), ("AuthorizationType",))
    for keys in names:
        found = at(source, *keys)
        if found is not None:
            return found
    name = None if method is None else method.authorizer
    if case.matched is not None:
        name = case.matched.plan.route.authorizer
    own = _requirement(case, source, name)
    if own is not None:
        return own
    root = document_of(source)
    return _requirement(case, root, name) or source


def _requirement(case: Case, holder: Source, authorizer: str | None) -> Source | None:
    """The line of `security` that names the authorizer."""
    listed = case.places.value(holder, "security")
    for index, each in enumerate(listed if isinstance(listed, list) else ()):
        for name in each if isinstance(each, dict) else ():
            if name == authorizer or authorizer is None:
                return case.places.key(holder, "security", index, name)
    return None


def policy_source(case: Case) -> Source | None:
    """Where the API's own policy stands."""
    api = case.api
    if not isinstance(api, RestApi) or api.policy is None:
        return None
    return api.policy.source
