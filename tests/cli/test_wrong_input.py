"""What a user gets wrong is told in a sentence that says where, and what to do instead."""

from __future__ import annotations

import json
import sqlite3
import stat
from pathlib import Path

import pytest

from inspector.cli import app
from inspector.cli.exit import Exit
from inspector.recording.schema import open_for_writing

GROUND = Path(__file__).parent.parent.parent / "sample_apis" / "petstore" / "openapi.yaml"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder with a definition, and files that are not what their names say."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("INSPECTOR_DEBUG", raising=False)
    (tmp_path / "api.yaml").write_text(GROUND.read_text("utf-8"), "utf-8")
    (tmp_path / "broken.yaml").write_text("a: [1, 2\nb: }\n")
    (tmp_path / "cycle.yaml").write_text("a: &a [*a]\n")
    (tmp_path / "binary").write_bytes(b"\xfc\x00\x01")
    (tmp_path / "template.vtl").write_text("one line")
    (tmp_path / "empty.db").touch()
    (tmp_path / "text.db").write_text("no database")
    (tmp_path / "folder").mkdir()
    open_for_writing(Path("good.db")).close()
    with sqlite3.connect("other.db") as other:
        other.execute("create table t(x)")
    return tmp_path


@pytest.fixture
def told(capsys):
    """Runs a command line that is wrong; its exit code and what it says on stderr."""

    def run(*arguments: str) -> tuple[int, str]:
        code = app.main(arguments)
        printed = capsys.readouterr()
        assert printed.out == ""
        assert "Traceback" not in printed.err
        assert "fault of inspector" not in printed.err
        return code, printed.err

    return run


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("up api.yaml --nope", "`inspector up --help` lists"),
        ("up api.yaml --stage a/b", "'a/b' is no stage's name: letters, digits, _ and -"),
        ("up api.yaml --account 12", "'12' is not an account id: 12 digits"),
        ("up api.yaml --region here", "'here' is not a region, such as us-east-1"),
        ("up api.yaml --api-id ..", "'..' is not the id of an API"),
        ("up api.yaml --canary-variable a=b", "Add --canary PERCENT."),
        ("up api.yaml --keys gone.yaml", "--keys gone.yaml: no such file or directory"),
        ("up api.yaml --keys broken.yaml", "--keys broken.yaml:2: neither YAML nor JSON: expected"),
        ("up api.yaml --keys binary", "--keys binary: neither YAML nor JSON: not text in UTF-8"),
        ("up api.yaml --function quote=gone.json", "quote=gone.json: there is no such file"),
        ("invoke api.yaml G/T /pets", "'G/T' is no method, such as GET"),
        ("invoke api.yaml GET /pets --json --body", "not allowed with argument"),
        ("cors api.yaml /pets --origin http://a --method TRACE", "browsers send no TRACE"),
        ("cors api.yaml /pets --origin http://a --headers a/b", "'a/b' is no name of a header"),
        ("sign GET http://a/ --query --expires 0", "'0' is not 1 to 604800 seconds, a week"),
        ("sign GET http://a/ --to nowhere", "'nowhere' is not http://HOST:PORT"),
        ("render template.vtl --break 9", "--break 9: the template has 1 line"),
        ("demo --json --text", "not allowed with argument"),
    ],
)
def test_a_wrong_command_line(told, line, sentence):
    code, text = told(*line.split())
    assert code == Exit.USAGE
    assert sentence in text


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [("a b: c", "'a b: c' is not 'NAME: VALUE'"), ("no colon", "'no colon' is not")],
)
def test_a_header_that_no_client_can_send(told, argument, sentence):
    assert sentence in told("invoke", "api.yaml", "GET", "/pets", "-H", argument)[1]


def test_a_path_with_blanks_is_refused_as_a_client_would(told):
    code, text = told("invoke", "api.yaml", "GET", "/two words")
    assert (code, "write them as %20" in text) == (Exit.USAGE, True)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("gone.db", "There is no recording gone.db."),
        ("folder", "folder is a directory, not a recording."),
        ("empty.db", "empty.db is empty: nothing was recorded into it yet."),
        ("text.db", "text.db is not a recording: it is no SQLite database."),
        ("other.db", "other.db is an SQLite database, but not a recording of this program."),
    ],
)
@pytest.mark.parametrize("command", ["open {}", "db info {}", "state --db {}"])
def test_no_recording(told, command, file, sentence):
    code, text = told(*command.format(file).split())
    assert code == Exit.RECORDING
    assert sentence in text
    assert "Is a gateway running" not in text


