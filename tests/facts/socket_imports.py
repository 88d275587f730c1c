"""Cases of kind `websocket` about what Amazon's control plane says of a part of an API.

A call (`CreateAuthorizer`, `UpdateRoute` …) is a template that makes the same: what is created, or
what an update leaves behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.testing import DefinitionError, Gateway
from tests.facts.compare import checks, differs
from tests.facts.refused import refused
from tests.facts.shortfall import Shortfall, unknown

_URI = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:000000000000:function:guard/invocations"
)
_CALL = re.compile(r"(Create|Update)(\w+)\Z")
_REF = {"ApiId": {"Ref": "Api"}}
#: Good parts, by what the control plane calls them: what a case does not say, they say.
_PARTS: Mapping[str, Mapping[str, Any]] = {
    "Api": {"Name": "probe", "ProtocolType": "WEBSOCKET",
            "RouteSelectionExpression": "$request.body.action"},
    "Authorizer": {**_REF, "Name": "guard", "AuthorizerType": "REQUEST", "AuthorizerUri": _URI,
                   "IdentitySource": ["route.request.header.Authorization"]},
    "Integration": {**_REF, "IntegrationType": "AWS_PROXY", "IntegrationUri": _URI},
    "IntegrationResponse": {**_REF, "IntegrationId": {"Ref": "Integration"},
                            "IntegrationResponseKey": "$default"},
    "Model": {**_REF, "Name": "Message", "Schema": {"type": "object"}},
    "Route": {**_REF, "RouteKey": "$connect", "Target": {"Fn::Sub": "integrations/${Integration}"}},
    "RouteResponse": {**_REF, "RouteId": {"Ref": "Route"}, "RouteResponseKey": "$default"},
    "Stage": {**_REF, "StageName": "probe", "AutoDeploy": True},
}  # fmt: skip


def run(case: Mapping[str, Any]) -> Iterator[Shortfall]:
    """Make the part, and judge what is said of it; 200 or 201 where nothing is."""
    call = dict(case["request"])
    made = _CALL.match(call.pop("control"))
    if made is None or made[2] not in _PARTS:
        yield unknown(f"control {case['request']['control']}")
        return
    expect = dict(case["expect"])
    if expect.pop("error", "BadRequestException") != "BadRequestException":
        yield unknown("error")
        return
    try:
        Gateway({"Resources": _resources(made[2], call)})
    except DefinitionError as error:
        yield from refused(expect, error)
        return
    status = 201 if made[1] == "Create" else 200
    yield from checks(expect, {
        "configAccepted": lambda wanted: differs("accepted", wanted, True),
        "message": lambda wanted: differs("message", wanted, None),
        "status": lambda wanted: differs("status", wanted, status),
    })  # fmt: skip


def _resources(part: str, call: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {"Api", "Integration", "Route", "Stage", part}
    return {
        name: {
            "Type": f"AWS::ApiGatewayV2::{name}",
            "Properties": {**properties, **(call if name == part else {})},
        }
        for name, properties in _PARTS.items()
        if name in wanted
    }
