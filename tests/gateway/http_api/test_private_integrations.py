"""Load balancers and Cloud Map services behind a VPC link: their name is the host to call."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.gateway.effects import BackendRequest
from inspector.testing import Gateway

LISTENER = "arn:aws:elasticloadbalancing:us-east-2:123456789012:listener/app/my-balancer/50dc/0467"
NETWORK = "arn:aws:elasticloadbalancing:us-east-2:123456789012:listener/net/my-nlb/50dc/0467"
SERVICE = (
    "arn:aws:servicediscovery:us-east-2:123456789012:service/srv-id?stage=prod&deployment=green"
)


def template(uri: str = LISTENER, stage: str = "test", **integration: Any) -> dict[str, Any]:
    api = {"Ref": "Api"}
    parts = {
        "Api": {"Name": "p", "ProtocolType": "HTTP"},
        "Integration": {"ApiId": api, "IntegrationType": "HTTP_PROXY", "IntegrationMethod": "ANY",
                        "ConnectionType": "VPC_LINK", "ConnectionId": "link", "IntegrationUri": uri,
                        "PayloadFormatVersion": "1.0", **integration},
        "Route": {"ApiId": api, "RouteKey": "GET /pets/{proxy+}",
                  "Target": {"Fn::Sub": "integrations/${Integration}"}},
        "Stage": {"ApiId": api, "StageName": stage, "AutoDeploy": True},
    }  # fmt: skip
    return {"Resources": {
        name: {"Type": f"AWS::ApiGatewayV2::{name}", "Properties": properties}
        for name, properties in parts.items()
    }}  # fmt: skip


def asked(document: dict[str, Any], path: str = "/pets/a%20b?q=1") -> BackendRequest:
    [request] = Gateway(document, api_id="abc123").get(path).backend_requests
    return request


@pytest.mark.parametrize(
    ("uri", "name"), [(LISTENER, "my-balancer"), (NETWORK, "my-nlb"), (SERVICE, "srv-id"),
                      ("Listener", "Listener")]
)  # fmt: skip
def test_the_name_in_the_arn_is_called_with_the_stage_in_the_path(uri: str, name: str) -> None:
    assert asked(template(uri)).url == f"http://{name}/test/pets/a%20b?q=1"


def test_the_default_stage_is_in_no_path() -> None:
    assert asked(template(stage="$default")).url == "http://my-balancer/pets/a%20b?q=1"


def test_a_name_to_verify_means_https() -> None:
    found = asked(template(TlsConfig={"ServerNameToVerify": "pets.example"}))
    assert found.url.startswith("https://my-balancer/")


def test_the_host_is_the_apis_own_unless_a_mapping_overwrites_it() -> None:
    assert str(asked(template()).headers.get("host")).endswith("us-east-1.amazonaws.com")
    mapped = template(RequestParameters={"overwrite:header.host": "pets.example"})
    assert asked(mapped).headers.all("host") == ("pets.example",)


@pytest.mark.parametrize(
    ("expression", "path"),
    [("$request.path", "/pets/a%20b"), ("/$request.path.proxy", "/a%20b"),
     ("/v1/${request.path.proxy}", "/v1/a%20b")],
)  # fmt: skip
def test_a_mapping_takes_the_stage_away(expression: str, path: str) -> None:
    found = asked(template(RequestParameters={"overwrite:path": expression}))
    assert found.url == f"http://my-balancer{path}?q=1"


def test_where_it_leads_is_told() -> None:
    gateway = Gateway(template())
    [told] = [each for each in gateway.diagnostics if each.code == "private-integration"]
    assert told.remedy == "Say where it is: --backend my-balancer=URL."
