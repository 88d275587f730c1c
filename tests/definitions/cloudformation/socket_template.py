"""A good template of a WebSocket API, to be spoilt in one place or another."""

from __future__ import annotations

import json
from typing import Any

from inspector.definitions import Bundle, Diagnostic, Loaded, Options, read

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
INVOKE = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
REF = {"Ref": "Api"}
TARGET = {"Fn::Sub": "integrations/${Integration}"}
TWO_WAY = {"RouteResponseSelectionExpression": "$default"}

_PARTS: dict[str, tuple[str, dict[str, Any]]] = {
    "Api": ("Api", {"Name": "n", "ProtocolType": "WEBSOCKET",
                    "RouteSelectionExpression": "$request.body.action"}),
    "Integration": ("Integration", {"IntegrationType": "AWS_PROXY", "IntegrationMethod": "POST",
                                    "IntegrationUri": INVOKE}),
    "Connect": ("Route", {"RouteKey": "$connect", "Target": TARGET}),
    "Default": ("Route", {"RouteKey": "$default", "Target": TARGET}),
    "Send": ("Route", {"RouteKey": "send", "Target": TARGET}),
    "Stage": ("Stage", {"StageName": "live", "AutoDeploy": True}),
}  # fmt: skip


def template(**changes: dict[str, Any]) -> dict[str, Any]:
    """Each keyword changes properties of the resource of this name (None takes one away).

    A resource that there is not is made: its type is what its name ends in (`SendAnswer` is no
    type; `RouteResponse`, `OtherRouteResponse` are).
    """
    parts = {name: (kind, dict(properties)) for name, (kind, properties) in _PARTS.items()}
    for name, properties in changes.items():
        kind, known = parts[name] if name in parts else (_type(name), {})
        parts[name] = (kind, {**known, **properties})
    return {
        "Resources": {name: _resource(kind, given) for name, (kind, given) in parts.items()},
    }


def _resource(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    properties = given if kind == "Api" else {"ApiId": REF, **given}
    kept = {key: value for key, value in properties.items() if value is not None}
    return {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": kept}


def _type(name: str) -> str:
    kinds = ("RouteResponse", "IntegrationResponse", "Integration", "Route", "Model", "Authorizer",
             "Stage", "ApiGatewayManagedOverrides")  # fmt: skip
    return next(kind for kind in kinds if name.endswith(kind))


def load(document: dict[str, Any], **options: Any) -> Loaded:
    """The template, read; a property to a line."""
    return read(Bundle({"t.json": json.dumps(document, indent=1)}, Options(**options)))


def found(loaded: Loaded, level: str) -> list[Diagnostic]:
    """What was found of this level."""
    return [each for each in loaded.diagnostics if each.level == level]


def line_of(loaded: Loaded, diagnostic: Diagnostic) -> str:
    """The line that a diagnostic names."""
    return loaded.bundle.files["t.json"].splitlines()[diagnostic.source.line - 1]
