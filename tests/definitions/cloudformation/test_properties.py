"""No property and no type of API Gateway is dropped silently."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.definitions import Bundle, Diagnostic, read
from inspector.definitions.cloudformation.nested import _KNOWN
from inspector.definitions.cloudformation.properties import INERT_TYPES, PROPERTIES

API = {"Ref": "Api"}
METHOD = {
    "RestApiId": API,
    "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
    "HttpMethod": "GET",
    "AuthorizationType": "NONE",
    "Integration": {"Type": "MOCK"},
}


def found(**resources: Any) -> tuple[Diagnostic, ...]:
    made = {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "x"}},
        "Method": {"Type": "AWS::ApiGateway::Method", "Properties": METHOD},
        **resources,
    }
    text = json.dumps({"Resources": made}, indent=1)
    return read(Bundle({"t.json": text})).diagnostics


@pytest.mark.parametrize(
    ("kind", "properties", "name"),
    [
        ("Method", {**METHOD, "Integration": {"Type": "MOCK", "Uro": "x"}}, "Uro"),
        (
            "Method",
            {
                **METHOD,
                "Integration": {"Type": "MOCK", "IntegrationResponses": [{}, {"StatusKode": 1}]},
            },
            "StatusKode",
        ),
        ("Stage", {"RestApiId": API, "MethodSettings": [{"CachingEnable": True}]}, "CachingEnable"),
        ("Stage", {"RestApiId": API, "CanarySetting": {"Percent": 1}}, "Percent"),
        ("UsagePlan", {"Quota": {"Limits": 1}}, "Limits"),
        ("RestApi", {"Name": "y", "Nmae": "x"}, "Nmae"),
    ],
)
def test_an_unknown_property_is_an_error_with_its_line(
    kind: str, properties: dict[str, Any], name: str
) -> None:
    more = {"Type": f"AWS::ApiGateway::{kind}", "Properties": properties}
    said = [each for each in found(More=more) if each.code == "unknown-property"]
    assert [each.message for each in said] == [f"Encountered unsupported property {name}"]
    assert said[0].source.line > 1
    assert said[0].source.pointer.endswith(f"/{name}")


def test_settings_that_cloudformation_lacks_count_and_are_said() -> None:
    setting = {
        "ResourcePath": "/*",
        "HttpMethod": "*",
        "CachingEnabled": True,
        "RequireAuthorizationForCacheControl": False,
    }
    stage = {"RestApiId": API, "StageName": "s", "MethodSettings": [setting]}
    said = found(Stage={"Type": "AWS::ApiGateway::Stage", "Properties": stage})
    assert [each.code for each in said if "CacheControl" in each.message] == ["only-by-the-api"]


@pytest.mark.parametrize("kind", sorted(INERT_TYPES))
def test_what_changes_no_answer_is_told(kind: str) -> None:
    said = found(Extra={"Type": kind, "Properties": {}})
    (told,) = (
        each for each in said if each.code == "left-out" and each.message.startswith("Extra")
    )
    assert told.level == "info"
    assert told.source.line > 1


def test_a_type_that_does_not_exist_is_an_error() -> None:
    said = found(Extra={"Type": "AWS::ApiGateway::Stages", "Properties": {}})
    assert ("error", "unknown-type") in [(each.level, each.code) for each in said]


def test_every_nested_property_is_one_of_a_type_that_is_read() -> None:
    for kind, paths in _KNOWN.items():
        for path in paths:
            first, _, rest = path.partition("/")
            assert first in PROPERTIES[f"AWS::{kind}"].all
            parent, _, name = path.rpartition("/")
            assert not rest or name in paths[parent].split()


def test_a_mapping_of_a_private_domain_names_it_by_its_arn() -> None:
    mapping = {
        "Type": "AWS::ApiGateway::BasePathMappingV2",
        "Properties": {
            "DomainNameArn": "arn:aws:apigateway:us-east-1:123456789012:/domainnames/a.example.com+abc",
            "RestApiId": API,
            "BasePath": "v1",
            "Stage": "live",
        },
    }
    deployed = {
        "Type": "AWS::ApiGateway::Deployment",
        "DependsOn": "Method",
        "Properties": {"RestApiId": API, "StageName": "live"},
    }
    resources = {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "x"}},
        "Method": {"Type": "AWS::ApiGateway::Method", "Properties": METHOD},
        "Live": deployed,
        "Map": mapping,
    }
    loaded = read(Bundle({"t.json": json.dumps({"Resources": resources})}))
    (domain,) = loaded.definition.domains
    assert (domain.name, domain.mappings[0].path) == ("a.example.com", "v1")


def test_a_stage_description_may_set_all_methods_at_once() -> None:
    deployed = {
        "RestApiId": API,
        "StageName": "live",
        "StageDescription": {
            "CacheClusterEnabled": True, "CachingEnabled": True, "CacheTtlInSeconds": 60,
            "ThrottlingBurstLimit": 7,
        },
    }  # fmt: skip
    resources = {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "x"}},
        "Method": {"Type": "AWS::ApiGateway::Method", "Properties": METHOD},
        "Live": {
            "Type": "AWS::ApiGateway::Deployment", "DependsOn": "Method", "Properties": deployed,
        },
    }  # fmt: skip
    api = read(Bundle({"t.json": json.dumps({"Resources": resources})})).definition.rest_apis[0]
    settings = api.stages[0].method_settings["*/*"]
    assert (settings.caching_enabled, settings.cache_ttl_seconds) == (True, 60)
    assert settings.throttle is not None
    assert settings.throttle.burst == 7


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"Value": "x" * 19}, "API Key value should be at least 20 characters"),
        ({"Value": "x" * 129}, "API Key value exceeds maximum size of 128 characters"),
        ({"Value": "x" * 20}, None),
        ({"Value": "x" * 128, "Name": "y" * 1024}, None),
        ({"Name": "y" * 1025}, "API Key name exceeds maximum size of 1024 characters"),
    ],
)
def test_keys_are_as_long_as_amazon_takes_them(
    properties: dict[str, Any], message: str | None
) -> None:
    """Fact 231, recorded."""
    said = found(Key={"Type": "AWS::ApiGateway::ApiKey", "Properties": properties})
    errors = [each.message for each in said if each.code.startswith("api-key")]
    assert errors == ([] if message is None else [message])


def test_an_unknown_protocol_is_said_at_its_line() -> None:
    text = "Resources:\n  Api:\n    Type: AWS::ApiGatewayV2::Api\n    Properties:\n      Name: a\n      ProtocolType: HoTP\n"
    found = read(Bundle({"t.yaml": text}))
    told = next(each for each in found.diagnostics if each.code == "unknown-value")
    assert (told.source.line, told.level) == (6, "error")
    assert "'HoTP'" in told.message
