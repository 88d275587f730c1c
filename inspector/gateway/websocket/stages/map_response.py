"""The integration's answer becomes what the client is sent, and the handshake's status.

Sources: websocket.md, sections 1, 3 and 5; captures-2026.md, section 3 (recorded: of a proxy's
answer the body alone is sent, whatever its status). A function's answer that is no proxy answer
breaks the event, as users report of functions that return nothing.
"""

from __future__ import annotations

from inspector.gateway import content, lambda_answer, untrusted_json
from inspector.gateway.function_error import message_of
from inspector.gateway.trace import Fact, Step
from inspector.gateway.websocket.deploy import ReplyPlan
from inspector.gateway.websocket.refusal import SocketRefusal
from inspector.gateway.websocket.rendering import (
    Failed,
    SocketRendering,
    render,
    template_for,
)
from inspector.gateway.websocket.results import Answered, Mapped, chosen_of
from inspector.gateway.websocket.selection import NotJsonError
from inspector.gateway.websocket.stages.choose import value_of
from inspector.message import Headers
from inspector.model import Source

_SHOWN = 400
_LAST_STATUS = 999
_STATUS = ("integration.response.statuscode", "response.statuscode")
_HEADER = "integration.response.header."
_ALL_HEADERS = "integration.response.multivalueheader."
_BODY = "integration.response.body."


def map_response(answered: Answered, trace: list[Step]) -> Mapped | SocketRefusal:
    """What the client is going to get, if he gets any."""
    mapped = _mapped(answered, trace)
    if isinstance(mapped, SocketRefusal) or not _is_no_answer(mapped):
        return mapped
    return SocketRefusal(
        "map-response", "map-response.socket-status", "INTEGRATION_FAILURE",
        {"status": mapped.status}, answered.prepared.source, failed=True, reached=True,
    )  # fmt: skip


def _is_no_answer(mapped: Mapped) -> bool:
    """Whether a handshake's status would keep its client waiting (1xx), or is none at all."""
    chosen = chosen_of(mapped)
    shaking = chosen is not None and chosen.joined.socket.event == "CONNECT"
    return shaking and not 200 <= mapped.status <= _LAST_STATUS


def _mapped(answered: Answered, trace: list[Step]) -> Mapped | SocketRefusal:
    integration = answered.prepared.plan.integration
    assert integration is not None
    if integration.type == "AWS_PROXY":
        return _of_function(answered, trace)
    if integration.type == "HTTP_PROXY":
        facts: dict[str, Fact] = {"status": answered.status}
        source = answered.prepared.source
        trace.append(Step("map-response", "passed", "map-response.proxied", facts, source))
        return Mapped(answered, answered.status, answered.headers, answered.body)
    if not answered.prepared.plan.two_way:
        return Mapped(answered, answered.status, Headers(), answered.body)
    return _selected(answered, trace)


def response_rendering(answered: Answered) -> SocketRendering | None:
    """The response template of an answer, to be run again; None where there is none."""
    plan = answered.prepared.plan
    if plan.integration is None or plan.integration.type in ("AWS_PROXY", "HTTP_PROXY"):
        return None
    chosen = None if not plan.two_way else _choose(answered)[1]
    if chosen is None:
        return None
    try:
        return _rendering(answered, chosen, _text(_converted(answered, chosen)))
    except content.NotBase64Error:
        return None


def _of_function(answered: Answered, trace: list[Step]) -> Mapped | SocketRefusal:
    source = answered.prepared.source
    try:
        document = untrusted_json.loads(answered.body)
        if not isinstance(document, dict):
            raise lambda_answer.MalformedError("", "a JSON object is expected")
        answer = lambda_answer.members(document)
        body = content.as_bytes(answer.body)
        if answer.encoded:
            body = content.decoded(body)
    except (ValueError, content.NotBase64Error, lambda_answer.MalformedError) as error:
        facts: dict[str, Fact] = {
            "key": getattr(error, "key", ""),
            "reason": _reason(error),
            "answer": answered.body[:_SHOWN].decode("utf-8", "replace"),
        }
        return SocketRefusal(
            "map-response", "map-response.malformed", "INTEGRATION_FAILURE", facts, source,
            failed=True, reached=True,
        )  # fmt: skip
    facts = {"status": answer.status, "is_base64_encoded": answer.encoded}
    trace.append(Step("map-response", "passed", "map-response.socket-function", facts, source))
    return Mapped(answered, answer.status, Headers(answer.headers), body)


