"""What became of a WebSocket's event that nobody refused, and what of it surprises (66, 67, 71, 72)."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.gateway import narration
from inspector.gateway.explain.case import Case
from inspector.gateway.explain.explanation import Cause, Note
from inspector.gateway.explain.preparing import uri_lines
from inspector.gateway.explain.socket_choices import response_notes
from inspector.gateway.explain.sockets import slip_lines
from inspector.gateway.websocket import close_words

#: Characters of a message that are shown in a sentence.
_SHOWN = 200


def became(case: Case) -> str:
    """What became of it, in a sentence."""
    socket, sent = case.environment.socket, case.step_of("send")
    if socket is None:
        step = case.step_of("manage")
        return "Nothing was refused." if step is None else narration.describe(step)
    if socket.event == "DISCONNECT":
        meaning = close_words.meaning(socket, case.environment.time_ms)
        return f"The connection was closed: {meaning}."
    if sent is None:
        return "Nothing was refused."
    said = narration.describe(sent)
    return said if socket.event == "CONNECT" else f"Nothing was refused. {said}"


def socket_notes(case: Case) -> Iterator[Note]:
    """All that is worth saying, most telling first."""
    if not case.is_of_socket:
        return
    yield from _default_route(case)
    yield from _sent(case)
    yield from _closed(case)
    yield from response_notes(case)
    yield from _unread_answer(case)
    yield from _nothing_asked(case)
    yield from _held(case)


def _sent(case: Case) -> Iterator[Note]:
    """A body that is dropped, a sub-protocol that makes a browser hang up."""
    sent = case.step_of("send")
    if sent is None or sent.outcome != "ok":
        return
    if sent.code == "send.socket-dropped":
        yield Note(sent.code, narration.describe(sent), case.method_source, narration.remedy(sent))
    elif sent.code == "send.connected" and narration.remedy(sent) is not None:
        place = next(iter(uri_lines(case)), case.method_source)
        yield Note("send.sub-protocol", narration.describe(sent), place, narration.remedy(sent))


def _closed(case: Case) -> Iterator[Note]:
    socket = case.environment.socket
    if socket is None or socket.event != "DISCONNECT":
        return
    advice = close_words.advice(socket, case.environment.time_ms)
    if advice is not None:
        meaning = close_words.meaning(socket, case.environment.time_ms)
        yield Note("send.closed", f"The connection was closed: {meaning}.", None, advice)


def _default_route(case: Case) -> Iterator[Note]:
    """A message that `$default` took, though it nearly chose another route."""
    step = case.step_of("route")
    if step is None or step.code != "route.socket-default":
        return
    keys = step.facts.get("routes")
    value = step.facts.get("value")
    listed = [each for each in keys if each != "$default"] if isinstance(keys, list) else []
    cause = Cause("")
    lines = list(slip_lines(case, cause, value if isinstance(value, str) else None, listed))
    said = cause.sentence.removeprefix(". ").strip()
    if said:
        place = lines[0] if lines else step.source
        text = f"Route $default took the message. {said}"
        shown = next((each.command for each in cause.tries if each.command), "")
        short = (
            f"Send {shown}" if shown and len(shown) <= _SHOWN else "Send it by the route's name."
        )
        yield Note("route.nearly", text, place, cause.remedy or short)


def _nothing_asked(case: Case) -> Iterator[Note]:
    """A route without an integration does nothing at all."""
    chosen = case.chosen
    if chosen is not None and chosen.plan is not None and chosen.plan.integration is None:
        text = f"Route {chosen.key} has no integration: nobody is asked, and nothing is sent."
        remedy = "Give it a Target: integrations/ID."
        yield Note("map-request.no-target", text, chosen.plan.route.source, remedy)


def _unread_answer(case: Case) -> Iterator[Note]:
    """A function behind an integration that is no proxy, whose proxy answer nobody reads."""
    integration, answered = case.socket_integration, case.socket_answered
    if integration is None or answered is None or integration.type != "AWS":
        return
    if b'"statusCode"' in answered.body and not integration.responses:
        text = "The function's statusCode and body are not read: the integration's type is AWS."
        remedy = "Make its type AWS_PROXY, or give it an integration response."
        yield Note("map-response.unread", text, case.of_integration("type"), remedy)


def socket_hints(case: Case) -> Iterator[Note]:
    """What the definition's reader says of the route and its integration."""
    if not case.is_of_socket:
        return
    sources = [case.method_source, case.integration_source]
    own = [each for each in sources if each is not None]
    for hint in case.hints:
        if hint.level == "warning" and hint.code != "not-enforced" and any(
            hint.source.file == each.file
            and (hint.source.pointer == each.pointer
                 or hint.source.pointer.startswith(f"{each.pointer}/"))
            for each in own
        ):  # fmt: skip
            yield Note(f"definition.{hint.code}", hint.message, hint.source, hint.remedy or None)


def _held(case: Case) -> Iterator[Note]:
    """What the authorizer said at `$connect`, which all later events of the connection carry."""
    socket = case.environment.socket
    if socket is not None and socket.authorizer and socket.event != "CONNECT":
        members = ", ".join(f"{name}={value}" for name, value in socket.authorizer.items())
        yield Note("authorize.held", f"The connection holds its authorizer's context: {members}.")
