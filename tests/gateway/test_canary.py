"""Canaries: who gets one, what it serves, and that a re-run draws the same number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.definitions import Options, load
from inspector.testing import Canary, DefinitionError, Gateway


def document(word: str) -> dict[str, Any]:
    answer = (
        f'{{"word": "{word}", "colour": "$stageVariables.colour", '
        '"canary": "$context.isCanaryRequest"}'
    )
    responses = {
        "default": {"statusCode": "200", "responseTemplates": {"application/json": answer}}
    }
    integration = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": responses,
    }
    method = {
        "responses": {"200": {"description": "ok"}},
        "x-amazon-apigateway-integration": integration,
    }
    return {
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1"},
        "paths": {"/": {"get": method}},
    }


def gateway(canary: Canary, **options: Any) -> Gateway:
    return Gateway(document("old"), variables={"colour": "blue"}, canary=canary, **options)


@given(st.floats(0, 100), st.floats(0, 100, exclude_max=True))
def test_the_canary_gets_what_is_drawn_below_its_share(percent: float, drawn: float) -> None:
    own = Canary(percent, document("new"), {"colour": "green"})
    answered = gateway(own, draws=lambda: drawn).get("/").json()
    expected: Mapping[str, str] = {"word": "old", "colour": "blue", "canary": "false"}
    if drawn < percent:
        expected = {"word": "new", "colour": "green", "canary": "true"}
    assert answered == expected


def test_a_share_is_a_share_and_a_test_repeatable() -> None:
    one, other = (gateway(Canary(25, document("new"))) for _ in range(2))
    words = [one.get("/").json()["word"] for _ in range(400)]
    assert 60 < words.count("new") < 140
    assert words == [other.get("/").json()["word"] for _ in range(400)]


def test_a_canary_without_a_definition_serves_the_stage_s() -> None:
    answered = gateway(Canary(100, variables={"colour": "green"})).get("/").json()
    assert answered == {"word": "old", "colour": "green", "canary": "true"}


def test_the_trace_tells_the_draw() -> None:
    result = gateway(Canary(30, variables={"colour": "green"}), draws=lambda: 12.5).get("/")
    step = next(each for each in result.answer.trace if each.stage == "draw")
    assert step.facts["drawn"] == 12.5
    assert step.facts["percent"] == 30
    assert step.facts["overrides"] == {"colour": "green"}
    assert any("12.5 was drawn, below its 30 %" in line for line in result.story)


def test_a_stage_without_canary_knows_no_such_member() -> None:
    assert Gateway(document("old")).get("/").json()["canary"] == ""
    assert all(step.stage != "draw" for step in Gateway(document("old")).get("/").answer.trace)


def test_the_canary_s_definition_may_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(json.dumps(document("old")))
    (tmp_path / "next.json").write_text(json.dumps(document("new")))
    served = Gateway(tmp_path / "api.json", canary=Canary(100, tmp_path / "next.json"))
    assert served.get("/").json()["word"] == "new"
    missing = Options(canary_percent=5, canary_file=str(tmp_path / "none.json"))
    loaded = load([tmp_path / "api.json"], missing)
    assert [each.source.file for each in loaded.diagnostics] == [str(tmp_path / "none.json")]
    assert loaded.broken


def test_a_share_over_100_is_refused() -> None:
    with pytest.raises(DefinitionError, match="0 to 100"):
        gateway(Canary(101))


def test_a_template_s_canary_is_served_with_its_variables(tmp_path: Path) -> None:
    template = {
        "Resources": {
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": document("old")}},
            "First": {
                "Type": "AWS::ApiGateway::Deployment",
                "Properties": {"RestApiId": {"Ref": "Api"}},
            },
            "Prod": {
                "Type": "AWS::ApiGateway::Stage",
                "Properties": {
                    "RestApiId": {"Ref": "Api"},
                    "DeploymentId": {"Ref": "First"},
                    "StageName": "prod",
                    "Variables": {"colour": "blue"},
                    "CanarySetting": {
                        "PercentTraffic": 100,
                        "StageVariableOverrides": {"colour": "green"},
                    },
                },
            },
        }
    }
    file = tmp_path / "template.json"
    file.write_text(json.dumps(template, indent=1))
    served = Gateway(file)
    assert served.get("/").json() == {"word": "old", "colour": "green", "canary": "true"}
    said = [each for each in served.diagnostics if each.code == "canary-definition"]
    assert said
    assert said[0].source.line > 1
    (tmp_path / "next.json").write_text(json.dumps(document("new")))
    other = load([file], Options(canary_file=str(tmp_path / "next.json")))
    assert not other.broken
    assert other.apis[0].stages[0].canary is not None
    assert other.apis[0].stages[0].canary.api is not None
