"""HTTP APIs under test, made of what a case says: a document, or a few words about one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from inspector.gateway.effects import FunctionAnswer
from inspector.gateway.http_api.access_log import VARIABLES
from inspector.gateway.identity import Identity
from inspector.runtime.keyring import Key
from inspector.testing import ENVIRONMENT, Gateway, Result
from tests.facts.backend import HttpBackend

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
#: The routes of the API that the recordings were made with.
PROBED = tuple(f"GET /{name}" for name in ("ok", "client", "bad", "raise", "iam", "echo"))
_POLICY = {"Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}]}
_IDENTITY = Identity(
    "AKIDEXAMPLE", "arn:aws:iam::123456789012:user/probe", "123456789012", "AIDAPROBE",
    policies=(json.dumps(_POLICY),),
)  # fmt: skip


@dataclass(slots=True)
class Probe:
    """A gateway with what its backend and its function saw."""

    gateway: Gateway
    backend: HttpBackend
    events: list[dict[str, Any]] = field(default_factory=list)

    def send(self, request: Mapping[str, Any], target: str | None = None) -> Result:
        """Send a case's request; `target` in place of its path."""
        path = target if target is not None else request.get("path", "/")
        if request.get("query"):
            path = f"{path}?{request['query']}"
        headers = request.get("headers", {})
        fields = list(headers.items() if isinstance(headers, Mapping) else map(tuple, headers))
        method = request.get("method", "GET")
        if request.get("signed"):
            now = int(datetime.now(UTC).timestamp() * 1000)
            self.gateway.environment = replace(self.gateway.environment, time_ms=now)
            fields += signed(method, f"https://{self.gateway.api.host}{path}")
        body = request.get("body", "")
        return self.gateway.request(
            method,
            raw_target=path,
            headers=fields,
            body=body if isinstance(body, str) else json.dumps(body),
        )


def probe(
    document: Mapping[str, Any],
    given: Mapping[str, Any],
    request: Mapping[str, Any],
    *,
    stages: Sequence[str] = ("$default",),
    settings: Mapping[str, Any] | None = None,
) -> Probe:
    """A gateway for a document, its stages made by a template. `settings` of each stage."""
    backend = HttpBackend(given.get("backend") or {})
    events: list[dict[str, Any]] = []
    variables = given.get("stageVariables") or request.get("stageVariables") or {}
    stage = {"AutoDeploy": given.get("deployed", True), "StageVariables": variables}
    if "accessLogFormat" in given:
        stage["AccessLogSettings"] = _logged(given["accessLogFormat"])
    resources = template(document, stages, {**stage, **(settings or {})})

    def function(event: Any) -> object:
        events.append(event)
        return function_answer(given)

    gateway = Gateway(
        resources, backend=backend, function=function,
        environment=_environment(given, request), keys=[Key(_IDENTITY, "secret")],
    )  # fmt: skip
    return Probe(gateway, backend, events)


def template(
    document: Mapping[str, Any], stages: Sequence[str], settings: Mapping[str, Any]
) -> dict[str, Any]:
    """The document with its stages, each of which writes an access log of all variables."""
    stage = {"ApiId": {"Ref": "Api"}, **access_log_settings(), **settings}
    return {"Resources": {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": document}},
        **{
            f"Stage{index}": {"Type": "AWS::ApiGatewayV2::Stage",
                              "Properties": {"StageName": name, **stage}}
            for index, name in enumerate(stages)
        },
    }}  # fmt: skip


def described(
    api: Mapping[str, Any], given: Mapping[str, Any], request: Mapping[str, Any]
) -> dict[str, Any]:
    """A document for a case that has none: the routes that it names, or one for the request."""
    payload = given.get("payloadFormatVersion", given.get("payload", "2.0"))
    integration = {"type": "AWS_PROXY", "uri": FUNCTION, "payloadFormatVersion": payload}
    operation: dict[str, Any] = {"x-amazon-apigateway-integration": integration}
    if given.get("authorizationType", api.get("authorizationType")) == "AWS_IAM":
        operation["x-amazon-apigateway-auth"] = {"type": "AWS_IAM"}
    path = request.get("path", "/").removeprefix(f"/{api.get('stage')}") or "/"
    own = [f"{request.get('method', 'GET')} {path}"]
    paths: dict[str, dict[str, Any]] = {}
    for key in given.get("routes") or api.get("routes") or own:
        method, _, path = key.partition(" ")
        if key == "$default":
            method, path = "ANY", "/$default"
        name = "x-amazon-apigateway-any-method" if method == "ANY" else method.lower()
        paths.setdefault(path, {})[name] = operation
    document = {"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": paths}
    return document | ({"x-amazon-apigateway-cors": api["cors"]} if "cors" in api else {})


def with_payload(document: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document with the case's payload format and authorization in every integration."""
    version = given.get("payloadFormatVersion")
    kind = given.get("authorizationType")
    if version is None and kind is None:
        return document
    copy: dict[str, Any] = json.loads(json.dumps(document))
    for item in copy["paths"].values():
        for operation in item.values():
            if version is not None:
                operation["x-amazon-apigateway-integration"]["payloadFormatVersion"] = version
            if kind == "AWS_IAM":
                operation["x-amazon-apigateway-auth"] = {"type": "AWS_IAM"}
    return copy


def access_log_settings() -> dict[str, Any]:
    """A stage's settings that log every variable, as a JSON object."""
    names = [name for name in VARIABLES if not name.endswith("*")]
    names += [f"authorizer.{name}" for name in ("error", "claims", "missing", "principalId")]
    pairs = ",".join(f'"{name}":"$context.{name}"' for name in names)
    return {"AccessLogSettings": _logged(f"{{{pairs}}}")}


def _logged(form: str) -> dict[str, str]:
    return {"DestinationArn": "arn:x", "Format": form}


def function_answer(given: Mapping[str, Any]) -> object:
    """`lambdaReturns` or `lambda`: the function's result; `$raise` is its error."""
    result = given.get("lambdaReturns", given.get("lambda", {"statusCode": 200, "body": "fine"}))
    request_id = given.get("lambdaRequestId", "LRID")
    if isinstance(result, Mapping) and "$raise" in result:
        error = {"errorMessage": result["$raise"], "errorType": "Exception"}
        return FunctionAnswer(json.dumps(error).encode(), "Unhandled", request_id)
    return FunctionAnswer(json.dumps(result).encode(), None, request_id)


def _environment(given: Mapping[str, Any], request: Mapping[str, Any]) -> Any:
    environment = ENVIRONMENT
    if "requestId" in request:
        environment = replace(environment, extended_request_id=request["requestId"])
    moment = None
    if "at" in request:
        moment = datetime.fromisoformat(request["at"])
    if "requestTime" in given:
        moment = datetime.strptime(given["requestTime"], "%d/%b/%Y:%H:%M:%S %z")
    if moment is None:
        return environment
    return replace(environment, time_ms=round(moment.timestamp() * 1000))


def signed(method: str, url: str, body: str = "") -> list[tuple[str, str]]:
    """The headers of a request that the probe's key signs."""
    aws = AWSRequest(method, url, data=body)
    SigV4Auth(Credentials("AKIDEXAMPLE", "secret"), "execute-api", "us-east-1").add_auth(aws)
    return [(name, str(value)) for name, value in aws.headers.items()]
