"""`inspector explain`: of a request, of a recording, of a definition that is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sample_apis
from inspector.cli import explain_text
from inspector.cli.app import main
from inspector.definitions import Options, load
from inspector.gateway.explain import Check, Explanation
from inspector.recording.schema import open_for_writing
from inspector.recording.sessions import Session
from inspector.recording.writer import Writer
from tests.recording.build import exchange
from tests.tui.test_explain import (
    _exchange,
    recording,  # noqa: F401  the same three exchanges
)

PETSTORE = sample_apis.load("petstore").definitions[0]


def test_a_request_is_sent_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(PETSTORE), "GET", "/petz"]) == 0
    told = capsys.readouterr().out
    assert "403 MISSING_AUTHENTICATION_TOKEN" in told
    assert "Nearest is GET /pets" in told
    assert "│ /pets:" in told
    assert "✗ Method" in told


def test_as_json_it_has_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(PETSTORE), "PATCH", "/health", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["stage"] == "route"
    assert told["rule"] == "route.no-match"
    assert told["response_type"] == "MISSING_AUTHENTICATION_TOKEN"
    line = PETSTORE.read_text("utf-8").splitlines()[told["source"]["line"] - 1]
    assert line.strip() == "get:"
    assert told["request_part"] == "method"


def test_a_stage_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    clinic = sample_apis.load("auth-clinic").definitions[0]
    assert main(["explain", str(clinic), "GET", "/keyed", "--stage", "dve", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rule"] == "resolve.unknown-stage"
    line = clinic.read_text("utf-8").splitlines()[told["source"]["line"] - 1]
    assert line.strip() == "StageName: dev"


def test_a_broken_definition_is_explained_by_its_slip(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    broken = tmp_path / "api.yaml"
    text = PETSTORE.read_text("utf-8")
    broken.write_text(
        text.replace('            statusCode: "204"', '            statuscode: "204"', 1)
    )
    assert main(["explain", str(broken), "GET", "/pets", "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["stage"] == "definition"
    line = broken.read_text("utf-8").splitlines()[told["source"]["line"] - 1]
    assert line.strip() == 'statuscode: "204"'


def test_what_was_recorded_is_explained(
    recording: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", str(recording), "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rule"] == "meter.no-key"
    assert main(["explain", str(recording), "last", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rule"] == "meter.no-key"
    assert main(["explain", str(recording), "3"]) == 0
    assert "Nothing was refused" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["99"], "no exchange 99"),
        (["seven"], "no id"),
        (["2", "/pets"], "give it an ID only"),
    ],
)
def test_what_makes_no_sense_is_said(
    recording: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    assert main(["explain", str(recording), *arguments]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_requests_before_it_fill_caches_and_spend_quotas(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clinic = str(sample_apis.load("auth-clinic").definitions[0])
    narrow = ["-H", "Authorization: narrow"]
    assert main(["explain", clinic, "GET", "/cached/b", *narrow, "--after", "GET /cached/a"]) == 0
    assert "It comes from the cache" in capsys.readouterr().out
    busy = ["-H", "x-api-key: busy-key-0123456789abcdef", "--repeat", "2", "--json"]
    assert main(["explain", clinic, "GET", "/keyed", *busy]) == 0
    assert json.loads(capsys.readouterr().out)["rule"] == "meter.quota"


@pytest.mark.parametrize(
    ("asked", "old", "new", "told"),
    [
        (("GET", "/refunds", {}), "/returns:", "/refunds:", "GET /refunds is new"),
        (
            ("GET", "/moved", {"X-New-Token": "allow"}),
            "header.X-Old-Token",
            "header.X-New-Token",
            "authorizer moved changed",
        ),
    ],
)
def test_an_edit_since_that_would_have_helped_is_said(
    asked: tuple[str, str, dict[str, str]], old: str, new: str, told: str,
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Pains 4 and 5: a method or an authorizer was edited, and the old answer is looked at."""
    text = sample_apis.load("auth-clinic").definitions[0].read_text("utf-8")
    file, path = tmp_path / "template.yaml", tmp_path / "clinic.db"
    file.write_text(text)
    bundle = load([str(file)]).bundle
    open_for_writing(path).close()
    writer = Writer(path, session=Session("gateway", None, "test"), index=False)
    writer.define(bundle.digest, bundle.to_json())
    writer.store(_exchange(*asked, bundle.digest))
    writer.close()
    assert main(["explain", str(path), "last", "--json"]) == 0
    before = json.loads(capsys.readouterr().out)
    assert "older definition" not in before["sentence"]
    file.write_text("# A comment changes nothing.\n" + text)
    assert main(["explain", str(path), "last", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == before
    file.write_text(text.replace(old, new))
    assert main(["explain", str(path), "last", "--json"]) == 0
    after = json.loads(capsys.readouterr().out)
    assert after["sentence"] == f"An older definition answered: {told} since. {before['sentence']}"
    [at] = [n for n, line in enumerate(text.splitlines(), 1) if old in line]
    assert after["source"]["line"] == at
    assert "deployed again, authorizers included" in after["remedy"]
    assert after["notes"][0]["rule"] == "definition.edited"
    assert main(["explain", str(path), "last"]) == 0
    assert new in capsys.readouterr().out
    other = sample_apis.load("petstore").definitions[0].read_text("utf-8")
    file.write_text(other)  # the name is that of another project's file in this folder
    assert main(["explain", str(path), "last", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == before
    file.write_text("Resources: [")
    assert main(["explain", str(path), "last", "--json"]) == 0
    [*_, note] = json.loads(capsys.readouterr().out)["notes"]
    assert note["rule"] == "definition.broken"


def test_what_a_passed_check_found_is_printed() -> None:
    check = Check("authorize", "algorithm", "passed", actual="RS256")
    told = Explanation(
        200, "answered", "Fine.", None, None, None, None, (), None, (check,), (), None, (), ()
    )
    lines = list(explain_text.lines(exchange(), told, lambda _source: None))
    assert any(line.split() == ["✓", "algorithm", "RS256"] for line in lines)


def test_limits_that_were_off_are_off_when_it_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is explained is what happened, not what Amazon's limits would have made of it."""
    [definition] = sample_apis.load("auth-clinic").definitions
    off = ("headers",)
    bundle, path = load([definition], Options(no_limits=off)).bundle, tmp_path / "clinic.db"
    answered = _exchange("GET", "/keyed", {"X-Long": "x" * 20_000}, bundle.digest, no_limits=off)
    open_for_writing(path).close()
    writer = Writer(path, session=Session("gateway", None, "test"), index=False)
    writer.define(bundle.digest, bundle.to_json())
    writer.store(answered)
    writer.close()
    assert main(["explain", str(path), "last", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rule"] == "meter.no-key"
