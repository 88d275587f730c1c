"""Templates of WebSocket APIs for tests, and real clients for them."""

from __future__ import annotations

import ssl
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

API_ID = "abc123defg"
HOST = f"{API_ID}.execute-api.us-east-1.amazonaws.com"
#: Says of which connection and message it is the answer.
WHO = {
    "IntegrationType": "MOCK",
    "TemplateSelectionExpression": "200",
    "RequestTemplates": {"200": '{"statusCode": 200}'},
}
_WHO_ANSWERS = {
    "IntegrationResponseKey": "$default",
    "TemplateSelectionExpression": "200",
    "ResponseTemplates": {"200": "$context.connectionId $context.messageId"},
}  # fmt: skip


def proxied(path: str) -> dict[str, Any]:
    """An HTTP_PROXY integration with the host `backend.example`."""
    uri = f"http://backend.example{path}"
    return {"IntegrationType": "HTTP_PROXY", "IntegrationMethod": "GET", "IntegrationUri": uri}


def socket_api(
    functions: dict[str, dict[str, Any]] | None = None, **routes: dict[str, Any]
) -> dict[str, Any]:
    """Two-way routes by their names: `default` is `$default`; stage `dev`.

    An integration is given by its properties; `{"function": NAME}` is one of `functions`, which are
    given by theirs.
    """
    resources: dict[str, Any] = {
        "Api": _resource("Api", Name="chat", ProtocolType="WEBSOCKET",
                         RouteSelectionExpression="$request.body.action"),
        "Stage": _resource("Stage", ApiId={"Ref": "Api"}, StageName="dev", AutoDeploy=True),
    }  # fmt: skip
    for name, properties in (functions or {}).items():
        role = "arn:aws:iam::123456789012:role/r"
        resources[name] = {
            "Type": "AWS::Lambda::Function",
            "Properties": {"Role": role, "Timeout": 20, **properties},
        }
    for name, integration in routes.items():
        own = ("connect", "disconnect", "default")
        key = f"${name}" if name in own else name
        resources |= _route(name.capitalize(), key, integration)
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}


def _route(name: str, key: str, integration: dict[str, Any]) -> dict[str, Any]:
    if "function" in integration:
        arn = {"Fn::GetAtt": [integration["function"], "Arn"]}
        uri = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn}/invocations"
        integration = {
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": {"Fn::Sub": [uri, {"Fn": arn}]},
        }
    api = {"Ref": "Api"}
    made = {
        f"{name}Integration": _resource("Integration", ApiId=api, **integration),
        f"{name}Route": _resource(
            "Route", ApiId=api, RouteKey=key,
            Target={"Fn::Sub": "integrations/${" + name + "Integration}"},
            **({} if key == "$disconnect" else {"RouteResponseSelectionExpression": "$default"}),
        ),
    }  # fmt: skip
    if key != "$disconnect":
        made[f"{name}Answer"] = _resource(
            "RouteResponse", ApiId=api, RouteId={"Ref": f"{name}Route"}, RouteResponseKey="$default"
        )
    if integration == WHO:
        made[f"{name}Mapped"] = _resource(
            "IntegrationResponse", ApiId=api, IntegrationId={"Ref": f"{name}Integration"},
            **_WHO_ANSWERS,
        )  # fmt: skip
    return made


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": properties}


def opened(url: str, **options: Any) -> connect:
    """A client of the stage `dev`; `url` as `Live` has it."""
    address = url.replace("http", "ws", 1)
    return connect(f"{address}/dev", proxy=None, **options)


async def said(client: ClientConnection, message: str | bytes) -> str:
    """What comes back."""
    await client.send(message)
    answer = await client.recv()
    assert isinstance(answer, str)
    return answer


def unverified() -> ssl.SSLContext:
    """For the certificate that mitmproxy makes."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
