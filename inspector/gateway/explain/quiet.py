"""What went well for the gateway and is hardly what was meant: wrong verbs, open doors, torn bytes."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway.content import listed
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Note
from inspector.gateway.explain.mapping_slips import mapping_slips
from inspector.gateway.explain.near import nearest
from inspector.gateway.explain.preparing import binary_types
from inspector.gateway.explain.service_suspects import misread_type
from inspector.gateway.explain.wiring import orphaned_reference
from inspector.gateway.method_override import METHODS
from inspector.model import Http, HttpProxy, Source

#: Types whose bytes are text, whatever the API's list says.
_TEXTS = ("text/", "application/json", "application/xml", "application/javascript")


def quiet_notes(case: Case) -> Iterator[Note]:
    """The likeliest to matter first."""
    yield from _mappings(case)
    yield from _bytes(case)
    yield from _form(case)
    yield from _verb(case)
    yield from _crossed(case)
    yield from _open(case)


def _mappings(case: Case) -> Iterator[Note]:
    for slip in mapping_slips(case):
        yield Note("mapping.found-nothing", slip.text, slip.source, slip.remedy)


def _form(case: Case) -> Iterator[Note]:
    """A form that goes to a service under another type than a form's."""
    integration, step = case.integration, case.step_of("integrate")
    templates = () if integration is None else integration.request_templates.values()
    if step is None or not any(each.text.startswith("Action=") for each in templates):
        return
    for source in misread_type(integration) if integration is not None else ():
        text = "The template writes a form, and this is not the Content-Type of one."
        remedy = (
            "Map integration.request.header.Content-Type: \"'application/x-www-form-urlencoded'\"."
        )
        yield Note("map-request.form", text, source, remedy)


def _verb(case: Case) -> Iterator[Note]:
    """A backend that is called with another verb than the method's own."""
    method, integration = case.method, case.integration
    if method is None or not isinstance(integration, Http | HttpProxy):
        return
    verb = integration.http_method
    if verb in (None, "ANY", method.http_method) or method.http_method == "ANY":
        return
    text = f"{method.http_method} calls the backend with {verb}."
    remedy = f"Where that is not meant: httpMethod {method.http_method}."
    if verb in METHODS:
        yield Note("map-request.verb", text, case.of_integration("httpMethod"), remedy)


def _bytes(case: Case) -> Iterator[Note]:
    """Bytes that were read as text, because no binary media type covers them."""
    routed, answered = case.routed, case.answered
    if routed is None or answered is None or not answered.body:
        return
    kind = (answered.headers.get("content-type") or "").partition(";")[0].strip().lower()
    if not kind or kind.startswith(_TEXTS) or _is_text(answered.body):
        return
    accept = case.header("accept")
    types = routed.resolved.deployment.api.binary_media_types
    if listed(types, kind) and listed(types, accept):
        return
    names = ", ".join(types) or "none"
    what = f"{kind}" if not listed(types, kind) else f"Accept: {accept}"
    text = (
        f"The backend's bytes were read as text and are torn: no binary media type of the API "
        f"covers {what} ({names})."
    )
    places = binary_types(case)
    meant = nearest(kind, types, 0.0)
    place = places[list(types).index(meant)] if meant and len(places) == len(types) else None
    remedy = f"Write {kind}, or */*, among the binary media types."
    yield Note("map-response.binary", text, place or next(iter(places), None), remedy)


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _crossed(case: Case) -> Iterator[Note]:
    """A function that answers for another one, which nobody calls any more."""
    for source, text in orphaned_reference(case):
        yield Note("definition.crossed", text, source, "Name the function that is meant.")


def _open(case: Case) -> Iterator[Note]:
    """A method that says NONE in so many words, where an authorizer is named or a token was sent."""
    place = _none_line(case)
    route = None if case.matched is None else case.matched.plan.route
    if route is not None and route.authorizer and route.authorization_type == "NONE":
        text = "The route names an authorizer that is never asked: its AuthorizationType is NONE."
        yield Note("authorize.open", text, place or route.source, "Write JWT or CUSTOM there.")
    elif place is not None and case.header("authorization") is not None:
        text = "Nobody looked at the request's Authorization: the authorization type is NONE."
        yield Note("authorize.open", text, place, "Write the type that is meant there.")


def _none_line(case: Case) -> Source | None:
    for keys in (("x-amazon-apigateway-auth", "type"), ("AuthorizationType",)):
        if case.places.value(case.method_source, *keys) == "NONE":
            return case.places.at(case.method_source, *keys)
    return None