def test_explaining_from_a_recording_that_is_not_there(told):
    code, text = told("explain", "gone.db", "4")
    assert (code, "There is no recording gone.db." in text) == (Exit.RECORDING, True)


def test_a_file_that_is_no_recording_stays_as_it_is(told):
    path = Path("api.yaml")
    path.chmod(0o644)
    before = path.read_bytes()
    assert (
        told("up", "api.yaml", "--listen", "127.0.0.1:0", "--db", "api.yaml")[0] == Exit.RECORDING
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert path.read_bytes() == before


def test_an_alias_inside_of_its_own_anchor_is_not_told_its_own_name(told):
    text = told("invoke", "cycle.yaml", "GET", "/")[1]
    assert "*a contains itself" in text
    assert "Did you mean" not in text


def test_names_that_the_definition_does_not_say(capsys):
    app.main(
        ["invoke", "api.yaml", "GET", "/health", "--backend", "pats.example.com=http://127.0.0.1:1",
         "--backend", "pets.example.com=http://127.0.0.1:1",
         "--function", "quota=http://127.0.0.1:1", "--function", "quote=http://127.0.0.1:1"]
    )  # fmt: skip
    told = capsys.readouterr().err
    assert "--backend pats.example.com: no integration calls that host" in told
    assert "--function quota: nothing invokes a function of that name" in told
    assert "pets.example.com:" not in told
    assert "quote:" not in told


def test_services_that_amazon_does_not_have(capsys):
    """Those that functions call are named nowhere: only what no service is called is misspelt."""
    words = ["dynamo", "xyzzy", "sqs", "states", "stepfunctions", "all"]
    options = [each for name in words for each in ("--endpoint", f"{name}=http://127.0.0.1:1")]
    app.main(["invoke", "api.yaml", "GET", "/health", *options])
    told = capsys.readouterr().err
    assert "--endpoint dynamo: no AWS service is called so. Did you mean dynamodb?" in told
    assert "--endpoint xyzzy: no AWS service is called so." in told
    assert told.count("--endpoint ") == 2


@pytest.mark.slow
def test_a_recording_is_printed_where_there_is_no_terminal(capsys):
    assert app.main(["demo", "--db", "just seen.db", "--text"]) == Exit.OK
    assert "`inspector open 'just seen.db'` shows it again" in capsys.readouterr().err
    assert app.main(["open", "just seen.db", "--json", "--filter", "path:/report"]) == Exit.OK
    [line] = capsys.readouterr().out.splitlines()
    data = json.loads(line)
    assert data["response"]["status"] == 504
    assert app.main(["open", "just seen.db"]) == Exit.OK
    assert "/dev/report" in capsys.readouterr().out
    assert app.main(["explain", "just seen.db", str(data["id"])]) == Exit.OK
    assert "504" in capsys.readouterr().out


def test_what_is_wrong_in_many_places_is_told_once_with_its_lines(capsys):
    inventory = GROUND.parent.parent / "inventory" / "openapi.yaml"
    app.main(["invoke", str(inventory), "GET", "/nowhere"])
    told = capsys.readouterr().err
    assert told.count("credentials are not assumed") == 1
    assert "The same in lines 53, 84, 110, 133, 156, 168." in told


def test_a_stage_variable_that_nobody_sets_is_told(capsys):
    assert app.main(["check", "api.yaml"]) == Exit.OK
    told = capsys.readouterr().out
    assert "api.yaml:69:7: info: the stage variable version is not set on stage dev" in told
    assert "Set it: --stage-variable version=VALUE." in told
    assert app.main(["check", "api.yaml", "--stage-variable", "version=v1", "--strict"]) == Exit.OK
    assert "stage variable" not in capsys.readouterr().out
