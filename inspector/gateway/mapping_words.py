"""The words for what becomes of a request behind access: mapped, sent, mapped back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inspector.gateway import function_words, service_words
from inspector.gateway.functions import function_name
from inspector.gateway.listing import listed
from inspector.gateway.trace import Fact

Facts = Mapping[str, Fact]
Word = Callable[[Facts], str]


def _name(fact: Fact) -> str:
    """The name in a function's ARN."""
    return str(fact).rpartition(":function:")[2] or "(no name)"


def _asked(facts: Facts) -> str:
    return f"Function {_name(facts['function'])}" if "function" in facts else "The backend"


def _no_endpoint(facts: Facts) -> str | None:
    """What to do where the endpoint of a function is down; None for another backend."""
    if "function" not in facts:
        return None
    name = function_name(str(facts["function"]))
    return f"Start what serves {name}, or say where it is: --function {name}=PLACE."


#: What to do where an integration and its function do not agree on streaming.
_STREAMING = {
    "wanted": (
        "Begin the stream with awslambda.HttpResponseStream.from(stream, {statusCode, headers}) and "
        "write to it at least once; or leave responseTransferMode out for a function that does not "
        "stream."
    ),
    "unasked": (
        "The function streams its answer: set responseTransferMode: STREAM and the URI of "
        "response-streaming-invocations, or answer without awslambda.streamifyResponse."
    ),
}

SENTENCES: Mapping[str, Word] = {
    "map-request.event-too-large": lambda f: (
        f"The event for function {_name(f['function'])} has {f['size']} bytes; Lambda takes "
        f"{f['limit']}."
    ),
    "map-request.http": lambda f: f"The backend is asked: {f['request']} {f['url']}.",
    "map-request.mock": lambda f: f"The request template chooses status {f['status']}.",
    "map-request.function": lambda f: f"Function {_name(f['function'])} is invoked.",
    "map-request.function-method": lambda f: (
        f"Functions are invoked by POST; the integration says {f['integration_method']}."
    ),
    "map-request.template-on-bytes": lambda _: (
        "A template cannot be applied to a body that is bytes, not text."
    ),
    "map-request.not-base64": lambda _: (
        "contentHandling CONVERT_TO_BINARY decodes base64, and the body is none."
    ),
    "map-request.mock-status": lambda _: (
        "The rendered request template names no statusCode that is a whole number."
    ),
    "map-request.no-integration": lambda _: "The method has no integration.",
    "map-request.forbidden-header": lambda f: (
        f"Setting the header {f['header']} is something that API Gateway accepts and then always "
        "fails on."
    ),
    "map-request.invalid-endpoint": lambda f: (
        f"The integration's URI {f['uri']!r} has no host once its stage variables are filled in."
    ),
    "map-request.invalid-json": lambda _: (
        "A parameter mapping reads the body, which begins like JSON and is not."
    ),
    "map-request.unsupported-media-type": lambda f: (
        f"No request template fits {f['media_type']}, and passthroughBehavior {f['passthrough']} "
        "forbids to pass it on."
    ),
    "map-request.template-failed": lambda f: f"The request template failed: {f['error']}",
    "integrate.answered": lambda f: f"The backend answered {f['status']}.",
    "integrate.streaming": lambda f: f"The backend answers {f['status']} and streams its body.",
    "integrate.function": lambda f: (
        f"Function {_name(f['function'])} runs by itself: nobody waits for its answer."
        if f.get("asynchronous")
        else f"Function {_name(f['function'])} answered {f['size']} bytes."
    ),
    "integrate.function-stream": lambda f: f"Function {_name(f['function'])} streams its answer.",
    "integrate.payload-not-json": lambda f: (
        f"Lambda refused the payload for {_name(f['function'])} and did not run it: no JSON at "
        f"line {f['line']}, column {f['column']}, {f['reason']}"
    ),
    "integrate.function-error": lambda f: (
        f"Function {_name(f['function'])} answered with an error."
    ),
    "integrate.timeout": lambda f: f"{_asked(f)} did not answer within {f['timeout_ms']} ms.",
    "integrate.refused": lambda f: f"Nothing listens at the backend: {f['detail']}.",
    "integrate.reset": lambda f: f"The backend broke the connection off: {f['detail']}.",
    "integrate.protocol": lambda f: f"What the backend sent is not HTTP: {f['detail']}.",
    "integrate.dns": lambda f: f"The backend's name has no address: {f['detail']}.",
    "integrate.tls": lambda f: f"No TLS connection to the backend: {f['detail']}.",
    "integrate.too-large": lambda f: f"The backend's answer is over 10 MB: {f['detail']}.",
    "integrate.other": lambda f: (
        f"{_asked(f)} gave no answer: {f['detail']}."
        if "function" in f
        else f"The backend could not be reached: {f['detail']}."
    ),
    "integrate.throttled": lambda f: f"{_asked(f)} was not invoked: {f['detail']}.",
    "map-response.proxied": lambda _: "The backend's answer passes through.",
    "map-response.selected": lambda f: (
        f"Integration response {f['status']} is selected: '{f['matched']}' "
        + (f"matches '{f['pattern']}'" if f["pattern"] else "falls to the default")
        + (", which hides the backend's error." if f.get("error_hidden") else ".")
    ),
    "map-response.function": lambda f: f"The function's answer goes out as {f['status']}.",
    "map-response.malformed": lambda f: (
        "The function's answer is no proxy answer: "
        + (f"{f['key']}: {f['reason']}." if f["key"] else f"{f['reason']}.")
    ),
    "map-response.function-error": function_words.sentence,
    "map-response.not-base64": lambda _: "The body has to be base64 to be sent as bytes.",
    "map-response.template-on-bytes": lambda _: (
        "A template cannot be applied to a body converted to bytes."
    ),
    "map-response.no-match": lambda f: (
        f"No integration response matches {f['status']}, and there is no default."
    ),
    "map-response.invalid-json": lambda _: (
        "A response mapping reads the backend's body, which begins like JSON and is not."
    ),
    "map-response.template-failed": lambda f: f"The response template failed: {f['error']}",
}

