"""What functions find of the stand-ins that were named for the gateway."""

from __future__ import annotations

from pathlib import Path

from inspector.runtime.functions.spec import FunctionSpec
from inspector.runtime.functions.surroundings import surrounded, variables

LOCAL = "http://127.0.0.1:4566"


def test_endpoints_are_told_in_the_words_of_the_sdks(tmp_path: Path) -> None:
    endpoints = {"all": LOCAL, "dynamodb": f"{LOCAL}/d", "states": f"{LOCAL}/s", "sqs": "aws"}
    assert variables(endpoints, {"AWS_PROFILE": "mine"}, tmp_path) == {
        "AWS_ENDPOINT_URL": LOCAL,
        "AWS_ENDPOINT_URL_DYNAMODB": f"{LOCAL}/d",
        "AWS_ENDPOINT_URL_SFN": f"{LOCAL}/s",
    }


def test_who_has_no_credentials_gets_some_for_stand_ins_only(tmp_path: Path) -> None:
    assert variables({"all": LOCAL}, {}, tmp_path)["AWS_ACCESS_KEY_ID"] == "inspector"
    assert variables({"sqs": "aws"}, {}, tmp_path) == {}
    (tmp_path / ".aws").mkdir()
    assert "AWS_ACCESS_KEY_ID" not in variables({"all": LOCAL}, {}, tmp_path)


def test_what_a_function_declares_goes_first_and_a_spec_stays_the_same_one() -> None:
    spec = FunctionSpec(name="f", runtime="python3.12", handler="app.h", root=Path(),
                        environment={"A": "own"})  # fmt: skip
    find = surrounded({"f": spec}.get, {"A": "around", "B": "around"})
    found = find("f")
    assert found is not None
    assert found.environment == {"A": "own", "B": "around"}
    assert find("f") is found, "else a new pool would be made for each request"
    assert find("g") is None