def _reason(error: Exception) -> str:
    if isinstance(error, lambda_answer.MalformedError):
        return error.reason
    if isinstance(error, content.NotBase64Error):
        return "isBase64Encoded is true, and the body is no base64"
    return f"not JSON: {error}"


def _selected(answered: Answered, trace: list[Step]) -> Mapped | SocketRefusal:
    value, plan = _choose(answered)
    facts: dict[str, Fact] = {"matched": value}
    selection = answered.prepared.plan.response_selection
    if selection is not None:
        facts["expression"] = selection.expression
    if plan is None:
        facts["keys"] = [each.declared.key for each in answered.prepared.plan.responses]
        return SocketRefusal(
            "map-response", "map-response.socket-no-match", "API_CONFIGURATION_ERROR", facts,
            answered.prepared.source, failed=True, reached=True,
        )  # fmt: skip
    facts["key"] = plan.declared.key
    try:
        body = _converted(answered, plan)
    except content.NotBase64Error as error:
        facts["error"] = str(error)
        return _broken("map-response.not-base64", facts, plan.declared.source)
    rendering = _rendering(answered, plan, _text(body))
    if rendering is not None:
        facts["template"] = rendering.key
        rendered = render(rendering)
        if isinstance(rendered, Failed):
            return _broken("map-response.template-failed", {**facts, **rendered.facts},
                           rendering.template.source)  # fmt: skip
        body = rendered
    trace.append(
        Step("map-response", "ok", "map-response.socket-selected", facts, plan.declared.source)
    )
    return Mapped(answered, answered.status, Headers(), content.as_bytes(body))


def _broken(code: str, facts: dict[str, Fact], source: Source) -> SocketRefusal:
    return SocketRefusal(
        "map-response", code, "API_CONFIGURATION_ERROR", facts, source,
        failed=True, reached=True,
    )  # fmt: skip


def _choose(answered: Answered) -> tuple[str, ReplyPlan | None]:
    """The value of the selection expression, and the answer whose key fits it."""
    plan = answered.prepared.plan
    value = ""
    if plan.response_selection is not None:
        try:
            body = answered.prepared.chosen.joined.request.body
            value = plan.response_selection.value(body, lambda name: _look(answered, name))
        except NotJsonError:
            value = ""
    default = None
    for each in plan.responses:
        if each.pattern is None:
            default = each
        elif each.pattern.fullmatch(value):
            return value, each
    return value, default


def _rendering(answered: Answered, plan: ReplyPlan, body: str) -> SocketRendering | None:
    chosen = answered.prepared.chosen
    found = template_for(
        plan.declared.templates,
        plan.template_selection,
        chosen.joined.request.body,
        lambda name: _look(answered, name),
    )
    if found is None or not found[1].text:
        return None
    return SocketRendering(found[1], found[0], chosen, body)


def _look(answered: Answered, name: str) -> str | None:
    if name in _STATUS:
        return str(answered.status)
    for prefix in (_HEADER, _ALL_HEADERS):
        if name.startswith(prefix):
            values = answered.headers.all(name.removeprefix(prefix))
            return ",".join(values) if prefix == _ALL_HEADERS else (values or ("",))[-1]
    if name == f"{_BODY}errorMessage":
        return message_of(answered.body, otherwise="")
    return value_of(answered.prepared.chosen.joined, name)


def _converted(answered: Answered, plan: ReplyPlan) -> bytes | str:
    """The body as its content handling has it. Raises `NotBase64Error`."""
    handling = plan.declared.content_handling
    binary = handling == "CONVERT_TO_TEXT" and not _is_text(answered.body)
    return content.of_response(answered.body, handling, binary=binary, accepted=False)


def _is_text(body: bytes) -> bool:
    """No list of media types says so, as for a REST API: what is no UTF-8 is binary."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _text(body: bytes | str) -> str:
    return body if isinstance(body, str) else content.as_text(body)