REMEDIES: Mapping[str, Callable[[Facts], str | None]] = {
    "map-request.event-too-large": lambda _: (
        "Send less, base64 counts as it is; or let the client upload to S3 by a presigned URL. "
        "--no-limit event lets it pass here."
    ),
    "map-request.mock-status": lambda _: (
        'Let the template render {"statusCode": 200}, the number without quotes.'
    ),
    "map-request.no-integration": lambda _: "Give it an x-amazon-apigateway-integration.",
    "map-request.forbidden-header": lambda f: f"Remove what sets {f['header']}.",
    "map-request.invalid-endpoint": lambda _: (
        "Set the stage variable (--stage-variable NAME=VALUE), or correct the URI."
    ),
    "map-request.invalid-json": lambda _: "Send valid JSON, or do not map from the body.",
    "map-request.unsupported-media-type": lambda f: (
        f"Send one of {listed(f['templates'])}, or add a template for {f['media_type']}."
    ),
    "map-request.function-method": lambda _: "Set the integration's httpMethod to POST.",
    "map-response.malformed": lambda f: (
        _STREAMING.get(str(f.get("streaming")))
        or 'Return {"statusCode": 200, "headers": {…}, "body": "text"}, no other keys, body as text.'
    ),
    "map-response.function-error": function_words.advice,
    "integrate.payload-not-json": lambda f: str(f["mend"]),
    "integrate.timeout": lambda f: (
        f"Make it faster; timeoutInMillis may be raised up to {f.get('limit_ms', 29_000):,} ms."
    ),
    "integrate.throttled": lambda _: (
        "Raise its ReservedConcurrentExecutions, or leave it out; or send less at a time."
    ),
    "integrate.refused": lambda f: (
        service_words.unreachable(f)
        or _no_endpoint(f)
        or "Start the backend, or point its name elsewhere with --backend NAME=URL."
    ),
    "integrate.dns": lambda f: (
        service_words.unreachable(f)
        or _no_endpoint(f)
        or "Correct the host in the URI, or point it elsewhere with --backend NAME=URL."
    ),
    "integrate.reset": lambda _: "Look into the backend's own log: it hung up.",
    "integrate.protocol": lambda _: (
        "Is an HTTP server at that port? Where it speaks TLS, its URL begins with https://."
    ),
    "integrate.too-large": lambda _: (
        "Answer with less, or with a link to it in S3, or stream it (responseTransferMode: STREAM); "
        "of an HTTP_PROXY integration --no-limit payload lets it pass here."
    ),
    "integrate.tls": lambda _: "Give the backend a certificate of a public authority.",
    "map-response.selected": lambda f: (
        f"Add an integration response whose selectionPattern matches {f['matched']}: the client "
        f"takes this error for a success ({f['status']})."
        if f.get("error_hidden")
        else None
    ),
    "map-response.no-match": lambda _: (
        "Add a default integration response, or one whose selectionPattern matches."
    ),
}

#: Step and label → what would have been right.
WANTED: Mapping[tuple[str, str], Word] = {
    ("map-request.unsupported-media-type", "media type"): lambda f: listed(f["templates"]),
    ("map-response.no-match", "status"): lambda f: listed(f["patterns"]),
    ("map-request.mock-status", "rendered"): lambda _: '{"statusCode": <number>}',
}
