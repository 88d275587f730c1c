"""The response cache of a stage, through the whole gateway: what is kept, for whom, how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from inspector.gateway.deploy import deploy
from inspector.gateway.effects import BackendAnswer, BackendRequest, LookUp, Store
from inspector.gateway.pipeline import converse
from inspector.gateway.trace import Step
from inspector.message import Headers, Request
from inspector.runtime.drive import drive, recorded
from inspector.testing import Canary, Gateway, Result
from tests.gateway.declared import declared

ALL = {"ResourcePath": "/*", "HttpMethod": "*", "CachingEnabled": True}


def template(
    *settings: Mapping[str, Any],
    method: Mapping[str, Any] | None = None,
    integration: Mapping[str, Any] | None = None,
    stage: Mapping[str, Any] | None = None,
    api: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """GET, POST and the like on /pets/{id}, all by one HTTP_PROXY backend."""
    of_api = {"RestApiId": {"Ref": "Api"}}
    root = {"Fn::GetAtt": ["Api", "RootResourceId"]}
    called = {
        "Type": "HTTP_PROXY",
        "IntegrationHttpMethod": "ANY",
        "Uri": "http://backend.example/pets/{id}",
        "RequestParameters": {"integration.request.path.id": "method.request.path.id"},
        "CacheKeyParameters": ["method.request.path.id"],
        **(integration or {}),
    }
    answered = {
        "ResourceId": {"Ref": "Pet"},
        "HttpMethod": "ANY",
        "AuthorizationType": "NONE",
        "RequestParameters": {"method.request.path.id": True},
        "Integration": called,
        **(method or {}),
    }
    kept = {
        "DeploymentId": {"Ref": "Deployed"},
        "StageName": "prod",
        "CacheClusterEnabled": True,
        "CacheClusterSize": "0.5",
        "MethodSettings": list(settings),
        **(stage or {}),
    }
    resources = {
        "Api": declared("ApiGateway::RestApi", Name="pets", **(api or {})),
        "Pets": declared("ApiGateway::Resource", **of_api, ParentId=root, PathPart="pets"),
        "Pet": declared(
            "ApiGateway::Resource", **of_api, ParentId={"Ref": "Pets"}, PathPart="{id}"
        ),
        "Any": declared("ApiGateway::Method", **of_api, **answered),
        "Deployed": {**declared("ApiGateway::Deployment", **of_api), "DependsOn": ["Any"]},
        "Prod": declared("ApiGateway::Stage", **of_api, **kept),
    }
    return {"Resources": resources}


class Counting:
    """A backend that answers another thing each time."""

    def __init__(self, status: int = 200, size: int = 0) -> None:
        self.calls, self.status, self.size = 0, status, size

    def __call__(self, _request: BackendRequest) -> BackendAnswer:
        self.calls += 1
        fields = [("Content-Type", "text/plain"), ("X-Call", str(self.calls))]
        return BackendAnswer(self.status, Headers.of(fields), b"%d" % self.calls + b"x" * self.size)


def gateway(*settings: Mapping[str, Any], backend: Counting | None = None, **parts: Any) -> Gateway:
    options = {
        name: parts.pop(name) for name in ("keys", "canary", "draws", "function") if name in parts
    }
    return Gateway(
        template(*(settings or (ALL,)), **parts), backend=backend or Counting(), **options
    )


def later(served: Gateway, seconds: float) -> None:
    now = served.environment.time_ms + int(seconds * 1000)
    served.environment = replace(served.environment, time_ms=now, request_id=f"request-at-{now}")


def step(result: Result, code: str) -> Step:
    return next(each for each in result.answer.trace if each.code == code)


def test_the_same_answer_goes_out_until_it_is_old() -> None:
    served = gateway({**ALL, "CacheTtlInSeconds": 60})
    first = served.get("/pets/7")
    later(served, 59.999)
    again = served.get("/pets/7")
    assert (first.text, again.text) == ("1", "1")
    assert again.headers.get("x-call") == "1"
    assert again.headers.get("content-type") == "text/plain"
    hit = step(again, "cache.hit").facts
    assert (hit["age_ms"], hit["filled_by"]) == (59_999, first.headers.get("x-amzn-requestid"))
    assert again.backend_requests == ()
    later(served, 0.001)
    assert served.get("/pets/7").text == "2"


def test_keys_tell_answers_apart_and_nothing_else_does() -> None:
    served = gateway()
    texts = [served.get(path).text for path in ("/pets/7", "/pets/8", "/pets/7?page=2", "/pets/8")]
    assert texts == ["1", "2", "1", "2"]


def test_without_keys_all_requests_of_a_method_share_one_answer() -> None:
    served = gateway(integration={"CacheKeyParameters": []})
    assert [served.get(f"/pets/{number}").text for number in (7, 8)] == ["1", "1"]
    assert "entry of" in served.get("/pets/9").story[2]


def test_a_key_may_be_a_parameter_of_the_integration() -> None:
    mapped = {
        "integration.request.path.id": "method.request.path.id",
        "integration.request.header.X-Page": "method.request.querystring.page",
    }
    keys = ["integration.request.header.X-Page", "integration.request.header.Unmapped"]
    served = gateway(integration={"RequestParameters": mapped, "CacheKeyParameters": keys})
    texts = [served.get(f"/pets/7?page={page}").text for page in (1, 2, 1)]
    assert texts == ["1", "2", "1"]


def test_only_get_is_cached_unless_the_method_says_otherwise() -> None:
    served = gateway()
    assert [served.post("/pets/7").text for _ in range(2)] == ["1", "2"]
    own = {"ResourcePath": "/pets/{id}", "HttpMethod": "POST", "CachingEnabled": True}
    served = gateway(ALL, own)
    assert [served.post("/pets/7").text for _ in range(2)] == ["1", "1"]
    assert served.get("/pets/7").text == "2"  # an entry of its own


@pytest.mark.parametrize(
    "settings",
    [
        {**ALL, "CachingEnabled": False},
        {**ALL, "CacheTtlInSeconds": 0},
        {"ResourcePath": "/*", "HttpMethod": "*", "ThrottlingBurstLimit": 5000},
    ],
)
def test_what_is_not_cached_asks_nothing(settings: Mapping[str, Any]) -> None:
    served = gateway(settings)
    results = [served.get("/pets/7") for _ in range(2)]
    assert [each.text for each in results] == ["1", "2"]
    assert not any(isinstance(effect, LookUp | Store) for effect in results[1].effects)


def test_a_method_may_be_left_out() -> None:
    own = {"ResourcePath": "/~1pets~1{id}", "HttpMethod": "GET", "CachingEnabled": False}
    served = gateway(ALL, own)
    assert [served.get("/pets/7").text for _ in range(2)] == ["1", "2"]


def test_no_cluster_no_cache() -> None:
    served = gateway(stage={"CacheClusterEnabled": False})
    assert [served.get("/pets/7").text for _ in range(2)] == ["1", "2"]


def test_errors_of_the_backend_are_kept_as_well() -> None:
    served = gateway(backend=Counting(429))
    assert [
        (each.status, each.text) for each in (served.get("/pets/7"), served.get("/pets/7"))
    ] == [
        (429, "1"),
        (429, "1"),
    ]


def test_an_answer_over_a_mebibyte_is_not_kept() -> None:
    served = gateway(backend=Counting(size=1_048_576))
    first = served.get("/pets/7")
    assert step(first, "cache.too-large").facts["limit"] == 1_048_576
    assert served.get("/pets/7").body[:1] == b"2"
    served = gateway(backend=Counting(size=1_048_575))
    assert [served.get("/pets/7").body[:1] for _ in range(2)] == [b"1", b"1"]


def test_any_client_may_ask_for_a_fresh_answer_where_no_authorization_is_required() -> None:
    served = gateway({**ALL, "RequireAuthorizationForCacheControl": False})
    served.get("/pets/7")
    fresh = served.get("/pets/7", headers={"Cache-Control": "no-store, max-age=0"})
    assert (fresh.text, fresh.headers.get("warning")) == ("2", None)
    assert step(fresh, "cache.invalidated").facts["cache_control"] == "max-age=0"
    assert served.get("/pets/7").text == "2"  # it has replaced the entry


@pytest.mark.parametrize(
    ("strategy", "status", "warned"),
    [
        (None, 200, True),
        ("SUCCEED_WITH_RESPONSE_HEADER", 200, True),
        ("SUCCEED_WITHOUT_RESPONSE_HEADER", 200, False),
        ("FAIL_WITH_403", 403, False),
    ],
)
def test_strangers_do_not_invalidate(strategy: str | None, status: int, warned: bool) -> None:
    more = {} if strategy is None else {"UnauthorizedCacheControlHeaderStrategy": strategy}
    served = gateway({**ALL, **more})
    served.get("/pets/7")
    answered = served.get("/pets/7", headers={"cache-control": "max-age=0"})
    assert answered.status == status
    assert ("warning" in answered.headers) is warned
    if status == 200:
        assert answered.text == "1"
    else:
        assert "execute-api:InvalidateCache" in answered.json()["Message"]
        assert answered.answer.response_type == "ACCESS_DENIED"
    first = served.get("/pets/9", headers={"cache-control": "max-age=0"})
    assert ("warning" in first.headers) is warned  # also where nothing was cached yet


def test_max_age_other_than_zero_is_no_question() -> None:
    served = gateway()
    served.get("/pets/7")
    for value in ("max-age=60", "no-cache", "max-age=00x"):
        answered = served.get("/pets/7", headers={"cache-control": value})
        assert (answered.text, answered.headers.get("warning")) == ("1", None)


def _allowing(action: str, effect: str = "Allow") -> dict[str, Any]:
    statement = {"Effect": effect, "Principal": "*", "Action": action, "Resource": "*"}
    everyone = {**statement, "Effect": "Allow", "Action": "execute-api:Invoke"}
    return {"Version": "2012-10-17", "Statement": [everyone, statement]}


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        (_allowing("execute-api:InvalidateCache"), "2"),
        (_allowing("execute-api:*"), "2"),
        (_allowing("execute-api:InvalidateCache", "Deny"), "1"),
    ],
)
def test_the_api_s_policy_may_allow_it(policy: dict[str, Any], text: str) -> None:
    served = gateway(api={"Policy": policy})
    served.get("/pets/7")
    assert served.get("/pets/7", headers={"cache-control": "max-age=0"}).text == text


def test_an_authorizer_s_policy_may_allow_it() -> None:
    def authorizer(event: Any) -> dict[str, Any]:
        actions = ["execute-api:Invoke"]
        if event["authorizationToken"] == "boss":
            actions.append("execute-api:InvalidateCache")
        statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        return {"principalId": "p", "policyDocument": policy}

    document = template(
        ALL, method={"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": "Auth"}}
    )
    uri = (
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
        "arn:aws:lambda:us-east-1:123456789012:function:auth/invocations"
    )
    document["Resources"]["Auth"] = {
        "Type": "AWS::ApiGateway::Authorizer",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "Name": "auth",
            "Type": "TOKEN",
            "IdentitySource": "method.request.header.Authorization",
            "AuthorizerUri": uri,
        },
    }
    served = Gateway(document, backend=Counting(), function=authorizer)
    fresh = {"cache-control": "max-age=0"}
    served.get("/pets/7", headers={"Authorization": "clerk"})
    assert served.get("/pets/7", headers={"Authorization": "clerk", **fresh}).text == "1"
    assert served.get("/pets/7", headers={"Authorization": "boss", **fresh}).text == "2"


def test_a_canary_keeps_its_own_answers_unless_it_serves_the_same_deployment() -> None:
    numbers = iter([99.0, 0.0, 0.0, 99.0])
    own = {"CanarySetting": {"PercentTraffic": 50, "UseStageCache": False}}
    served = gateway(stage=own, draws=lambda: next(numbers))
    assert [served.get("/pets/7").text for _ in range(4)] == ["1", "2", "3", "1"]
    numbers = iter([99.0, 0.0, 99.0])
    shared = {"CanarySetting": {"PercentTraffic": 50, "UseStageCache": True}}
    served = gateway(stage=shared, draws=lambda: next(numbers))
    assert [served.get("/pets/7").text for _ in range(3)] == ["1", "1", "1"]
    numbers = iter([99.0, 0.0, 0.0, 99.0])
    other = Canary(50, template(ALL))
    served = gateway(stage=shared, canary=other, draws=lambda: next(numbers))
    assert [served.get("/pets/7").text for _ in range(4)] == ["1", "2", "2", "1"]


def test_a_hit_runs_again_from_what_was_recorded() -> None:
    served = gateway()
    served.get("/pets/7")
    hit = served.get("/pets/7")
    pairs = [
        (effect, served.caches.look_up(effect))
        for effect in hit.effects
        if isinstance(effect, LookUp)
    ]
    request = Request("GET", "/prod/pets/7", Headers.of([("Host", served.api.host)]), b"")
    deployed = deploy([served.api]).apis[0]
    again = drive(converse(deployed, request, served.environment), recorded(pairs))
    assert again.response == hit.response
    assert again.trace == hit.answer.trace


def test_it_is_looked_at_and_forgotten() -> None:
    served = gateway()
    served.get("/pets/7")
    served.get("/pets/8")
    ((name, entries),) = served.caches.entries().items()
    assert name == f"responses {served.api.id}/prod"
    assert served.caches.forget(name, next(iter(entries))) == 1
    assert [served.get(f"/pets/{number}").text for number in (7, 8)] == ["3", "2"]
