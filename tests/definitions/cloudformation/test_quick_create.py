"""`Target` makes an API that answers, and a template may override what it made."""

from __future__ import annotations

import json
from typing import Any

from inspector.definitions import Bundle, Options, read
from inspector.message import Headers
from inspector.testing import Gateway

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"


def template(target: str = FUNCTION, overrides: Any = None, **properties: Any) -> dict[str, Any]:
    api = {"Name": "q", "ProtocolType": "HTTP", "Target": target, **properties}
    resources: dict[str, Any] = {"Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": api}}
    if overrides is not None:
        resources["Changed"] = {
            "Type": "AWS::ApiGatewayV2::ApiGatewayManagedOverrides",
            "Properties": {"ApiId": {"Ref": "Api"}, **overrides},
        }
    return {"Resources": resources}


def event(gateway: Gateway, path: str) -> Any:
    [asked] = gateway.get(path).invocations
    return json.loads(asked.payload)


def test_a_function_catches_everything_in_format_2() -> None:
    seen = event(Gateway(template()), "/any/where")
    assert (seen["version"], seen["routeKey"], seen["rawPath"]) == ("2.0", "$default", "/any/where")
    assert seen["requestContext"]["stage"] == "$default"


def test_a_url_is_given_the_whole_path() -> None:
    [asked] = Gateway(template("https://b.example/x")).get("/any/where?a=b").backend_requests
    assert asked.url == "https://b.example/x/any/where?a=b"


def test_a_route_key_replaces_the_default_route() -> None:
    gateway = Gateway(template(RouteKey="GET /a"))
    assert event(gateway, "/a")["routeKey"] == "GET /a"
    assert gateway.get("/b").status == 404


def test_the_integration_is_overridden() -> None:
    changed = {"Integration": {"PayloadFormatVersion": "1.0", "TimeoutInMillis": 500}}
    result = Gateway(template(overrides=changed)).get("/a")
    [asked] = result.invocations
    assert json.loads(asked.payload)["version"] == "1.0"
    assert asked.timeout_ms == 500


def test_the_route_is_overridden() -> None:
    changed = {"Route": {"AuthorizationType": "AWS_IAM", "OperationName": "all"}}
    gateway = Gateway(template(overrides=changed))
    assert gateway.get("/a").status == 403
    assert gateway.api.routes["$default"].operation_name == "all"


def test_the_stage_is_overridden_and_still_deployed() -> None:
    log = {"DestinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:g",
           "Format": "$context.requestId $context.stage"}  # fmt: skip
    changed = {"Stage": {"StageVariables": {"v": "1"}, "AccessLogSettings": log,
                         "DefaultRouteSettings": {"ThrottlingBurstLimit": 1,
                                                  "ThrottlingRateLimit": 0.001}}}  # fmt: skip
    gateway = Gateway(template("http://${stageVariables.v}.example", overrides=changed))
    result = gateway.get("/")
    assert result.backend_requests[0].url.startswith("http://1.example/")
    assert result.access_log == f"{result.environment.extended_request_id} $default"
    assert gateway.get("/").status == 429
    not_deployed = {"Stage": {"AutoDeploy": False}}
    assert Gateway(template(overrides=not_deployed)).get("/").status == 404


def test_a_declared_stage_stands_beside_the_made_one() -> None:
    document = template()
    document["Resources"]["Dev"] = {
        "Type": "AWS::ApiGatewayV2::Stage",
        "Properties": {"ApiId": {"Ref": "Api"}, "StageName": "dev", "AutoDeploy": True},
    }
    host = Headers.of([("Host", "localhost")])
    gateway = Gateway(document)
    for target, stage in (("/dev/a", "dev"), ("/a", "$default")):
        [asked] = gateway.request("GET", raw_target=target, headers=host.fields).invocations
        assert json.loads(asked.payload)["requestContext"]["stage"] == stage


def test_overrides_without_quick_create_are_refused() -> None:
    document = template(overrides={"Stage": {}})
    del document["Resources"]["Api"]["Properties"]["Target"]
    loaded = read(Bundle({"t.json": json.dumps(document)}, Options()))
    assert "overrides" in {each.code for each in loaded.diagnostics if each.level == "error"}
