"""Small APIs for tests, built as values: no file, no reader."""

from __future__ import annotations

from collections.abc import Mapping

from inspector.gateway.deploy import ServedApi, deploy
from inspector.gateway.effects import BackendAnswer, CallBackend, Effect, Reply
from inspector.gateway.environment import Environment
from inspector.gateway.limits import AMAZONS, Limits
from inspector.gateway.pipeline import Answer, converse
from inspector.message import Headers, Request
from inspector.model import (
    GatewayResponse,
    Http,
    HttpProxy,
    Integration,
    IntegrationResponse,
    Method,
    Mock,
    ParameterMapping,
    Resource,
    RestApi,
    Source,
    Stage,
    Template,
)
from inspector.runtime.drive import drive

SOURCE = Source("api.yaml", 7, 3, "/x")
ENVIRONMENT = Environment(
    time_ms=1_700_000_000_000,
    request_id="11111111-2222-4333-8444-555555555555",
    extended_request_id="EP5y6FQaIAMEXLA=",
    trace_id="1-65536400-0123456789abcdef01234567",
    segment_id="0123456789abcdef",
)


def templates(**by_type: str) -> dict[str, Template]:
    """`templates(json="…", xml="…")`."""
    return {f"application/{kind}": Template(text, SOURCE) for kind, text in by_type.items()}


def mappings(**by_target: str) -> tuple[ParameterMapping, ...]:
    """Mappings with `__` for the dots of their targets; `___` for a hyphen."""
    return tuple(
        ParameterMapping(target.replace("___", "-").replace("__", "."), expression, SOURCE)
        for target, expression in by_target.items()
    )


def integration_response(
    status: str = "200",
    pattern: str | None = None,
    *,
    parameters: tuple[ParameterMapping, ...] = (),
    body: str | None = None,
) -> IntegrationResponse:
    """One integration response, with a JSON template where `body` is given."""
    by_type = {} if body is None else templates(json=body)
    return IntegrationResponse(status, pattern, parameters, by_type, None, SOURCE)


def mock(body: str = "", request: str = '{"statusCode": 200}') -> Mock:
    """A MOCK that answers 200 with a literal body."""
    return Mock(
        source=SOURCE,
        request_templates=templates(json=request),
        responses=(integration_response(body=body or None),),
    )


def http_proxy(uri: str = "http://backend.example/", **fields: object) -> HttpProxy:
    """An HTTP_PROXY integration with the client's method."""
    return HttpProxy(**{"source": SOURCE, "http_method": "ANY", "uri": uri, **fields})  # type: ignore[arg-type]


def http(uri: str = "http://backend.example/", **fields: object) -> Http:
    """An HTTP integration with a default response, by POST."""
    defaults = {"source": SOURCE, "http_method": "POST", "uri": uri}
    responses = {"responses": (integration_response(),)}
    return Http(**{**defaults, **responses, **fields})  # type: ignore[arg-type]


def serve(
    routes: Mapping[str, Integration],
    *,
    variables: Mapping[str, str] | None = None,
    gateway_responses: Mapping[str, GatewayResponse] | None = None,
    limits: Limits = AMAZONS,
) -> ServedApi:
    """An API of `{"GET /pets": integration}` with the one stage `dev`."""
    resources: dict[str, dict[str, Method]] = {}
    for key, integration in routes.items():
        verb, _, path = key.partition(" ")
        method = Method(http_method=verb, source=SOURCE, integration=integration)
        resources.setdefault(path, {})[verb] = method
    api = RestApi(
        id="abc123defg",
        name="test",
        source=SOURCE,
        account="123456789012",
        region="us-east-1",
        resources=tuple(
            Resource(f"r{index}", path, methods, SOURCE)
            for index, (path, methods) in enumerate(resources.items())
        ),
        stages=(Stage("dev", variables or {}, SOURCE),),
        gateway_responses=gateway_responses or {},
    )
    return deploy([api], limits=limits).apis[0]


def request(method: str, target: str, body: bytes = b"", **headers: str) -> Request:
    """A request; header names with `_` for their hyphens."""
    fields = [("Host", "api.test"), *((k.replace("_", "-"), v) for k, v in headers.items())]
    return Request(method, target, Headers.of(fields), body)


class Backend:
    """Answers every call alike and remembers what it was asked."""

    def __init__(self, reply: Reply | None = None) -> None:
        self.reply: Reply = reply or BackendAnswer(200, Headers(), b"{}")
        self.calls: list[CallBackend] = []

    def __call__(self, effect: Effect) -> Reply:
        assert isinstance(effect, CallBackend)
        self.calls.append(effect)
        return self.reply


def ask(served: ServedApi, asked: Request, backend: Backend | None = None) -> Answer:
    """The answer to one request."""
    return drive(converse(served, asked, ENVIRONMENT), backend or Backend())
