"""The words for what only WebSocket APIs do: one sentence a finding, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inspector.gateway.listing import listed
from inspector.gateway.trace import Fact
from inspector.gateway.websocket import close_words

Facts = Mapping[str, Fact]
Word = Callable[[Facts], str]


def _no_match(facts: Facts) -> str:
    if "not_json" in facts:
        return (
            f"The message is no JSON, so that {facts['expression']} chooses nothing, and there is "
            "no $default route."
        )
    value = facts["value"]
    gave = f"comes to {str(value)!r}" if value else "comes to nothing"
    return f"{facts['expression']} {gave}, which is no route, and there is no $default route."


def _default(facts: Facts) -> str:
    if "not_json" in facts:
        return "The message is no JSON: route $default takes it."
    value = facts["value"]
    gave = f"comes to {str(value)!r}, which is no route" if value else "comes to nothing"
    return f"{facts['expression']} {gave}: route $default takes the message."


def _connected(facts: Facts) -> str:
    offered, protocol = facts.get("offered"), facts.get("protocol")
    if offered and not protocol:
        return (
            f"The connection is open, without a sub-protocol: the client offered {offered} and "
            "none was chosen."
        )
    if protocol and protocol not in close_words.protocols(offered):
        return (
            f"The connection is open, with a sub-protocol {protocol} that the client did not offer."
        )
    return "The connection is open" + (f", with sub-protocol {protocol}." if protocol else ".")


def _protocol(facts: Facts) -> str | None:
    offered, protocol = facts.get("offered"), facts.get("protocol")
    if offered and not protocol:
        return (
            "A browser hangs up at once. Answer the header Sec-WebSocket-Protocol with one of the "
            f"offered: {offered}."
        )
    if protocol and protocol not in close_words.protocols(offered):
        wanted = f"one of {offered}" if offered else "none, for the client offers none"
        return (
            f"A browser hangs up at once. Answer the header Sec-WebSocket-Protocol with {wanted}."
        )
    return None


def _no_stage(facts: Facts) -> str:
    if not facts["stage"]:
        return f"The path names no stage of API {facts['api']}."
    return f"{facts['stage']!r} is no stage of API {facts['api']}."


def _not_managed(facts: Facts) -> str:
    method = facts["request"]
    place = f"{facts['path']} behind stage {facts['stage']}" if facts["stage"] else facts["path"]
    if facts["stage"] not in (facts["stages"] or []):  # type: ignore[operator]
        return _no_stage(facts)
    if str(facts["path"]).startswith("/@connections/"):
        return f"@connections knows no method {method}."
    return f"A WebSocket API takes plain requests to @connections alone, and this is {place}."


SENTENCES: Mapping[str, Word] = {
    "resolve.no-stage": _no_stage,
    "resolve.not-deployed": lambda f: f"Nothing is deployed to stage {f['stage']}.",
    "resolve.socket-path": lambda f: (
        f"A handshake's path is the stage alone; behind {f['stage']} stands {f['path']}."
    ),
    "resolve.management": lambda f: (
        f"API {f['api']}, stage {f['stage']}: a call about connection {f['connection']}."
    ),
    "resolve.no-management": _not_managed,
    "route.socket-event": lambda f: f"Route {f['route']}.",
    "route.socket-no-route": lambda f: f"The API has no route {f['route']}, and needs none.",
    "route.socket-selected": lambda f: (
        f"{f['expression']} comes to {str(f['value'])!r}, which is a route."
    ),
    "route.socket-default": _default,
    "route.socket-no-match": _no_match,
    "authorize.identity-repeated": lambda f: (
        f"{listed(f['repeated'])} comes more than once, so authorizer {f['authorizer']} was not "
        "asked."
    ),
    "authorize.unverified": lambda f: (
        f"The call is signed with key {f['access_key']}, which is not in the list of keys: nobody "
        "checked whether it may."
        if f.get("access_key")
        else "The call is signed with a key that is not in the list of keys: nobody checked it."
    ),
    "validate.socket-no-model": lambda f: (
        f"{f.get('expression') or 'The route'} comes to {str(f.get('value') or '')!r}, for which "
        f"the route has no model (it has {listed(f['models'])}): the message fails."
    ),
    "map-request.no-template": lambda f: (
        f"No request template is selected, and passthroughBehavior {f['passthrough']} forbids to "
        "pass the message on."
    ),
    "integrate.mock": lambda f: f"Nobody is asked: the integration is a MOCK ({f['status']}).",
    "map-response.socket-function": lambda f: f"The function answers {f['status']}.",
    "map-response.socket-selected": lambda f: (
        f"Integration response {f['key']} is selected by {str(f['matched'])!r}."
    ),
    "map-response.socket-status": lambda f: (
        f"The integration of $connect answers {f['status']}, which ends no handshake."
    ),
    "map-response.socket-no-match": lambda f: (
        f"No integration response fits {str(f['matched'])!r} (there is {listed(f['keys'])}), and "
        "there is no $default."
    ),
    "send.connected": _connected,
    "send.not-connected": lambda f: (
        f"The integration answers {f['status']}, which refuses the handshake."
    ),
    "send.frame": lambda f: (
        f"The client is sent a frame of {f['size']} bytes."
        if f["size"]
        else "The integration's answer is empty: an empty frame is sent."
    ),
    "send.socket-one-way": lambda _: "Nothing is sent: the route has no route response.",
    "send.socket-dropped": lambda f: (
        f"The integration answered {f['size']} bytes, which are dropped: the route has no route "
        "response."
    ),
    "send.socket-closed": lambda _: "The connection is closed: nobody waits for what is answered.",
    "send.error-frame": lambda f: f"The client is sent a frame that says {f['message']!r}.",
    "manage.unknown": lambda f: f"No connection ever had the id {f['connection']}.",
    "manage.connecting": lambda f: (
        f"The $connect of {f['connection']} is still under way: nothing can be sent before it has "
        "answered."
    ),
    "manage.gone": lambda f: f"Connection {f['connection']} is closed.",
    "manage.found": lambda f: f"Connection {f['connection']} is open.",
    "manage.posted": lambda f: f"A frame of {f['size']} bytes went out to {f['connection']}.",
    "manage.deleted": lambda f: f"Connection {f['connection']} is closed now.",
    "manage.too-large": lambda f: (
        f"The message has {f['size']} bytes; @connections takes {f['limit']}."
    ),
}

REMEDIES: Mapping[str, Callable[[Facts], str | None]] = {
    "resolve.no-stage": lambda f: f"Connect to one of the stages: {listed(f['stages'])}.",
    "resolve.not-deployed": lambda _: "Set AutoDeploy: true, or name a DeploymentId.",
    "resolve.socket-path": lambda f: (
        f"Connect to /{f['stage']}, and put what stands behind it into the query."
    ),
    "resolve.no-management": lambda f: (
        f"The path is {f['expected']}, by GET, POST or DELETE; behind a custom domain its base "
        "path stands for the stage."
        if "@connections" in f"{f['stage']}{f['path']}"
        else f"Connect to it by WebSocket; who posts to a connection posts to {f['expected']}."
    ),
    "route.socket-no-match": lambda f: (
        "Send JSON, or add a $default route."
        if "not_json" in f
        else f"Send one of the routes ({listed(f['routes'])}), or add a $default route."
    ),
    "authorize.identity-repeated": lambda f: f"Send {listed(f['repeated'])} once.",
    "authorize.unverified": lambda _: (
        "Name the key in a file of keys (--keys FILE), and its policies are judged."
    ),
    "validate.socket-no-model": lambda f: (
        f"Send a message for one of the models ({listed(f['models'])}), or add one for $default."
    ),
    "map-request.no-template": lambda f: (
        f"Let the template selection expression come to one of {listed(f['templates'])}, add a "
        "$default template, or set passthroughBehavior to WHEN_NO_MATCH."
    ),
    "map-response.socket-status": lambda _: (
        "Let the integration of $connect answer 200 to let the client in, 4xx to keep him out."
    ),
    "map-response.socket-no-match": lambda _: "Add an integration response $default.",
    "send.connected": _protocol,
    "send.not-connected": lambda _: (
        "Let the integration of $connect answer 200 to let the client in."
    ),
    "send.socket-dropped": lambda _: (
        "Give the route a route response (RouteResponseSelectionExpression: $default and an "
        "AWS::ApiGatewayV2::RouteResponse $default), or send by @connections."
    ),
    "manage.unknown": lambda _: (
        "Take the id from requestContext.connectionId of an event, and percent-encode it in the "
        "path: it ends in =."
    ),
    "manage.connecting": lambda _: (
        "Post after $connect has answered: at the first message, or from another function."
    ),
    "manage.gone": lambda _: (
        "Forget the id: remove it at $disconnect, and whenever a post is answered 410."
    ),
    "manage.too-large": lambda _: "Send it in parts of at most 128 KB (in frames of 32 KB).",
}
