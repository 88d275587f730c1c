"""`$context`: order, override maps, documented members."""

from __future__ import annotations

import pytest

from inspector.gateway.mapping.context import (
    ContextMap,
    context_variable,
    override_of,
    recorded_order,
)
from inspector.gateway.mapping.hash_order import hash_order, string_hash
from inspector.gateway.mapping.members import (
    LOG_MEMBERS,
    TEMPLATE_MEMBERS,
    ApiKind,
    is_member,
)

#: Facts 96 and 97, as a template iterated them on AWS.
RECORDED = [
    "resourceId",
    "resourcePath",
    "httpMethod",
    "extendedRequestId",
    "requestTime",
    "path",
    "accountId",
    "protocol",
    "requestOverride",
    "stage",
    "domainPrefix",
    "requestTimeEpoch",
    "requestId",
    "identity",
    "domainName",
    "deploymentId",
    "responseOverride",
    "apiId",
]
RECORDED_IDENTITY = [
    "cognitoIdentityPoolId",
    "accountId",
    "cognitoIdentityId",
    "caller",
    "sourceIp",
    "principalOrgId",
    "accessKey",
    "cognitoAuthenticationType",
    "cognitoAuthenticationProvider",
    "userArn",
    "userAgent",
    "user",
]


def test_recorded_key_order_whatever_the_order_given():
    given = {name: name for name in sorted(RECORDED) if "verride" not in name}
    given["identity"] = {"userAgent": "curl", "sourceIp": "1.2.3.4"}
    context = recorded_order(given)
    assert list(context) == RECORDED
    assert list(context["identity"]) == RECORDED_IDENTITY
    assert context["identity"]["userAgent"] == "curl"
    assert context["identity"]["user"] is None


def test_members_of_an_authorizer_find_their_place():
    context = recorded_order(
        {name: 1 for name in RECORDED if name != "identity"} | {"authorizer": {}}
    )
    assert list(context)[:3] == ["resourceId", "authorizer", "resourcePath"]


def test_override_maps_exist_from_the_start():
    context = context_variable({}, {}, quiet=True)
    assert list(context["requestOverride"]) == ["path", "header", "querystring"]
    assert list(context["responseOverride"]) == ["header"]
    assert hash_order(["header", "querystring", "path"]) == ["path", "header", "querystring"]


def test_maps_below_context_print_nothing_on_aws_only():
    given = {"identity": {"sourceIp": "1.2.3.4"}, "stage": "dev"}
    quiet = context_variable(given, {}, quiet=True)
    assert type(quiet["identity"]) is ContextMap
    assert quiet["identity"].velocity_text() == ""
    assert type(context_variable(given, {}, quiet=False)["identity"]) is dict


def test_a_template_never_changes_what_it_was_given():
    given = {"identity": {"sourceIp": "1.2.3.4"}, "list": [1]}
    variable = context_variable(given, {}, quiet=True)
    variable["identity"]["sourceIp"] = "x"
    variable["list"].append(2)
    assert given == {"identity": {"sourceIp": "1.2.3.4"}, "list": [1]}


def test_overrides_of_the_request_template_reach_the_response_template():
    earlier = {"responseOverride": {"header": {"a": "b"}, "custom": "carried"}}
    variable = context_variable({}, earlier, quiet=True)
    variable["responseOverride"]["status"] = 404
    assert override_of(variable, "responseOverride") == {
        "header": {"a": "b"}, "custom": "carried", "status": 404,
    }  # fmt: skip
    assert override_of("no map", "responseOverride") == {}


@pytest.mark.parametrize(("text", "value"), [("", 0), ("hello", 99162322), ("😀", 1772899)])
def test_string_hash(text, value):
    assert string_hash(text) == value


@pytest.mark.parametrize(
    ("name", "kind", "template", "log"),
    [
        ("identity.sourceIp", ApiKind.REST, True, True),
        ("identity", ApiKind.REST, True, True),
        ("authorizer.claims.sub", ApiKind.REST, True, True),
        ("responseOverride.header.X-Y", ApiKind.REST, True, True),
        ("integrationLatency", ApiKind.REST, False, True),
        ("connectionId", ApiKind.REST, False, False),
        ("connectionId", ApiKind.WEBSOCKET, True, True),
        ("routeKey", ApiKind.HTTP, True, True),
        ("authenticate.latency", ApiKind.REST, False, True),
        ("nonsense", ApiKind.HTTP, False, False),
        ("stage.more", ApiKind.HTTP, False, False),
    ],
)
def test_documented_members(name, kind, template, log):
    assert is_member(name, TEMPLATE_MEMBERS[kind]) is template
    assert is_member(name, LOG_MEMBERS[kind]) is log
