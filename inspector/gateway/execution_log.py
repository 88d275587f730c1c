"""Amazon's execution log of a REST API, read from one exchange: the same words in the same order.

Sources: facts 249-265 (recorded: test_invoke_test_method, test_failed_invoke_test_method) and
logs-and-metrics.md section 1 (recorded in 2026, the blanks exact). Of Amazon's own calls to Lambda
the headers are known by name and order; signature and session token are not made here, and that
line always ends in [TRUNCATED].
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import formatdate
from hashlib import sha256

from inspector.gateway import authorizer_log, function_error
from inspector.gateway.effects import (
    BackendAnswer,
    BackendFailure,
    CallBackend,
    CallService,
    Effect,
    FunctionAnswer,
    InvokeFunction,
    Reply,
)
from inspector.gateway.execution_failures import CONFIGURATION, failure_of
from inspector.gateway.http_api import execution_log as of_http_api
from inspector.gateway.http_api.results import staged_of
from inspector.gateway.pipeline import routed_of
from inspector.gateway.policy.arns import called_as
from inspector.gateway.results import Mapped, Routed
from inspector.gateway.told import Told
from inspector.gateway.websocket import execution_log as of_sockets
from inspector.gateway.websocket.results import deployment_of
from inspector.message import Field
from inspector.model.place import apis_arn, domain_of

#: Bytes of an event, before it is cut.
LONGEST = 1_024
_CUT = " [TRUNCATED]"
_FAILURES = {
    "timeout": "Execution failed due to a timeout error",
    "dns": f"{CONFIGURATION}Invalid endpoint address",
    "tls": f"{CONFIGURATION}Invalid endpoint address",
}
_NETWORK = "Execution failed due to a network error communicating with endpoint"

#: Why a key is refused, in our own words: Amazon's are not recorded.
_KEY_REASONS = {
    "meter.no-key": "API Key is not present in the request",
    "meter.no-usage-key": "the authorizer gave no usage key",
    "meter.unknown-key": "API Key is unknown",
    "meter.disabled-key": "API Key is disabled",
    "meter.no-plan": "API Key is not associated with a Usage Plan of this API Stage",
}
#: What is left of a REST API's log without data trace (logs-and-metrics.md, section 1).
_WITHOUT_TRACE = (
    "Extended Request Id", "Verifying Usage Plan", "API Key", "Usage Plan check", "Starting",
    "HTTP Method", "Execution failed", "Lambda execution failed", "Successfully completed",
    "Method completed", "AWS Integration Endpoint RequestId", "Incoming identity", "Using valid",
    "Unauthorized request", "AuthorizerConfigurationException",
)  # fmt: skip


def lines(told: Told, *, as_test: bool = False, data_trace: bool = True) -> list[str]:
    """The events, each as Amazon prefixes it: with the request's id, in a test with the time.

    Without `data_trace` requests and answers are left out, as at the level INFO alone.
    """
    events = [
        _cut(event)
        for event in _events(told, as_test=as_test)
        if data_trace or event.startswith(_WITHOUT_TRACE) or of_sockets.is_untraced(told, event)
    ]
    request_id = id_of(told)
    if as_test:
        moment = datetime.fromtimestamp(told.environment.time_ms / 1000, UTC)
        prefix = f"{moment:%a %b %d %H:%M:%S} UTC {moment:%Y} : "
        return [f"Execution log for request {request_id}", *(prefix + each for each in events), ""]
    return [f"({request_id}) {event}" for event in events]


def id_of(told: Told) -> str:
    """The id that all lines begin with."""
    environment = told.environment
    extended = told.http_result is not None or environment.socket is not None
    return environment.extended_request_id if extended else environment.request_id


def _events(told: Told, *, as_test: bool) -> Iterator[str]:
    if told.is_of_socket:
        yield from of_sockets.events(
            told,
            _endpoint,
            lambda effect, arn: _invoked(told, effect, _of_test(told, *arn)),
            _endpoint_request_id,
        )
        return
    if told.http_result is not None:
        yield from of_http_api.events(told, _endpoint, lambda fields: _map(_masked(fields)))
        return
    routed = routed_of(told.answer.result)
    if not as_test:
        yield f"Extended Request Id: {told.environment.extended_request_id}"
    stopped = told.answer.stopped_at
    if routed is None or stopped == "admit":
        return
    yield from authorizer_log.events(
        told, lambda effect: _invoked(told, effect, _of_authorizer(told, routed))
    )
    if stopped == "authorize":
        return
    if not as_test:
        yield from _usage_plan(told, routed)
    if stopped == "meter":
        return
    yield from _request(told, routed)
    yield from _endpoint(told, as_test=as_test)
    yield from _outcome(told, as_test=as_test)
    yield f"Method completed with status: {told.answer.response.status}"
    if not as_test:
        yield from _endpoint_request_id(told)


def _endpoint_request_id(told: Told) -> Iterator[str]:
    for _, reply, _ in told.performed[-1:]:
        if isinstance(reply, FunctionAnswer):
            yield f"AWS Integration Endpoint RequestId : {reply.request_id}"


def _usage_plan(told: Told, routed: Routed) -> Iterator[str]:
    place = f"{told.answer.api_id}/{told.answer.stage}"
    request_id = told.environment.request_id
    key = routed.access.api_key
    if key is None and told.answer.stopped_at == "meter":
        key = routed.resolved.request.headers.get("x-api-key")
    shown = "" if key is None else authorizer_log.masked(key)
    yield f"Verifying Usage Plan for request: {request_id}. API Key: {shown} API Stage: {place}"
    method = f"{routed.resolved.request.method} {routed.plan.resource.path}"
    if told.answer.stopped_at == "meter":
        yield from _key_refused(told, shown, method)
        return
    if not routed.plan.method.api_key_required:
        yield (
            f"API Key {shown} authorized because method '{method}' does not require API Key. "
            "Request will not contribute to throttle or quota limits"
        )
    yield f"Usage Plan check succeeded for API Key {shown} and API Stage {place}"


def _key_refused(told: Told, shown: str, method: str) -> Iterator[str]:
    """The line's beginning is proven by others' parsers of logs; what follows `because` is ours."""
    step = next(each for each in told.answer.trace if each.stage == "meter")
    reason = _KEY_REASONS.get(step.code)
    if reason is not None:
        yield f"API Key {shown} not authorized because method '{method}' requires API Key and {reason}"


def _request(told: Told, routed: Routed) -> Iterator[str]:
    client, path = routed.client, routed.resolved.target.path
    yield f"Starting execution for request: {told.environment.request_id}"
    yield f"HTTP Method: {told.request.method}, Resource Path: {path}"
    if routed.plan.method.api_key_required and routed.access.api_key is not None:
        # Pasted in brefphp/bref#534 (2020).
        yield f"API Key: {authorizer_log.masked(routed.access.api_key)}"
        yield f"API Key ID: {routed.access.api_key_id}"
    yield f"Method request path: {_map(client.path_parameters.items())}"
    yield f"Method request query string: {_map(client.query_values.items())}"
    yield f"Method request headers: {_map(_masked(client.headers))}"
    yield f"Method request body before transformations: {client.body_text}"


def _endpoint(told: Told, *, as_test: bool = False) -> Iterator[str]:
    """What went to the integration and what came back; a MOCK has none of it (fact 253)."""
    yield from _refused_by_lambda(told, as_test=as_test)
    authorizing = authorizer_log.call_of(told)
    for each in told.performed:
        effect, reply, taken_ms = each
        if each is authorizing:
            continue
        if isinstance(effect, CallBackend | CallService):
            url, fields = effect.request.url, _masked(effect.request.headers.fields)
            yield f"Endpoint request URI: {url}"
            yield f"Endpoint request headers: {_map(fields)}"
            yield f"Endpoint request body after transformations: {_text(effect.request.body)}"
            yield f"Sending request to {url}"
        elif isinstance(effect, InvokeFunction):
            fields = _of_test(told) if as_test else _of_lambda(told, effect)
            yield from _invoked(told, effect, fields)
        else:
            continue
        yield from _reply(told, effect, reply, taken_ms)


def _refused_by_lambda(told: Told, *, as_test: bool) -> Iterator[str]:
    """A call that Lambda itself answered: nothing was performed for it."""
    code = "integrate.payload-not-json"
    step = next((each for each in told.answer.trace if each.code == code), None)
    mapped = told.answer.result
    effect = mapped.answered.prepared.effect if isinstance(mapped, Mapped) else None
    if step is None or not isinstance(effect, InvokeFunction):
        return
    yield from _invoked(told, effect, _of_test(told) if as_test else _of_lambda(told, effect))
    yield "Received response. Status: 400, Integration latency: 0 ms"
    yield f"Endpoint response body before transformations: {step.facts['answer']}"


def _invoked(told: Told, effect: InvokeFunction, fields: list[Field]) -> Iterator[str]:
    url = _invocation(told, effect)
    yield f"Endpoint request URI: {url}"
    headers = f"Endpoint request headers: {_map(fields)}"
    yield headers[: LONGEST - len(_CUT)].removesuffix("}") + _CUT
    yield f"Endpoint request body after transformations: {_event(told, effect)}"
    yield f"Sending request to {url}"


def _reply(told: Told, effect: Effect, reply: Reply, taken_ms: int) -> Iterator[str]:
    if isinstance(reply, BackendFailure):
        if reply.kind == "too-large":
            yield f"{CONFIGURATION}{reply.detail}."
        elif reply.kind == "throttled":
            yield "Lambda invocation failed with status: 429. Lambda request id: "
            yield f"{CONFIGURATION}Rate Exceeded."
        else:
            yield _FAILURES.get(reply.kind, _NETWORK)
    elif isinstance(reply, BackendAnswer):
        yield f"Received response. Status: {reply.status}, Integration latency: {taken_ms} ms"
        yield f"Endpoint response headers: {_map(reply.headers.fields)}"
        yield f"Endpoint response body before transformations: {_text(reply.body)}"
    elif isinstance(reply, FunctionAnswer):
        fields = _from_lambda(told, effect, reply)
        yield f"Received response. Status: 200, Integration latency: {taken_ms} ms"
        yield f"Endpoint response headers: {_map(fields)}"
        yield f"Endpoint response body before transformations: {_text(reply.payload)}"
        if reply.error:
            yield (
                "Lambda execution failed with status 200 due to customer function error: "
                f"{function_error.message_of(reply.payload, '')}. Lambda request id: {reply.request_id}"
            )


def _outcome(told: Told, *, as_test: bool) -> Iterator[str]:
    answer = told.answer
    if answer.outcome != "answered":
        yield from _refusal(told)
        return
    fields = [pair for pair in answer.response.headers.fields if _of_the_method(pair[0])]
    fields.sort(key=lambda pair: pair[0].lower() != "x-amzn-trace-id")
    if as_test and not told.performed:
        fields = [pair for pair in fields if pair[0].lower() != "x-amzn-trace-id"]
    yield f"Method response body after transformations: {_text(answer.response.body)}"
    yield f"Method response headers: {_map(fields)}"
    yield "Successfully completed execution"


def _refusal(told: Told) -> Iterator[str]:
    step = next((each for each in told.answer.trace if each.outcome != "ok"), None)
    if step is None:
        return
    broken = failure_of(step)
    if broken is not None:
        yield broken
    elif step.code == "validate.body":
        media_type, error = step.facts.get("media_type"), step.facts.get("validation_error")
        yield (f"Request body does not match model schema for content type {media_type}: {error}")


def _of_the_method(name: str) -> bool:
    own = ("date", "content-length", "connection", "x-amzn-requestid", "x-amz-apigw-id")
    return name.lower() not in own


def _invocation(told: Told, effect: InvokeFunction) -> str:
    routed, staged = routed_of(told.answer.result), staged_of(told.http_result)
    joined = deployment_of(told.socket_result)
    region = "us-east-1" if joined is None else joined.api.region
    if routed is not None:
        region = routed.resolved.deployment.api.region
    elif staged is not None:
        region = staged.deployment.api.region
    host = f"https://lambda.{region}.{domain_of(region)}"
    return f"{host}/2015-03-31/functions/{effect.function}/invocations"


def _event(told: Told, effect: InvokeFunction) -> str:
    """The event as it was mapped: an empty body that no template made is logged as it came."""
    step = next((each for each in told.answer.trace if each.code == "map-request.function"), None)
    passed_through = step is not None and "passthrough" in step.facts
    if passed_through and not told.request.body:
        return ""
    return _text(effect.payload)


def _of_test(told: Told, *arn: Field) -> list[Field]:
    """The headers of Amazon's own call in a test (fact 256); an authorizer's have its ARN (2023)."""
    api = told.answer.api_id
    moment = datetime.fromtimestamp(told.environment.time_ms / 1000, UTC)
    return [
        ("x-amzn-lambda-integration-tag", id_of(told)),
        ("Authorization", "*" * 32),
        ("X-Amz-Date", f"{moment:%Y%m%dT%H%M%SZ}"),
        ("x-amzn-apigateway-api-id", api),
        *arn,
        ("Accept", "application/json"),
        ("User-Agent", f"AmazonAPIGateway_{api}"),
        ("X-Amz-Security-Token", ""),
    ]


def _of_authorizer(told: Told, routed: Routed) -> list[Field]:
    api, step = routed.resolved.deployment.api, authorizer_log.step_of(told)
    name = "" if step is None else step.facts.get("authorizer")
    arn = f"{apis_arn(api.region, api.account)}:{api.id}/authorizers/{name}"
    return _of_test(told, ("X-Amz-Source-Arn", arn))


def _of_lambda(told: Told, effect: InvokeFunction) -> list[Field]:
    """The same of a deployed method, in another order (recorded in 2026)."""
    known = dict(_of_test(told))
    routed = routed_of(told.answer.result)
    host = _invocation(told, effect).split("/")[2]
    source = of_sockets.source_arn(told) if routed is None else called_as(routed)[0]
    arn = [] if source is None else [("X-Amz-Source-Arn", source)]
    return [
        *((name, known[name]) for name in ("X-Amz-Date", "x-amzn-apigateway-api-id", "Accept")),
        ("User-Agent", known["User-Agent"]),
        ("Host", host),
        ("X-Amz-Content-Sha256", sha256(effect.payload).hexdigest()),
        ("X-Amzn-Trace-Id", effect.trace_id),
        *((name, known[name]) for name in ("x-amzn-lambda-integration-tag", "Authorization")),
        *arn,
        ("X-Amz-Security-Token", ""),
    ]


def _from_lambda(told: Told, effect: Effect, reply: FunctionAnswer) -> list[Field]:
    """The headers of Lambda's answer, in their order (fact 257)."""
    traced = effect.trace_id if isinstance(effect, InvokeFunction) else ""
    return [
        ("Date", formatdate(told.environment.time_ms // 1000, usegmt=True)),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(reply.payload))),
        ("Connection", "keep-alive"),
        ("x-amzn-RequestId", reply.request_id),
        *([("X-Amz-Function-Error", reply.error)] if reply.error else []),
        ("x-amzn-Remapped-Content-Length", "0"),
        ("X-Amz-Executed-Version", "$LATEST"),
        ("X-Amzn-Trace-Id", traced),
    ]


def _masked(fields: Iterable[Field]) -> list[Field]:
    """Authorization values starred out, but for their last six characters."""
    return [
        (name, f"{'*' * max(0, len(value) - 6)}{value[-6:]}")
        if name.lower() == "authorization"
        else (name, value)
        for name, value in fields
    ]


def _map(fields: Iterable[Field]) -> str:
    return "{" + ", ".join(f"{name}={value}" for name, value in fields) + "}"


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _cut(event: str) -> str:
    raw = event.encode("utf-8", "replace")
    if len(raw) <= LONGEST or event.endswith(_CUT):
        return event
    return raw[: LONGEST - len(_CUT)].decode("utf-8", "ignore") + _CUT
